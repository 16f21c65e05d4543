import { withChecks } from '../rules/checks.js';
import { idTokenRules } from '../rules/id-token.js';
import { all, any, not, says, stageIs } from '../rules/rule.js';
import type { SymptomEntry } from './symptom.js';

/** What verifiers say of an ID token, and where they keep their reason to themselves. */
export const idTokenSymptoms: readonly SymptomEntry[] = [
  {
    shows: says(
      /SignatureVerificationFailed|SignatureInvalid|signature verification failed|invalid token signature|could not verify token signature|signature (is |was )?(invalid|not valid)|Signature verification (raised|error)|invalid signature|InvalidSignatureError|not verified as issued by Google/i,
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
    shows: any(
      says(
        /\bverif\w{0,8}(IdToken)?\b[^.;]{0,20} (returns?|returned|is|={1,3}) (null|false|None|nil|nothing)\b/i,
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
