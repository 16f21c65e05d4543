import type { FaultContext, FaultDefinition } from './fault-model.js';
import {
  AGE,
  listOf,
  listParameter,
  numberOf,
  numberParameter,
  textOf,
  textParameter,
} from './fault-parameters.js';
import { expandScope } from './scopes.js';

const TOKENINFO =
  'https://developers.google.com/identity/sign-in/web/backend-auth#calling-the-tokeninfo-endpoint';
const CERTS =
  'https://developers.google.com/identity/openid-connect/openid-connect#validatinganidtoken';
const OTHER_SUB = '100000000000000000001';
const OTHER_EMAIL = 'somebody.else@example.net';

type Fields = Record<string, unknown>;

/** Changes the JSON of a good answer; an answer that is no success stays as it is. */
async function rewrite(
  response: Response,
  change: (body: Fields) => Fields | undefined,
): Promise<Response> {
  if (!response.ok) return response;
  const body = (await response.json()) as Fields;
  const headers = new Headers(response.headers);
  headers.delete('content-length');
  return new Response(JSON.stringify(change(body) ?? body, null, 2), {
    status: response.status,
    headers,
  });
}

function bodyFault(
  definition: Omit<FaultDefinition, 'action'>,
  change: (context: FaultContext, body: Fields) => Fields | undefined,
): FaultDefinition {
  return {
    ...definition,
    action: {
      stage: 'after',
      run: (context, response) => rewrite(response, (body) => change(context, body)),
    },
  };
}

/** Tokeninfo, userinfo and the published keys, saying something else than the tokens do. */
export const IDENTITY_FAULTS: readonly FaultDefinition[] = [
  bodyFault(
    {
      name: 'tokeninfo-wrong-audience',
      summary: 'Tokeninfo says that the token was made for another client.',
      source: TOKENINFO,
      parameters: { audience: textParameter('aud (another client id)') },
      families: ['tokeninfo'],
    },
    ({ fault }, body) => {
      const other = '100000000000-another0client.apps.googleusercontent.com';
      const aud = textOf(fault, 'audience', other);
      return { ...body, aud, azp: aud };
    },
  ),
  bodyFault(
    {
      name: 'tokeninfo-missing-scope',
      summary: 'Tokeninfo knows of fewer scopes than the token answer named.',
      source: TOKENINFO,
      parameters: { drop: listParameter('scopes that are missing (["drive.appdata"])') },
      families: ['tokeninfo'],
    },
    ({ fault }, body) => {
      const dropped = listOf(fault, 'drop', ['drive.appdata']).map(expandScope);
      const scopes = String(body['scope'] ?? '').split(' ');
      return { ...body, scope: scopes.filter((scope) => !dropped.includes(scope)).join(' ') };
    },
  ),
  bodyFault(
    {
      name: 'tokeninfo-extra-scope',
      summary: 'Tokeninfo knows of more scopes than the token answer named.',
      source: TOKENINFO,
      parameters: { scope: textParameter('what is added (drive)') },
      families: ['tokeninfo'],
    },
    ({ fault }, body) => {
      const extra = expandScope(textOf(fault, 'scope', 'drive'));
      return { ...body, scope: `${String(body['scope'] ?? '')} ${extra}`.trim() };
    },
  ),
  bodyFault(
    {
      name: 'tokeninfo-other-user',
      summary: 'Tokeninfo names another account than the ID token.',
      source: TOKENINFO,
      parameters: { sub: textParameter(`sub (${OTHER_SUB})`) },
      families: ['tokeninfo'],
    },
    ({ fault }, body) => ({ ...body, sub: textOf(fault, 'sub', OTHER_SUB), email: OTHER_EMAIL }),
  ),
  bodyFault(
    {
      name: 'tokeninfo-short-life',
      summary: 'Tokeninfo says that the token ends earlier than its answer said.',
      source: TOKENINFO,
      parameters: { seconds: numberParameter('expires_in (60)', AGE) },
      families: ['tokeninfo'],
    },
    ({ call, fault }, body) => {
      const seconds = numberOf(fault, 'seconds', 60);
      const exp = String(Math.floor(call.now / 1000) + seconds);
      return { ...body, exp, expires_in: String(seconds) };
    },
  ),
  bodyFault(
    {
      name: 'userinfo-other-user',
      summary: 'Userinfo names another account than the ID token.',
      source: 'https://openid.net/specs/openid-connect-core-1_0.html#UserInfoResponse',
      parameters: { sub: textParameter(`sub (${OTHER_SUB})`) },
      families: ['userinfo'],
    },
    ({ fault }, body) => ({
      ...body,
      ...('id' in body ? { id: textOf(fault, 'sub', OTHER_SUB) } : {}),
      ...('sub' in body ? { sub: textOf(fault, 'sub', OTHER_SUB) } : {}),
      email: OTHER_EMAIL,
    }),
  ),
  bodyFault(
    {
      name: 'certs-empty',
      summary: 'No key is published.',
      source: CERTS,
      families: ['certs'],
    },
    (_context, body) => ('keys' in body ? { keys: [] } : {}),
  ),
  {
    name: 'certs-rotated',
    summary: 'The published keys are replaced, so that what was signed before no longer verifies.',
    source: CERTS,
    families: ['certs'],
    action: { stage: 'before', run: ({ keys }) => keys.rotate() },
  },
];
