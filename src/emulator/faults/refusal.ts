import { apiDisabled, insufficientScopes, rateLimited } from '../drive/errors.js';
import type { Family } from '../http/paths.js';
import { invalidCredentials, oauthError } from '../http/respond.js';
import { TOKEN_REFUSALS } from '../oauth/token-refusals.js';
import type { FaultDefinition } from './model.js';
import { BOUNDS, parameter, retryAfterOf } from './parameters.js';

const APIS: readonly Family[] = ['drive', 'userinfo'];
const DRIVE: readonly Family[] = ['drive'];
const DRIVE_ERRORS = 'https://developers.google.com/workspace/drive/api/guides/handle-errors';

/** Requests that Google refuses, for reasons that no state of the emulator needs to have. */
export const REFUSALS: readonly FaultDefinition[] = [
  ...TOKEN_REFUSALS.map(
    ({ status, error, description, extra, ...row }): FaultDefinition => ({
      ...row,
      families: ['token'],
      answers: description === undefined ? error : `${error}: ${description}`,
      answer: () => oauthError(status, error, description, extra),
    }),
  ),
  {
    name: 'admin-policy',
    summary: 'The Workspace administrator restricts a scope.',
    answers: 'admin_policy_enforced',
    source: 'https://support.google.com/a/answer/7281227',
    families: ['token'],
    // Nobody has recorded the words or the status.
    answer: ({ adminPolicyStatus }) => oauthError(adminPolicyStatus, 'admin_policy_enforced'),
  },
  {
    name: 'access-token-invalid',
    summary: 'The access token is refused before it expires.',
    answers: 'authError, from tokeninfo invalid_token',
    source: DRIVE_ERRORS,
    families: [...APIS, 'tokeninfo'],
    answer: ({ call }) =>
      call.family === 'tokeninfo'
        ? oauthError(400, 'invalid_token', 'Invalid Value')
        : invalidCredentials(),
  },
  {
    name: 'insufficient-scope',
    summary: 'The access token lacks the scope.',
    answers: 'insufficientPermissions',
    source: DRIVE_ERRORS,
    families: APIS,
    answer: () => insufficientScopes('google.apps.drive.v3.DriveFiles'),
  },
  {
    name: 'api-disabled',
    summary: 'The project has not enabled the Drive API.',
    answers: 'accessNotConfigured',
    source: DRIVE_ERRORS,
    families: DRIVE,
    answer: ({ call }) => apiDisabled(call.accessToken?.client.project.number ?? '0'),
  },
  {
    name: 'rate-limit',
    summary: 'Drive says that there are too many requests.',
    answers: 'userRateLimitExceeded or rateLimitExceeded',
    source: DRIVE_ERRORS,
    parameters: {
      reason: parameter('text', 'reason (userRateLimitExceeded)', {
        oneOf: ['userRateLimitExceeded', 'rateLimitExceeded'],
      }),
      status: parameter('number', 'HTTP status (403)', { oneOf: [403, 429] }),
      retryAfter: parameter('text', 'Retry-After header (none)', BOUNDS.header),
    },
    families: DRIVE,
    answer: ({ fault }) => {
      const whole = fault['reason'] === 'rateLimitExceeded';
      return rateLimited(
        whole ? 'rateLimitExceeded' : 'userRateLimitExceeded',
        fault['status'] === 429 ? 429 : 403,
        retryAfterOf(fault),
      );
    },
  },
];
