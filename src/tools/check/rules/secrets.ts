import { appOf, shippedBy } from '../apps.js';
import {
  type Destination,
  destinationOf,
  isApp,
  isBuiltIn,
  isEnvironment,
} from '../destination.js';
import type {
  App,
  CheckRule,
  GitState,
  LiteralKind,
  Match,
  Project,
  SecretFile,
  SecretKind,
  SecretLiteral,
  Severity,
} from '../model.js';
import { nameOf } from '../paths.js';
import { ownOf, signInOf } from '../scope.js';
import { secretKinds } from '../secret-kinds.js';
import { sources } from '../sources.js';

/** Which secrets a rule is about. */
type Wanted = (secret: { kind: SecretKind | LiteralKind }) => boolean;

const isKey: Wanted = ({ kind }) => secretKinds[kind].isKey;
const isClient: Wanted = ({ kind }) => !secretKinds[kind].isKey;

/** Rules about secrets where they do not belong: in an app, in git, in source. */
export const secretRules: readonly CheckRule[] = [
  {
    id: 'client-secret-in-app',
    name: 'Client secret inside the app',
    severity: 'error',
    why: 'Whatever is shipped with an app can be taken out of it, and with the secret anybody can pose as the server.',
    source: sources.bestPractices,
    cause: null,
    *find(project) {
      yield* shippedFiles(project, isClient);
      for (const app of project.apps.values()) yield* sentSecret(project, app);
    },
  },
  {
    id: 'client-secret-tracked',
    name: 'Client secret in git',
    severity: 'error',
    why: 'Whoever gets the repository gets the secret, and it stays in the history.',
    source: sources.bestPractices,
    cause: null,
    find: (project) => tracked(project, isClient),
  },
  {
    id: 'client-secret-in-source',
    name: 'Client secret written into the app',
    severity: 'error',
    why: 'A phone exchanges no code, so it needs no client secret; one in the app’s source is shipped to everybody.',
    source: sources.bestPractices,
    cause: null,
    find: (project) =>
      shippedLiterals(project, isClient, 'send the server auth code to the server'),
  },
  {
    id: 'credential-key-in-app',
    name: 'Service account key or refresh token inside the app',
    severity: 'error',
    why: 'Whatever is shipped with an app can be taken out of it, and the key acts with all rights of the account.',
    source: sources.keys,
    cause: null,
    find: (project) => shippedFiles(project, isKey),
  },
  {
    id: 'credential-key-tracked',
    name: 'Service account key or refresh token in git',
    severity: 'error',
    why: 'Whoever gets the repository can act with all rights of the account.',
    source: sources.keys,
    cause: null,
    find: (project) => tracked(project, isKey),
  },
  {
    id: 'credential-key-in-source',
    name: 'Service account key or refresh token written into the app',
    severity: 'error',
    why: 'What is in the app’s source is shipped to everybody, and the key acts with all rights of the account.',
    source: sources.keys,
    cause: null,
    find: (project) => shippedLiterals(project, isKey, 'let the server do what it is needed for'),
  },
  {
    id: 'secret-not-ignored',
    name: 'Secret that git would add',
    severity: 'warning',
    why: 'The next “git add .” would commit the secret.',
    source: sources.bestPractices,
    cause: null,
    *find(project) {
      for (const { file, line, kind, git, masked } of project.secretFiles) {
        if (git !== 'not-ignored' || masked === undefined) continue;
        yield {
          file,
          line,
          message: `${sentence(secretKinds[kind].name)} is neither tracked nor ignored by git.`,
          fix: `Name the file in .gitignore: ${nameOf(file)}`,
        };
      }
      for (const [literal, where] of unshipped(project, 'not-ignored')) {
        yield {
          ...placeOf(literal, where, 'note'),
          message: `${written(literal)}, which git neither tracks nor ignores.`,
          fix:
            where === 'example'
              ? inventedFix
              : isEnvironment(literal)
                ? `Name the file in .gitignore: ${nameOf(literal.file)}`
                : `${readFix}, before the file is committed.`,
        };
      }
    },
  },
  {
    id: 'secret-in-source',
    name: 'Secret written into source or settings',
    severity: 'warning',
    why: 'Source and settings go where the code goes: into source control, images and other people’s hands.',
    source: sources.bestPractices,
    cause: null,
    *find(project) {
      for (const [literal, where] of unshipped(project, 'unknown')) {
        // Outside a repository an environment file is where a secret belongs.
        if (isEnvironment(literal)) continue;
        yield {
          ...placeOf(literal, where, 'note'),
          message: `${written(literal)}.`,
          fix: where === 'example' ? inventedFix : `${readFix}.`,
        };
      }
    },
  },
];

const readFix = 'Read it from the environment or a secret store';
const inventedFix =
  'Put one there that is plainly made up, such as GOCSPX-example; was it a real one, make it worthless in the Cloud console.';

function* shippedFiles(project: Project, wanted: Wanted): Generator<Match> {
  for (const file of project.secretFiles) {
    if (!wanted(file) || file.masked === undefined) continue;
    const app = appOf(project.apps, file.file);
    const isOfApp = app !== undefined && isApp(project, app);
    const by = isOfApp ? shippedBy(app, file.file, project.appFolders) : undefined;
    if (by === undefined && file.listedIn === undefined) continue;
    const { name, reset } = secretKinds[file.kind];
    yield {
      ...placeOfFile(file),
      message: `${sentence(name)} (${file.masked}) lies in the app’s tree ${by === undefined ? `and ${file.listedIn} lists it` : `below ${by}`}: who installs the app can read it.`,
      fix: `Move it to the server, and take what was shipped as known: ${reset}.`,
    };
  }
}

/** A secret that an app's code sends, of which the files do not say the value. */
function* sentSecret(project: Project, app: App): Generator<Match> {
  const [sent] = ownOf(app, project.sourceFacts).filter(
    ({ fact, file }) => fact === 'sends-client-secret' && !/(^|\/)api\/|\+api\./.test(file),
  );
  const isTold = (literal: SecretLiteral) =>
    isClient(literal) && literal.app === app.root && destinationOf(project, literal) === 'app';
  if (sent === undefined || signInOf(project, app) === undefined) return;
  if (project.secretLiterals.some(isTold)) return;
  yield {
    file: sent.file,
    line: sent.line,
    severity: 'warning',
    message: 'The app exchanges codes by itself, with a client secret that its build puts into it.',
    fix: 'Send the server auth code to a server that holds the secret and exchanges it there.',
  };
}

function* shippedLiterals(project: Project, wanted: Wanted, instead: string): Generator<Match> {
  for (const literal of project.secretLiterals) {
    if (!wanted(literal) || destinationOf(project, literal) !== 'app') continue;
    const { file, line, kind, masked, git, publicName } = literal;
    const { name, reset } = secretKinds[kind];
    // What git ignores is one machine's settings, and the build takes from them what it names.
    const isLocal = git === 'ignored' && /\.(properties|xcconfig)$/.test(file);
    yield {
      file,
      line,
      severity: isLocal ? 'warning' : undefined,
      message: `${sentence(name)} (${masked}) is written into ${
        isLocal
          ? 'settings of the app’s build'
          : isBuiltIn(project, literal)
            ? `${publicName ?? nameOf(file)}, which is built into what everybody gets`
            : 'the app'
      }.`,
      fix: `Take it out, ${instead}, and ${reset}.`,
    };
  }
}

function* tracked(project: Project, wanted: Wanted): Generator<Match> {
  for (const file of project.secretFiles) {
    if (!wanted(file) || file.masked === undefined || file.git !== 'tracked') continue;
    const { name, reset } = secretKinds[file.kind];
    yield {
      ...placeOfFile(file),
      message: `${sentence(name)} (${file.masked}) is tracked by git.`,
      fix: removeFix(reset),
    };
  }
  for (const [literal, where] of unshipped(project, 'tracked')) {
    if (!wanted(literal)) continue;
    const { reset } = secretKinds[literal.kind];
    yield {
      ...placeOf(literal, where, 'warning'),
      message: `${written(literal)}, which git tracks.`,
      fix:
        where === 'example'
          ? inventedFix
          : isEnvironment(literal)
            ? removeFix(reset)
            : `${readFix}; it stays in the history, so ${reset}.`,
    };
  }
}

/** What is written into a server's or a tool's files, and what in tests and examples looks real. */
function* unshipped(
  project: Project,
  git: GitState,
): Generator<[SecretLiteral, Exclude<Destination, 'app'>]> {
  for (const literal of project.secretLiterals) {
    if (literal.git !== git) continue;
    const where = destinationOf(project, literal);
    if (where === 'app' || (where === 'example' && literal.invented)) continue;
    yield [literal, where];
  }
}

function placeOfFile({ file, line, kind }: SecretFile) {
  return { file, line, severity: kind === 'installed' ? ('warning' as const) : undefined };
}

/** A test's or an example's secret weighs less: it may be made up all the same. */
function placeOf({ file, line }: SecretLiteral, where: Destination, ofExample: Severity) {
  return { file, line, severity: where === 'example' ? ofExample : undefined };
}

function written({ kind, masked, file }: SecretLiteral): string {
  return `${sentence(secretKinds[kind].name)} (${masked}) is written into ${nameOf(file)}`;
}

function removeFix(reset: string): string {
  return `git rm --cached it and name it in .gitignore; it stays in the history, so ${reset}.`;
}

function sentence(text: string): string {
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}`;
}
