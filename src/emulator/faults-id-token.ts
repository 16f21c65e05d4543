import type { FaultContext, FaultDefinition, IdTokenDraft } from './fault-model.js';
import {
  fieldsOf,
  fieldsParameter,
  listOf,
  listParameter,
  numberOf,
  numberParameter,
  SECONDS,
  textOf,
  textParameter,
} from './fault-parameters.js';

const TOKEN = ['token'] as const;
const OPENID = 'https://openid.net/specs/openid-connect-core-1_0.html#IDTokenValidation';
const GOOGLE =
  'https://developers.google.com/identity/openid-connect/openid-connect#validatinganidtoken';

/** Makes a fault that changes the claims, or how they are signed. */
function idTokenFault(
  name: string,
  summary: string,
  source: string,
  run: (context: FaultContext, draft: IdTokenDraft) => void,
  parameters: FaultDefinition['parameters'] = {},
): FaultDefinition {
  return { name, summary, source, parameters, families: TOKEN, action: { stage: 'id-token', run } };
}

/** Makes a fault that leaves claims out. */
function missingClaims(name: string, summary: string, claims: readonly string[]): FaultDefinition {
  return idTokenFault(name, summary, OPENID, (_context, draft) => {
    for (const claim of claims) delete draft.claims[claim];
  });
}

/** Makes a fault that gives a claim another value. */
function otherClaim(
  name: string,
  summary: string,
  claim: string,
  value: (context: FaultContext, claims: Readonly<Record<string, unknown>>) => unknown,
  source = OPENID,
  parameters: FaultDefinition['parameters'] = {},
): FaultDefinition {
  const run = (context: FaultContext, { claims }: IdTokenDraft) => {
    claims[claim] = value(context, claims);
  };
  return idTokenFault(name, summary, source, run, parameters);
}

const now = ({ call }: FaultContext): number => Math.floor(call.now / 1000);

/** ID tokens with which something is wrong. */
export const ID_TOKEN_FAULTS: readonly FaultDefinition[] = [
  {
    name: 'expired-id-token',
    summary: 'The ID token expired before it came.',
    source: OPENID,
    parameters: { seconds: numberParameter('how long ago (3600)', SECONDS) },
    families: TOKEN,
    action: {
      stage: 'id-token',
      run: ({ call, fault }, { claims }) => {
        const exp = Math.floor(call.now / 1000) - numberOf(fault, 'seconds', 3600);
        claims['exp'] = exp;
        claims['iat'] = exp - 3600;
      },
    },
  },
  {
    name: 'wrong-signature',
    summary: "The ID token's signature does not fit.",
    source: OPENID,
    families: TOKEN,
    action: {
      stage: 'id-token',
      run: (_context, draft) => {
        draft.corrupt = true;
      },
    },
  },
  {
    name: 'wrong-audience',
    summary: 'The ID token was made for another client.',
    source: OPENID,
    parameters: { audience: textParameter('aud (another client id)') },
    families: TOKEN,
    action: {
      stage: 'id-token',
      run: ({ fault }, { claims }) => {
        const other = '100000000000-another0client.apps.googleusercontent.com';
        claims['aud'] = textOf(fault, 'audience', other);
      },
    },
  },
  {
    name: 'wrong-issuer',
    summary: 'The ID token names another issuer.',
    source: OPENID,
    parameters: { issuer: textParameter('iss (https://accounts.example.net)') },
    families: TOKEN,
    action: {
      stage: 'id-token',
      run: ({ fault }, { claims }) => {
        claims['iss'] = textOf(fault, 'issuer', 'https://accounts.example.net');
      },
    },
  },
  {
    name: 'odd-id-token',
    summary: 'Claims of the ID token are missing or odd.',
    source: OPENID,
    parameters: {
      drop: listParameter('claims left out ([])'),
      set: fieldsParameter('claims and their values ({})'),
    },
    families: TOKEN,
    action: {
      stage: 'id-token',
      run: ({ fault }, { claims }) => {
        for (const name of listOf(fault, 'drop', [])) delete claims[name];
        Object.assign(claims, fieldsOf(fault, 'set'));
      },
    },
  },
  {
    name: 'unknown-kid',
    summary: 'The ID token names a key that is not published.',
    source: 'https://www.rfc-editor.org/rfc/rfc7515#section-4.1.4',
    parameters: { kid: textParameter('the key id') },
    families: TOKEN,
    action: {
      stage: 'id-token',
      run: ({ fault }, draft) => {
        draft.kid = textOf(fault, 'kid', '0000000000000000000000000000000000000000');
      },
    },
  },
  {
    name: 'rotate-keys',
    summary: 'A new key signs from now on and the published keys are replaced.',
    source:
      'https://developers.google.com/identity/openid-connect/openid-connect#validatinganidtoken',
    families: TOKEN,
    action: { stage: 'id-token', run: ({ keys }) => keys.rotate() },
  },
  missingClaims('id-token-without-email', 'The ID token names no email.', [
    'email',
    'email_verified',
  ]),
  missingClaims('no-subject', 'The ID token names nobody.', ['sub']),
  missingClaims('no-issued-at', 'The ID token does not say when it was made.', ['iat']),
  missingClaims('no-expiry', 'The ID token does not say when it ends.', ['exp']),
  missingClaims('no-at-hash', 'The ID token is not bound to the access token.', ['at_hash']),
  missingClaims('no-nonce', 'The ID token does not repeat the nonce.', ['nonce']),
  missingClaims('no-hosted-domain', 'The ID token names no Workspace domain.', ['hd']),
  otherClaim(
    'wrong-at-hash',
    'The ID token is bound to another access token.',
    'at_hash',
    () => 'AAAAAAAAAAAAAAAAAAAAAA',
    'https://openid.net/specs/openid-connect-core-1_0.html#CodeIDToken',
  ),
  otherClaim('wrong-nonce', 'The ID token repeats another nonce.', 'nonce', () => 'another-nonce'),
  otherClaim(
    'wrong-subject',
    'The ID token names another account, the tokens beside it do not.',
    'sub',
    ({ fault }) => textOf(fault, 'sub', '100000000000000000001'),
    OPENID,
    { sub: textParameter('sub (100000000000000000001)') },
  ),
  otherClaim(
    'wrong-email',
    'The ID token names another email.',
    'email',
    ({ fault }) => textOf(fault, 'email', 'somebody.else@example.net'),
    GOOGLE,
    { email: textParameter('email (somebody.else@example.net)') },
  ),
  otherClaim(
    'email-unverified',
    'The email of the ID token is not verified.',
    'email_verified',
    () => false,
    GOOGLE,
  ),
  otherClaim(
    'wrong-hosted-domain',
    'The ID token names another Workspace domain.',
    'hd',
    ({ fault }) => textOf(fault, 'hd', 'elsewhere.example'),
    GOOGLE,
    { hd: textParameter('hd (elsewhere.example)') },
  ),
  otherClaim(
    'legacy-issuer',
    'The ID token names its issuer without https://, which is right, too.',
    'iss',
    () => 'accounts.google.com',
    GOOGLE,
  ),
  otherClaim('audience-list', 'The ID token names several clients.', 'aud', (_context, { aud }) => [
    aud,
    '100000000000-another0client.apps.googleusercontent.com',
  ]),
  otherClaim(
    'future-id-token',
    'The ID token was made in the future.',
    'iat',
    (context) => now(context) + numberOf(context.fault, 'seconds', 3600),
    'google-auth clients: “Token used too early”',
    { seconds: numberParameter('how far ahead (3600)', SECONDS) },
  ),
  otherClaim(
    'long-lived-id-token',
    'The ID token lives for more than a day.',
    'exp',
    (context) => now(context) + numberOf(context.fault, 'seconds', 604_800),
    'google-auth-library refuses an exp that is more than a day ahead',
    { seconds: numberParameter('how long (604800)', SECONDS) },
  ),
  idTokenFault(
    'unsigned-id-token',
    'The ID token has no signature (alg none).',
    'https://www.rfc-editor.org/rfc/rfc8725#section-2.1',
    (_context, draft) => {
      draft.alg = 'none';
    },
  ),
  idTokenFault(
    'hmac-id-token',
    'The ID token is signed with the public key as a shared secret (HS256).',
    'https://www.rfc-editor.org/rfc/rfc8725#section-2.1',
    (_context, draft) => {
      draft.alg = 'HS256';
    },
  ),
  idTokenFault(
    'no-key-id',
    'The ID token does not say which key signed it.',
    'https://www.rfc-editor.org/rfc/rfc7515#section-4.1.4',
    (_context, draft) => {
      draft.kid = null;
    },
  ),
  {
    name: 'malformed-id-token',
    summary: 'What comes as ID token is no JWT.',
    source: 'https://www.rfc-editor.org/rfc/rfc7519#section-7.2',
    families: TOKEN,
    action: {
      stage: 'token-answer',
      run: (_context, answer) => {
        answer['id_token'] = 'eyJhbGciOiJSUzI1NiJ9.not-a-token';
      },
    },
  },
];
