// How many token requests the emulator answers, against oauth2-mock-server, and what memory it holds
// while it issues many. Rows for `npm run bench`; by itself it measures memory over a million tokens:
//
//   node test/bench/emulator.js [--tokens 1000000]
import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { form, Load } from './load.js';
import { summarize } from './measure.js';
import { programPath, World } from './world.js';

/** Rows for the table of `npm run bench`. */
export function emulatorRows(world, { quick }) {
  const rounds = quick ? 3 : 7;
  const requests = quick ? 1_000 : 3_000;
  const tokens = quick ? 20_000 : 1_000_000;
  const count = (figure) => figure.toLocaleString('en-US');
  return [
    {
      name: `emulator, ${count(requests)} tokens, 1 signature each`,
      against: 'oauth2-mock-server, the same',
      target: 0.5,
      measure: () => compareRates(world, { rounds, requests, theirs: 'client_credentials' }),
    },
    {
      name: `emulator, ${count(requests)} refreshes with an ID token`,
      against: 'oauth2-mock-server, 2 signatures',
      target: 0.5,
      measure: () => compareRates(world, { rounds, requests, theirs: 'refresh_token' }),
    },
    {
      name: `emulator, memory at ${count(tokens)} tokens`,
      against: `at ${count(tokens / 4)}`,
      // Four times the tokens: what is kept must not grow with them.
      target: 1.5,
      unit: 'MB',
      measure: async () => (await watchMemory(world, tokens)).result,
    },
  ];
}

/**
 * Both servers, each in a process of its own, get the same load in turn. Ours answers a refresh with
 * openid: an access token that is no JWT, and an ID token with one RS256 signature. Theirs signs
 * every token: one for client_credentials, two (the ID token too) for refresh_token. How many
 * signatures an answer holds is counted before it is measured.
 */
async function compareRates(world, { rounds, requests, theirs }) {
  const ours = await startEmulator(world);
  const other = await startServer(world, [programPath('mock-server.mjs')]);
  const url = `http://127.0.0.1:${other.line}/token`;
  const grants = {
    client_credentials: { signatures: 1, scope: 'email' },
    refresh_token: { signatures: 2, refresh_token: 'any' },
  };
  const { signatures: expected, ...fields } = grants[theirs];
  const body = form({ grant_type: theirs, client_id: 'any', ...fields });
  const sides = [
    { server: ours, load: await ours.refresh(['openid', 'email']), signatures: 1 },
    { server: other, load: new Load(url, body), signatures: expected },
  ];
  const times = [[], []];
  const processor = [0, 0];
  try {
    for (const { load, signatures } of sides) {
      const found = countSignatures(await load.once());
      if (found !== signatures) throw new Error(`${found} signatures, not ${signatures}`);
      await load.run(requests / 2);
    }
    for (let round = 0; round < rounds; round += 1) {
      const order = round % 2 === 0 ? [0, 1] : [1, 0];
      for (const side of order) {
        const { load, server } = sides[side];
        const before = processorSeconds(server.pid);
        times[side].push(await load.run(requests));
        processor[side] += processorSeconds(server.pid) - before;
      }
    }
  } finally {
    for (const { load } of sides) load.close();
    await ours.stop();
    await other.stop();
  }
  const [own, reference] = times.map((list) => summarize(list).median);
  return {
    ...summarize(times[0].map((time, at) => time / times[1][at])),
    milliseconds: own,
    reference_milliseconds: reference,
    per_second: Math.round((requests / own) * 1000),
    reference_per_second: Math.round((requests / reference) * 1000),
    // Holds on a busy machine, too.
    ...(process.platform === 'linux' ? { processor_ratio: processor[0] / processor[1] } : {}),
  };
}

/** The processor's time that a process has had so far. */
function processorSeconds(pid) {
  if (process.platform !== 'linux') return 0;
  const [user, system] = readFileSync(`/proc/${pid}/stat`, 'utf8').split(' ').slice(13, 15);
  return (Number(user) + Number(system)) / 100;
}

/**
 * Issues tokens and looks at the server's memory after each twentieth. Every tenth token is that of a
 * new code; none is signed, or a million would take a quarter of an hour.
 */
async function watchMemory(world, tokens, report = () => {}) {
  if (process.platform !== 'linux') return { result: { skipped: 'needs Linux' } };
  const ours = await startEmulator(world);
  const scopes = ['https://www.googleapis.com/auth/drive.appdata'];
  const points = [];
  try {
    const step = tokens / 20;
    for (let issued = step; issued <= tokens; issued += step) {
      const exchanges = await ours.codes(step / 10, scopes);
      await exchanges.run(step / 10);
      const refreshes = await ours.refresh(scopes);
      await refreshes.run((step * 9) / 10);
      points.push({ issued, bytes: residentBytes(ours.pid) });
      report(points.at(-1));
    }
  } finally {
    await ours.stop();
  }
  // What the first tokens take belongs to starting: code that is compiled, a log that fills up. Single
  // points tell when the collector last came round, no more.
  const middle = (some) => summarize(some.map(({ bytes }) => bytes)).median;
  const early = middle(points.slice(1, 5));
  const late = middle(points.slice(-5));
  const peak = Math.max(...points.map(({ bytes }) => bytes));
  const ratio = late / early;
  const result = {
    ...{ median: ratio, min: ratio, max: peak / early },
    bytes: late,
    reference_bytes: early,
    peak_bytes: peak,
    bytes_per_token: slopeOf(points.slice(points.length / 5)),
  };
  return { result, points };
}

function residentBytes(pid) {
  return Number(/^VmRSS:\s+(\d+) kB/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))[1]) * 1024;
}

/** The least squares' line through the points: bytes for each token. */
function slopeOf(points) {
  const mean = (figures) => figures.reduce((sum, figure) => sum + figure, 0) / figures.length;
  const x = mean(points.map(({ issued }) => issued));
  const y = mean(points.map(({ bytes }) => bytes));
  const above = points.reduce((sum, { issued, bytes }) => sum + (issued - x) * (bytes - y), 0);
  return above / points.reduce((sum, { issued }) => sum + (issued - x) ** 2, 0);
}

function countSignatures(answer) {
  const isJwt = (value) => /^eyJ[\w-]+\.[\w-]+\.[\w-]{342}$/.test(value);
  return Object.values(JSON.parse(answer)).filter(isJwt).length;
}

/** Starts a server and waits for its first line. */
async function startServer(world, args) {
  const child = spawn(process.execPath, args, {
    env: world.baseEnv,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const ended = new Promise((resolve) => child.once('exit', resolve));
  const line = await new Promise((resolve, reject) => {
    createInterface({ input: child.stdout }).once('line', resolve);
    child.once('exit', (code) => reject(new Error(`${args.join(' ')}: exit ${code}`)));
  });
  return {
    line,
    pid: child.pid,
    stop: () => {
      child.kill('SIGKILL');
      return ended;
    },
  };
}

/** Starts `gsac emulator start` as people do. */
async function startEmulator(world) {
  const clientFile = world.path('client-of-the-rate.json');
  const { args } = world.gsac(world.baseEnv, 'emulator', 'start', '--quiet');
  const server = await startServer(world, [...args, '--client-out', clientFile]);
  const { client_id, client_secret, token_uri } = JSON.parse(readFileSync(clientFile, 'utf8')).web;
  const credentials = { client_id, client_secret };
  /** The exchanges of so many fresh codes. */
  const codes = async (count, scopes) => {
    const address = new URL('/_emulator/sign-in', token_uri);
    const signIn = new Load(address, JSON.stringify({ scopes }));
    const grant = { ...credentials, grant_type: 'authorization_code', redirect_uri: '' };
    const bodies = [];
    await signIn.run(count, (answer) =>
      bodies.push(form({ ...grant, code: JSON.parse(answer).code })),
    );
    return new Load(token_uri, ...bodies);
  };
  return {
    ...server,
    tokenUri: token_uri,
    codes,
    /** A refresh for someone who has just signed in. */
    async refresh(scopes) {
      const exchange = await codes(1, scopes);
      const { refresh_token } = JSON.parse(await exchange.once());
      exchange.close();
      const grant = { ...credentials, grant_type: 'refresh_token', refresh_token };
      return new Load(token_uri, form(grant));
    },
  };
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const { values } = parseArgs({ options: { tokens: { type: 'string', default: '1000000' } } });
  const world = new World();
  try {
    const megabytes = (bytes) => `${(bytes / 1e6).toFixed(1)} MB`;
    const report = ({ issued, bytes }) =>
      process.stdout.write(`${String(issued).padStart(9)} tokens  ${megabytes(bytes)}\n`);
    const { result } = await watchMemory(world, Number(values.tokens), report);
    if (result.skipped) process.stdout.write(`skipped: ${result.skipped}\n`);
    else {
      process.stdout.write(
        `peak ${megabytes(result.peak_bytes)}, ${result.bytes_per_token.toFixed(1)} bytes for each token\n`,
      );
    }
  } finally {
    await world.close();
  }
}
