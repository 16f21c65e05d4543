import { didYouMean } from '../../core/closest.js';
import { type Case, type Stage, stages } from '../../core/diagnosis.js';
import { GsacError } from '../../core/errors.js';

/** What a file of circumstances may hold; two fields have a shorter name beside. */
const contextFields: readonly string[] = [
  'stage',
  'http_status',
  'source',
  'redirect_uri_sent',
  'client_type',
  'code_as_pasted',
  'token_age_days',
  'publishing_status',
  'requested_scopes',
  'granted_scopes',
  'notes',
  'redirect_uri',
  'code',
];
const itTakes = `It takes ${contextFields.slice(0, 10).join(', ')} and notes.`;

/** What would be passed over silently: a mistyped field is a circumstance that nobody weighs. */
function unknownField(name: string, path: string): GsacError {
  return new GsacError('usage', `${path} has an unknown field: ${JSON.stringify(name)}.`, {
    hint: didYouMean(name, contextFields) ?? itTakes,
  });
}

/**
 * Reads the fields of a recorded failure's context; what is null, empty or "unknown" says nothing.
 *
 * @throws {GsacError} `usage` for what is no such object.
 */
export function parseContext(text: string, path: string): Case {
  let fields: unknown;
  try {
    fields = JSON.parse(text);
  } catch {
    fields = undefined;
  }
  if (typeof fields !== 'object' || fields === null || Array.isArray(fields)) {
    throw new GsacError('usage', `${path} is not a JSON object.`, { hint: itTakes });
  }
  const values = new Map<string, unknown>(Object.entries(fields));
  for (const name of values.keys())
    if (!contextFields.includes(name)) throw unknownField(name, path);
  const string = (name: string) => {
    const value = values.get(name);
    return typeof value === 'string' && value !== 'unknown' ? value : undefined;
  };
  const number = (name: string) => {
    const value = values.get(name);
    return typeof value === 'number' && Number.isFinite(value) ? value : undefined;
  };
  const list = (name: string) => {
    const value = values.get(name);
    return Array.isArray(value) && value.length > 0 ? value.map(String) : undefined;
  };
  const stage: Stage | undefined = stages.find((known) => known === values.get('stage'));
  return defined({
    stage,
    httpStatus: number('http_status'),
    source: string('source'),
    redirectUri: string('redirect_uri_sent') ?? string('redirect_uri'),
    clientType: string('client_type'),
    code: string('code_as_pasted') ?? string('code'),
    tokenAgeDays: number('token_age_days'),
    publishingStatus: string('publishing_status'),
    requestedScopes: list('requested_scopes'),
    grantedScopes: list('granted_scopes'),
    notes: string('notes'),
  });
}

/** The members that say something. */
export function defined(given: Case): Case {
  return Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined));
}
