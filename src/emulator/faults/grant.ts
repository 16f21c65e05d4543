import type { Call } from '../http/call.js';
import { revoked } from '../http/respond.js';
import type { Authorization, Grant } from '../state/model.js';
import type { EmulatorState } from '../state/state.js';
import { type FaultContext, type FaultDefinition, issues } from './model.js';
import { BOUNDS, parameter, valueIn } from './parameters.js';

const EXPIRATION = 'https://developers.google.com/identity/protocols/oauth2#expiration';
const SEVEN_MONTHS_MS = 213 * 86_400_000;

function grantOf(call: Call, state: EmulatorState): Grant | undefined {
  const token = call.form.get('refresh_token') ?? call.form.get('token') ?? call.query.get('token');
  return token ? state.findGrant(token, call.now) : undefined;
}

/** Hits a refresh whose token works, before anything else. */
function onGrant(change: (grant: Grant, context: FaultContext) => void) {
  return {
    grantType: 'refresh_token',
    applies: (call, state) => grantOf(call, state) !== undefined,
    before(context) {
      const grant = grantOf(context.call, context.state);
      if (grant) change(grant, context);
    },
  } satisfies Partial<FaultDefinition>;
}

function revokedTokens(call: Call, state: EmulatorState): Authorization | undefined {
  return state.findToken(call.query.get('token') || call.form.get('token') || '', call.now);
}

/** Answers a revocation that would have an effect, and has this one instead. */
function onRevocation(change: (state: EmulatorState, authorization: Authorization) => void) {
  return {
    source: 'https://www.rfc-editor.org/rfc/rfc7009#section-2.1',
    families: ['revoke'],
    applies: (call, state) => revokedTokens(call, state) !== undefined,
    answer({ call, state }) {
      const authorization = revokedTokens(call, state);
      if (authorization) change(state, authorization);
      return revoked('{}');
    },
  } satisfies Partial<FaultDefinition>;
}

/** What becomes of codes, grants and revocations that should have become something else. */
export const GRANT_FAULTS: readonly FaultDefinition[] = [
  {
    name: 'replay-accepted',
    summary: 'The code stays good after it was redeemed.',
    source:
      'https://www.rfc-editor.org/rfc/rfc6749#section-4.1.2 (MUST NOT be used more than once)',
    grantType: 'authorization_code',
    ...issues({ keepsCode: true }),
  },
  {
    name: 'replay-revokes',
    summary: 'A code that is sent a second time ends the tokens of the first.',
    source: 'https://www.rfc-editor.org/rfc/rfc6749#section-4.1.2 (SHOULD)',
    grantType: 'authorization_code',
    applies: (call, state) => state.findRedeemed(call.form.get('code') ?? '') !== undefined,
    before: ({ call, state }) => {
      const redeemed = state.findRedeemed(call.form.get('code') ?? '');
      if (redeemed) state.revoke(redeemed);
    },
  },
  {
    name: 'user-revoked',
    summary: 'Before the refresh, the person takes the access away in the account settings.',
    source: 'https://myaccount.google.com/connections',
    ...onGrant(({ authorization }, { state }) => state.revoke(authorization)),
  },
  {
    name: 'grant-limit',
    summary: 'The refresh token was the oldest of a hundred when one more was given out.',
    source: EXPIRATION,
    ...onGrant((grant, { call, state }) => {
      for (let count = 0; count < 100; count += 1) {
        state.addGrant({ ...grant, issuedAt: call.now });
      }
    }),
  },
  {
    name: 'idle-grant',
    summary: 'The refresh token has not been used for more than six months.',
    source: EXPIRATION,
    ...onGrant((grant, { call }) => {
      grant.lastUsedAt = call.now - SEVEN_MONTHS_MS;
    }),
  },
  {
    name: 'testing-grant-over',
    summary: 'The seven days are over that an app in testing is given.',
    source: EXPIRATION,
    ...onGrant((grant, { call }) => {
      grant.expiresAt = call.now;
    }),
  },
  {
    name: 'expired-code',
    summary: 'The code is redeemed too late.',
    source: 'https://www.rfc-editor.org/rfc/rfc6749#section-4.1.2 (ten minutes at most)',
    parameters: { seconds: parameter('number', 'how long the code lay about (1200)', BOUNDS.age) },
    grantType: 'authorization_code',
    // Only the code ages: the clock of the answer stays right.
    before: ({ call, fault, state }) => {
      const pending = state.findCode(call.form.get('code') ?? '');
      if (pending) state.ageCode(pending, valueIn(fault, 'seconds', 1200));
    },
  },
  {
    name: 'revoke-ignored',
    summary: 'Revocation answers 200 and the tokens live on.',
    ...onRevocation(() => undefined),
  },
  {
    name: 'access-token-survives-revoke',
    summary: 'Revocation ends the refresh tokens and leaves the access tokens alive.',
    ...onRevocation((state, authorization) => {
      for (const grant of state.grants) {
        if (grant.authorization === authorization) state.dropGrant(grant);
      }
    }),
  },
  {
    name: 'refresh-token-survives-revoke',
    summary: 'Revocation ends the access tokens and leaves the refresh tokens alive.',
    ...onRevocation((state, authorization) => state.revokeAccessTokens(authorization)),
  },
];
