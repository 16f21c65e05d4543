import { closest } from '../../core/closest.js';
import type { FaultSummary } from '../../core/services.js';
import type { PlanDocument } from './plan.js';
import type { PlanProblem } from './plan-problems.js';

type Kinds = ReadonlyMap<string, string>;

/** What every fault may be told, beside its own parameters. */
const common = [
  ['times', 'times'],
  ['user', 'text'],
  ['client', 'text'],
  ['path', 'text'],
  ['method', 'text'],
] as const;

/** The faults of a plan, as `name:parameter=value`, that there are not, or that take no such thing. */
export function findWrongFaults(
  { flows }: PlanDocument,
  catalogue: readonly FaultSummary[],
): PlanProblem[] {
  const known = new Map(
    catalogue.map(({ name, parameters }) => [
      name,
      new Map<string, string>([
        ...parameters.map((one) => [one.name, one.kind] as const),
        ...common,
      ]),
    ]),
  );
  return flows.flatMap(({ sign_in: { faults = [] } = {} }, flow) =>
    faults.flatMap((text, at) => {
      const saying = refuse(text, known);
      return saying === undefined
        ? []
        : [{ path: ['flows', flow, 'sign_in', 'faults', at], saying }];
    }),
  );
}

/** Whether a plan has faults at all. */
export function hasFaults({ flows }: PlanDocument): boolean {
  return flows.some(({ sign_in: signIn }) => signIn?.faults !== undefined);
}

/** What is wrong with a fault; undefined where nothing is. Whom it is to hit, the emulator knows. */
function refuse(text: string, catalogue: ReadonlyMap<string, Kinds>): string | undefined {
  const [, name = '', rest = ''] = /^\s*([\w-]+)\s*(?::([\s\S]*))?$/.exec(text) ?? [];
  const kinds = catalogue.get(name);
  if (kinds === undefined) {
    const meant = closest(name, catalogue.keys());
    const help = meant === undefined ? 'see `gsac emulator faults`' : `did you mean ${meant}?`;
    return `names no fault ${name}; ${help}`;
  }
  const given = new Map<string, string[]>();
  for (const part of rest.split(',').map((one) => one.trim())) {
    if (part === '') continue;
    const equals = part.indexOf('=');
    if (equals < 1) return `has ${part}, which is no parameter=value`;
    const parameter = part.slice(0, equals).trim();
    const values = given.get(parameter) ?? [];
    given.set(parameter, [...values, part.slice(equals + 1).trim()]);
  }
  for (const [parameter, values] of given) {
    const problem = refuseParameter(parameter, values, kinds);
    if (problem !== undefined) return problem;
  }
  return undefined;
}

function refuseParameter(
  written: string,
  values: readonly string[],
  kinds: Kinds,
): string | undefined {
  const [stem = '', entry] = written.split(/\.(.*)/s);
  const parameter = stem.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
  const kind = kinds.get(parameter);
  if (kind === undefined) {
    const meant = closest(parameter, kinds.keys());
    return meant === undefined
      ? `has no parameter ${stem}; it takes ${[...kinds.keys()].join(', ')}`
      : `has no parameter ${stem}; did you mean ${meant}?`;
  }
  if (kind === 'fields') {
    return entry === undefined ? `needs entries in ${stem}: ${stem}.<name>=<value>` : undefined;
  }
  if (entry !== undefined) return `takes no entries in ${stem}`;
  if (values.length > 1 && kind !== 'list') return `has ${stem} twice`;
  const [value = ''] = values;
  if (kind === 'number' && (value === '' || !Number.isFinite(Number(value)))) {
    return `needs a number in ${stem}`;
  }
  if (kind === 'times' && value !== 'always' && !(/^\d+$/.test(value) && Number(value) > 0)) {
    return 'needs a positive whole number or always in times';
  }
  return undefined;
}
