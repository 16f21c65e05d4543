// `npm run bench`: how long gsac takes as a whole process, against bare Node and against the least
// program that makes the same requests to the same server.
//
//   --json          one JSON document instead of the table
//   --quick         fewer runs, for a look
//   --only <text>   the rows whose name holds the text
//
// It reports and does not judge: the exit code is 0 when every measurement could be made.
import { execFileSync } from 'node:child_process';
import { existsSync, statSync, writeFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { getNode, nodeIn, targetOf } from '../../.config/packages/node-binaries.js';
import { checkRows } from './check.js';
import { emulatorRows } from './emulator.js';
import { startKeychain } from './keychain.js';
import { comparePairs, peakMemory, runNode, summarize } from './measure.js';
import { planRows } from './plan.js';
import { transferRows } from './transfer.js';
import { programPath, root, World } from './world.js';

const { values: flags } = parseArgs({
  options: {
    json: { type: 'boolean', default: false },
    quick: { type: 'boolean', default: false },
    only: { type: 'string', default: '' },
  },
});

const isWindows = process.platform === 'win32';

/** How often each kind of measurement is made. */
const counts = flags.quick
  ? {
      startPairs: 7,
      requestPairs: 5,
      listPairs: 5,
      allRuns: 1,
      memoryRuns: 1,
      transferPairs: 3,
      planPairs: 3,
    }
  : {
      startPairs: 31,
      requestPairs: 21,
      listPairs: 15,
      allRuns: 5,
      memoryRuns: 5,
      transferPairs: 7,
      planPairs: 9,
    };

const manyAccounts = 1_000;
const endpointMilliseconds = 50;
const concurrency = 16;

/** How large the files are that travel; a gigabyte takes its time, see transfer.js. */
const transferSizes = { megabytes: 256, least: 10, most: 400 };

/** How many flows a plan has, for its time and for its memory. */
const planSizes = { flows: 500, concurrency, least: 500, most: 2_000 };

const world = new World();
const bareNode = () => ({ args: ['-e', '0'], env: world.baseEnv });

/** Each row: its name, its target, how its figures are written, and its measurement. */
const rows = [
  ...['--version', '--help'].map((flag) => ({
    name: `gsac ${flag}`,
    against: 'node -e 0',
    target: 1.25,
    measure: () => startUp(world.gsac(world.baseEnv, flag)),
  })),
  {
    name: 'gsac token, cached, file store',
    against: 'node -e 0',
    target: 1.4,
    measure: async () => startUp(world.gsac(await signedInHome(), 'token')),
  },
  {
    name: 'single file --version',
    against: 'node -e 0',
    target: 1.4,
    measure: () => withoutFile ?? startUp(runFile(world.baseEnv, '--version')),
  },
  {
    name: 'single file token, cached',
    against: 'gsac token, cached',
    target: 1.2,
    measure: async () => withoutFile ?? compareToken(await signedInHome()),
  },
  {
    name: 'gsac token, cached, keychain',
    against: 'keytar alone in node',
    target: 1.35,
    measure: measureKeychain,
  },
  {
    name: 'gsac exchange, first',
    against: 'fetch, 2 requests',
    target: 1.3,
    measure: measureFirstExchange,
  },
  {
    name: 'gsac exchange, keys cached',
    against: 'fetch, 1 request',
    target: 1.3,
    measure: measureExchange,
  },
  { name: 'gsac refresh', against: 'fetch, 1 request', target: 1.3, measure: measureRefresh },
  {
    name: 'gsac files --json, 10,000 files',
    against: 'fetch, 11 requests',
    target: 1.3,
    measure: measureListing,
  },
  {
    name: `gsac refresh --all, ${manyAccounts.toLocaleString('en-US')} accounts`,
    against: `${endpointMilliseconds} ms each, ${concurrency} at once`,
    target: 1.3,
    measure: measureRefreshAll,
  },
  {
    name: 'gsac files --json, 100,000 files, memory',
    against: '1,000 files, memory',
    target: 2,
    unit: 'MB',
    measure: measureMemory,
  },
  ...transferRows(world, {
    ...transferSizes,
    pairs: counts.transferPairs,
    memoryRuns: Math.min(counts.memoryRuns, 3),
  }),
  ...planRows(world, {
    ...planSizes,
    pairs: counts.planPairs,
    memoryRuns: Math.min(counts.memoryRuns, 3),
  }),
  ...checkRows(world, { files: 5_000, pairs: counts.planPairs }),
  ...emulatorRows(world, flags),
  {
    name: 'the packed tarball',
    against: '1 MB',
    target: 1,
    unit: 'MB',
    measure: measureTarball,
  },
  {
    name: 'the single file',
    against: 'Node in it',
    target: 1.05,
    unit: 'MB',
    measure: measureFile,
  },
].filter(({ name }) => name.includes(flags.only));

function startUp(run) {
  return comparePairs({ one: () => run, other: bareNode, pairs: counts.startPairs });
}

/** What `npm run package` makes for this machine, and the Node in it. */
const target = targetOf(process.platform, process.arch);
const singleFile = join(root, 'packages', `gsac-${target}${isWindows ? '.exe' : ''}`);
const withoutFile = existsSync(singleFile) ? undefined : { skipped: 'needs npm run package' };

const runFile = (env, ...args) => ({ file: singleFile, args, env });

function compareToken(env) {
  const [one, other] = [runFile(env, 'token'), world.gsac(env, 'token')];
  return comparePairs({ one: () => one, other: () => other, pairs: counts.startPairs });
}

function measureFile() {
  if (withoutFile !== undefined) return withoutFile;
  const sizes = [singleFile, nodeIn(getNode(target))].map((path) => statSync(path).size);
  const [bytes, reference_bytes] = sizes;
  const ratio = bytes / reference_bytes;
  return { median: ratio, min: ratio, max: ratio, bytes, reference_bytes };
}

let emulatorStart;
/** The emulator that most rows share. Its first user owns 10,000 files and the 3 that it always has. */
function emulator() {
  emulatorStart ??= world.emulator(10_000);
  return emulatorStart;
}

/** A home with an account, its access token in the cache. */
async function signedInHome(env = world.home(), server = undefined) {
  const { clientFile, ...phone } = await prepared(server);
  world.call(env, 'exchange', '--client', clientFile, '--quiet', phone.code);
  return env;
}

async function prepared(server, user) {
  const from = server ?? (await emulator());
  return { clientFile: from.clientFile, code: await from.signIn(user) };
}

async function measureKeychain() {
  const keychain = await startKeychain();
  if (keychain === undefined) return { skipped: 'needs a keychain: .ci/setup' };
  try {
    const env = world.home({ ...keychain.env, GSAC_STORE: 'keychain' });
    const one = world.gsac(await signedInHome(env), 'token');
    const [{ key }] = JSON.parse(world.call(env, 'status', '--json')).accounts;
    const other = { args: [programPath('read-keychain.cjs'), key], env };
    return await comparePairs({ one: () => one, other: () => other, pairs: counts.startPairs });
  } finally {
    await keychain.stop();
  }
}

/** Someone who is not the first user signs in, so that no limit of tokens hits the other rows. */
const exchangingUser = 'qa@example.org';

async function measureFirstExchange() {
  const { origin, clientFile } = await emulator();
  const keysUri = `${origin}/oauth2/v3/certs`;
  return compareRequests({
    async one() {
      const { code } = await prepared(undefined, exchangingUser);
      return world.gsac(world.home(), 'exchange', '--client', clientFile, '--json', code);
    },
    async other() {
      const { code } = await prepared(undefined, exchangingUser);
      const args = [programPath('exchange.cjs'), clientFile, code, keysUri];
      return { args, env: world.baseEnv };
    },
  });
}

async function measureExchange() {
  const { clientFile } = await emulator();
  const env = await signedInHome();
  return compareRequests({
    async one() {
      const { code } = await prepared(undefined, exchangingUser);
      return world.gsac(env, 'exchange', '--client', clientFile, '--json', code);
    },
    async other() {
      const { code } = await prepared(undefined, exchangingUser);
      return { args: [programPath('exchange.cjs'), clientFile, code], env: world.baseEnv };
    },
  });
}

async function measureRefresh() {
  const { client, clientFile } = await emulator();
  const { code } = await prepared();
  const exchange = { args: [programPath('exchange.cjs'), clientFile, code], env: world.baseEnv };
  const userFile = world.path('authorized_user.json');
  const { refresh_token } = JSON.parse(runNode(exchange).stdout.toString());
  const { client_id, client_secret, token_uri } = client;
  const type = 'authorized_user';
  writeFileSync(
    userFile,
    JSON.stringify({ type, client_id, client_secret, refresh_token, token_uri }),
  );
  const env = await signedInHome();
  return compareRequests({
    one: () => world.gsac(env, 'refresh', '--json'),
    other: () => ({ args: [programPath('refresh.cjs'), userFile], env: world.baseEnv }),
  });
}

async function measureListing() {
  const { origin } = await emulator();
  const env = await signedInHome();
  const accessToken = world.call(env, 'token').trim();
  return compareRequests({
    one: () => world.gsac(env, 'files', '--json'),
    other: () => ({ args: [programPath('list.cjs'), origin, accessToken], env: world.baseEnv }),
    pairs: counts.listPairs,
  });
}

/** Compares two programs, once it is seen that both make the same number of requests. */
async function compareRequests({ one, other, pairs = counts.requestPairs }) {
  const server = await emulator();
  const requests = await server.countRequests(await one());
  const otherRequests = await server.countRequests(await other());
  if (requests !== otherRequests) {
    throw new Error(`gsac makes ${requests} requests, the other program ${otherRequests}`);
  }
  return { ...(await comparePairs({ one, other, pairs })), requests };
}

async function measureRefreshAll() {
  const env = world.home();
  const tokenUri = await world.slowEndpoint(endpointMilliseconds);
  const seed = [programPath('seed-accounts.cjs'), String(manyAccounts), tokenUri];
  runNode({ args: seed, env });
  const least = (manyAccounts * endpointMilliseconds) / concurrency;
  const run = world.gsac(env, 'refresh', '--all', '--json', '--concurrency', String(concurrency));
  const times = [];
  for (let count = 0; count < counts.allRuns; count += 1) {
    const { milliseconds, stdout } = runNode(run);
    const { results, failed } = JSON.parse(stdout.toString());
    if (results.length !== manyAccounts || failed > 0) throw new Error(`${failed} failed`);
    times.push(milliseconds);
  }
  return {
    ...summarize(times.map((time) => time / least)),
    milliseconds: summarize(times).median,
    reference_milliseconds: least,
  };
}

async function measureMemory() {
  const runs = [];
  for (const files of [100_000, 1_000]) {
    const server = await world.emulator(files);
    runs.push(world.gsac(await signedInHome(world.home(), server), 'files', '--json'));
  }
  const peaks = [[], []];
  for (let count = 0; count < counts.memoryRuns; count += 1) {
    for (const [at, run] of runs.entries()) peaks[at].push(peakMemory(run));
  }
  const [many, few] = peaks;
  return {
    ...summarize(many.map((peak, at) => peak / few[at])),
    bytes: summarize(many).median,
    reference_bytes: summarize(few).median,
  };
}

function measureTarball() {
  // Without the scripts, so that what is measured is what the other rows ran.
  const args = ['pack', '--dry-run', '--json', '--ignore-scripts'];
  const options = { cwd: root, stdio: ['ignore', 'pipe', 'ignore'], shell: isWindows };
  const [{ size }] = JSON.parse(execFileSync('npm', args, options).toString());
  const ratio = size / 1e6;
  return { median: ratio, min: ratio, max: ratio, bytes: size, reference_bytes: 1e6 };
}

function verdictOf({ median, skipped }, target) {
  if (skipped !== undefined) return `skipped: ${skipped}`;
  return median <= target ? 'ok' : 'misses';
}

function toCells({ name, against, target, unit, result }) {
  const ratio = (figure) => `${figure.toFixed(2)}×`;
  const verdict = verdictOf(result, target);
  const limit = `≤ ${ratio(target)}`;
  if (result.skipped !== undefined) return [name, '', '', '', limit, verdict];
  const { median, min, max } = result;
  const size = (bytes) => `${(bytes / 1e6).toFixed(bytes < 1e7 ? 2 : 0)} MB`;
  const time = (milliseconds) => `${milliseconds.toFixed(0)} ms`;
  const [own, other] =
    unit === 'MB'
      ? [size(result.bytes), size(result.reference_bytes)]
      : [time(result.milliseconds), time(result.reference_milliseconds)];
  const spread = min === max ? '' : ` (${min.toFixed(2)}–${max.toFixed(2)})`;
  return [name, own, `${against}: ${other}`, `${ratio(median)}${spread}`, limit, verdict];
}

function renderTable(lines) {
  const widths = lines[0].map((_, column) => Math.max(...lines.map((line) => line[column].length)));
  return lines
    .map((line) => line.map((cell, column) => cell.padEnd(widths[column])).join('  '))
    .map((line) => `${line.trimEnd()}\n`)
    .join('');
}

if (!existsSync(join(root, 'dist', 'main.cjs'))) {
  process.stderr.write('bench: dist/ is missing: npm run build\n');
  process.exit(1);
}

const startedAt = performance.now();
const measured = [];
try {
  for (const row of rows) {
    process.stderr.write(`bench: ${row.name}\n`);
    measured.push({ ...row, result: await row.measure() });
  }
} finally {
  await world.close();
}
const machine = {
  node: process.version,
  platform: `${process.platform}-${process.arch}`,
  processors: availableParallelism(),
};
if (flags.json) {
  const document = {
    ...machine,
    rows: measured.map(({ name, against, target, result }) => ({
      name,
      against,
      target,
      ...result,
      verdict: result.skipped === undefined ? verdictOf(result, target) : 'skipped',
    })),
  };
  process.stdout.write(`${JSON.stringify(document, null, 2)}\n`);
} else {
  const head = ['WHAT', 'TAKES', 'AGAINST', 'RATIO', 'TARGET', ''];
  process.stdout.write(renderTable([head, ...measured.map(toCells)]));
  const seconds = ((performance.now() - startedAt) / 1000).toFixed(0);
  process.stdout.write(
    `\nMedians (least–most) on Node ${machine.node}, ${machine.platform}, ${machine.processors} processors; measured in ${seconds} s.\n`,
  );
}
