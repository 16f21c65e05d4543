import { readReportWishes, type ReportWishes as Wishes } from '../../../cli/report-wishes.js';
import type { Output } from '../../../cli/runtime.js';
import type { Context } from '../../../core/context.js';
import { GsacError, systemCodeOf } from '../../../core/errors.js';
import { overwriteNamedFile } from '../../../files/secret-file.js';
import { proveFileTarget } from '../../../files/target.js';
import { toJsonText } from '../../../terminal/clean.js';
import type { Style } from '../../../terminal/style.js';
import type { VerifyReport } from '../model.js';
import type { ReportWarning } from './json.js';

/** What was run. */
export interface VerifyRun extends Pick<VerifyReport, 'plan' | 'startedAt' | 'flows'> {
  /** What people were told already, for the documents. */
  warnings: readonly ReportWarning[];
  /** What `--json` prints, if that is not the JSON report. */
  document?: object;
}

type Write = (report: VerifyReport, warnings: readonly ReportWarning[]) => Promise<string>;

/** Every format with its writer; a new one is a line here and in {@link called}, and a file in reports/. */
const writers = {
  tap: async (report: VerifyReport) => (await import('./tap.js')).renderTap(report),
  junit: async (report: VerifyReport) => (await import('./junit.js')).renderJunit(report),
  html: async (report: VerifyReport) => (await import('./html.js')).renderHtml(report),
  json: async (report: VerifyReport, warnings: readonly ReportWarning[]) =>
    `${toJsonText((await import('./json.js')).toVerifyDocument(report, warnings), 2)}\n`,
} as const satisfies Record<string, Write>;

const writeHar: Write = async (report) => (await import('./har.js')).renderHar(report);

type ReportFormat = keyof typeof writers;

/** What people are told was written. */
const called: Readonly<Record<ReportFormat, string>> = {
  tap: 'TAP report',
  junit: 'JUnit report',
  html: 'HTML report',
  json: 'JSON report',
};

/** A document that is to be written; the name is the option by which it was asked for. */
interface Wanted {
  /** Undefined for stdout. */
  file: string | undefined;
  /** What people call it: `HTML report`. */
  title: string;
  option: string;
  write: Write;
}

/** What a call of `gsac verify` asks for beside its result. */
export type ReportWishes = Wishes<ReportFormat>;

/** Reads `--report` and `--har`. @throws {GsacError} `usage`. */
export function readReports(flags: Readonly<Record<string, unknown>>): ReportWishes {
  return readReportWishes(flags, Object.keys(writers) as ReportFormat[], 'junit=flow.xml');
}

/**
 * Refuses what could not be written at the end, before anything is sent: two documents on one stdout
 * or in one file, and files that cannot be written. Existing files stay as they are.
 *
 * @throws {GsacError} `usage`.
 */
export async function checkReports(
  wishes: ReportWishes,
  { globals }: Pick<Context, 'globals'>,
): Promise<void> {
  const wanted = toWanted(wishes);
  const onStdout = wanted.filter(({ file }) => file === undefined).length;
  if (onStdout + (globals.json ? 1 : 0) > 1) {
    throw new GsacError('usage', 'Two documents cannot share stdout.', {
      hint: 'Give all of them but one a file: --report junit=flow.xml.',
    });
  }
  const taken = new Map<string, string>();
  for (const { option, file } of wanted) {
    if (file === undefined) continue;
    const place = await proveFileTarget(file);
    const other = taken.get(place);
    if (other !== undefined) {
      throw new GsacError('usage', `${other} and ${option} would write to one file.`, {
        hint: 'Give each a file of its own: the later report would replace the other.',
      });
    }
    taken.set(place, option);
  }
}

/**
 * Writes every report that was asked for, and says which: files with mode 0600, since they name people,
 * and one document to stdout. If no document goes there, people get `render`.
 *
 * A file that cannot be written costs no result: it is a warning, on stderr or in the document of
 * `--json`.
 *
 * @returns the exit code: 6 if the verdict is no pass, or if a file is missing.
 */
export async function writeReports(
  { plan, startedAt, flows, warnings: before, document }: VerifyRun,
  wishes: ReportWishes,
  render: (report: VerifyReport, style: Style) => string,
  { notices, signal, version, now }: Context,
  output: Output,
): Promise<0 | 6> {
  const report: VerifyReport = {
    version,
    plan,
    startedAt,
    durationMs: now() - startedAt,
    outcome: flows.every(({ outcome }) => outcome === 'pass') ? 'pass' : 'fail',
    flows,
  };
  const wanted = toWanted(wishes);
  const missing: ReportWarning[] = [];
  const written: string[] = [];
  for (const { title, option, file, write } of wanted) {
    if (file === undefined) continue;
    const text = await write(report, before);
    try {
      await overwriteNamedFile(file, text, signal);
      written.push(`${title}: ${file}`);
    } catch (thrown) {
      signal.throwIfAborted();
      missing.push(unwritten(option, thrown, report));
    }
  }
  for (const { message, hint } of missing) notices.warn(message, hint);
  const warnings = [...before, ...missing];
  const toDocument: Write = async () =>
    `${toJsonText({ ...document, ...(missing.length > 0 && { warnings }) }, 2)}\n`;
  const write = output.globals.json
    ? document === undefined
      ? writers.json
      : toDocument
    : wanted.find(({ file }) => file === undefined)?.write;
  const exitCode = report.outcome === 'pass' && missing.length === 0 ? 0 : 6;
  output.conclude(exitCode);
  const text = write ? await write(report, warnings) : render(report, output.style());
  await output.write(text);
  for (const line of written) notices.say(line);
  return exitCode;
}

function toWanted({ reports, har }: ReportWishes): Wanted[] {
  const wanted = reports.map(({ format, file }): Wanted => {
    const option = `--report ${format}${file === undefined ? '' : `=${file}`}`;
    return { title: called[format], option, file, write: writers[format] };
  });
  if (har === undefined) return wanted;
  const file = har === '-' ? undefined : har;
  return [...wanted, { title: 'HAR', option: `--har ${har}`, file, write: writeHar }];
}

function unwritten(option: string, thrown: unknown, { outcome }: VerifyReport): ReportWarning {
  const code = systemCodeOf(thrown) ?? 'unknown';
  const why =
    outcome === 'pass' ? ' Every check passed; exit code 6 only stands for the missing file.' : '';
  return {
    code: 'output_failed',
    message: `gsac could not write ${option} (${code}).${why}`,
    hint: 'The result is on stdout. Check the disk and the folder of the file.',
  };
}
