import type { Output } from '../cli/runtime.js';
import { GsacError, systemCodeOf } from '../core/errors.js';
import type { Services } from '../core/services.js';
import type { VerifyReport } from '../core/verify/model.js';
import { toJsonText } from '../terminal/clean.js';
import type { Style } from '../terminal/style.js';

/** A report that was asked for with `--report <format[=file]>`. */
export interface ReportWish {
  format: ReportFormat;
  /** Undefined for stdout. */
  file: string | undefined;
}

/** Every format with its writer; a new one is one line here and a file in reports/. */
const writers = {
  tap: async (report: VerifyReport) => (await import('../reports/tap.js')).renderTap(report),
  junit: async (report: VerifyReport) => (await import('../reports/junit.js')).renderJunit(report),
  html: async (report: VerifyReport) => (await import('../reports/html.js')).renderHtml(report),
  json: async (report: VerifyReport) =>
    `${toJsonText((await import('../reports/json.js')).toVerifyDocument(report), 2)}\n`,
} as const;

type ReportFormat = keyof typeof writers;

/** Reads a value of `--report`. @throws {GsacError} `usage`. */
export function readReportWish(value: unknown): ReportWish {
  const [, name = '', file] = /^([^=]*)(?:=(.*))?$/s.exec(String(value)) ?? [];
  const format = Object.keys(writers).find((known) => known === name);
  if (format === undefined || file === '') {
    throw new GsacError('usage', `--report ${JSON.stringify(value)} is no report.`, {
      hint: `Write a format, and a file after =: ${Object.keys(writers).join(', ')}, such as junit=flow.xml.`,
    });
  }
  return { format: format as ReportFormat, file };
}

/** Refuses two documents on one stdout. @throws {GsacError} `usage`. */
export function checkReports(reports: readonly ReportWish[], json: boolean): void {
  const onStdout = reports.filter(({ file }) => file === undefined).length + (json ? 1 : 0);
  if (onStdout > 1) {
    throw new GsacError('usage', 'Two documents cannot share stdout.', {
      hint: 'Give all but one a file: --report junit=flow.xml.',
    });
  }
}

/**
 * Writes every report that was asked for: files with mode 0600, since they name people, and one
 * document to stdout. Where no document goes there, people get `render`.
 *
 * @throws {GsacError} `output_failed` where a file cannot be written; stdout is written all the same.
 */
export async function writeReports(
  report: VerifyReport,
  { reports, har }: { reports: readonly ReportWish[]; har: string | undefined },
  services: Services,
  output: Output,
  render: (style: Style) => string,
): Promise<void> {
  const files = reports.flatMap(({ format, file }) =>
    file === undefined ? [] : [{ file, write: writers[format] }],
  );
  if (har !== undefined) {
    const write = async () => (await import('../reports/har.js')).renderHar(report);
    files.push({ file: har, write });
  }
  const failures: string[] = [];
  for (const { file, write } of files) {
    const text = await write(report);
    await services.writePrivateFile(file, text).catch((thrown: unknown) => {
      failures.push(`${file} cannot be written (${systemCodeOf(thrown) ?? 'unknown'})`);
    });
  }
  const onStdout = output.globals.json
    ? 'json'
    : reports.find(({ file }) => file === undefined)?.format;
  await output.write(
    onStdout === undefined ? render(output.style()) : await writers[onStdout](report),
  );
  if (failures.length > 0) {
    throw new GsacError('output_failed', `${failures.join('; ')}.`, {
      hint: 'Name another file; the flow itself was run, and its result is on stdout.',
    });
  }
}
