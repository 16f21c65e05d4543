// How fast files travel, and in how much memory: rows for bench.js, or by itself:
//
//   node test/bench/transfer.js [--megabytes 256] [--pairs 5] [--least 10] [--most 1000]
//
// The emulator keeps every file in its own memory, several times over while one is on its way: a
// gigabyte takes about 4 GB there. What is measured is the memory of gsac alone.

import { randomFillSync } from 'node:crypto';
import { closeSync, openSync, rmSync, writeSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { comparePairs, peakMemory, summarize } from './measure.js';
import { programPath, World } from './world.js';

/**
 * The rows of transfers. Those of speed compare whole processes; the file must be large enough for
 * the start not to count.
 */
export function transferRows(world, { megabytes, pairs, least, most, memoryRuns = 3 }) {
  const desk = once(() => openDesk(world));
  return [
    {
      name: `gsac files put, ${megabytes} MB`,
      against: 'a pipe with MD5',
      target: 1.25,
      measure: async () => compareUp(await desk(), world, megabytes, pairs),
    },
    {
      name: `gsac files get, ${megabytes} MB`,
      against: 'a pipe with MD5',
      target: 1.25,
      measure: async () => compareDown(await desk(), world, megabytes, pairs),
    },
    ...['put', 'get'].map((verb) => ({
      name: `gsac files ${verb}, ${most} MB, memory`,
      against: `${least} MB, memory`,
      target: 1.3,
      unit: 'MB',
      measure: async () => compareMemory(await desk(), world, verb, [most, least], memoryRuns),
    })),
  ];
}

async function openDesk(world) {
  const server = await world.emulator(0);
  const env = world.home();
  const call = (...args) => world.call(env, ...args, '--client', server.clientFile, '--quiet');
  call('exchange', await server.signIn());
  return { origin: server.origin, env, accessToken: call('token').trim(), call };
}

/** Leaves the emulator with nothing: its memory would fill, and slow it down. */
const empty = (desk) => void desk.call('files', 'delete', '--all', '--yes');

async function compareUp(desk, world, megabytes, pairs) {
  const path = makeFile(world, megabytes);
  return comparePairs({
    pairs,
    one() {
      empty(desk);
      return world.gsac(desk.env, 'files', 'put', path);
    },
    other() {
      empty(desk);
      const args = [programPath('send-file.cjs'), desk.origin, desk.accessToken, path];
      return { args, env: world.baseEnv };
    },
  });
}

async function compareDown(desk, world, megabytes, pairs) {
  empty(desk);
  const path = makeFile(world, megabytes);
  const { file } = JSON.parse(desk.call('files', 'put', path, '--json'));
  const target = `${path}.fetched`;
  return comparePairs({
    pairs,
    one() {
      rmSync(target, { force: true });
      return world.gsac(desk.env, 'files', 'get', file.id, '-o', target, '--force');
    },
    other() {
      rmSync(target, { force: true });
      const args = [programPath('fetch-file.cjs'), desk.origin, desk.accessToken, file.id, target];
      return { args, env: world.baseEnv };
    },
  });
}

async function compareMemory(desk, world, verb, sizes, runs) {
  const peaks = sizes.map(() => []);
  for (const [at, megabytes] of sizes.entries()) {
    const path = makeFile(world, megabytes);
    empty(desk);
    if (verb === 'get') desk.call('files', 'put', path);
    for (let run = 0; run < runs; run += 1) {
      if (verb === 'put') empty(desk);
      const name = path.split(/[\\/]/).at(-1);
      const args = verb === 'put' ? [path] : [name, '-o', `${path}.fetched`, '--force'];
      peaks[at].push(peakMemory(world.gsac(desk.env, 'files', verb, ...args)));
    }
    rmSync(path);
    rmSync(`${path}.fetched`, { force: true });
  }
  const [many, few] = peaks;
  return {
    ...summarize(many.map((peak, at) => peak / few[at])),
    bytes: summarize(many).median,
    reference_bytes: summarize(few).median,
  };
}

/** A file of so many million bytes that nothing can compress. */
function makeFile(world, megabytes) {
  const path = world.path(`transfer-${megabytes}.bin`);
  const block = randomFillSync(Buffer.alloc(1_000_000));
  const file = openSync(path, 'w');
  for (let written = 0; written < megabytes; written += 1) {
    block.writeUInt32LE(written);
    writeSync(file, block);
  }
  closeSync(file);
  return path;
}

function once(work) {
  let done;
  return () => {
    done ??= work();
    return done;
  };
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const number = (value) => ({ type: 'string', default: String(value) });
  const { values } = parseArgs({
    options: { megabytes: number(256), pairs: number(5), least: number(10), most: number(1000) },
  });
  const world = new World();
  try {
    const figures = Object.fromEntries(
      Object.entries(values).map(([name, value]) => [name, Number(value)]),
    );
    for (const { measure, ...row } of transferRows(world, figures)) {
      process.stdout.write(`${JSON.stringify({ ...row, ...(await measure()) })}\n`);
    }
  } finally {
    await world.close();
  }
}
