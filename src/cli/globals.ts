import { basename, resolve } from 'node:path';
import { type Command, Option } from 'commander';
import {
  type HelperKind,
  isHelperKind,
  type StoreKind,
  storeKinds,
  toStoreKind,
} from '../core/account.js';
import type { Globals } from '../core/context.js';
import { GsacError } from '../core/errors.js';
import { seeGlobalOptions } from '../terminal/errors.js';
import { collect, readDuration } from './flags.js';

const allStores = [...storeKinds, 'helper:<name|path>'].join(', ');

type Env = Readonly<Record<string, string | undefined>>;

/** Adds the options that every command understands. */
export function addGlobalOptions(program: Command): void {
  const options = [
    new Option('-a, --account <email|sub|key|alias>', 'which stored account (env: GSAC_ACCOUNT)'),
    new Option('--client <file>', 'client_secret_*.json of the server’s client (env: GSAC_CLIENT)'),
    new Option(
      '--client-id <id>',
      'the client by its ID (env: GSAC_CLIENT_ID, GSAC_CLIENT_SECRET)',
    ),
    new Option('--client-secret-file <file>', 'a file that holds the secret of --client-id'),
    new Option('--store <kind>', `${allStores} (env: GSAC_STORE; keychain)`),
    new Option('--allow-token-uri <uri>', 'trust this token_uri with the secret').argParser(
      collect,
    ),
    new Option('--timeout <time>', 'for each network request (30s)'),
    new Option('--json', 'one JSON document on stdout, errors as JSON on stderr'),
    new Option('-q, --quiet', 'only results, errors and what you must act on'),
    new Option('--no-input', 'never ask'),
    new Option('--no-color', 'no colour (env: NO_COLOR, FORCE_COLOR)'),
    new Option('--show-secrets', 'print secrets as they are'),
    new Option('--trace', 'every request and answer on stderr, secrets masked'),
    new Option('--debug', 'the stack of an unexpected failure'),
    new Option(
      '--verbose',
      'the evidence for the cause of an error; every cause in full; all checks that could not run',
    ),
  ];
  for (const option of options) program.addOption(option.helpGroup('Global options:'));
}

/**
 * Reads the global options and their variables, flags first.
 *
 * @throws {GsacError} `usage` for what does not make sense, each with its own sentence.
 */
export function readGlobals(
  options: Record<string, unknown>,
  env: Env,
): { globals: Globals; noInput: boolean } {
  const flag = (name: string) => {
    const value = options[name];
    if (value === '') refuse(`--${toKebab(name)} is empty.`);
    return typeof value === 'string' ? value : undefined;
  };
  const variable = (name: string) => env[name] || undefined;
  const clientFile = flag('client');
  const clientId = flag('clientId');
  if (clientFile !== undefined && clientId !== undefined) {
    refuse('--client and --client-id name a client each; give one of them.');
  }
  const clientSecretFile = flag('clientSecretFile');
  if (clientSecretFile !== undefined && clientFile !== undefined) {
    refuse('--client-secret-file goes with --client-id; a client file has its own secret.');
  }
  const fileFromEnv = clientId === undefined ? variable('GSAC_CLIENT') : undefined;
  const file = clientFile ?? fileFromEnv;
  const id = clientId ?? (file === undefined ? variable('GSAC_CLIENT_ID') : undefined);
  const names: readonly [string, unknown][] = [
    ['--client', clientFile],
    ['--client-id', clientId],
    ['GSAC_CLIENT', file],
    ['GSAC_CLIENT_ID', id],
  ];
  const json = options['json'] === true;
  const globals: Globals = {
    json,
    quiet: options['quiet'] === true,
    showSecrets: options['showSecrets'] === true,
    trace: options['trace'] === true,
    debug: options['debug'] === true,
    verbose: options['verbose'] === true,
    timeoutMs: readDuration(flag('timeout') ?? '30s', '--timeout', { least: 1, most: 3_600_000 }),
    account: flag('account') ?? variable('GSAC_ACCOUNT'),
    store: readStore(flag('store') ?? variable('GSAC_STORE')),
    clientFlag: clientFile,
    clientFile: file,
    clientId: id,
    clientFrom: names.find(([, value]) => value !== undefined)?.[0],
    clientSecretFile,
    clientSecret: variable('GSAC_CLIENT_SECRET'),
    allowedTokenUris: Array.isArray(options['allowTokenUri'])
      ? options['allowTokenUri'].map(String)
      : [],
  };
  return { globals, noInput: options['input'] === false };
}

function refuse(message: string): never {
  throw new GsacError('usage', message, { hint: seeGlobalOptions });
}

function readStore(value: string | undefined): StoreKind | undefined {
  if (value === undefined) return undefined;
  const kind = toStoreKind(value);
  if (kind !== undefined) return isHelperKind(kind) ? withWholePath(kind) : kind;
  throw new GsacError('usage', `There is no store ${JSON.stringify(value)}.`, {
    hint: `The stores are ${allStores} (--store or GSAC_STORE).`,
  });
}

/** Accounts keep the name: a path in it must mean the same file from every folder. */
function withWholePath(kind: HelperKind): HelperKind {
  const program = kind.slice('helper:'.length);
  return basename(program) === program ? kind : `helper:${resolve(program)}`;
}

function toKebab(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
}
