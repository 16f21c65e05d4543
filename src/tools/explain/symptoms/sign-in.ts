import { withoutRefreshToken } from '../rules/no-refresh-token.js';
import { all, not, says } from '../rules/rule.js';
import type { SymptomEntry } from './symptom.js';

/** What browsers say of a sign-in, and what verifiers answer. */
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
    shows: says(/\bverif\w{0,8}(IdToken)?\b[^.;]{0,20} returns? (null|false|None|nothing)\b/i),
    causes: [
      {
        cause: 'audience-mismatch',
        check: 'Compare aud with the required client ID: gsac claims --id-token -.',
      },
      { cause: 'id-token-expired', check: 'The token is over an hour old.' },
      { cause: 'clock-behind', check: 'Compare `date -u` with https://time.is.' },
      { cause: 'access-token-as-id-token', check: 'The token begins with ya29.' },
    ],
  },
  {
    shows: says(
      /SignatureVerificationFailed|signature verification failed|invalid token signature|could not verify token signature|signature (is |was )?(invalid|not valid)|Signature verification (raised|error)|invalid signature|InvalidSignatureError|not verified as issued by Google/i,
    ),
    causes: [
      {
        cause: 'id-token-truncated',
        check: 'The token has fewer than three parts, or its end is missing.',
      },
      {
        cause: 'firebase-token-as-google',
        check: 'Its iss is securetoken: gsac claims --id-token -.',
      },
      {
        cause: 'wrong-certs-url',
        check: 'The keys do not come from https://www.googleapis.com/oauth2/v3/certs.',
      },
      {
        cause: 'token-key-of-wrong-kind',
        check: 'The verifier was given the client secret as its key.',
      },
    ],
    also: ['kid-unknown', 'google-token-as-firebase', 'service-account-key-wrong'],
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
  {
    shows: all(says(/certificate for key id|no pem found/i), not(says(/firebase/i))),
    causes: [
      {
        cause: 'firebase-token-as-google',
        check: 'Its iss is securetoken: gsac claims --id-token -.',
      },
      { cause: 'wrong-certs-url', check: 'The keys’ address belongs to another issuer or format.' },
      { cause: 'kid-unknown', check: 'A second attempt with newly fetched keys succeeds.' },
    ],
  },
];
