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
function onRevocation(change: (authorization: Authorization, context: FaultContext) => void) {
  return {
    source: 'https://www.rfc-editor.org/rfc/rfc7009#section-2.1',
    families: ['revoke'],
    applies: (call, state) => revokedTokens(call, state) !== undefined,
    answer(context) {
      const authorization = revokedTokens(context.call, context.state);
      if (authorization) change(authorization, context);
      return revoked('{}');
    },
  } satisfies Partial<FaultDefinition>;
}

/** What becomes of codes, grants and revocations that should have become something else. */
export const GRANT_FAULTS: readonly FaultDefinition[] = [
  {
    name: 'replay-accepted',
    summary: 'A code still works after it was redeemed.',
    source:
      'https://www.rfc-editor.org/rfc/rfc6749#section-4.1.2 (MUST NOT be used more than once)',
    grantType: 'authorization_code',
    ...issues({ keepsCode: true }),
  },
  {
    name: 'replay-revokes',
    summary: 'Sending a code again revokes its tokens.',
    detail: 'Without this fault, a second use of a code is refused, and the first tokens live on.',
    answers: 'invalid_grant: Bad Request',
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
    summary: 'The user removes the app before the refresh.',
    answers: 'invalid_grant: Token has been expired or revoked.',
    source: 'https://myaccount.google.com/connections',
    ...onGrant(({ authorization }, { state }) => state.revoke(authorization)),
  },
  {
    name: 'grant-limit',
    summary: 'One of 100 newer refresh tokens displaced it.',
    detail:
      'Google keeps a hundred refresh tokens for each user and client; one more ends the oldest without a warning.',
    answers: 'invalid_grant: Token has been expired or revoked.',
    source: EXPIRATION,
    ...onGrant((grant, { call, state }) => {
      for (let count = 0; count < 100; count += 1) {
        state.addGrant({ ...grant, issuedAt: call.now });
      }
    }),
  },
  {
    name: 'idle-grant',
    summary: 'The token was unused for over six months.',
    answers: 'invalid_grant: Token has been expired or revoked.',
    source: EXPIRATION,
    ...onGrant((grant, { call }) => {
      grant.lastUsedAt = call.now - SEVEN_MONTHS_MS;
    }),
  },
  {
    name: 'testing-grant-over',
    summary: 'The seven days of an app in testing are over.',
    answers: 'invalid_grant: Token has been expired or revoked.',
    source: EXPIRATION,
    ...onGrant((grant, { call }) => {
      grant.expiresAt = call.now;
    }),
  },
  {
    name: 'expired-code',
    summary: 'The code is redeemed too late.',
    answers: 'invalid_grant: Bad Request',
    source: 'https://www.rfc-editor.org/rfc/rfc6749#section-4.1.2 (ten minutes at most)',
    parameters: { seconds: parameter('number', 'age of the code in seconds (1200)', BOUNDS.age) },
    grantType: 'authorization_code',
    // Only the code ages: the clock of the answer stays right.
    before: ({ call, fault, state }) => {
      const pending = state.findCode(call.form.get('code') ?? '');
      if (pending) state.ageCode(pending, valueIn(fault, 'seconds', 1200));
    },
  },
  {
    name: 'revoke-ignored',
    summary: 'Revocation answers 200 and does nothing.',
    ...onRevocation(() => undefined),
  },
  {
    name: 'slow-revocation',
    summary: 'Revocation answers 200 and takes effect later.',
    detail:
      'Until then, the tokens work. It takes effect after a time on the emulator’s clock, or after a number of requests with these tokens, whichever comes first.',
    ...onRevocation((authorization, { call, fault, state }) => {
      const requests = valueIn<number | undefined>(fault, 'requests', undefined);
      const seconds = valueIn(fault, 'seconds', requests === undefined ? 30 : undefined);
      const endsAt = seconds === undefined ? undefined : call.now + seconds * 1000;
      state.revokeLater(authorization, endsAt, requests);
    }),
    source:
      'https://developers.google.com/identity/protocols/oauth2/web-server#tokenrevoke ("it might take some time before the revocation has full effect")',
    parameters: {
      seconds: parameter('number', 'seconds until it takes effect (30)', BOUNDS.age),
      requests: parameter('number', 'requests until it takes effect (no limit)', BOUNDS.count),
    },
  },
  {
    name: 'access-token-survives-revoke',
    summary: 'Revocation ends only the refresh tokens.',
    ...onRevocation((authorization, { state }) => {
      for (const grant of state.grants) {
        if (grant.authorization === authorization) state.dropGrant(grant);
      }
    }),
  },
  {
    name: 'refresh-token-survives-revoke',
    summary: 'Revocation ends only the access tokens.',
    ...onRevocation((authorization, { state }) => state.revokeAccessTokens(authorization)),
  },
];
