import type { Call } from '../http/call.js';
import type { Grant } from '../state/model.js';
import type { EmulatorState } from '../state/state.js';
import type { FaultDefinition } from './model.js';
import { AGE, numberOf, numberParameter } from './parameters.js';

const TOKEN = ['token'] as const;
const REVOKE = ['revoke'] as const;
const EXPIRATION = 'https://developers.google.com/identity/protocols/oauth2#expiration';
const REVOCATION = 'https://www.rfc-editor.org/rfc/rfc7009#section-2.1';
const SEVEN_MONTHS_MS = 213 * 86_400_000;

function grantOf(call: Call, state: EmulatorState): Grant | undefined {
  const token = call.form.get('refresh_token') ?? call.form.get('token') ?? call.query.get('token');
  return token ? state.findGrant(token, call.now) : undefined;
}

const hasGrant = (call: Call, state: EmulatorState) => grantOf(call, state) !== undefined;

function revokedTokens(call: Call, state: EmulatorState) {
  const token = call.query.get('token') || call.form.get('token') || '';
  const found = state.findGrant(token, call.now) ?? state.findAccessToken(token, call.now);
  return found?.authorization;
}

const isLive = (call: Call, state: EmulatorState) => revokedTokens(call, state) !== undefined;

function revoked(): Response {
  return new Response('{}', {
    headers: { 'content-type': 'application/json; charset=utf-8', 'cache-control': 'no-store' },
  });
}

/** What becomes of codes, grants and revocations that should have become something else. */
export const GRANT_FAULTS: readonly FaultDefinition[] = [
  {
    name: 'replay-accepted',
    summary: 'The code stays good after it was redeemed.',
    source:
      'https://www.rfc-editor.org/rfc/rfc6749#section-4.1.2 (MUST NOT be used more than once)',
    families: TOKEN,
    grantType: 'authorization_code',
    action: {
      stage: 'issue',
      run: (_context, issuance) => {
        issuance.keepsCode = true;
      },
    },
  },
  {
    name: 'replay-revokes',
    summary: 'A code that is sent a second time ends the tokens of the first.',
    source: 'https://www.rfc-editor.org/rfc/rfc6749#section-4.1.2 (SHOULD)',
    families: TOKEN,
    grantType: 'authorization_code',
    applies: (call, state) => state.findRedeemed(call.form.get('code') ?? '') !== undefined,
    action: {
      stage: 'before',
      run: ({ call, state }) => {
        const redeemed = state.findRedeemed(call.form.get('code') ?? '');
        if (redeemed) state.revoke(redeemed);
      },
    },
  },
  {
    name: 'user-revoked',
    summary: 'Before the refresh, the person takes the access away in the account settings.',
    source: 'https://myaccount.google.com/connections',
    families: TOKEN,
    grantType: 'refresh_token',
    applies: hasGrant,
    action: {
      stage: 'before',
      run: ({ call, state }) => {
        const grant = grantOf(call, state);
        if (grant) state.revoke(grant.authorization);
      },
    },
  },
  {
    name: 'grant-limit',
    summary: 'The refresh token was the oldest of a hundred when one more was given out.',
    source: EXPIRATION,
    families: TOKEN,
    grantType: 'refresh_token',
    applies: hasGrant,
    action: {
      stage: 'before',
      run: ({ call, state }) => {
        const grant = grantOf(call, state);
        if (!grant) return;
        for (let count = 0; count < 100; count += 1) {
          state.addGrant({ ...grant, issuedAt: call.now });
        }
      },
    },
  },
  {
    name: 'idle-grant',
    summary: 'The refresh token has not been used for more than six months.',
    source: EXPIRATION,
    families: TOKEN,
    grantType: 'refresh_token',
    applies: hasGrant,
    action: {
      stage: 'before',
      run: ({ call, state }) => {
        const grant = grantOf(call, state);
        if (grant) grant.lastUsedAt = call.now - SEVEN_MONTHS_MS;
      },
    },
  },
  {
    name: 'testing-grant-over',
    summary: 'The seven days are over that an app in testing is given.',
    source: EXPIRATION,
    families: TOKEN,
    grantType: 'refresh_token',
    applies: hasGrant,
    action: {
      stage: 'before',
      run: ({ call, state }) => {
        const grant = grantOf(call, state);
        if (grant) grant.expiresAt = call.now;
      },
    },
  },
  {
    name: 'expired-code',
    summary: 'The code is redeemed too late.',
    source: 'https://www.rfc-editor.org/rfc/rfc6749#section-4.1.2 (ten minutes at most)',
    parameters: { seconds: numberParameter('how long the code lay about (1200)', AGE) },
    families: TOKEN,
    grantType: 'authorization_code',
    action: {
      stage: 'before',
      // Only the code ages: the clock of the answer stays right.
      run: ({ call, fault, state }) => {
        const pending = state.findCode(call.form.get('code') ?? '');
        if (pending) state.ageCode(pending, numberOf(fault, 'seconds', 1200));
      },
    },
  },
  {
    name: 'revoke-ignored',
    summary: 'Revocation answers 200 and the tokens live on.',
    source: REVOCATION,
    families: REVOKE,
    applies: isLive,
    action: { stage: 'answer', run: () => revoked() },
  },
  {
    name: 'access-token-survives-revoke',
    summary: 'Revocation ends the refresh tokens and leaves the access tokens alive.',
    source: REVOCATION,
    families: REVOKE,
    applies: isLive,
    action: {
      stage: 'answer',
      run: ({ call, state }) => {
        const authorization = revokedTokens(call, state);
        for (const grant of state.grants) {
          if (grant.authorization === authorization) state.dropGrant(grant);
        }
        return revoked();
      },
    },
  },
  {
    name: 'refresh-token-survives-revoke',
    summary: 'Revocation ends the access tokens and leaves the refresh tokens alive.',
    source: REVOCATION,
    families: REVOKE,
    applies: isLive,
    action: {
      stage: 'answer',
      run: ({ call, state }) => {
        const authorization = revokedTokens(call, state);
        if (authorization) state.revokeAccessTokens(authorization);
        return revoked();
      },
    },
  },
];
