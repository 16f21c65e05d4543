import { Command, Option } from 'commander';
import type { Call, Outcome, RenderContext, Runtime } from '../cli/runtime.js';
import type { Finding } from '../core/check/model.js';
import { GsacError } from '../core/errors.js';
import type { Services } from '../core/services.js';
import { toJsonText } from '../terminal/clean.js';

const formats = ['text', 'json', 'sarif'] as const;
type Format = (typeof formats)[number];

/** The flags of `gsac check`. */
export interface CheckOptions {
  directory: string;
  /** Exit 6 on warnings, too. */
  strict: boolean;
}

/** The JSON document of `gsac check`. */
export interface CheckResult {
  /** Sorted by file, line and rule; files are relative to the folder. */
  findings: Finding[];
  /** Files that were recognised and read. */
  files_checked: number;
  errors: number;
  warnings: number;
}

/** Declares `gsac check`. */
export function checkCommand(runtime: Runtime, run = runCheck): Command {
  return new Command('check')
    .summary('find what is wrong in an app’s and a server’s files')
    .description(
      'Check the files of an app and its server, offline: Info.plist, Google’s plists and JSON ' +
        'files, lock files, Flutter, React Native, Expo and Capacitor settings. Exit 6 on errors.',
    )
    .argument('[dir]', 'the folder to check', '.')
    .addOption(
      new Option('--format <format>', 'how to print; json is the global --json').choices(formats),
    )
    .option('--strict', 'exit 6 on warnings, too')
    .addHelpText('after', '\nExample:\n  $ gsac check ios --format sarif > gsac.sarif')
    .action((directory: string, _options, command: Command) => {
      const format = readFormat(command.optsWithGlobals());
      const options = { directory, strict: command.opts()['strict'] === true };
      return runtime.run(
        format === 'json' ? inJson(command) : command,
        (services) => run(options, services),
        (result, context) => render(result, format, runtime.version(), context),
      );
    });
}

/** The call as if `--json` had been given: errors and notices are JSON, too. */
function inJson(command: Command): Call {
  return {
    opts: <T>() => command.opts() as T,
    optsWithGlobals: <T>() => ({ ...command.optsWithGlobals(), json: true }) as T,
    getOptionValueSource: (name) => command.getOptionValueSource(name),
  };
}

function readFormat(flags: Record<string, unknown>): Format {
  const format = formats.find((known) => known === flags['format']);
  if (flags['json'] !== true) return format ?? 'text';
  if (format !== undefined && format !== 'json') {
    throw new GsacError('usage', `--json and --format ${format} say two things; give one of them.`);
  }
  return 'json';
}

/** Reads a folder and holds it against the rules. @throws {GsacError} exits 2 and 130. */
export async function runCheck(
  options: CheckOptions,
  services: Services,
): Promise<Outcome<CheckResult>> {
  const [project, { checkProject }] = await Promise.all([
    services.readProject(options.directory),
    import('../core/check/check.js'),
  ]);
  const { findings, filesChecked, errors, warnings } = checkProject(project);
  const failed = errors > 0 || (options.strict && warnings > 0);
  return {
    result: { findings, files_checked: filesChecked, errors, warnings },
    exitCode: failed ? 6 : 0,
  };
}

async function render(
  result: CheckResult,
  format: Format,
  version: string,
  context: RenderContext,
): Promise<string> {
  if (format === 'sarif') {
    const { toSarif } = await import('../terminal/render-sarif.js');
    return `${toJsonText(toSarif(result.findings, version), 2)}\n`;
  }
  return renderCheck(result, context);
}

const lookedFor =
  'Nothing to check was found. Looked for Info.plist, GoogleService-Info.plist, client_*.plist,\n' +
  'client_secret_*.json, google-services.json, Podfile.lock, Package.resolved,\n' +
  'Cartfile.resolved, capacitor.config.*, app.json, pubspec.yaml and Xcode projects.\n';

/** What people read of a check. */
export async function renderCheck(result: CheckResult, { style }: RenderContext): Promise<string> {
  const { findings, files_checked: files, errors, warnings } = result;
  if (files === 0 && findings.length === 0) return lookedFor;
  const { renderFindings } = await import('../terminal/render-findings.js');
  const paint = style();
  const notes = findings.length - errors - warnings;
  const counts = [
    count(errors, 'error', paint.bad),
    count(warnings, 'warning', paint.notice),
    count(notes, 'note', paint.dim),
  ].filter((text) => text !== '');
  const summary = `${files} ${files === 1 ? 'file' : 'files'} checked: ${
    counts.length === 0 ? paint.good('nothing found') : counts.join(', ')
  }\n`;
  return findings.length === 0 ? summary : `${renderFindings(findings, paint)}\n${summary}`;
}

function count(number: number, what: string, paint: (text: string) => string): string {
  return number === 0 ? '' : paint(`${number} ${what}${number === 1 ? '' : 's'}`);
}
