import type { IdTokenDraft } from '../state/model.js';
import {
  type FaultContext,
  type FaultDefinition,
  type FaultHooks,
  OTHER_CLIENT,
  OTHER_EMAIL,
  OTHER_SUB,
} from './model.js';
import { BOUNDS, parameter, valueIn } from './parameters.js';

const OPENID = 'https://openid.net/specs/openid-connect-core-1_0.html#IDTokenValidation';
const GOOGLE =
  'https://developers.google.com/identity/openid-connect/openid-connect#validatinganidtoken';

/** A row that leaves claims out. */
function without(name: string, summary: string, ...names: readonly string[]): FaultDefinition {
  return {
    name,
    summary,
    source: OPENID,
    idToken(_context, { claims }) {
      for (const one of names) delete claims[one];
    },
  };
}

/** Has the token signed in another way. */
function signs(fields: Partial<IdTokenDraft>): FaultHooks {
  return { idToken: (_context, draft) => void Object.assign(draft, fields) };
}

/** Gives a claim another value. */
function withClaim(
  name: string,
  value: (context: FaultContext, claims: IdTokenDraft['claims']) => unknown,
): FaultHooks {
  return {
    idToken: (context, { claims }) => {
      claims[name] = value(context, claims);
    },
  };
}

const now = ({ call }: FaultContext): number => Math.floor(call.now / 1000);

/** ID tokens with which something is wrong. */
export const ID_TOKEN_FAULTS: readonly FaultDefinition[] = [
  {
    name: 'expired-id-token',
    summary: 'The ID token has expired before it arrives.',
    source: OPENID,
    parameters: { seconds: parameter('number', 'seconds since it expired (3600)', BOUNDS.seconds) },
    idToken: (context, { claims }) => {
      const exp = now(context) - valueIn(context.fault, 'seconds', 3600);
      claims['exp'] = exp;
      claims['iat'] = exp - 3600;
    },
  },
  {
    name: 'wrong-signature',
    summary: 'The ID token’s signature is wrong.',
    source: OPENID,
    ...signs({ corrupt: true }),
  },
  {
    name: 'wrong-audience',
    summary: 'The ID token is for another client.',
    source: OPENID,
    parameters: { audience: parameter('text', 'aud (another client ID)') },
    ...withClaim('aud', ({ fault }) => valueIn(fault, 'audience', OTHER_CLIENT)),
  },
  {
    name: 'wrong-issuer',
    summary: 'The ID token names another issuer.',
    source: OPENID,
    parameters: { issuer: parameter('text', 'iss (https://accounts.example.net)') },
    ...withClaim('iss', ({ fault }) => valueIn(fault, 'issuer', 'https://accounts.example.net')),
  },
  {
    name: 'odd-id-token',
    summary: 'Claims of the ID token are missing or odd.',
    source: OPENID,
    parameters: {
      drop: parameter('list', 'claims to leave out ([])'),
      set: parameter('fields', 'claims to set ({})'),
    },
    idToken: ({ fault }, { claims }) => {
      for (const name of valueIn(fault, 'drop', [])) delete claims[name];
      Object.assign(claims, valueIn(fault, 'set', {}));
    },
  },
  {
    name: 'unknown-kid',
    summary: 'The ID token names a key that is not published.',
    source: 'https://www.rfc-editor.org/rfc/rfc7515#section-4.1.4',
    parameters: { kid: parameter('text', 'key ID (forty zeros)') },
    idToken: ({ fault }, draft) => {
      draft.kid = valueIn(fault, 'kid', '0000000000000000000000000000000000000000');
    },
  },
  {
    name: 'rotate-keys',
    summary: 'A new key signs, and replaces the published keys.',
    source: GOOGLE,
    idToken: ({ keys }) => keys.rotate(),
  },
  without('id-token-without-email', 'The ID token has no email.', 'email', 'email_verified'),
  without('no-subject', 'The ID token has no subject (sub).', 'sub'),
  without('no-issued-at', 'The ID token has no issue time (iat).', 'iat'),
  without('no-expiry', 'The ID token has no expiry time (exp).', 'exp'),
  without('no-at-hash', 'The ID token is not bound to the access token.', 'at_hash'),
  without('no-nonce', 'The ID token does not repeat the nonce.', 'nonce'),
  without('no-hosted-domain', 'The ID token names no Workspace domain.', 'hd'),
  {
    name: 'wrong-at-hash',
    summary: 'The ID token is bound to another access token.',
    source: 'https://openid.net/specs/openid-connect-core-1_0.html#CodeIDToken',
    ...withClaim('at_hash', () => 'AAAAAAAAAAAAAAAAAAAAAA'),
  },
  {
    name: 'wrong-nonce',
    summary: 'The ID token has another nonce.',
    source: OPENID,
    ...withClaim('nonce', () => 'another-nonce'),
  },
  {
    name: 'wrong-subject',
    summary: 'Only the ID token names another account.',
    source: OPENID,
    parameters: { sub: parameter('text', `sub (${OTHER_SUB})`) },
    ...withClaim('sub', ({ fault }) => valueIn(fault, 'sub', OTHER_SUB)),
  },
  {
    name: 'wrong-email',
    summary: 'The ID token has another email.',
    source: GOOGLE,
    parameters: { email: parameter('text', `email (${OTHER_EMAIL})`) },
    ...withClaim('email', ({ fault }) => valueIn(fault, 'email', OTHER_EMAIL)),
  },
  {
    name: 'email-unverified',
    summary: 'The email in the ID token is not verified.',
    source: GOOGLE,
    ...withClaim('email_verified', () => false),
  },
  {
    name: 'wrong-hosted-domain',
    summary: 'The ID token names another Workspace domain.',
    source: GOOGLE,
    parameters: { hd: parameter('text', 'hd (elsewhere.example)') },
    ...withClaim('hd', ({ fault }) => valueIn(fault, 'hd', 'elsewhere.example')),
  },
  {
    name: 'legacy-issuer',
    summary: 'The issuer has no https://, which is valid, too.',
    source: GOOGLE,
    ...withClaim('iss', () => 'accounts.google.com'),
  },
  {
    name: 'audience-list',
    summary: 'The ID token names several clients.',
    source: OPENID,
    ...withClaim('aud', (_context, { aud }) => [aud, OTHER_CLIENT]),
  },
  {
    name: 'future-id-token',
    summary: 'The ID token was issued in the future.',
    source: 'google-auth clients: “Token used too early”',
    parameters: { seconds: parameter('number', 'seconds ahead (3600)', BOUNDS.seconds) },
    ...withClaim('iat', (context) => now(context) + valueIn(context.fault, 'seconds', 3600)),
  },
  {
    name: 'long-lived-id-token',
    summary: 'The ID token is valid for more than a day.',
    source: 'google-auth-library refuses an exp that is more than a day ahead',
    parameters: { seconds: parameter('number', 'lifetime in seconds (604800)', BOUNDS.seconds) },
    ...withClaim('exp', (context) => now(context) + valueIn(context.fault, 'seconds', 604_800)),
  },
  {
    name: 'unsigned-id-token',
    summary: 'The ID token is unsigned (alg none).',
    source: 'https://www.rfc-editor.org/rfc/rfc8725#section-2.1',
    ...signs({ alg: 'none' }),
  },
  {
    name: 'hmac-id-token',
    summary: 'The public key signs as a shared secret (HS256).',
    source: 'https://www.rfc-editor.org/rfc/rfc8725#section-2.1',
    ...signs({ alg: 'HS256' }),
  },
  {
    name: 'no-key-id',
    summary: 'The ID token does not name its key (kid).',
    source: 'https://www.rfc-editor.org/rfc/rfc7515#section-4.1.4',
    ...signs({ kid: null }),
  },
  {
    name: 'malformed-id-token',
    summary: 'The ID token is not a JWT.',
    source: 'https://www.rfc-editor.org/rfc/rfc7519#section-7.2',
    tokenAnswer: (_context, answer) => {
      answer['id_token'] = 'eyJhbGciOiJSUzI1NiJ9.not-a-token';
    },
  },
];
