// Shows gsac at work: `npm run demo`. The emulator stands in for Google, everything happens in a
// temporary home, and every command and its output are real.
import { spawn, spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const bin = fileURLToPath(new URL('../../bin/gsac.js', import.meta.url));
const built = fileURLToPath(new URL('../../dist/main.cjs', import.meta.url));
const colour = process.stdout.isTTY === true && !process.env.NO_COLOR;

const folder = mkdtempSync(join(tmpdir(), 'gsac-demo-'));
/** The folder of the report, which stays when the demo has come to its end. */
const reportFolder = mkdtempSync(join(tmpdir(), 'gsac-demo-report-'));
const reportFile = join(reportFolder, 'report.html');
let done = false;
let emulator;

/** What the demo's processes know: nothing of the settings that gsac has on this machine. */
const env = Object.fromEntries(
  Object.entries(process.env).filter(([name]) => !/^(GSAC_|(HTTPS?|ALL|NO)_PROXY$)/i.test(name)),
);
env.GSAC_HOME = join(folder, 'home');
env.GSAC_CLIENT = 'client_secret.json';
env.PATH = `${dirname(process.execPath)}${delimiter}${env.PATH ?? ''}`;
env[colour ? 'FORCE_COLOR' : 'NO_COLOR'] = '1';

function say(text = '') {
  process.stdout.write(`${text}\n`);
}

function paint(code, text) {
  return colour ? `\u001B[${code}m${text}\u001B[0m` : text;
}

function title(text) {
  say();
  say(paint('1', `# ${text}`));
}

/** Runs gsac; both of its outputs are in `output`, as a terminal would show them. */
function gsac(argv, input = '') {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [bin, ...argv], { cwd: folder, env });
    let stdout = '';
    let output = '';
    child.stdout.setEncoding('utf8').on('data', (text) => {
      stdout += text;
      output += text;
    });
    child.stderr.setEncoding('utf8').on('data', (text) => {
      output += text;
    });
    child.stdin.on('error', () => {});
    child.stdin.end(input);
    child.once('error', reject);
    child.once('close', (exitCode) => resolve({ exitCode, stdout, output }));
  });
}

/** Shows a command as typed, runs it and shows what it says. */
async function show(argv, { typed = `gsac ${argv}`, input, expected = 0, edit } = {}) {
  say();
  say(`${paint('36', '$')} ${typed}`);
  const ran = await gsac(argv.split(' '), input);
  const output = ran.output.trimEnd();
  say(edit === undefined ? output : edit(output));
  if (ran.exitCode !== expected) {
    throw new Error(`gsac ${argv} ended with ${ran.exitCode} instead of ${expected}.`);
  }
  if (expected !== 0) say(paint('2', `(exit code ${expected})`));
  return ran.stdout;
}

/** Starts the emulator and waits for its first line. */
async function startEmulator() {
  say();
  say(`${paint('36', '$')} gsac emulator start --client-out client_secret.json &`);
  emulator = spawn(
    process.execPath,
    [bin, 'emulator', 'start', '--client-out', 'client_secret.json', '--quiet'],
    { cwd: folder, env, stdio: ['ignore', 'pipe', 'inherit'] },
  );
  const origin = await new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error('The emulator did not start.')), 15_000);
    emulator.stdout.once('data', (text) => {
      clearTimeout(timer);
      resolve(String(text).trim());
    });
    emulator.once('exit', (exitCode) => {
      clearTimeout(timer);
      reject(new Error(`The emulator ended with ${exitCode}.`));
    });
  });
  say(origin);
  say(`To look at it in a browser while this runs: ${origin}/`);
}

/**
 * The keychain where gsac can use it, which one whole sign-in in a home of its own tells; else the
 * encrypted file.
 */
async function chooseStore() {
  const trial = { ...env, GSAC_HOME: join(folder, 'trial'), GSAC_STORE: 'keychain' };
  mkdirSync(trial.GSAC_HOME);
  const run = (argv, input) =>
    spawnSync(process.execPath, [bin, ...argv, '--json', '--no-input'], {
      cwd: folder,
      env: trial,
      input,
      encoding: 'utf8',
      timeout: 15_000,
    });
  const { code } = JSON.parse((await gsac(['emulator', 'sign-in', '--json'])).stdout);
  const kept = run(['exchange', '-'], code).status === 0;
  const works = kept && run(['token']).status === 0;
  // The trial's own entry goes again, and its grant with it.
  if (kept) run(['revoke', '--yes']);
  rmSync(trial.GSAC_HOME, { recursive: true, force: true });
  if (works) {
    env.GSAC_STORE = 'keychain';
    say('The keychain of this machine answers, so the token will be kept there.');
    return;
  }
  env.GSAC_STORE = 'file';
  env.GSAC_FILE_KEY = randomBytes(32).toString('base64');
  say('No keychain can be reached here, so the token will be kept in an encrypted');
  say('file, under a random key for this demo:');
  say();
  say(`${paint('36', '$')} export GSAC_STORE=file GSAC_FILE_KEY="$(openssl rand -base64 32)"`);
}

async function demo() {
  if (!existsSync(built)) throw new Error('dist/ is missing. Run `npm ci` or `npm run build`.');
  const began = performance.now();
  say('gsac with Google played by the emulator, in a temporary home.');

  title('Google on this machine. The client file leads there, nothing else does.');
  await startEmulator();
  say(`${paint('36', '$')} export GSAC_CLIENT=client_secret.json`);

  title('Where secrets will be kept');
  await chooseStore();

  title('The phone signs in and hands its server a one-time code');
  const code = await show('emulator sign-in', {
    typed: 'code=$(gsac emulator sign-in); echo "$code"',
  });

  title('The server exchanges the code, once');
  const typed = 'echo "$code" | gsac exchange -';
  await show('exchange -', { typed, input: code });
  await show('accounts');

  title('Who is it? The ID token, checked');
  await show('claims');

  title('An access token for scripts: curl -H "$(gsac token --format header)" …');
  await show('token', {
    edit: (token) => `${token.slice(0, 12)}… (${token.length} characters, cut here)`,
  });

  title('A new one, now');
  await show('refresh');

  title("The app's hidden folder in Drive");
  await show('files');

  title('The same code again cannot work, and gsac says why');
  await show('exchange -', { typed, input: code, expected: 4 });

  title('The whole flow, check by check, with a report to look at in a browser');
  say();
  say(`${paint('36', '$')} code=$(gsac emulator sign-in)`);
  const checked = await gsac(['emulator', 'sign-in']);
  const report = `verify --code - --expect-scope drive.appdata --replay --report html=${reportFile}`;
  await show(report, { typed: `echo "$code" | gsac ${report}`, input: checked.stdout });

  title('The end of the access');
  await show('revoke --yes');
  await show('token', { expected: 4 });

  say();
  const seconds = ((performance.now() - began) / 1000).toFixed(1);
  say(`Done in ${seconds} s. Nothing of it is left on this machine but the report:`);
  say(reportFile);
  done = true;
}

/** Ends the emulator, and removes what the demo made. */
async function cleanUp() {
  if (emulator !== undefined && emulator.exitCode === null && emulator.signalCode === null) {
    await new Promise((resolve) => {
      const timer = setTimeout(resolve, 3_000);
      emulator.once('exit', () => {
        clearTimeout(timer);
        resolve();
      });
      process.kill(emulator.pid, 'SIGTERM');
    });
  }
  rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
  if (!done) rmSync(reportFolder, { recursive: true, force: true });
}

for (const [signal, exitCode] of [
  ['SIGINT', 130],
  ['SIGTERM', 143],
]) {
  process.once(signal, async () => {
    await cleanUp();
    process.exit(exitCode);
  });
}

// Whoever reads along has gone (`npm run demo | head`).
process.stdout.once('error', async () => {
  await cleanUp();
  process.exit(0);
});

try {
  await demo();
} catch (thrown) {
  say();
  say(`The demo failed: ${thrown.message}`);
  process.exitCode = 1;
} finally {
  await cleanUp();
}
