import { withoutRefreshToken } from '../rules/no-refresh-token.js';
import { says } from '../rules/rule.js';
import type { SymptomEntry } from './symptom.js';

/** What browsers say of a sign-in. */
export const signInSymptoms: readonly SymptomEntry[] = [
  {
    shows: withoutRefreshToken,
    causes: [
      {
        cause: 'refresh-token-omitted-repeat-consent',
        check:
          'A refresh token comes once the app is removed at https://myaccount.google.com/permissions.',
      },
      {
        cause: 'access-type-offline-missing',
        check: 'The authorization request lacks access_type=offline: --auth-url.',
      },
    ],
    also: [
      'local-reset-is-not-revocation',
      'refresh-token-absent',
      'local-keychain-locked',
      'client-response-misread',
      'client-file-as-token-store',
      'scope-declined-by-user',
    ],
  },
  {
    shows: says(
      /fail(ed)?( to)?[ _-]?(fetch|get|obtain|load|retrieve)?[ _-]?(the )?user[ _-]?(profile|details|info)\b/i,
    ),
    causes: [
      {
        cause: 'google-plus-profile-api',
        check: 'The library is old: npm ls passport-google-oauth passport-google-oauth2.',
      },
      { cause: 'proxy-not-used', check: 'The error below it is ETIMEDOUT or ENOTFOUND.' },
      { cause: 'scope-not-requested', check: 'The scopes lack profile: --auth-url.' },
    ],
    also: ['access-token-expired', 'drive-api-disabled', 'google-fault', 'rate-limit'],
  },
];
