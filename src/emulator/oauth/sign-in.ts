import { checkValue } from '../check-value.js';
import { listNames } from '../names.js';
import { USER, type ValueSchema } from '../options-schema.js';
import type {
  EmulatorClient,
  EmulatorUser,
  PendingCode,
  SignInSource,
  UserSeed,
} from '../state/model.js';
import { BASIC_SCOPES, expandScopes } from '../state/scopes.js';
import type { EmulatorState } from '../state/state.js';
import { acceptsRedirectUri } from './authorize-request.js';

/** What a phone or a browser asks for when a person signs in. Everything has a default. */
export interface SignInRequest {
  /** The server client that will redeem the code; the first web client. */
  readonly clientId?: string;
  /** The app's own client, `azp` of the ID token; the client of that platform in the project. */
  readonly appClientId?: string;
  /** Email; the first user. */
  readonly user?: string;
  /** Whether a user who does not exist is added (`false`). */
  readonly create?: boolean | undefined;
  /** Scopes or shorthands (`email`, `drive.appdata`); openid, email, profile and drive.appdata. */
  readonly scopes?: readonly string[];
  /** `ios`. */
  readonly source?: SignInSource;
  /** For `web-redirect`: one of the client's; its first. */
  readonly redirectUri?: string;
  readonly codeChallenge?: string | undefined;
  /** `S256`. */
  readonly codeChallengeMethod?: 'S256' | 'plain' | undefined;
  readonly nonce?: string | undefined;
  /** `true`; with `false`, consent that exists already brings no refresh token. */
  readonly forceConsent?: boolean;
  /** `offline`; with `online` no refresh token comes. */
  readonly accessType?: 'offline' | 'online';
}

/** What comes of a sign-in. */
export interface SignInResult {
  /** The one-time code: what an app calls `serverAuthCode`. */
  readonly code: string;
  readonly user: { readonly email: string; readonly sub: string };
  readonly clientId: string;
  readonly scopes: readonly string[];
  readonly source: SignInSource;
  /** What redeems the code as `redirect_uri`. */
  readonly redirectUri: string;
}

/** A sign-in that Google would refuse. Carries OAuth's error and the HTTP status. */
export class SignInError extends Error {
  override readonly name = 'SignInError';
  readonly status: number;
  readonly error: string;

  constructor(status: number, error: string, description: string) {
    super(description);
    this.status = status;
    this.error = error;
  }
}

const DEFAULT_SCOPES = ['email', 'profile', 'openid', 'drive.appdata'];
const SOURCES: readonly SignInSource[] = ['ios', 'android', 'web-popup', 'web-redirect'];

/**
 * Signs a user in and makes a code, without any page being shown. Does not check that scopes exist.
 *
 * @param browser set where the person has chosen the scopes already; else `grants` of the user does.
 *   Its `pageOrigin` is that of the page that opened the popup.
 * @throws {SignInError} for an unknown user or client, for client IDs of different projects, and
 * for a redirect URI that is not registered.
 * @see https://developers.google.com/identity/sign-in/ios/offline-access
 */
export function signIn(
  request: SignInRequest,
  state: EmulatorState,
  now: number,
  browser?: Pick<PendingCode, 'pageOrigin' | 'authTime'>,
): SignInResult {
  const source = request.source ?? 'ios';
  if (!SOURCES.includes(source)) {
    throw new SignInError(400, 'invalid_request', `source must be one of ${SOURCES.join(', ')}`);
  }
  const client = findClient(request.clientId, state);
  if (client.status !== 'active') {
    throw new SignInError(401, `${client.status}_client`, `The OAuth client was ${client.status}.`);
  }
  const azp = findApp(request, client, source, state);
  const redirectUri = findRedirectUri(request, client, source);
  const { user: email, create } = request;
  const isNew = create === true && email !== undefined && state.findUser(email) === undefined;
  if (isNew) checkAsked({ email }, USER, 'A user');
  const user = isNew ? addUser({ email }, state) : findUser(email, state);
  const asked = expandScopes(request.scopes ?? DEFAULT_SCOPES);
  const scopes = browser ? asked : grantedScopes(asked, user);
  if (scopes.length === 0) {
    throw new SignInError(400, 'invalid_request', 'Missing required parameter: scope');
  }
  const { authorization, covered } = state.consent(user, client.project.number, scopes);
  const consentShown = (request.forceConsent ?? true) || !covered;
  const wantsOffline = (request.accessType ?? 'offline') === 'offline';
  const { codeChallenge, codeChallengeMethod: method = 'S256', nonce } = request;
  const pending = {
    authorization,
    client,
    azp,
    scopes,
    source,
    redirectUri,
    pageOrigin: browser?.pageOrigin,
    // An installed app always gets one; its server gets one if the person has just agreed.
    offline: ['ios', 'installed'].includes(client.kind) || (wantsOffline && consentShown),
    serverOffline: client.kind === 'ios' ? consentShown : undefined,
    nonce,
    authTime: browser?.authTime,
    codeChallenge: codeChallenge === undefined ? undefined : { value: codeChallenge, method },
  };
  const { code } = state.addCode(pending, now);
  const identity = { email: user.email, sub: user.sub };
  return { code, user: identity, clientId: client.clientId, scopes, source, redirectUri };
}

function grantedScopes(asked: readonly string[], { grants }: EmulatorUser): readonly string[] {
  if (grants === undefined) return asked;
  return asked.filter((scope) => BASIC_SCOPES.has(scope) || grants.includes(scope));
}

/** The user of an address, the first one without. @throws {SignInError} where there is none. */
export function findUser(email: string | undefined, state: EmulatorState): EmulatorUser {
  const [first] = state.users.values();
  const user = email === undefined ? first : state.findUser(email);
  if (user) return user;
  const whom = email === undefined ? 'no user' : `no user ${JSON.stringify(email.slice(0, 80))}`;
  throw new SignInError(404, 'unknown_user', `There is ${whom}; ${listNames(state.users)}`);
}

/** Adds a user. @throws {SignInError} if the email or the account ID belongs to another user. */
export function addUser(seed: UserSeed, state: EmulatorState): EmulatorUser {
  const taken = state.findUser(seed.email) ?? state.findSub(seed.sub ?? '');
  if (taken === undefined) return state.addUser(seed);
  const { email, sub } = taken;
  throw new SignInError(409, 'user_exists', `There already is a user ${email} with the ID ${sub}.`);
}

/** Removes the app's access, as a person does in their account. Returns false if it had none. */
export function revokeAccess(user: EmulatorUser, client: EmulatorClient, state: EmulatorState) {
  const { authorization, isNew } = state.consent(user, client.project.number, []);
  state.revoke(authorization);
  return !isNew;
}

/** Holds what was asked to a schema. @throws {SignInError} in the words of {@link checkValue}. */
export function checkAsked(value: unknown, schema: ValueSchema, path: string): void {
  try {
    checkValue(value, schema, path);
  } catch (error) {
    throw new SignInError(400, 'invalid_request', (error as TypeError).message);
  }
}

/** The client of an id, the first web client without. @throws {SignInError} where there is none. */
export function findClient(clientId: string | undefined, state: EmulatorState): EmulatorClient {
  const client =
    clientId === undefined
      ? [...state.clients.values()].find(({ kind }) => kind === 'web')
      : state.clients.get(clientId);
  if (client) return client;
  throw new SignInError(401, 'invalid_client', 'The OAuth client was not found.');
}

function findApp(
  request: SignInRequest,
  client: EmulatorClient,
  source: SignInSource,
  state: EmulatorState,
): string {
  if (source !== 'ios' && source !== 'android') return client.clientId;
  if (request.appClientId === undefined) {
    const app = state.clientsOf(client.project.number).find(({ kind }) => kind === source);
    // A config that lists no app still lets its phone sign in.
    return app?.clientId ?? client.clientId;
  }
  const app = findClient(request.appClientId, state);
  if (client.kind !== 'web') {
    throw new SignInError(400, 'invalid_audience', 'Audience is not a valid client ID.');
  }
  if (app.project.number === client.project.number) return app.clientId;
  throw new SignInError(
    400,
    'invalid_audience',
    'The audience client and the client need to be in the same project.',
  );
}

function findRedirectUri(
  request: SignInRequest,
  client: EmulatorClient,
  source: SignInSource,
): string {
  if (source === 'web-popup') return 'postmessage';
  if (source !== 'web-redirect') return '';
  const redirectUri = request.redirectUri ?? client.redirectUris[0];
  if (redirectUri !== undefined && acceptsRedirectUri(client, redirectUri)) return redirectUri;
  throw new SignInError(400, 'redirect_uri_mismatch', 'The redirect URI is not registered.');
}
