import { withBody } from '../http/respond.js';
import { expandScope } from '../state/scopes.js';
import {
  type FaultContext,
  type FaultDefinition,
  type FaultHooks,
  OTHER_CLIENT,
  OTHER_EMAIL,
  OTHER_SUB,
} from './model.js';
import { BOUNDS, parameter, valueIn } from './parameters.js';

const TOKENINFO =
  'https://developers.google.com/identity/sign-in/web/backend-auth#calling-the-tokeninfo-endpoint';
const CERTS =
  'https://developers.google.com/identity/openid-connect/openid-connect#validatinganidtoken';

/** Changes the JSON of a good answer; an answer that is no success stays as it is. */
function onBody(
  change: (context: FaultContext, body: Readonly<Record<string, unknown>>) => object,
): FaultHooks {
  return {
    async after(context, response) {
      if (!response.ok) return response;
      const body = (await response.json()) as Record<string, unknown>;
      return withBody(response, JSON.stringify(change(context, body), null, 2));
    },
  };
}

/** Tokeninfo, userinfo and the published keys, saying something else than the tokens do. */
export const IDENTITY_FAULTS: readonly FaultDefinition[] = [
  {
    name: 'tokeninfo-wrong-audience',
    summary: 'Tokeninfo says the token is for another client.',
    source: TOKENINFO,
    parameters: { audience: parameter('text', 'aud (another client ID)') },
    families: ['tokeninfo'],
    ...onBody(({ fault }, body) => {
      const aud = valueIn(fault, 'audience', OTHER_CLIENT);
      return { ...body, aud, azp: aud };
    }),
  },
  {
    name: 'tokeninfo-missing-scope',
    summary: 'Tokeninfo lists fewer scopes than were granted.',
    source: TOKENINFO,
    parameters: { drop: parameter('list', 'scopes to leave out (["drive.appdata"])') },
    families: ['tokeninfo'],
    ...onBody(({ fault }, body) => {
      const dropped = new Set(valueIn(fault, 'drop', ['drive.appdata']).map(expandScope));
      const scopes = String(body['scope'] ?? '').split(' ');
      return { ...body, scope: scopes.filter((scope) => !dropped.has(scope)).join(' ') };
    }),
  },
  {
    name: 'tokeninfo-extra-scope',
    summary: 'Tokeninfo lists more scopes than were granted.',
    source: TOKENINFO,
    parameters: { scope: parameter('text', 'scope to add (drive)') },
    families: ['tokeninfo'],
    ...onBody(({ fault }, body) => {
      const extra = expandScope(valueIn(fault, 'scope', 'drive'));
      return { ...body, scope: `${String(body['scope'] ?? '')} ${extra}`.trim() };
    }),
  },
  {
    name: 'tokeninfo-other-user',
    summary: 'Tokeninfo and the ID token name different users.',
    source: TOKENINFO,
    parameters: { sub: parameter('text', `sub (${OTHER_SUB})`) },
    families: ['tokeninfo'],
    ...onBody(({ fault }, body) => ({
      ...body,
      sub: valueIn(fault, 'sub', OTHER_SUB),
      email: OTHER_EMAIL,
    })),
  },
  {
    name: 'tokeninfo-short-life',
    summary: 'Tokeninfo gives the token less time than it has.',
    source: TOKENINFO,
    parameters: { seconds: parameter('number', 'expires_in (60)', BOUNDS.age) },
    families: ['tokeninfo'],
    ...onBody(({ call, fault }, body) => {
      const seconds = valueIn(fault, 'seconds', 60);
      const exp = String(Math.floor(call.now / 1000) + seconds);
      return { ...body, exp, expires_in: String(seconds) };
    }),
  },
  {
    name: 'userinfo-other-user',
    summary: 'Userinfo and the ID token name different users.',
    source: 'https://openid.net/specs/openid-connect-core-1_0.html#UserInfoResponse',
    parameters: { sub: parameter('text', `sub (${OTHER_SUB})`) },
    families: ['userinfo'],
    ...onBody(({ fault }, body) => ({
      ...body,
      ...('id' in body ? { id: valueIn(fault, 'sub', OTHER_SUB) } : {}),
      ...('sub' in body ? { sub: valueIn(fault, 'sub', OTHER_SUB) } : {}),
      email: OTHER_EMAIL,
    })),
  },
  {
    name: 'certs-empty',
    summary: 'No keys are published.',
    source: CERTS,
    families: ['certs'],
    ...onBody((_context, body) => ('keys' in body ? { keys: [] } : {})),
  },
  {
    name: 'certs-rotated',
    summary: 'New keys are published; older signatures fail.',
    source: CERTS,
    families: ['certs'],
    before: ({ keys }) => keys.rotate(),
  },
];
