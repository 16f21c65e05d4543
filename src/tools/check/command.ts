import { Command, Option } from 'commander';
import { collect } from '../../cli/flags.js';
import type { Call, Outcome, Provided, RenderContext, Runtime } from '../../cli/runtime.js';
import { GsacError } from '../../core/errors.js';
import { toJsonText } from '../../terminal/clean.js';
import type { CheckResult } from './model.js';

const formats = ['text', 'json', 'sarif'] as const;
type Format = (typeof formats)[number];

/** The flags of `gsac check`. */
export interface CheckOptions {
  directory: string;
  /** Exit 6 on warnings, too. */
  strict: boolean;
  /** Findings to leave out, each as `rule` or `rule:path`. */
  ignore: readonly string[];
}

/** Declares `gsac check`. */
export function checkCommand(runtime: Runtime, run = runCheck): Command {
  return new Command('check')
    .summary('find what is wrong in an app’s and a server’s files')
    .description(
      'Check the files of an app and its server, offline: Xcode and Gradle projects, Info.plist, ' +
        'Google’s plists and JSON files, lock files, the settings and source of native, Flutter, ' +
        'React Native, Expo, Capacitor and Cordova apps, and secrets in source. Exits with 6 if ' +
        'there are errors, with 2 if there is nothing to check.',
    )
    .argument('[dir]', 'the folder to check', '.')
    .addOption(
      new Option('--format <format>', 'how to print; json is the global --json').choices(formats),
    )
    .option('--strict', 'exit with 6 on warnings, too')
    .option(
      '--ignore <rule[:path]>',
      'leave out the findings of a rule, everywhere or below a path (repeatable)',
      collect,
    )
    .addHelpText('after', '\nExample:\n  $ gsac check ios --format sarif > gsac.sarif')
    .action((directory: string, _options, command: Command) => {
      const format = readFormat(command.optsWithGlobals());
      const { strict, ignore = [] } = command.opts<{ strict?: boolean; ignore?: string[] }>();
      const options = { directory, strict: strict === true, ignore };
      return runtime.run(
        format === 'json' ? inJson(command) : command,
        (provided) => run(options, provided),
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
    throw new GsacError(
      'usage',
      `--json and --format ${format} contradict each other; give one of them.`,
    );
  }
  return 'json';
}

const lookedFor =
  'gsac looks for Xcode and Gradle projects, Info.plist, GoogleService-Info.plist, client_*.plist, ' +
  'client_secret_*.json, google-services.json, Podfile.lock, Package.resolved, Cartfile.resolved, ' +
  'capacitor.config.*, app.json and pubspec.yaml, and for secrets in source and settings. Give ' +
  'the folder of the app or of the whole repository.';

/**
 * Reads a folder and holds it against the rules. A folder without any file that it looks for is a
 * wrong folder, and not a clean one.
 *
 * @throws {GsacError} exits 2 and 130.
 */
export async function runCheck(
  { directory, strict, ignore }: CheckOptions,
  { context, system }: Pick<Provided, 'context' | 'system'>,
): Promise<Outcome<CheckResult>> {
  const [{ readProject }, { createAskGit }, { checkProject }, { createIsSilenced }] =
    await Promise.all([
      import('./project/read-project.js'),
      import('./project/git.js'),
      import('./check.js'),
      import('./project/read-silenced.js'),
    ]);
  const project = await readProject(directory, createAskGit(system), context.signal);
  const result = checkProject(project, createIsSilenced(directory, ignore));
  const { files_checked: checked, files_searched: searched, findings, silenced } = result;
  if (checked + searched + findings.length + silenced === 0) {
    const where = directory === '.' ? 'this folder' : directory;
    throw new GsacError('usage', `Nothing to check was found in ${where}.`, { hint: lookedFor });
  }
  const failed = result.errors > 0 || (strict && result.warnings > 0);
  return { result, exitCode: failed ? 6 : 0 };
}

async function render(
  result: CheckResult,
  format: Format,
  version: string,
  context: RenderContext,
): Promise<string> {
  if (format === 'sarif') {
    const { toSarif } = await import('./sarif.js');
    return `${toJsonText(toSarif(result.findings, version), 2)}\n`;
  }
  const { findings, errors, warnings, silenced } = result;
  const { renderFindings } = await import('./render.js');
  const paint = context.style();
  const notes = findings.length - errors - warnings;
  const counts = [
    count(errors, 'error', paint.bad),
    count(warnings, 'warning', paint.notice),
    count(notes, 'note', paint.dim),
  ].filter((text) => text !== '');
  const outcome = counts.length === 0 ? paint.good('nothing found') : counts.join(', ');
  const left = silenced === 0 ? '' : `, ${silenced} silenced`;
  const summary = `${lookedAt(result)}: ${outcome}${left}\n`;
  return findings.length === 0 ? summary : `${renderFindings(findings, paint)}\n${summary}`;
}

/** How much was looked at; a clean search says nothing of sign-in where no file was about it. */
function lookedAt({ files_checked: checked, files_searched: searched }: CheckResult): string {
  if (checked === 0 && searched > 0) {
    return `No file about Google Sign-In; ${files(searched)} searched for secrets`;
  }
  return `${files(checked)} checked${searched === 0 ? '' : `, ${searched} searched for secrets`}`;
}

function files(number: number): string {
  return `${number} ${number === 1 ? 'file' : 'files'}`;
}

function count(number: number, what: string, paint: (text: string) => string): string {
  return number === 0 ? '' : paint(`${number} ${what}${number === 1 ? '' : 's'}`);
}
