import { type Ending, writeAfterwards } from '../../cli/child.js';
import { readReportWishes } from '../../cli/report-wishes.js';
import type { Output } from '../../cli/runtime.js';
import type { Context } from '../../core/context.js';
import { GsacError } from '../../core/errors.js';
import { writeReportFile } from '../../files/secret-file.js';
import { proveFileTarget } from '../../files/target.js';
import type { WatchReport } from './report.js';

/** A document that was asked for with `--report` or `--har`. */
export interface DocumentWish {
  format: 'json' | 'junit' | 'html' | 'har';
  /** Undefined for stdout, after what the command printed. */
  file: string | undefined;
}

const formats = ['json', 'junit', 'html'] as const;

/** Reads `--report` and `--har`. @throws {GsacError} `usage`. */
export function readDocumentWishes(flags: Readonly<Record<string, unknown>>): DocumentWish[] {
  const { reports, har } = readReportWishes(flags, formats, 'html=watch.html');
  if (har === undefined) return [...reports];
  return [...reports, { format: 'har', file: har === '-' ? undefined : har }];
}

/**
 * Refuses what could not be written at the end, before the command runs.
 *
 * @throws {GsacError} `usage`, `output_failed`.
 */
export async function checkDocuments(wishes: readonly DocumentWish[]): Promise<void> {
  const places = wishes.map(({ file }) => (file === undefined ? '-' : file));
  const proved = await Promise.all(
    places.map((place) => (place === '-' ? place : proveFileTarget(place))),
  );
  if (new Set(proved).size === proved.length) return;
  throw new GsacError('usage', 'Two documents cannot share one file or stdout.', {
    hint: 'Give each a file of its own: --report html=watch.html --har watch.har.',
  });
}

/**
 * Writes the documents: files with mode 0600, since they name people. One that cannot be written keeps
 * no other from being written.
 *
 * @returns the exit code; see {@link writeAfterwards}.
 */
export async function writeDocuments(
  wishes: readonly DocumentWish[],
  report: WatchReport,
  ending: Ending,
  { signal }: Pick<Context, 'signal'>,
  output: Output,
): Promise<number> {
  if (wishes.length === 0) return ending.exitCode;
  const { renderers } = await import('./reports.js');
  let { exitCode } = ending;
  for (const { format, file } of wishes) {
    const text = renderers[format](report);
    exitCode = await writeAfterwards({ ...ending, exitCode }, () =>
      file === undefined ? output.write(text) : writeReportFile(file, text, signal),
    );
  }
  return exitCode;
}
