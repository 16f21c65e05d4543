import { Command, Option } from 'commander';
import { collect } from '../../cli/flags.js';
import type { Outcome, Provided, RenderContext, Runtime } from '../../cli/runtime.js';
import { codeSources } from '../../core/auth-code.js';
import { parseClientFile } from '../../core/client-config.js';
import { didYouMean } from '../../core/closest.js';
import type { Context } from '../../core/context.js';
import { type Case, type Diagnosis, type Stage, stages } from '../../core/diagnosis.js';
import { GsacError } from '../../core/errors.js';
import { decodeIdToken } from '../../core/id-token.js';
import { maskText } from '../../core/secret.js';
import { maskSecretFields } from '../../core/secret-fields.js';
import { readNamedFile } from '../../files/named-file.js';
import { clean } from '../../terminal/clean.js';

/** The flags of `gsac explain`. */
export interface ExplainOptions {
  /** What was observed; `-` for stdin; undefined for stdin where something is piped in. */
  text: string | undefined;
  /** A file with an object of circumstances; flags go before it. */
  contextFile: string | undefined;
  flags: Case;
}

/** The JSON document of `gsac explain`. */
export interface ExplainResult {
  diagnosis: Diagnosis[];
  /** Whether at least one cause is likely. */
  recognised: boolean;
  /** What could be made out of what was observed; secrets masked. */
  observed: { error: string | null; http_status: number | null; text: string };
}

const sources = [...codeSources, 'desktop'] as const;
const clientTypes = ['web', 'installed', 'ios', 'android', 'service_account'] as const;
const publishingStatuses = ['testing', 'production'] as const;
const maxInputBytes = 1_048_576;
/** How much of an unknown text is shown. */
const shownCharacters = 300;

/** Declares `gsac explain`. */
export function explainCommand(runtime: Runtime, run = runExplain): Command {
  return new Command('explain')
    .summary('find the cause of a failure seen elsewhere')
    .description(
      'Find the likely causes of a failure: an error body, a log line, an exception’s text, a ' +
        'pasted code or token. Works offline. Exit 0 where a cause is likely, 6 where none is.',
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
    .addHelpText(
      'after',
      `\nExample:\n  $ gsac explain --source web-popup '{"error":"redirect_uri_mismatch"}'`,
    )
    .action((text: string | undefined, _options, command: Command) =>
      runtime.run(command, (given) => run(readOptions(text, command.opts()), given), renderExplain),
    );
}

function readOptions(text: string | undefined, flags: Record<string, unknown>): ExplainOptions {
  const string = (name: string) => (typeof flags[name] === 'string' ? flags[name] : undefined);
  const list = (name: string) => (Array.isArray(flags[name]) ? flags[name].map(String) : undefined);
  return {
    text,
    contextFile: string('context'),
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

/** Diagnoses a failure. Nothing is sent. @throws {GsacError} exit 2 for flags and files. */
export async function runExplain(
  options: ExplainOptions,
  { context }: Pick<Provided, 'context'>,
): Promise<Outcome<ExplainResult>> {
  const ofFile =
    options.contextFile === undefined
      ? {}
      : parseContext(await readNamedFile(options.contextFile, 'usage'), options.contextFile);
  const client = await clientOf(context);
  const described = { ...ofFile, ...defined(options.flags) };
  const given = { ...described, ...client };
  // A client file that is fine is no failure: it is named in many an environment.
  const isDescribed = Object.keys(described).length > 0 || client.notes !== undefined;
  const text = await readText(options, context, isDescribed);
  const circumstances = { ...given, ...whatIsPasted(text, given) };
  // Loaded here: the rules are many patterns, and patterns cost start-up time.
  const [{ diagnose }, { toFacts }] = await Promise.all([
    import('./diagnose.js'),
    import('./facts.js'),
  ]);
  const facts = toFacts(circumstances);
  const diagnosis = diagnose(circumstances).map((one) => ({
    ...one,
    evidence: one.evidence.map(maskSecretFields),
  }));
  const recognised = diagnosis.some(({ likelihood }) => likelihood !== 'possible');
  return {
    result: {
      diagnosis,
      recognised,
      observed: {
        error: facts.error ?? null,
        http_status: facts.status ?? null,
        text: maskText(maskSecretFields(text.trim())).slice(0, shownCharacters),
      },
    },
    exitCode: recognised ? 0 : 6,
  };
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
    hint: 'Give the error’s text as argument, pipe it in, or describe the case by flags; see `gsac explain --help`.',
  });
}

/** A code or token alone is something that was pasted; anything else was observed. */
function whatIsPasted(text: string, { code }: Case): Case {
  const word = text.trim().replace(/^(["'])(.*)\1$/, '$2');
  const pasted = /^(4(\/|%(25)*2F)|ya29\.|1\/\/|AIza|GOCSPX-|Optional\(|\w+:\/\/.*[?&#]code=)/i;
  if (code === undefined && !/\s/.test(word) && pasted.test(word)) {
    return { code: word, stage: 'code-input' };
  }
  return { observed: `${text}\n${describeIdTokens(text)}` };
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
    const { type } = parseClientFile(text, path);
    return type === null ? {} : { clientType: type };
  } catch (thrown) {
    if (!(thrown instanceof GsacError)) throw thrown;
    return { stage: 'client-file', notes: thrown.message };
  }
}

/** What a file of circumstances may hold; two fields have a shorter name beside. */
const contextFields: readonly string[] = [
  'stage',
  'http_status',
  'source',
  'redirect_uri_sent',
  'client_type',
  'code_as_pasted',
  'token_age_days',
  'publishing_status',
  'requested_scopes',
  'granted_scopes',
  'notes',
  'redirect_uri',
  'code',
];
const itTakes = `It takes ${contextFields.slice(0, 10).join(', ')} and notes.`;

/** What would be passed over silently: a mistyped field is a circumstance that nobody weighs. */
function unknownField(name: string, path: string): GsacError {
  return new GsacError('usage', `${path} has a field that is unknown: ${JSON.stringify(name)}.`, {
    hint: didYouMean(name, contextFields) ?? itTakes,
  });
}

/** Reads the fields of a recorded failure's context; what is null, empty or "unknown" says nothing. */
function parseContext(text: string, path: string): Case {
  let fields: unknown;
  try {
    fields = JSON.parse(text);
  } catch {
    fields = undefined;
  }
  if (typeof fields !== 'object' || fields === null || Array.isArray(fields)) {
    throw new GsacError('usage', `${path} is not a JSON object.`, {
      hint: itTakes,
    });
  }
  const values = new Map<string, unknown>(Object.entries(fields));
  for (const name of values.keys())
    if (!contextFields.includes(name)) throw unknownField(name, path);
  const string = (name: string) => {
    const value = values.get(name);
    return typeof value === 'string' && value !== 'unknown' ? value : undefined;
  };
  const number = (name: string) => {
    const value = values.get(name);
    return typeof value === 'number' && Number.isFinite(value) ? value : undefined;
  };
  const list = (name: string) => {
    const value = values.get(name);
    return Array.isArray(value) && value.length > 0 ? value.map(String) : undefined;
  };
  const stage: Stage | undefined = stages.find((known) => known === values.get('stage'));
  return defined({
    stage,
    httpStatus: number('http_status'),
    source: string('source'),
    redirectUri: string('redirect_uri_sent') ?? string('redirect_uri'),
    clientType: string('client_type'),
    code: string('code_as_pasted') ?? string('code'),
    tokenAgeDays: number('token_age_days'),
    publishingStatus: string('publishing_status'),
    requestedScopes: list('requested_scopes'),
    grantedScopes: list('granted_scopes'),
    notes: string('notes'),
  });
}

/** The members that say something. */
function defined(given: Case): Case {
  return Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined));
}

async function renderExplain(
  { diagnosis, recognised, observed }: ExplainResult,
  { style }: RenderContext,
): Promise<string> {
  const { renderDiagnosis } = await import('./render.js');
  const paint = style();
  if (recognised) return renderDiagnosis(diagnosis, paint);
  const seen = [
    `error: ${observed.error ?? 'none made out'}`,
    `HTTP status: ${observed.http_status ?? 'none made out'}`,
    ...(observed.text === '' ? [] : [`text: ${clean(observed.text)}`]),
  ];
  const possible =
    diagnosis.length === 0
      ? ''
      : `\nPossible, with little to go by:\n\n${renderDiagnosis(diagnosis, paint)}`;
  return `${paint.heading('The cause is not known to gsac.')} Observed:\n${seen.map((line) => `  ${line}\n`).join('')}${possible}`;
}
