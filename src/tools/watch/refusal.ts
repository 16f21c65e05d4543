import { isJsonObject, parseJsonObject } from '../../core/json.js';
import { parseTokenAnswer } from '../../core/token-answer.js';
import type { Endpoint } from './endpoint.js';
import { headerOf, type Sighting } from './policy.js';

/** What a response says in place of what was asked for. */
export interface Refused {
  /** An OAuth error, the reason of an API's error, or a word of ours. */
  error: string;
  description: string;
}

/** Errors that are words of gsac's: no rule is about the text. */
export const ownWords: readonly string[] = [
  'no_response',
  'response_cut',
  'redirect',
  'not_json',
  'no_keys',
  'no_access_token',
];

/** Responses of these are JSON objects if all is well. */
const jsonEndpoints: readonly Endpoint[] = ['token', 'tokeninfo', 'userinfo', 'device', 'certs'];

/** What is wrong with a response; undefined if nothing is. */
export function readRefusal(sighting: Sighting): Refused | undefined {
  const { status, failure, responseBody = '', endpoint } = sighting;
  if (status === undefined) return { error: 'no_response', description: failure ?? '' };
  if (failure !== undefined) return { error: 'response_cut', description: failure };
  const fields = parseJsonObject(responseBody);
  if (status >= 400) return readError(fields, responseBody);
  if (endpoint === 'authorize') return readRedirect(sighting);
  if (status >= 300) {
    return endpoint === 'token'
      ? { error: 'redirect', description: 'it must not be followed with a secret' }
      : undefined;
  }
  const isPage = /^\s*<(!doctype|html)/i.test(responseBody);
  if (sighting.responseBody === undefined) return undefined;
  if (jsonEndpoints.includes(endpoint) && fields === undefined) {
    return { error: isPage ? 'html' : 'not_json', description: nameText(responseBody, isPage) };
  }
  if (endpoint === 'certs' && isJsonObject(fields) && isEmptyList(fields['keys'])) {
    return { error: 'no_keys', description: 'no keys are published' };
  }
  if (endpoint !== 'token') return undefined;
  const { accessToken, oddities } = parseTokenAnswer(responseBody, 0) ?? { oddities: [] };
  if (typeof fields?.['error'] === 'string') return readError(fields, responseBody);
  return accessToken === undefined
    ? { error: 'no_access_token', description: oddities.join(', ') }
    : undefined;
}

function isEmptyList(value: unknown): boolean {
  return Array.isArray(value) && value.length === 0;
}

function nameText(text: string, isPage: boolean): string {
  if (isPage) return 'a web page instead of JSON';
  return text === '' ? 'an empty body instead of JSON' : 'no JSON';
}

function readError(fields: Record<string, unknown> | undefined, body: string): Refused {
  const error = fields?.['error'];
  const text = (value: unknown) => (typeof value === 'string' ? value.slice(0, 500) : '');
  if (typeof error === 'string') {
    return { error: text(error), description: text(fields?.['error_description']) };
  }
  if (isJsonObject(error)) {
    const reasons = [error['errors'], error['details']]
      .flatMap((list): unknown[] => (Array.isArray(list) ? list : []))
      .flatMap((item) => (isJsonObject(item) ? text(item['reason']) || [] : []));
    return { error: reasons[0] ?? text(error['status']), description: text(error['message']) };
  }
  const isPage = /^\s*<(!doctype|html)/i.test(body);
  return { error: '', description: isPage ? 'a web page instead of JSON' : '' };
}

/** The authorization endpoint refuses with a redirect back to the app. */
function readRedirect({ responseHeaders }: Sighting): Refused | undefined {
  const location = headerOf(responseHeaders, 'location') ?? '';
  const query = URL.canParse(location) ? new URL(location).searchParams : undefined;
  const error = query?.get('error');
  if (!error) return undefined;
  return { error: error.slice(0, 100), description: query?.get('error_description') ?? '' };
}
