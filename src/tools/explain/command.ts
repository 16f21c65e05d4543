import { Command, Option } from 'commander';
import { collect } from '../../cli/flags.js';
import type { Outcome, Provided, RenderContext, Runtime } from '../../cli/runtime.js';
import { codeSources } from '../../core/auth-code.js';
import { parseClientFile } from '../../core/client-config.js';
import type { Context } from '../../core/context.js';
import { type Case, stages } from '../../core/diagnosis.js';
import { GsacError } from '../../core/errors.js';
import { decodeIdToken } from '../../core/id-token.js';
import { maskText } from '../../core/secret.js';
import { maskSecretFields } from '../../core/secret-fields.js';
import { readNamedFile } from '../../files/named-file.js';
import { defined, parseContext } from './context-file.js';
import type { Examination } from './diagnose.js';
import type { ExplainPorts } from './ports.js';
import type { ExplainResult } from './result.js';
import type { Question } from './symptoms/symptom.js';

/** The flags of `gsac explain`. */
export interface ExplainOptions {
  /** What was observed; `-` for stdin; undefined for stdin where something is piped in. */
  text: string | undefined;
  /** A file with an object of circumstances; flags override it. */
  contextFile: string | undefined;
  /** The address of the authorization request. */
  authUrl: string | undefined;
  /** A HAR file with the failing exchange in it. */
  harFile: string | undefined;
  /** A folder to check. */
  project: string | undefined;
  /** Whether Google is asked. */
  probe: boolean;
  flags: Case;
}

const sources = [...codeSources, 'desktop'] as const;
const clientTypes = ['web', 'installed', 'ios', 'android', 'service_account'] as const;
const publishingStatuses = ['testing', 'production'] as const;
const maxInputBytes = 1_048_576;
const maxHarBytes = 64 * 1_048_576;
/** How much of an unknown text is shown. */
const shownCharacters = 300;
/** How many questions a person is asked. */
const mostQuestions = 3;

/** Declares `gsac explain`. */
export function explainCommand(
  runtime: Runtime,
  ports: ExplainPorts,
  run: typeof runExplain = runExplain,
): Command {
  return new Command('explain')
    .summary('find the cause of a failure seen elsewhere')
    .description(
      'Find the likely causes of a failure: an error body, a log line, an exception’s text, a ' +
        'pasted code or token. Works offline, except with --probe. Exits with 0 if the error is ' +
        'known, with 6 if it is not.',
    )
    .argument('[text]', 'what was observed, or - for stdin')
    .addOption(new Option('--stage <stage>', 'where it failed').choices(stages))
    .addOption(new Option('--source <source>', 'where the code comes from').choices(sources))
    .option('--redirect-uri <uri>', 'the redirect_uri that was sent')
    .addOption(new Option('--client-type <type>', 'the client’s type').choices(clientTypes))
    .option('--http-status <status>', 'the HTTP status')
    .option('--code <code>', 'the code as it was pasted')
    .option('--token-age-days <days>', 'the age of the refresh token')
    .addOption(new Option('--publishing-status <status>', 'of the app').choices(publishingStatuses))
    .option('--requested-scope <scope>', 'asked for, repeatable', collect)
    .option('--granted-scope <scope>', 'granted, repeatable', collect)
    .option('--notes <text>', 'the circumstances, in your own words')
    .option('--context <file>', 'all of these as a JSON object')
    .option('--auth-url <url>', 'the address of the authorization request')
    .option('--har <file>', 'a recording of the browser with the failure in it')
    .option('--project <dir>', 'check the app in this folder, too')
    .option('--probe', 'ask Google whether --client is right, with an invalid code')
    .addHelpText(
      'after',
      `\nExample:\n  $ gsac explain --source web-popup '{"error":"redirect_uri_mismatch"}'`,
    )
    .action((text: string | undefined, _options, command: Command) => {
      const isVerbose = command.optsWithGlobals()['verbose'] === true;
      return runtime.run(
        command,
        (given) => run(readOptions(text, command.opts()), given, ports),
        (result, context) => renderExplain(result, context, isVerbose),
      );
    });
}

function readOptions(text: string | undefined, flags: Record<string, unknown>): ExplainOptions {
  const string = (name: string) => (typeof flags[name] === 'string' ? flags[name] : undefined);
  const list = (name: string) => (Array.isArray(flags[name]) ? flags[name].map(String) : undefined);
  return {
    text,
    contextFile: string('context'),
    authUrl: string('authUrl'),
    harFile: string('har'),
    project: string('project'),
    probe: flags['probe'] === true,
    flags: {
      stage: stages.find((stage) => stage === flags['stage']),
      source: string('source'),
      redirectUri: string('redirectUri'),
      clientType: string('clientType'),
      httpStatus: readNumber(string('httpStatus'), '--http-status'),
      code: string('code'),
      tokenAgeDays: readNumber(string('tokenAgeDays'), '--token-age-days'),
      publishingStatus: string('publishingStatus'),
      requestedScopes: list('requestedScope'),
      grantedScopes: list('grantedScope'),
      notes: string('notes'),
    },
  };
}

function readNumber(value: string | undefined, name: string): number | undefined {
  if (value === undefined) return undefined;
  const number = Number(value);
  if (value.trim() !== '' && Number.isFinite(number) && number >= 0) return number;
  throw new GsacError('usage', `${name} ${JSON.stringify(value)} is not a number.`);
}

/**
 * Diagnoses a failure. Nothing is sent, except with `--probe`. A person at the terminal is asked
 * what would tell the causes apart.
 *
 * @throws {GsacError} exit 2 for flags and files, 3 if a probe gets no answer.
 */
export async function runExplain(
  options: ExplainOptions,
  provided: Provided,
  ports: ExplainPorts,
): Promise<Outcome<ExplainResult>> {
  const { context } = provided;
  const described = await readCircumstances(options);
  const client = await clientOf(context);
  // A file that the environment names for gsac itself says less than a flag; a broken one is the case.
  const given =
    client.notes === undefined ? { ...client, ...described } : { ...described, ...client };
  // A client file that is fine is no failure: it is named in many an environment.
  const isDescribed =
    Object.keys(described).length > 0 ||
    client.notes !== undefined ||
    options.project !== undefined ||
    options.probe;
  const text = await readText(options, context, isDescribed);
  let case_: Case = { ...given, ...whatIsPasted(text, given) };
  const findings = [...(await checkProject(options.project, provided, ports))];
  const probed = options.probe ? await probe(provided, case_, text) : undefined;
  findings.push(...(probed?.given.findings ?? []));
  case_ = { ...case_, ...probed?.given, findings };
  // Loaded here: the rules are many patterns, and patterns cost start-up time.
  const { examine } = await import('./diagnose.js');
  const { facts, diagnosis, isUsual, questions } = await askPerson(case_, examine, context);
  const isLikely = diagnosis.some(({ likelihood }) => likelihood !== 'possible');
  const recognised = isLikely || (isUsual && diagnosis.length > 0);
  // Nothing failed: what a client file is like speaks for no cause by itself.
  const isFine =
    probed !== undefined &&
    !recognised &&
    text === '' &&
    Object.keys(described).length === 0 &&
    options.project === undefined;
  const [question] = isLikely || isFine ? [] : questions;
  return {
    result: {
      diagnosis: (isFine ? [] : diagnosis).map((one) => ({
        ...one,
        evidence: one.evidence.map(maskSecretFields),
      })),
      recognised,
      observed: {
        error: facts.error ?? null,
        http_status: facts.status ?? null,
        text: maskText(maskSecretFields(text.trim())).slice(0, shownCharacters),
      },
      question:
        question === undefined
          ? null
          : { ask: question.ask, yes: question.yes.flag, no: question.no.flag },
      probe: probed?.lines ?? null,
    },
    exitCode: recognised || isFine ? 0 : 6,
  };
}

/** What the flags and the files that they name say; flags override files. */
async function readCircumstances(options: ExplainOptions): Promise<Case> {
  const { contextFile, authUrl, harFile } = options;
  const ofFile =
    contextFile === undefined
      ? {}
      : parseContext(await readNamedFile(contextFile, 'usage'), contextFile);
  if (authUrl === undefined && harFile === undefined) {
    return { ...ofFile, ...defined(options.flags) };
  }
  const { readAuthorizationUrl, readHar } = await import('./exchange-sources.js');
  const ofHar =
    harFile === undefined
      ? {}
      : readHar(await readNamedFile(harFile, 'usage', maxHarBytes), harFile);
  const ofUrl = authUrl === undefined ? {} : readAuthorizationUrl(authUrl);
  return defined({ ...ofHar, ...ofUrl, ...ofFile, ...defined(options.flags) });
}

async function checkProject(
  directory: string | undefined,
  provided: Provided,
  ports: ExplainPorts,
): Promise<NonNullable<Case['findings']>> {
  if (directory === undefined) return [];
  const { found, covered } = await ports.checkProject(directory, provided);
  const causes = new Set(found.map(({ cause }) => cause));
  return [
    ...found.map(({ cause, words, isError }) => ({
      cause,
      verdict: isError ? ('speaks-for' as const) : ('fits' as const),
      words,
    })),
    ...covered
      .filter((cause) => !causes.has(cause))
      .map((cause) => ({
        cause,
        verdict: 'counts-against' as const,
        words: `gsac check finds no sign of it in ${directory}`,
      })),
  ];
}

async function probe(provided: Provided, given: Case, text: string) {
  const { probe: ask } = await import('./probe.js');
  const accessToken = /ya29\.[\w.~+/-]{20,4000}/.exec(`${text} ${given.code ?? ''}`)?.[0];
  return ask(provided, given, accessToken);
}

/** Asks the person what would tell the causes apart, one question at a time. */
async function askPerson(
  given: Case,
  examine: (given: Case) => Examination,
  { globals, prompts, stdinIsTty }: Context,
): Promise<Examination> {
  let known = given;
  let examined = examine(known);
  const asked = new Set<Question>();
  // Whoever pipes something in, or wants JSON, is not at the keyboard.
  while (prompts.possible && stdinIsTty && !globals.json && asked.size < mostQuestions) {
    if (examined.diagnosis.some(({ likelihood }) => likelihood !== 'possible')) break;
    const question = examined.questions.find((one) => !asked.has(one));
    if (question === undefined) break;
    asked.add(question);
    const { given: answer } = (await prompts.confirm(question.ask)) ? question.yes : question.no;
    known = {
      ...known,
      ...answer,
      findings: [...(known.findings ?? []), ...(answer.findings ?? [])],
    };
    examined = examine(known);
  }
  return examined;
}

async function readText(
  { text }: ExplainOptions,
  context: Context,
  isDescribed: boolean,
): Promise<string> {
  let given = text === '-' ? undefined : text;
  if (text === '-' || (text === undefined && !context.stdinIsTty)) {
    given = await context.readStdin(maxInputBytes);
  }
  if (isDescribed || (given ?? '').trim() !== '') return given ?? '';
  throw new GsacError('input_required', 'There is nothing to explain.', {
    hint: 'Give the error’s text as an argument, pipe it in, or describe the case with flags; see `gsac explain --help`.',
  });
}

/** A code or token alone is something that was pasted; anything else was observed. */
function whatIsPasted(text: string, { code, observed = '', stage }: Case): Case {
  const word = text.trim().replace(/^(["'])(.*)\1$/, '$2');
  const pasted = /^(4(\/|%(25)*2F)|ya29\.|1\/\/|AIza|GOCSPX-|Optional\(|\w+:\/\/.*[?&#]code=)/i;
  const isOfCode = stage === undefined || stage === 'exchange' || stage === 'code-input';
  if (code === undefined && isOfCode && !/\s/.test(word) && pasted.test(word)) {
    return { code: word, stage: 'code-input' };
  }
  return { observed: `${text}\n${observed}\n${describeIdTokens(text)}` };
}

/** What an ID token in the text says of itself: its issuer and audience tell some causes at once. */
function describeIdTokens(text: string): string {
  const jwt = /(?<![\w-])eyJ[\w-]+\.[\w-]+\.[\w-]*/.exec(text)?.[0];
  if (jwt === undefined) return '';
  try {
    const { iss, aud } = decodeIdToken(jwt).claims;
    return `iss ${String(iss)} aud ${String(aud)}`;
  } catch {
    return '';
  }
}

/** A client file that is named tells the client's type; one of the wrong kind is a finding. */
async function clientOf({ globals }: Context): Promise<Case> {
  const path = globals.clientFile;
  if (path === undefined) return {};
  const text = await readNamedFile(path, 'client_file_unreadable');
  try {
    const { type, clientId } = parseClientFile(text, path);
    return { clientId, ...(type === null ? {} : { clientType: type }) };
  } catch (thrown) {
    if (!(thrown instanceof GsacError)) throw thrown;
    return { stage: 'client-file', notes: thrown.message };
  }
}

async function renderExplain(
  result: ExplainResult,
  { style }: RenderContext,
  isVerbose: boolean,
): Promise<string> {
  const { renderResult } = await import('./render.js');
  return renderResult(result, style(), isVerbose);
}
