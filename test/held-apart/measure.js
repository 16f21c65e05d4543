// `node test/held-apart/measure.js`: how often the built gsac judges right what its rules were not
// made from (README.md beside this file says what the sets hold).
//
//   --details          each miss, each wrong cause, each false and each missed finding
//   --failures <file>  other failures of the same format
//   --cases <folder>   other trees of the same format
//
// With one of the last two, only that is measured. It reports and does not judge: the exit code is 0
// when every measurement could be made.
import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { judgeFindings, plantCase } from './judge-tree.js';

const at = (path) => fileURLToPath(new URL(path, import.meta.url));
const { values: flags } = parseArgs({
  options: {
    details: { type: 'boolean', default: false },
    failures: { type: 'string' },
    cases: { type: 'string' },
  },
});
const both = flags.failures === undefined && flags.cases === undefined;
const failuresPath = flags.failures ?? (both ? at('failures.jsonl') : undefined);
const casesPath = flags.cases ?? (both ? at('check') : undefined);

const scratch = mkdtempSync(join(tmpdir(), 'gsac-measure-'));
const environment = Object.fromEntries(
  Object.entries(process.env).filter(([name]) => !name.startsWith('GSAC_')),
);
environment.GSAC_HOME = join(scratch, 'home');

const say = (line = '') => process.stdout.write(`${line}\n`);
const share = (count, of) =>
  `${of === 0 ? '–' : ((100 * count) / of).toFixed(1)} % (${count}/${of})`;
const rows = (table) => {
  const width = Math.max(...table.map(([label]) => label.length));
  for (const [label, figure] of table) say(`  ${label.padEnd(width)}  ${figure}`);
};
const detail = (lines) => {
  if (flags.details) for (const line of lines) say(`    ${line}`);
};

/** Runs `gsac … --json`. @throws {Error} where it prints no JSON and `otherwise` has nothing for its exit code. */
function gsac(args, { input = '', otherwise = {} } = {}) {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [at('../../bin/gsac.js'), ...args, '--json'], {
      env: environment,
    });
    let stdout = '';
    let stderr = '';
    child.stdout.setEncoding('utf8').on('data', (text) => {
      stdout += text;
    });
    child.stderr.setEncoding('utf8').on('data', (text) => {
      stderr += text;
    });
    child.once('error', reject);
    child.once('close', (code) => {
      if (stdout !== '') resolve(JSON.parse(stdout));
      else if (otherwise[code] !== undefined) resolve(otherwise[code]);
      else reject(new Error(`gsac ${args.join(' ')}: exit ${code}: ${stderr.trim()}`));
    });
    child.stdin.on('error', () => {}).end(input);
  });
}

/** What `work` gives for each item, in their order, as many at once as there are processors. */
async function forEach(items, work) {
  const results = [];
  const queue = items.entries();
  const worker = async () => {
    for (const [index, item] of queue) results[index] = await work(item, index);
  };
  await Promise.all(Array.from({ length: availableParallelism() }, worker));
  return results;
}

const readLines = (path) =>
  readFileSync(path, 'utf8')
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));

/** The causes that the rules know: each has a failure of its class among the fixtures. */
function knownCauses() {
  const folder = at('../fixtures/failures/');
  const names = readdirSync(folder).filter((name) => name.endsWith('.jsonl'));
  return new Set(
    names.flatMap((name) => readLines(join(folder, name))).map((one) => one.cause_class),
  );
}

async function measureFailures(path) {
  const known = knownCauses();
  const settled = readLines(path).filter(({ confidence }) => confidence !== 'plausible');
  const judged = await forEach(settled, async (failure, index) => {
    const { stage, observed, context } = failure;
    const input = [observed.body, observed.other].filter((text) => text !== null).join('\n');
    const file = join(scratch, `context-${index}.json`);
    writeFileSync(file, JSON.stringify({ stage, http_status: observed.http_status, ...context }));
    const text = input === '' ? [] : ['-'];
    const full = await gsac(['explain', '--context', file, ...text], { input });
    const alone = input === '' ? undefined : await gsac(['explain', '-'], { input });
    return { failure, full: full.diagnosis, alone: alone?.diagnosis };
  });

  const helps = ({ failure }, cause) =>
    cause === failure.cause_class || (failure.also_acceptable ?? []).includes(cause);
  const rank = ({ failure, full }) => full.findIndex(({ cause }) => cause === failure.cause_class);
  const isWrong = (one, diagnosis) =>
    ['certain', 'likely'].includes(diagnosis?.[0]?.likelihood) && !helps(one, diagnosis[0].cause);
  const count = (list, holds) => list.filter(holds).length;

  // Of a failure at another provider none of Google's causes is the true one.
  const google = judged.filter(({ failure }) => failure.cause_class !== 'other-provider');
  const others = judged.filter(({ failure }) => failure.cause_class === 'other-provider');
  const ofKnown = google.filter(({ failure }) => known.has(failure.cause_class));
  const withText = google.filter(({ alone }) => alone !== undefined);
  const isFirst = (one) => rank(one) === 0;
  const isAmongThree = (one) => rank(one) >= 0 && rank(one) < 3;
  const helpsFirst = (one) => one.full.length > 0 && helps(one, one.full[0].cause);
  const helpsAlone = (one) => one.alone.length > 0 && helps(one, one.alone[0].cause);
  const nameFirst = (diagnosis) =>
    diagnosis?.[0] ? `${diagnosis[0].cause} (${diagnosis[0].likelihood})` : 'nothing';

  say(`explain: ${judged.length} settled failures`);
  rows([
    ['true cause first', share(count(google, isFirst), google.length)],
    ['true cause among the first three', share(count(google, isAmongThree), google.length)],
    ['first, or another whose fix helps', share(count(google, helpsFirst), google.length)],
    ['of known causes: first', share(count(ofKnown, isFirst), ofKnown.length)],
    ['of known causes: first three', share(count(ofKnown, isAmongThree), ofKnown.length)],
    [
      'text alone: true cause first',
      share(
        count(withText, (one) => one.alone[0]?.cause === one.failure.cause_class),
        withText.length,
      ),
    ],
    [
      'text alone: first, or another that helps',
      share(count(withText, helpsAlone), withText.length),
    ],
    [
      'wrong and likely or certain',
      share(
        count(judged, (one) => isWrong(one, one.full)),
        judged.length,
      ),
    ],
    [
      'text alone: wrong and likely or certain',
      share(
        count(judged, (one) => isWrong(one, one.alone)),
        judged.length,
      ),
    ],
    [
      "another provider's: left alone",
      share(
        count(others, (one) => !isWrong(one, one.full)),
        others.length,
      ),
    ],
  ]);
  for (const one of judged) {
    const { failure, full, alone } = one;
    const notes = [];
    if (!isFirst(one) && failure.cause_class !== 'other-provider') {
      notes.push(
        `${rank(one) < 0 ? 'not named' : `rank ${rank(one) + 1}`}, first ${nameFirst(full)}`,
      );
    }
    if (isWrong(one, full)) notes.push(`WRONG ${nameFirst(full)}`);
    if (alone !== undefined && isWrong(one, alone))
      notes.push(`text alone WRONG ${nameFirst(alone)}`);
    else if (alone !== undefined && failure.cause_class !== 'other-provider' && !helpsAlone(one)) {
      notes.push(`text alone ${nameFirst(alone)}`);
    }
    const mark = known.has(failure.cause_class) ? '' : '*';
    if (notes.length > 0)
      detail([`${failure.id} ${failure.cause_class}${mark}: ${notes.join('; ')}`]);
  }
  if (flags.details) say('    * a cause that the rules do not know');
}

async function measureCases(path) {
  const names = readdirSync(path).filter((name) => existsSync(join(path, name, 'expected.json')));
  const judged = await forEach(names.sort(), async (name) => {
    const expected = JSON.parse(readFileSync(join(path, name, 'expected.json'), 'utf8'));
    const tree = join(scratch, `tree-${name}`, 'tree');
    plantCase(join(path, name), expected, tree);
    const { findings } = await gsac(['check', tree], { otherwise: { 2: { findings: [] } } });

    return { name, expected: expected.expect.length, ...judgeFindings(expected, findings) };
  });

  const sum = (count) => judged.reduce((total, one) => total + count(one), 0);
  const right = sum(({ right }) => right.length);
  const wrong = sum(({ wrong }) => wrong.length);
  const expected = sum((one) => one.expected);
  const missed = sum(({ missed }) => missed.length);
  const asExpected = judged.filter(
    ({ missed, wrong }) => missed.length + wrong.length === 0,
  ).length;
  say(`check: ${judged.length} trees`);
  rows([
    ['precision', share(right, right + wrong)],
    [
      'false errors',
      String(sum((one) => one.wrong.filter(({ severity }) => severity === 'error').length)),
    ],
    ['recall', share(expected - missed, expected)],
    ['trees as expected', share(asExpected, judged.length)],
  ]);
  for (const { name, missed, wrong } of judged) {
    detail([
      ...missed.map(
        ({ rule, file }) =>
          `${name}: missed ${[rule].flat().join(' or ')} at ${[file ?? 'any file'].flat().join(' or ')}`,
      ),
      ...wrong.map(
        ({ severity, rule, file, line }) =>
          `${name}: false ${severity} ${rule} at ${file}:${line ?? '-'}`,
      ),
    ]);
  }
}

try {
  if (failuresPath !== undefined) await measureFailures(failuresPath);
  if (casesPath !== undefined) await measureCases(casesPath);
} finally {
  rmSync(scratch, { recursive: true, force: true });
}
