import { GsacError } from '../core/errors.js';

/** A report that was asked for with `--report <format[=file]>`. */
export interface ReportWish<F extends string> {
  format: F;
  /** Undefined for stdout. */
  file: string | undefined;
}

/** What a call asks for beside its result: reports, and the file of `--har`, `-` for stdout. */
export interface ReportWishes<F extends string> {
  reports: readonly ReportWish<F>[];
  har: string | undefined;
}

/**
 * Reads `--report` and `--har`; the file `-` is stdout.
 *
 * @param example a value of `--report`, for the hint; its file's name is that of the HAR, too.
 * @throws {GsacError} `usage`.
 */
export function readReportWishes<F extends string>(
  { report, har }: Readonly<Record<string, unknown>>,
  formats: readonly F[],
  example: `${F}=${string}.${string}`,
): ReportWishes<F> {
  const reports = [report ?? []].flat().map((value) => {
    const [, name = '', file] = /^([^=]*)(?:=(.*))?$/s.exec(String(value)) ?? [];
    const format = formats.find((known) => known === name);
    if (format === undefined || file === '') {
      throw new GsacError('usage', `--report ${JSON.stringify(value)} is not a report.`, {
        hint: `Give a format (${formats.join(', ')}) and, after =, a file: --report ${example}.`,
      });
    }
    return { format, file: file === '-' ? undefined : file };
  });
  if (har === '') {
    const usual = example.replace(/^\w+=|\.\w+$/g, '');
    throw new GsacError('usage', '--har needs a file name.', {
      hint: `Write --har ${usual}.har, or --har - for stdout.`,
    });
  }
  return { reports, har: typeof har === 'string' ? har : undefined };
}
