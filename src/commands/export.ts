import { Command, Option } from 'commander';
import { type OpenAccount, openAccount } from '../accounts/open.js';
import { freshSession } from '../accounts/refresh.js';
import type { Output, Provided, Runtime } from '../cli/runtime.js';
import { nameStore, toAccountReference } from '../core/account.js';
import { formatAuthorizedUser } from '../core/authorized-user.js';
import { renderEnvironment } from '../core/environment-text.js';
import { GsacError } from '../core/errors.js';
import { isoTime } from '../core/times.js';
import type { SecretTarget } from '../files/secret-file.js';
import { toJsonText } from '../terminal/clean.js';
import { tokenVariables } from './exec.js';

const formats = [
  'adc',
  'env',
  'sh',
  'fish',
  'powershell',
  'cmd',
  'dotenv',
  'curl',
  'header',
] as const;
type ExportFormat = (typeof formats)[number];

/** The flags of `gsac export`. */
export interface ExportOptions {
  format: ExportFormat;
  /** Undefined for stdout. */
  file: string | undefined;
  /** Whether an existing file is replaced. */
  force: boolean;
}

/** How long an exported access token lives at least. */
const minTtlMs = 300_000;

/** Declares `gsac export`. */
export function exportCommand(runtime: Runtime, run = runExport): Command {
  return new Command('export')
    .summary('hand an account’s credentials to other tools')
    .description(
      'Write credentials in the form that another tool reads: adc is the authorized_user JSON of ' +
        'Google’s libraries, with the refresh token; the variables of a shell, dotenv, curl (for ' +
        '`curl -K -`) and header carry an access token, which lasts an hour at most. To a pipe or to a file of mode 0600; to ' +
        'a terminal only with --show-secrets.',
    )
    .addOption(new Option('--format <format>', 'what is written').choices(formats).default('adc'))
    .option('-o, --output <file>', 'write to this file, mode 0600, instead of standard output')
    .option('--force', 'replace the file if it exists')
    .addHelpText(
      'after',
      '\nExample:\n  $ gsac export -o adc.json\n  $ export GOOGLE_APPLICATION_CREDENTIALS=$PWD/adc.json\n  $ gsac export --format curl | curl -K - \\\n      "https://www.googleapis.com/drive/v3/about?fields=user"',
    )
    .action((flags: ExportFlags, command: Command) =>
      runtime.stream(command, (provided, output) => run(readOptions(flags), provided, output)),
    );
}

/** The flags as commander gives them. */
interface ExportFlags {
  format: ExportFormat;
  output?: string;
  force?: boolean;
}

function readOptions({ format, output, force = false }: ExportFlags): ExportOptions {
  if (output === '') throw new GsacError('usage', '--output is empty.');
  const file = output === '-' ? undefined : output;
  if (force && file === undefined) {
    throw new GsacError('usage', '--force goes with --output.', {
      hint: 'Name the file that is replaced: -o <file> --force.',
    });
  }
  return { format, file, force };
}

/** Exports credentials. @throws {GsacError} exits 2 to 5. */
export async function runExport(
  { format, file, force }: ExportOptions,
  work: Provided,
  output: Output,
): Promise<0> {
  const { context, system } = work;
  if (file === undefined) refuseOpenOutput(system, output);
  // Before anything is sent: what cannot be written needs no token.
  const target = file === undefined ? undefined : await openTarget(file, force, work);
  const opened = await openAccount(work);
  const exported = await toExport(format, work, opened);
  const became = await target?.write(exported.text);
  const result = {
    format,
    account: toAccountReference(opened.account),
    // Of a refresh token no end is known.
    expires_at: exported.expiresAt === null ? null : isoTime(exported.expiresAt),
    file: file ?? null,
    content: file === undefined ? exported.text : undefined,
  };
  if (output.globals.json) await output.write(`${toJsonText(result, 2)}\n`);
  else if (file === undefined) await output.write(exported.text);
  else if (became === 'private-file') {
    context.notices.say(`Wrote ${file}; only this user can read it.`);
  }
  if (became === 'open-file') {
    context.notices.warn(
      `Wrote ${file}, but its file system does not keep other users from reading it.`,
      'Move it to a folder that only you can open.',
    );
  }
  return 0;
}

async function openTarget(
  path: string,
  replace: boolean,
  { context: { globals, signal }, system }: Pick<Provided, 'context' | 'system'>,
): Promise<SecretTarget> {
  const { openSecretFile } = await import('../files/secret-file.js');
  const closeToOthers = await system.closeToOthers();
  return openSecretFile({ path, replace, terminal: globals.showSecrets, signal, closeToOthers });
}

function refuseOpenOutput({ io, platform }: Provided['system'], output: Output): void {
  if (output.globals.showSecrets) return;
  if (output.isTty()) {
    throw new GsacError('usage', 'Credentials are not shown on a terminal.', {
      hint: 'Write a file with -o <file>, pipe them into a program, or add --show-secrets.',
    });
  }
  if (io.stdoutIsOpenFile) {
    const isUnknown = platform === 'win32';
    throw new GsacError(
      'usage',
      isUnknown
        ? 'Standard output is a file, and gsac cannot tell who may read it.'
        : 'Standard output is a file that other users may read.',
      {
        hint: isUnknown
          ? 'Use -o <file>, which makes a file that only you may read, or add --show-secrets.'
          : 'Use -o <file>, which makes a file of mode 0600, or add --show-secrets.',
      },
    );
  }
}

async function toExport(
  format: ExportFormat,
  work: Provided,
  opened: OpenAccount,
): Promise<{ text: string; expiresAt: number | null }> {
  if (format === 'adc') return { text: toAdc(work.context, opened), expiresAt: null };
  const { accessToken, expiresAt } = await freshSession(work, opened, minTtlMs);
  work.context.announceSecret(accessToken);
  return { text: renderToken(format, accessToken), expiresAt };
}

function toAdc(
  { announceSecret }: Provided['context'],
  { account, credential }: OpenAccount,
): string {
  const { clientId, clientSecret, refreshToken, tokenUri } = credential;
  if (refreshToken === undefined) {
    throw new GsacError(
      'refresh_token_absent',
      `There is no refresh token in ${nameStore(account.store)}, only an access token.`,
      { hint: 'Export that with --format env, or sign in again so that a refresh token comes.' },
    );
  }
  announceSecret(refreshToken);
  if (clientSecret !== undefined) announceSecret(clientSecret);
  return formatAuthorizedUser({
    clientId,
    clientSecret,
    refreshToken,
    tokenUri,
    email: account.email ?? undefined,
    sub: account.sub ?? undefined,
    scopes: account.scopes,
    issuedAt: account.issuedAt,
    refreshTokenExpiresAt: account.refreshTokenExpiresAt ?? undefined,
    rescue: false,
  });
}

/** An access token is visible ASCII, which was seen to when it came; each format has its own quotes. */
function renderToken(format: Exclude<ExportFormat, 'adc'>, token: string): string {
  const header = `Authorization: Bearer ${token}`;
  if (format === 'header') return `${header}\n`;
  if (format === 'curl') return `header = "${header.replace(/["\\]/g, '\\$&')}"\n`;
  if (format === 'dotenv') {
    return tokenVariables.map((name) => `${name}=${quoteForDotenv(token)}\n`).join('');
  }
  const variables = tokenVariables.map((name) => [name, token]);
  return renderEnvironment(Object.fromEntries(variables), format);
}

/**
 * Single quotes mean the same to every reader of such files: nothing in them is special. A value that
 * has one goes into double quotes where none of the readers finds anything special in it.
 */
function quoteForDotenv(value: string): string {
  if (!value.includes("'")) return `'${value}'`;
  if (!/["\\$`]/.test(value)) return `"${value}"`;
  const what = 'The token holds characters that readers of .env files take differently.';
  throw new GsacError('usage', what, { hint: 'Use --format env, which every shell reads.' });
}
