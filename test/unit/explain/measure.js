/**
 * Prints how often the diagnosis is right on sets of failures:
 *   node test/unit/explain/measure.js [--misses] [--text] <set.jsonl>…
 * A set holds one failure a line, as test/fixtures/failures/ does. `--text` gives the rules the error's
 * text only, without the circumstances. A failure whose cause nobody settled is left out.
 */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { rolldown } from 'rolldown';

const flags = process.argv.slice(2).filter((word) => word.startsWith('--'));
const sets = process.argv.slice(2).filter((word) => !word.startsWith('--'));
const source = fileURLToPath(new URL('../../../src/tools/explain/diagnose.ts', import.meta.url));
const bundle = await rolldown({ input: source, platform: 'node', logLevel: 'silent' });
const folder = mkdtempSync(join(tmpdir(), 'gsac-measure-'));
const file = join(folder, 'diagnose.mjs');
await bundle.write({ file, format: 'esm', codeSplitting: false });
const { diagnose, rules } = await import(pathToFileURL(file).href).finally(() =>
  rmSync(folder, { recursive: true }),
);
const known = new Set(rules.map(({ cause }) => cause));

function toCase({ stage, observed, context }) {
  const text = [observed.body, observed.other].filter((one) => one !== null).join('\n');
  if (flags.includes('--text')) return { observed: text };
  const said = (value) => (value === 'unknown' ? undefined : value);
  return {
    stage,
    observed: text,
    notes: context.notes ?? undefined,
    httpStatus: observed.http_status ?? undefined,
    source: said(context.source),
    redirectUri: context.redirect_uri_sent ?? undefined,
    clientType: said(context.client_type),
    code: context.code_as_pasted ?? undefined,
    tokenAgeDays: context.token_age_days ?? undefined,
    publishingStatus: said(context.publishing_status),
    requestedScopes: context.requested_scopes,
    grantedScopes: context.granted_scopes,
  };
}

for (const set of sets) {
  const failures = readFileSync(set, 'utf8')
    .split('\n')
    .filter((line) => line.trim() !== '')
    .map((line) => JSON.parse(line))
    .filter(({ confidence }) => confidence !== 'plausible' || flags.includes('--all'));
  const counts = { first: 0, helps: 0, three: 0, wrong: 0, none: 0, unknown: 0 };
  const sure = { certain: [0, 0], likely: [0, 0], possible: [0, 0] };
  for (const failure of failures) {
    const causes = diagnose(toCase(failure));
    const [first] = causes;
    const helping = [failure.cause_class, ...(failure.also_acceptable ?? [])];
    const rank = causes.findIndex(({ cause }) => cause === failure.cause_class);
    const isRight = rank === 0;
    const helps = first !== undefined && helping.includes(first.cause);
    const isWrong = first !== undefined && !helps && first.likelihood !== 'possible';
    if (first !== undefined) {
      sure[first.likelihood][0] += helps;
      sure[first.likelihood][1] += 1;
    }
    counts.first += isRight;
    counts.helps += helps;
    counts.three += rank >= 0 && rank < 3;
    counts.wrong += isWrong;
    counts.none += first === undefined;
    counts.unknown += !known.has(failure.cause_class);
    if (!isRight && flags.includes('--misses')) {
      const named = causes
        .slice(0, 4)
        .map(({ cause, likelihood }) => `${cause} (${likelihood})`)
        .join(', ');
      process.stdout.write(
        `${isWrong ? '!!' : '  '} ${failure.id} ${failure.cause_class}: ${named || 'nothing'}\n`,
      );
    }
  }
  const share = (count) => `${count} (${((100 * count) / failures.length).toFixed(0)} %)`;
  process.stdout.write(
    `${set.split('/').at(-1)}: ${failures.length} failures; first ${share(counts.first)}, ` +
      `first or helps ${share(counts.helps)}, among three ${share(counts.three)}, ` +
      `wrong and likely ${share(counts.wrong)}, nothing named ${counts.none}, cause not known ${counts.unknown}; ` +
      `helps where it says ${Object.entries(sure)
        .map(([name, [right, all]]) => `${name} ${right}/${all}`)
        .join(', ')}\n`,
  );
}
