// How long many flows take, and in how much memory: rows for bench.js, or by itself:
//
//   node test/bench/plan.js [--flows 500] [--concurrency 16] [--pairs 9] [--least 500] [--most 2000]
//
// What is measured are sign-ins at an emulator in a process of its own, against the least program that
// makes the same requests in the same order, and checks nothing of what comes.
//
// A hundred flows take a third less memory than five hundred: V8 has not yet let its heap grow to
// where it stays. From there on it must be flat.

import { writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { comparePairs, peakMemory, summarize } from './measure.js';
import { programPath, World } from './world.js';

/** Someone who is not the first user signs in, so that no limit of tokens hits the other rows. */
const user = 'qa@example.org';

/** The rows of plans: whole processes. */
export function planRows(world, { flows, concurrency, pairs, least, most, memoryRuns = 3 }) {
  const count = (number) => number.toLocaleString('en-US');
  let started;
  const server = () => {
    started ??= world.emulator(1);
    return started;
  };
  return [
    {
      name: `gsac verify --plan, ${count(flows)} flows`,
      against: 'the same requests, unchecked',
      target: 2.5,
      measure: async () => compareTime(world, await server(), flows, concurrency, pairs),
    },
    {
      name: `gsac verify --plan, ${count(most)} flows, memory`,
      against: `${count(least)} flows, memory`,
      target: 1.3,
      unit: 'MB',
      measure: async () => compareMemory(world, await server(), [most, least], memoryRuns),
    },
  ];
}

/** Compares with a new home for each run, so that both fetch the keys. */
async function compareTime(world, server, flows, concurrency, pairs) {
  const plan = writePlan(world, server, flows);
  const ours = () =>
    world.gsac(world.home(), 'verify', '--plan', plan, '--concurrency', String(concurrency));
  const numbers = [String(flows), String(concurrency)];
  const args = [programPath('plan.cjs'), server.clientFile, ...numbers, user];
  const theirs = () => ({ args, env: world.baseEnv });
  const requests = await server.countRequests(ours());
  const otherRequests = await server.countRequests(theirs());
  if (requests !== otherRequests) {
    throw new Error(`gsac makes ${requests} requests, the other program ${otherRequests}`);
  }
  return { ...(await comparePairs({ one: ours, other: theirs, pairs })), requests };
}

async function compareMemory(world, server, sizes, runs) {
  const plans = sizes.map((flows) => writePlan(world, server, flows));
  const env = world.home();
  const peaks = sizes.map(() => []);
  for (let run = 0; run < runs; run += 1) {
    for (const [at, plan] of plans.entries()) {
      peaks[at].push(peakMemory(world.gsac(env, 'verify', '--plan', plan)));
    }
  }
  const [many, few] = peaks;
  return {
    ...summarize(many.map((peak, at) => peak / few[at])),
    bytes: summarize(many).median,
    reference_bytes: summarize(few).median,
  };
}

function writePlan(world, { clientFile }, flows) {
  const path = world.path(`plan-${flows}.json`);
  const entry = { name: 'sign-in', sign_in: { user }, repeat: flows };
  writeFileSync(path, JSON.stringify({ version: 1, client: clientFile, flows: [entry] }));
  return path;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const number = (value) => ({ type: 'string', default: String(value) });
  const { values } = parseArgs({
    options: {
      flows: number(500),
      concurrency: number(16),
      pairs: number(9),
      least: number(500),
      most: number(2000),
    },
  });
  const world = new World();
  try {
    const figures = Object.fromEntries(
      Object.entries(values).map(([name, value]) => [name, Number(value)]),
    );
    for (const { measure, ...row } of planRows(world, figures)) {
      process.stdout.write(`${JSON.stringify({ ...row, ...(await measure()) })}\n`);
    }
  } finally {
    await world.close();
  }
}
