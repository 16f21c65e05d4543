import { appendFileSync, existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { createRefreshLock } from '../../../../src/accounts/refresh-lock.js';
import { GsacError } from '../../../../src/core/errors.js';

// One process that wants the same refresh as many others. It says `asked` once it has begun to
// wait or holds the lock, and a refresh does not end before its parent says `finish`.
const [, , folder = '', outcome = ''] = process.argv;
const answerPath = join(folder, 'answer');
const sleep = (milliseconds: number) =>
  new Promise<void>((resolve) => setTimeout(resolve, milliseconds));
const lock = createRefreshLock({ directory: join(folder, 'locks'), now: Date.now, sleep });

let saidAsked = false;
let finish: () => void = () => {};
const finished = new Promise<void>((resolve) => {
  finish = resolve;
});

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}

async function refresh(): Promise<string> {
  appendFileSync(join(folder, 'refreshes'), `${process.pid}\n`);
  say('refreshing');
  await finished;
  if (outcome === 'failure') {
    throw new GsacError('invalid_grant', 'the token is dead', {
      hint: 'Sign in again.',
      details: { subtype: 'invalid_rapt' },
    });
  }
  // In one step: others look for it all the while.
  writeFileSync(`${answerPath}.new`, 'an answer');
  renameSync(`${answerPath}.new`, answerPath);
  return 'an answer';
}

async function share(): Promise<string> {
  try {
    return await lock.share('client/1', {
      waitMs: 60_000,
      async settled() {
        if (!saidAsked) say('asked');
        saidAsked = true;
        return existsSync(answerPath) ? readFileSync(answerPath, 'utf8') : undefined;
      },
      refresh,
    });
  } catch (thrown) {
    if (!(thrown instanceof GsacError)) return `bug: ${String(thrown)}`;
    const { code, message, hint, details } = thrown;
    return JSON.stringify({ code, message, hint, details });
  }
}

createInterface({ input: process.stdin }).on('line', async (line) => {
  if (line === 'finish') finish();
  if (line !== 'go') return;
  const result = await share();
  process.stdout.write(`result ${result}\n`, () => process.exit(0));
});
say('ready');
