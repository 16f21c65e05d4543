import { withChecks } from '../rules/checks.js';
import { idTokenRules } from '../rules/id-token.js';
import { all, any, not, says, stageIs } from '../rules/rule.js';
import type { SymptomEntry } from './symptom.js';

/** What verifiers say of an ID token, and where they keep their reason to themselves. */
export const idTokenSymptoms: readonly SymptomEntry[] = [
  {
    shows: says(
      /SignatureVerificationFailed|SignatureInvalid|signature verification failed|invalid token signature|could not verify token signature|signature (is |was )?(invalid|not valid)|Signature verification (raised|error)|invalid signature|(unable|failed) to verify (id token )?signature|bad_?signature|InvalidSignatureError|not verified as issued by Google/i,
    ),
    causes: withChecks(
      'id-token-truncated',
      'firebase-token-as-google',
      'wrong-certs-url',
      'token-key-of-wrong-kind',
    ),
    also: ['kid-unknown', 'google-token-as-firebase', 'service-account-key-wrong'],
  },
  {
    shows: all(says(/certificate for key id|no pem found/i), not(says(/firebase/i))),
    causes: withChecks('firebase-token-as-google', 'wrong-certs-url', 'kid-unknown'),
  },
  {
    // AppAuth takes no time that is ten minutes off, on either side.
    shows: says(/Issued at time is more than 10 minutes|Issued at time is more than 600 seconds/i),
    causes: withChecks('clock-behind', 'clock-ahead'),
  },
  {
    shows: says(
      /Unsuccessful check authorization response from Google|supplied auth credential is (malformed|incorrect)/i,
    ),
    causes: withChecks('access-token-as-id-token', 'id-token-expired', 'client-secret-wrong'),
    also: ['audience-project-mismatch', 'nonce-mismatch', 'code-already-redeemed'],
  },
  {
    shows: says(
      /id[_ ]?token (is |was )?(required|undefined|null|missing|not present)|(requires an|missing|no) id[_ ]?token\b/i,
    ),
    causes: [
      { cause: 'server-client-id-missing', check: 'A phone’s app sets no web client ID.' },
      { cause: 'scope-not-requested', check: 'The requested scopes lack openid: --auth-url.' },
      ...withChecks('client-response-misread', 'implicit-flow-used'),
    ],
    also: ['android-client-id-as-web-client-id', 'server-client-id-not-read'],
  },
  {
    shows: any(
      says(
        /\bInvalid id_?token\b|\bverif\w{0,8}(IdToken)?\b[^.;]{0,20} (returns?|returned|is|={1,3}) (null|false|None|nil|nothing)\b/i,
      ),
      all(
        says(
          /invalid[ _](id[ _])?token|invalid value|\b(token|jwt) (is )?(invalid|not valid)|(verif\w{1,8}|validat\w{1,8})[^.;]{0,20} fail(s|ed)\b|(could not|cannot|failed to|unable to) (verify|validate)|\b40[01]\b|unauthori[sz]ed/i,
        ),
        stageIs('verify', 'an ID token was verified'),
      ),
    ),
    causes: withChecks(
      'audience-mismatch',
      'id-token-expired',
      'clock-behind',
      'access-token-as-id-token',
      'issuer-mismatch',
    ),
    also: [
      ...idTokenRules.map(({ cause }) => cause),
      'access-token-expired',
      'audience-project-mismatch',
      'credential-whitespace',
      'id-token-as-access-token',
    ],
  },
];
