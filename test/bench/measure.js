// Measures whole processes, from their start to their end, as a person waits for them.
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

/** The middle of some figures, and how far they spread. */
export function summarize(figures) {
  const sorted = figures.toSorted((one, other) => one - other);
  const middle = sorted.length / 2;
  const median =
    sorted.length % 2 === 1
      ? sorted[Math.floor(middle)]
      : (sorted[middle - 1] + sorted[middle]) / 2;
  return { median, min: sorted[0], max: sorted.at(-1) };
}

/** Runs `node`, or another program, once. @throws {Error} where it does not end with 0. */
export function runNode({
  file = process.execPath,
  args,
  env,
  stdio = ['ignore', 'pipe', 'pipe'],
}) {
  const startedAt = performance.now();
  const done = spawnSync(file, args, { env, stdio, maxBuffer: 2 ** 30 });
  const milliseconds = performance.now() - startedAt;
  if (done.status !== 0) {
    const why = done.error?.message ?? done.stderr?.toString().trim() ?? '';
    throw new Error(`${file} ${args.join(' ')}: exit ${done.status ?? done.signal}: ${why}`);
  }
  return { milliseconds, stdout: done.stdout, output: done.output };
}

/**
 * Runs two programs in turn and compares them pair by pair, so that what slows the machine down for
 * a while slows down both. Who goes first alternates.
 *
 * @param one what is measured, and `other` what it is held against: each makes the next run, since
 *   some need something fresh (a code, a home) that must not be part of the measured time.
 */
export async function comparePairs({ one, other, pairs }) {
  const ratios = [];
  const times = { one: [], other: [] };
  // The first run of each reads its files from the disk, later ones from the system's memory.
  runNode(await one());
  runNode(await other());
  for (let pair = 0; pair < pairs; pair += 1) {
    const runs = { one: await one(), other: await other() };
    const took = {};
    for (const name of pair % 2 === 0 ? ['one', 'other'] : ['other', 'one']) {
      took[name] = runNode(runs[name]).milliseconds;
      times[name].push(took[name]);
    }
    ratios.push(took.one / took.other);
  }
  return {
    ...summarize(ratios),
    milliseconds: summarize(times.one).median,
    reference_milliseconds: summarize(times.other).median,
  };
}

const reportPeak = fileURLToPath(new URL('programs/report-peak.cjs', import.meta.url));

/** The most memory that a run of `node` held at once, in bytes, as the operating system counted it. */
export function peakMemory({ args, env }) {
  const { output } = runNode({
    args: ['--require', reportPeak, ...args],
    env,
    stdio: ['ignore', 'ignore', 'pipe', 'pipe'],
  });
  return Number(output[3].toString());
}
