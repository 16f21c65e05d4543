import { Command } from 'commander';
import type { Outcome, RenderContext, Runtime } from '../../cli/runtime.js';
import { counted } from '../../core/counting.js';
import { clean } from '../../terminal/clean.js';
import { wrap } from '../../terminal/layout.js';
import type { Style } from '../../terminal/style.js';
import type { CheckFinding, FindingState } from './check.js';
import type { DoctorPorts } from './run-checks.js';

/** One check in JSON; some have facts of their own beside these. */
export interface CheckDocument extends Omit<CheckFinding, 'facts'>, Record<string, unknown> {
  id: string;
}

/** The JSON document of `gsac doctor`. */
export interface DoctorResult {
  checks: CheckDocument[];
  errors: number;
  warnings: number;
}

/** Declares `gsac doctor`. */
export function doctorCommand(runtime: Runtime, run = runDoctor): Command {
  return new Command('doctor')
    .summary('look for what is wrong on this machine')
    .description(
      'Look for what is wrong on this machine, and say how to fix it: Node, files and their modes, the ' +
        'store, variables, the proxy, certificates, the endpoints, the clock. doctor changes nothing, ' +
        'sends no secret and shows none.',
    )
    .addHelpText(
      'after',
      `
doctor checks the store in use; to check another one, name it:
gsac doctor --store file. It asks the endpoints of the client that you name,
else Google's, all at once, each for at most --timeout.

Exit codes:
  0  nothing is wrong (there may be warnings)
  6  something is wrong

Example:
  $ gsac doctor --timeout 5 --json | jq '.checks[] | select(.state == "error")'`,
    )
    .action((_options, command: Command) => runtime.run(command, run, renderDoctor));
}

/** Runs every check. @throws {GsacError} `cancelled`. */
export async function runDoctor(ports: DoctorPorts): Promise<Outcome<DoctorResult>> {
  const { runChecks } = await import('./run-checks.js');
  ports.context.notices.progress('Checking this machine and the endpoints…');
  const checks = (await runChecks(ports)).map(
    ({ id, finding: { facts, ...said } }): CheckDocument => ({ id, ...said, ...facts }),
  );
  const count = (state: FindingState) => checks.filter((check) => check.state === state).length;
  const errors = count('error');
  return {
    result: { checks, errors, warnings: count('warning') },
    exitCode: errors > 0 ? 6 : 0,
  };
}

/** What people read: a line for each check, its fix below, a sum at the end. */
export function renderDoctor(
  { checks, errors, warnings }: DoctorResult,
  { style, quiet }: RenderContext,
): string {
  const paint = style();
  if (quiet && errors + warnings === 0) return '';
  const width = Math.max(0, ...checks.map(({ id }) => id.length));
  const told = checks.filter(({ state }) => !quiet || state === 'warning' || state === 'error');
  const lines = told.map((check) => renderCheck(check, width, paint));
  const endpoints = checks.filter(({ id }) => id.startsWith('endpoint-'));
  const offline = endpoints.length > 0 && endpoints.every(isUnreached);
  const sum =
    errors + warnings === 0
      ? paint.good('Nothing is wrong.')
      : `${paint.bad(counted(errors, 'error'))}, ${paint.notice(counted(warnings, 'warning'))}`;
  return `${lines.join('')}\n${offline ? 'gsac reached no endpoint. Is this machine online?\n' : ''}${sum}\n`;
}

function renderCheck({ id, state, detail, fix }: CheckDocument, width: number, paint: Style) {
  const signs: Readonly<Record<FindingState, string>> = {
    ok: paint.good('✓'),
    warning: paint.notice('!'),
    error: paint.bad('✗'),
    skipped: paint.dim('-'),
  };
  const column = width + 4;
  const indent = ' '.repeat(column);
  const name = id.padEnd(width);
  const text = wrap(clean(detail), paint.columns, indent, column);
  const line = `${signs[state]} ${name}  ${state === 'skipped' ? paint.dim(text) : text}\n`;
  if (fix === null) return line;
  return `${line}${indent}${paint.notice('fix:')} ${wrap(clean(fix), paint.columns, indent, column + 5)}\n`;
}

function isUnreached({ endpoint }: CheckDocument): boolean {
  return (
    typeof endpoint === 'object' &&
    endpoint !== null &&
    'http_status' in endpoint &&
    endpoint.http_status === null
  );
}
