import { isAbsolute } from 'node:path';
import type { AccountKey } from '../../core/account.js';
import { type ErrorCode, GsacError, systemCodeOf } from '../../core/errors.js';
import { maskSecret, maskText } from '../../core/secret.js';
import { type Shell, shellQuote } from '../../core/shell-quote.js';
import { spokenSpan } from '../../core/times.js';
import { toLine } from '../../core/visible-text.js';
import { type HelperEnd, mostHelperOutput } from './helper-process.js';

const otherStores = 'or use `--store file` with GSAC_PASSPHRASE or GSAC_FILE_KEY';

/** What a helper's words mean if it needs somebody to open it. */
const asksToUnlock = /\blocked\b|pinentry|passphrase|inappropriate ioctl|cancell?ed|sign(ed)? ?in/i;
/** What only an entry has: then nothing of the text is shown. */
const holdsEntry = /"Secret"|refresh_token|session_key/;
const longestQuote = 300;

/** The errors of one credential helper. @param program as a person would call it. */
export function createHelperErrors(
  program: string,
  { shell, timeoutMs }: { shell?: Shell; timeoutMs: number },
) {
  const command = shellQuote(program, shell);
  const who = `The credential helper ${program}`;
  const error = (code: ErrorCode, message: string, remedy: string) =>
    new GsacError(code, message, { hint: `${remedy}, ${otherStores}.` });
  const look = `Run \`echo https://gsac.invalid/test | ${command} get\` to see what is wrong with it`;
  const notThere = () =>
    error(
      'store_unavailable',
      `${who} is not there.`,
      'Is the path right? The first line of a script may also name a missing program. Mend it',
    );

  return {
    missing: () =>
      isAbsolute(program)
        ? notThere()
        : error(
            'store_unavailable',
            `There is no credential helper ${program} in PATH.`,
            'Install it, name its path (`--store helper:/path/to/helper`)',
          ),

    notStarted(thrown: unknown): GsacError {
      const code = systemCodeOf(thrown) ?? 'unknown';
      if (code === 'ENOENT' || code === 'ENOTDIR') return notThere();
      const remedy =
        'Is it a program, and executable (chmod +x)? A script begins with the line `#!/bin/sh`. Mend it';
      return error('store_unavailable', `${who} cannot be run (${code}).`, remedy);
    },

    /** @param secrets that it was given. */
    failed(
      action: string,
      { cut, exitCode, signal, stdout, stderr }: HelperEnd,
      secrets: readonly (string | undefined)[],
    ): GsacError {
      if (cut === 'cancelled') return new GsacError('cancelled', 'Cancelled.');
      if (cut === 'timeout') {
        const message = `${who} did not answer \`${action}\` within ${spokenSpan(timeoutMs)}.`;
        return error('store_timeout', message, `Unlock what it opens. ${look}`);
      }
      if (cut === 'flood') {
        const megabytes = mostHelperOutput / 1_048_576;
        return error('store_refused', `${who} printed more than ${megabytes} MiB.`, look);
      }
      const said = quote(`${stderr}\n${stdout}`, secrets);
      const how = signal === null ? `exit code ${exitCode}` : `ended by ${signal}`;
      const message = `${who} failed at \`${action}\` (${how})${said}.`;
      return asksToUnlock.test(said)
        ? error('store_locked', message, 'Unlock what it opens and try again')
        : error('store_refused', message, look);
    },

    notAnEntry: () =>
      error(
        'store_refused',
        `${who} answered \`get\` with something other than the JSON of a credential.`,
        look,
      ),

    foreign: (key: AccountKey, url: string) =>
      new GsacError('store_refused', `${who} has an entry for ${key} that gsac did not write.`, {
        hint: `Remove it (\`${command} erase\` with ${url} on its standard input), then sign in again; or update gsac, if a newer one wrote it.`,
        details: { account: key },
      }),

    notKept: () => error('store_refused', `${who} did not give back what gsac stored.`, look),

    notErased: (key: AccountKey) =>
      error('store_refused', `${who} still has the entry for ${key} that gsac erased.`, look),
  };
}

/** What a helper said, as the end of a sentence: what may be a secret is masked. */
function quote(text: string, secrets: readonly (string | undefined)[]): string {
  if (holdsEntry.test(text)) return '; what it printed is not shown, since an entry is in it';
  const known = secrets.filter((secret) => secret !== undefined);
  const masked = maskText(text, known)
    // Such as an entry in base64, on several lines perhaps; names and paths have shorter parts.
    .replace(/[\w+=-]{40,}(?:\r?\n[\w+/=-]+)*/g, maskSecret);
  const lines = masked.split(/\r?\n/).map((line) => toLine(line).trim());
  const line = [...new Set(lines)].filter((one) => one !== '').join('; ');
  if (line === '') return '';
  return `: "${line.length > longestQuote ? `${line.slice(0, longestQuote)}…` : line}"`;
}
