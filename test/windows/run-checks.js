// Runs checks.js under Windows' Node: node run-checks.js <gsac.js or gsac.exe> <folder> [<pattern>], of
// which only the checks' names that match. Writes results.json into the folder: of each check its failure,
// or null.
import { spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { request } from 'node:http';
import { join, resolve } from 'node:path';
import { checks } from './checks.js';

/**
 * @typedef {{ stdin?: string | Buffer, stdout?: number, killAfterMs?: number }} Options
 * @typedef {{ exitCode: number | null, stdout: string, stderr: string }} Ran
 * @typedef {object} Box
 * @property {string} folder the current folder of its processes.
 * @property {string} home
 * @property {Record<string, string | undefined>} env
 * @property {(argv: string[], options?: Options) => Promise<Ran>} run
 * @property {(argv: string[], options?: Options) => Promise<Ran>} good the same; throws unless it is 0.
 * @property {(name: string, text: string) => string} file
 * @property {() => Promise<string>} code
 * @property {() => Promise<Ran>} signIn
 * @property {(path: string) => Promise<number>} count
 * @property {() => Promise<void>} forget makes the cached token too old.
 */

const [bin = '', place = ''] = process.argv.slice(2, 4).map((path) => resolve(path));
const wanted = new RegExp(process.argv[4] ?? '');
const command = bin.endsWith('.exe') ? [bin] : [process.execPath, bin];
const atOnceMs = 60_000;

/** @returns {Promise<Ran>} */
function gsac(argv, env, cwd, { stdin = '', stdout, killAfterMs = atOnceMs } = {}) {
  return new Promise((resolve, reject) => {
    const stdio = ['pipe', stdout ?? 'pipe', 'pipe'];
    const [file = '', ...before] = command;
    const child = spawn(file, [...before, ...argv], { env, cwd, stdio });
    const said = { stdout: [], stderr: [] };
    for (const name of ['stdout', 'stderr'])
      child[name]?.on('data', (part) => said[name].push(part));
    child.stdin.on('error', () => {});
    child.stdin.end(stdin);
    const timer = setTimeout(() => child.kill(), killAfterMs);
    child.once('error', reject);
    child.once('close', (exitCode) => {
      clearTimeout(timer);
      const text = (name) => Buffer.concat(said[name]).toString();
      resolve({ exitCode, stdout: text('stdout'), stderr: text('stderr') });
    });
  });
}

/** Asks the emulator. Not by fetch, which does not connect under Wine. */
function ask(origin, method, path, body) {
  return new Promise((resolve, reject) => {
    const sent = request(new URL(path, origin), { method }, (answer) => {
      let text = '';
      answer.setEncoding('utf8').on('data', (part) => {
        text += part;
      });
      answer.on('end', () => resolve(JSON.parse(text)));
    });
    sent.on('error', reject);
    sent.end(body === undefined ? undefined : JSON.stringify(body));
  });
}

/** @returns {Box} */
function createBox(origin, clientFile) {
  const folder = mkdtempSync(join(place, 'bo x-'));
  const home = join(folder, 'home');
  const env = {
    ...process.env,
    GSAC_HOME: home,
    GSAC_STORE: 'file',
    GSAC_FILE_KEY: Buffer.alloc(32, 9).toString('base64'),
    GSAC_CLIENT: clientFile,
  };
  const box = {
    folder,
    home,
    env,
    run: (argv, options) => gsac(argv, env, folder, options),
    async good(argv, options) {
      const ran = await box.run(argv, options);
      if (ran.exitCode !== 0) throw new Error(`${argv.join(' ')}: ${JSON.stringify(ran)}`);
      return ran;
    },
    file(name, text) {
      writeFileSync(join(folder, name), text);
      return join(folder, name);
    },
    code: async () => (await ask(origin, 'POST', '/_emulator/sign-in', {})).code,
    signIn: async () => box.good(['exchange', '-'], { stdin: await box.code() }),
    count: async (path) => (await ask(origin, 'GET', `/_emulator/requests?path=${path}`)).count,
    async forget() {
      rmSync(join(home, 'cache', 'sessions'), { recursive: true, force: true });
    },
  };
  return box;
}

/** Starts the emulator and waits for its first line. */
function startEmulator(clientFile) {
  const argv = ['emulator', 'start', '--json', '--client-out', clientFile];
  const [file = '', ...before] = command;
  const child = spawn(file, [...before, ...argv], { stdio: ['ignore', 'pipe', 'ignore'] });
  return new Promise((resolve, reject) => {
    let first = '';
    child.once('error', reject);
    child.stdout.on('data', (part) => {
      first += part;
      if (first.includes('\n')) resolve({ child, origin: JSON.parse(first).origin });
    });
  });
}

mkdirSync(place, { recursive: true });
const clientFile = join(place, 'client_secret.json');
const { child, origin } = await startEmulator(clientFile);
/** @type {Record<string, string | null>} */
const results = {};
for (const [name, check] of Object.entries(checks)) {
  if (!wanted.test(name)) continue;
  const began = Date.now();
  results[name] = await check(createBox(origin, clientFile)).then(
    () => null,
    (thrown) => String(thrown?.stack ?? thrown),
  );
  const verdict = results[name] === null ? 'ok' : `FAILED ${results[name]}`;
  process.stdout.write(`${name}, ${Date.now() - began} ms: ${verdict}\n`);
}
child.kill();
writeFileSync(join(place, 'results.json'), JSON.stringify(results));
process.exit(Object.values(results).every((failure) => failure === null) ? 0 : 1);
