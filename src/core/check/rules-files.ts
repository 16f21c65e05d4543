import { appOf, shippedBy } from './apps.js';
import type { App, Match, OfApp, Project, Rule, SecretFile, SecretKind } from './model.js';
import { ownOf } from './scope.js';
import { sources } from './sources.js';

const kindNames: Readonly<Record<SecretKind, string>> = {
  web: 'a client secret',
  installed: 'a desktop client’s secret',
  unwrapped: 'a client secret',
  service_account: 'a service account’s private key',
  authorized_user: 'a refresh token',
};

const isClient = ({ kind }: SecretFile) =>
  kind === 'web' || kind === 'installed' || kind === 'unwrapped';
const isKey = (file: SecretFile) => !isClient(file);

function* shipped(project: Project, wanted: (file: SecretFile) => boolean): Generator<Match> {
  for (const file of project.secretFiles) {
    if (!wanted(file) || file.masked === undefined) continue;
    const app = appOf(project.apps, file.file);
    const by =
      app === undefined || !isApp(project, app)
        ? undefined
        : shippedBy(app, file.file, project.appFolders);
    if (by === undefined && file.listedIn === undefined) continue;
    yield {
      file: file.file,
      line: file.line,
      ...(file.kind === 'installed' ? { severity: 'warning' as const } : {}),
      message: `${sentence(kindNames[file.kind])} (${file.masked}) lies in the app’s tree ${by === undefined ? `and ${file.listedIn} lists it` : `below ${by}`}: who installs the app can read it.`,
      fix: `Move it to the server, and take what was shipped as known: ${reset(file)}.`,
    };
  }
}

/** Whether there is an app at all: the checked folder counts as one only where a file shows it. */
function isApp(project: Project, app: App): boolean {
  const { infoPlists, clientPlists, googleServices, pins, signInUses } = project;
  return (
    app.kind !== 'native' ||
    [infoPlists, clientPlists, googleServices, pins, signInUses].some(
      (facts: readonly OfApp[]) => ownOf(app, facts).length > 0,
    )
  );
}

function* tracked(project: Project, wanted: (file: SecretFile) => boolean): Generator<Match> {
  for (const file of project.secretFiles) {
    if (!wanted(file) || file.masked === undefined || file.git !== 'tracked') continue;
    yield {
      file: file.file,
      line: file.line,
      ...(file.kind === 'installed' ? { severity: 'warning' as const } : {}),
      message: `${sentence(kindNames[file.kind])} (${file.masked}) is tracked by git.`,
      fix: `git rm --cached it and name it in .gitignore; it stays in the history, so ${reset(file)}.`,
    };
  }
}

function reset({ kind }: SecretFile): string {
  if (kind === 'service_account') return 'delete the key in the Cloud console and make a new one';
  if (kind === 'authorized_user') return 'revoke the token';
  return 'reset the secret in the Cloud console';
}

/** Rules about credential files and files that cannot be read. */
export const fileRules: readonly Rule[] = [
  {
    id: 'client-secret-in-app',
    name: 'Client secret inside the app',
    severity: 'error',
    why: 'Whatever is shipped with an app can be taken out of it, and with the secret anybody can pose as the server.',
    source: sources.bestPractices,
    cause: null,
    find: (project) => shipped(project, isClient),
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
    *find(project) {
      for (const { file, line, masked } of project.secretLiterals) {
        yield {
          file,
          line,
          message: `A client secret (${masked}) is written into the app.`,
          fix: 'Take it out, send the server auth code to the server, and reset the secret in the Cloud console.',
        };
      }
    },
  },
  {
    id: 'credential-key-in-app',
    name: 'Service account key or refresh token inside the app',
    severity: 'error',
    why: 'Whatever is shipped with an app can be taken out of it, and the key acts with all rights of the account.',
    source: sources.keys,
    cause: null,
    find: (project) => shipped(project, isKey),
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
          message: `${sentence(kindNames[kind])} is neither tracked nor ignored by git.`,
          fix: `Name the file in .gitignore: ${file.split('/').at(-1)}`,
        };
      }
    },
  },
  {
    id: 'client-file-wrong-kind',
    name: 'Other file in a client file’s place',
    severity: 'error',
    why: 'Only an OAuth client of type “Web application” exchanges a person’s code; other credentials of Google’s look alike.',
    source: sources.clients,
    cause: 'service-account-json-given',
    *find(project) {
      for (const { file, line, kind, namedAsClient } of project.secretFiles) {
        if (!namedAsClient || (kind !== 'service_account' && kind !== 'authorized_user')) continue;
        yield {
          file,
          line,
          cause: kind === 'service_account' ? 'service-account-json-given' : null,
          message: `The file holds ${kindNames[kind]}, not an OAuth client.`,
          fix: 'Download the OAuth client of type “Web application” from the Cloud console, Clients.',
        };
      }
      for (const { file, line, expected, found } of project.misnamed) {
        yield {
          file,
          line,
          cause: null,
          message: `By its name the file is ${expected}; it holds ${found}.`,
          fix: 'Put the right file there, or give this one its own name.',
        };
      }
    },
  },
  {
    id: 'client-file-unwrapped',
    name: 'Client file without its wrapper',
    severity: 'error',
    why: 'Google’s libraries look for “web” or “installed” at the top, and find no client where the fields stand there themselves.',
    source: sources.webServer,
    cause: 'client-json-unwrapped',
    *find(project) {
      for (const { file, line, kind } of project.secretFiles) {
        if (kind !== 'unwrapped') continue;
        yield {
          file,
          line,
          message: 'client_id and client_secret stand at the top, without “web” or “installed”.',
          fix: 'Download the file again from the Cloud console and use it unchanged.',
        };
      }
    },
  },
  {
    id: 'client-file-not-web',
    name: 'Desktop client where the app names a server',
    severity: 'warning',
    why: 'A code from a phone is made for a web client, so a file of a desktop client cannot exchange it.',
    source: sources.offline,
    cause: 'client-json-other-section',
    *find(project) {
      const server = project.mentions.find(
        ({ role, from }) => role === 'server' && from !== 'client-plist',
      );
      const web = project.secretFiles.some(({ kind }) => kind === 'web');
      if (server === undefined || web) return;
      for (const { file, line, kind } of project.secretFiles) {
        if (kind !== 'installed') continue;
        yield {
          file,
          line,
          message: `The file is of a desktop client (“installed”), and ${server.key} (${server.file}) wants a web client.`,
          fix: 'Download the client of type “Web application” from the Cloud console, Clients.',
        };
      }
    },
  },
  {
    id: 'client-file-without-secret',
    name: 'Client file without a secret',
    severity: 'warning',
    why: 'Google answers “client_secret is missing.” to a web or desktop client that sends none.',
    source: sources.webServer,
    cause: 'client-secret-missing',
    *find(project) {
      for (const file of project.secretFiles) {
        if (!isClient(file) || file.masked !== undefined) continue;
        yield {
          file: file.file,
          line: file.line,
          message: 'The file has no client_secret.',
          fix: 'Add a secret to the client in the Cloud console and download the file again.',
        };
      }
    },
  },
  {
    id: 'client-file-without-redirect-uris',
    name: 'Client file without redirect URIs',
    severity: 'note',
    why: 'Several of Google’s libraries refuse a client file that has no redirect_uris, although a phone’s code needs none.',
    source: sources.webServer,
    cause: 'client-json-without-redirect-uris',
    *find(project) {
      for (const file of project.secretFiles) {
        if (file.kind !== 'web' && file.kind !== 'installed') continue;
        if (file.redirectUris > 0) continue;
        yield {
          file: file.file,
          line: file.line,
          message: 'The file has no redirect_uris.',
          fix: 'Register a redirect URI in the Cloud console and download the file again, where a library asks for it.',
        };
      }
    },
  },
  {
    id: 'file-broken',
    name: 'File that cannot be parsed',
    severity: 'error',
    why: 'What gsac cannot parse, Xcode, the SDK or the package manager cannot either, or reads otherwise.',
    source: sources.infoPlist,
    cause: null,
    *find(project) {
      for (const { file, line, what, reason } of project.broken) {
        yield {
          file,
          line,
          cause: what === 'Info.plist' ? 'info-plist-malformed' : null,
          message: `The ${what} cannot be parsed: ${reason}.`,
          fix: 'Mend the file; look for a merge conflict, a cut-off end or an unescaped character.',
        };
      }
    },
  },
  {
    id: 'not-read',
    name: 'File or folder that was not read',
    severity: 'warning',
    why: 'What was not read was not checked.',
    source: sources.infoPlist,
    cause: null,
    *find(project) {
      for (const { file, reason } of project.skipped) {
        yield {
          file,
          line: null,
          message: `Not read: ${reason}.`,
          fix: 'Make it readable, or check a smaller folder.',
        };
      }
    },
  },
];

function sentence(text: string): string {
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}`;
}
