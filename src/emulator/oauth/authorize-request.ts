import { parseJsonObject } from '../http/json.js';
import type { CodeChallenge, EmulatorClient } from '../state/model.js';
import { BASIC_SCOPES, expandScope } from '../state/scopes.js';
import type { EmulatorState } from '../state/state.js';
import { hasOwnScheme, objectToScheme } from './app-scheme.js';
import { acceptsOrigin, type Relay, readRelay } from './javascript-origin.js';

/** A request to the authorization page that may be shown to a person. */
export interface AuthorizeRequest {
  readonly client: EmulatorClient;
  readonly redirectUri: string;
  /** Of a popup: the page that is answered. */
  readonly relay: Relay | undefined;
  /** `token` only for popups of Google's script. */
  readonly responseType: 'code' | 'token';
  /** Expanded, in the order asked for. */
  readonly scopes: readonly string[];
  readonly state: string | null;
  readonly prompt: ReadonlySet<string>;
  readonly loginHint: string | null;
  /** The Workspace domain whose users are offered. */
  readonly hostedDomain: string | null;
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
  const client = readClient(query, state);
  if ('error' in client) return client;
  const redirectUri = query.get('redirect_uri');
  if (!redirectUri) return missing('redirect_uri');
  const relay = readRelay(redirectUri);
  if (relay !== undefined) {
    if (!acceptsOrigin(client, relay.origin)) return originRefusal(client, relay.origin);
  } else {
    const objection = objectToScheme(client, redirectUri);
    if (objection !== undefined) return refuse(400, 'invalid_request', objection);
    if (!acceptsRedirectUri(client, redirectUri)) return redirectRefusal(redirectUri);
  }
  const responseType = query.get('response_type');
  if (!responseType) return missing('response_type');
  const isToken = responseType === 'token' && relay !== undefined;
  if (responseType !== 'code' && !isToken) {
    const sentence = 'The emulator gives out only codes, and tokens to Google’s script.';
    return refuse(400, 'unsupported_response_type', sentence, [['response_type', responseType]]);
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
    relay,
    responseType,
    scopes: withOpenId(asked.map(expandScope)),
    state: query.get('state'),
    prompt,
    loginHint: query.get('login_hint'),
    hostedDomain: query.get('hd'),
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
  if (client.kind === 'ios') return hasOwnScheme(client, redirectUri);
  if (client.kind !== 'installed' || !URL.canParse(redirectUri)) return false;
  const { protocol, hostname, username, password, hash } = new URL(redirectUri);
  const isLoopback = ['localhost', '127.0.0.1', '[::1]'].includes(hostname);
  return protocol === 'http:' && isLoopback && username + password + hash === '';
}

/** The client of a request, or what Google says if it cannot be used. */
export function readClient(
  fields: URLSearchParams,
  { clients }: EmulatorState,
): EmulatorClient | AuthorizeRefusal {
  const clientId = fields.get('client_id');
  return clientId ? findActive(clients.get(clientId)) : missing('client_id');
}

/** A client, or what Google says if it does not exist or was deleted or disabled. */
export function findActive(client: EmulatorClient | undefined): EmulatorClient | AuthorizeRefusal {
  if (!client) return refuse(401, 'invalid_client', 'The OAuth client was not found.');
  if (client.status === 'active') return client;
  return refuse(401, `${client.status}_client`, `The OAuth client was ${client.status}.`);
}

/** What Google tells the person if a redirect URI is not registered. */
export function redirectRefusal(redirectUri: string): AuthorizeRefusal {
  const details = [['redirect_uri', redirectUri]] as const;
  return refuse(400, 'redirect_uri_mismatch', notCompliant('redirect URI'), details);
}

/** What Google tells the person if a page may not use its script with a client. */
export function originRefusal(client: EmulatorClient, origin: string): AuthorizeRefusal {
  if (client.kind !== 'web') {
    const type = client.kind === 'installed' ? 'desktop' : client.kind;
    const sentence = `Storagerelay URI is not allowed for 'NATIVE_${type.toUpperCase()}' client type.`;
    return refuse(400, 'invalid_request', sentence);
  }
  const registered = client.javascriptOrigins?.join(', ') || 'none';
  return refuse(400, 'origin_mismatch', notCompliant('JavaScript origin'), [
    ['origin', origin],
    ['registered', registered],
  ]);
}

function notCompliant(what: string): string {
  return `You can’t sign in to this app because it doesn’t comply with Google’s OAuth 2.0 policy. If you’re the app developer, register the ${what} in the Google Cloud Console.`;
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
