import { parseJsonObject } from '../http/json.js';
import type { CodeChallenge, EmulatorClient } from '../state/model.js';
import { BASIC_SCOPES, expandScope } from '../state/scopes.js';
import type { EmulatorState } from '../state/state.js';

/** A request to the authorization page that may be shown to a person. */
export interface AuthorizeRequest {
  readonly client: EmulatorClient;
  readonly redirectUri: string;
  /** Expanded, in the order asked for. */
  readonly scopes: readonly string[];
  readonly state: string | null;
  readonly prompt: ReadonlySet<string>;
  readonly loginHint: string | null;
  readonly offline: boolean;
  readonly includeGranted: boolean;
  readonly nonce: string | null;
  /** Whether the ID token shall say when the person signed in. */
  readonly wantsAuthTime: boolean;
  readonly codeChallenge: CodeChallenge | undefined;
  /** What was asked, to be asked again by the next page's form. */
  readonly parameters: readonly (readonly [string, string])[];
}

/** What Google says on a page of its own instead of sending the person back to the app. */
export interface AuthorizeRefusal {
  readonly status: number;
  readonly error: string;
  readonly sentence: string;
  readonly details: readonly (readonly [string, string])[];
}

const CHALLENGE_SHAPE = /^[\w.~-]{43,128}$/;
const API_SCOPE = /^https:\/\/www\.googleapis\.com\/auth\/[a-z][\w.-]*$/;
const OLDER_SCOPES = ['https://mail.google.com/', 'https://www.google.com/m8/feeds/'];
const BARE_SCOPES = ['openid', 'email', 'profile'];

/**
 * Reads a request to the authorization page. What is refused is told to the person and never to the
 * redirect URI, as it may not be the app's. Does not know which scopes Google really has, only what
 * they look like.
 * @see https://developers.google.com/identity/protocols/oauth2/web-server#creatingclient
 */
export function readAuthorizeRequest(
  query: URLSearchParams,
  state: EmulatorState,
): AuthorizeRequest | AuthorizeRefusal {
  const clientId = query.get('client_id');
  if (!clientId) return missing('client_id');
  const client = state.clients.get(clientId);
  if (!client) return refuse(401, 'invalid_client', 'The OAuth client was not found.');
  if (client.status !== 'active') {
    return refuse(401, `${client.status}_client`, `The OAuth client was ${client.status}.`);
  }
  const redirectUri = query.get('redirect_uri');
  if (!redirectUri) return missing('redirect_uri');
  const objection = objectToScheme(client, redirectUri);
  if (objection !== undefined) return refuse(400, 'invalid_request', objection);
  if (!acceptsRedirectUri(client, redirectUri)) {
    return refuse(
      400,
      'redirect_uri_mismatch',
      'You can’t sign in to this app because it doesn’t comply with Google’s OAuth 2.0 policy. If you’re the app developer, register the redirect URI in the Google Cloud Console.',
      [['redirect_uri', redirectUri]],
    );
  }
  const responseType = query.get('response_type');
  if (!responseType) return missing('response_type');
  if (responseType !== 'code') {
    return refuse(400, 'unsupported_response_type', 'The emulator gives out only codes.', [
      ['response_type', responseType],
    ]);
  }
  const asked = (query.get('scope') ?? '').split(' ').filter((scope) => scope !== '');
  if (asked.length === 0) return missing('scope');
  const invalid = asked.filter((scope) => !isScope(scope));
  if (invalid.length > 0) {
    const valid = asked.filter(isScope);
    return refuse(
      400,
      'invalid_scope',
      `Some requested scopes were invalid. {valid=[${valid.join(', ')}], invalid=[${invalid.join(', ')}]}`,
    );
  }
  const codeChallenge = readChallenge(query);
  if (codeChallenge === 'invalid') {
    return refuse(400, 'invalid_request', 'Invalid code_challenge or code_challenge_method.');
  }
  const prompt = new Set((query.get('prompt') ?? '').split(' ').filter((word) => word !== ''));
  if (prompt.has('none') && prompt.size > 1) {
    return refuse(
      400,
      'invalid_request',
      'Invalid parameter value for prompt: none excludes every other value.',
    );
  }
  return {
    client,
    redirectUri,
    scopes: withOpenId(asked.map(expandScope)),
    state: query.get('state'),
    prompt,
    loginHint: query.get('login_hint'),
    offline: query.get('access_type') === 'offline',
    includeGranted: query.get('include_granted_scopes') === 'true',
    nonce: query.get('nonce'),
    wantsAuthTime: asksForAuthTime(query.get('claims') ?? ''),
    codeChallenge,
    parameters: [...query].filter(([name]) => !name.startsWith('_')),
  };
}

/**
 * Whether a client may be answered there: at a URI that is registered, letter for letter; as a desktop
 * client, at any port and path of this machine; as an iOS client, at its ID in reverse.
 * @see https://www.rfc-editor.org/rfc/rfc8252#section-7
 */
export function acceptsRedirectUri(client: EmulatorClient, redirectUri: string): boolean {
  if (client.redirectUris.includes(redirectUri)) return /^(web|ios)$/.test(client.kind);
  if (client.kind === 'ios') {
    return redirectUri.startsWith(`${schemeOf(client)}:/`) && URL.canParse(redirectUri);
  }
  if (client.kind !== 'installed' || !URL.canParse(redirectUri)) return false;
  const { protocol, hostname, username, password, hash } = new URL(redirectUri);
  const isLoopback = ['localhost', '127.0.0.1', '[::1]'].includes(hostname);
  return protocol === 'http:' && isLoopback && username + password + hash === '';
}

/** The scheme of an iOS client: its ID in reverse. */
function schemeOf({ clientId }: EmulatorClient): string {
  return clientId.split('.').reverse().join('.').toLowerCase();
}

/**
 * What Google says of a redirect URI with a scheme of an app's own, or with none; undefined if nothing.
 * The words are those of barberboy/passport-google-oauth2-example#3, Juby210/SwiftBackupPrem#1 and
 * MaikuB/flutter_appauth#100.
 */
function objectToScheme(client: EmulatorClient, redirectUri: string): string | undefined {
  if (client.redirectUris.includes(redirectUri)) return undefined;
  const [, scheme = '', slashes = ''] = /^([a-z][a-z\d+.-]*):(\/*)/i.exec(redirectUri) ?? [];
  const invalid = 'Invalid parameter value for redirect_uri';
  if (scheme === '') return `${invalid}: Missing scheme: ${redirectUri}`;
  if (/^https?$/i.test(scheme)) return undefined;
  if (client.kind === 'web') return "Custom scheme URIs are not allowed for 'WEB' client type.";
  if (client.kind === 'android') return 'Custom URI scheme is not enabled for your Android client.';
  if (slashes.length < 2) return undefined;
  return `${invalid}: Custom schemes cannot have authority: ${redirectUri}`;
}

/** Whether a text looks like one of Google's scopes; not whether there is such a one. */
export function isScope(scope: string): boolean {
  return BARE_SCOPES.includes(scope) || API_SCOPE.test(scope) || OLDER_SCOPES.includes(scope);
}

/** Whoever asks for the name or the email signs people in: Google adds `openid`. */
function withOpenId(scopes: readonly string[]): string[] {
  const isSignIn = scopes.some((scope) => BASIC_SCOPES.has(scope));
  return [...new Set(isSignIn ? [...scopes, 'openid'] : scopes)];
}

/** @see https://openid.net/specs/openid-connect-core-1_0.html#ClaimsParameter */
function asksForAuthTime(claims: string): boolean {
  const asked = parseJsonObject(Buffer.from(claims))?.['id_token'];
  return typeof asked === 'object' && asked !== null && 'auth_time' in asked;
}

function readChallenge(query: URLSearchParams): CodeChallenge | 'invalid' | undefined {
  const value = query.get('code_challenge');
  const method = query.get('code_challenge_method') ?? 'plain';
  if (value === null) return query.has('code_challenge_method') ? 'invalid' : undefined;
  if ((method !== 'S256' && method !== 'plain') || !CHALLENGE_SHAPE.test(value)) return 'invalid';
  return { value, method };
}

function missing(name: string): AuthorizeRefusal {
  return refuse(400, 'invalid_request', `Missing required parameter: ${name}`);
}

function refuse(
  status: number,
  error: string,
  sentence: string,
  details: AuthorizeRefusal['details'] = [],
): AuthorizeRefusal {
  return { status, error, sentence, details };
}
