import { GsacError } from '../../core/errors.js';
import { parseJsonObject } from '../../core/json-object.js';
import { toUnusableAnswer } from '../../google/errors.js';
import type { Http } from '../../google/http.js';

/**
 * Asks a running emulator for what a phone would hand over. Google has no such endpoint.
 *
 * @throws {GsacError} `usage` with the emulator's own words where it refuses.
 */
export async function signInAtEmulator(
  http: Http,
  request: PhoneSignIn,
): Promise<{ code: string; user: string; clientId: string; scopes: string[]; source: string }> {
  const answer = await http({
    method: 'POST',
    url: `${request.origin}/_emulator/sign-in`,
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({
      client_id: request.clientId,
      user: request.user,
      scopes: request.scopes.length === 0 ? undefined : request.scopes,
      source: request.source,
      redirect_uri: request.redirectUri,
    }),
  });
  const unusable = toUnusableAnswer(answer, 0);
  if (unusable !== undefined) throw unusable;
  const body = parseJsonObject(answer.text) ?? {};
  const text = (name: string) => (typeof body[name] === 'string' ? body[name] : '');
  if (answer.status !== 200 || text('code') === '') {
    throw new GsacError(
      'usage',
      `The emulator refuses: ${text('error_description') || text('error') || answer.status}.`,
      {
        hint: 'See `gsac emulator sign-in --help`.',
      },
    );
  }
  const user = body['user'];
  const email =
    typeof user === 'object' && user !== null && 'email' in user
      ? String(user.email)
      : text('user');
  const scopes = Array.isArray(body['scopes']) ? body['scopes'].map(String) : [];
  return {
    code: text('code'),
    user: email,
    clientId: text('client_id'),
    scopes,
    source: text('source'),
  };
}

/** What the phone asks of the emulator. */
export interface PhoneSignIn {
  origin: string;
  clientId: string;
  user: string | undefined;
  scopes: readonly string[];
  source: string;
  redirectUri: string | undefined;
}
