import {
  all,
  errorIs,
  mentions,
  rulesWith,
  says,
  stageIs,
  stageUnknown,
  statusIs,
  told,
  unless,
} from './rule.js';

const revocation = 'https://developers.google.com/identity/protocols/oauth2/web-server#tokenrevoke';

/** Revocations that are refused. */
export const revocationRules = rulesWith({ docs: revocation, stages: ['revoke'] }, [
  {
    cause: 'revoke-token-already-dead',
    why: 'The token is already expired or revoked, so there is nothing left to revoke.',
    fix: 'Treat the revocation as done and delete the local token (gsac revoke does this).',
    proves: all(errorIs('invalid_token'), stageIs('revoke', 'a token was being revoked')),
    speaksFor: [
      all(
        says(/expired or revoked|not revocable|already revoked/i),
        stageIs('revoke', 'a token was being revoked'),
      ),
      told(
        /(already|twice|second|again|dead|expired)[^.;]{0,30}(revok|token)|revok[^.;]{0,30}(twice|again|already)/i,
      ),
    ],
    // Tokeninfo and APIs say it with more words.
    fits: unless(
      all(errorIs('invalid_token'), stageUnknown),
      says(/Invalid Value|error="invalid_token|\b401\b/i),
    ),
    rulesOut: statusIs(404, 405),
  },
  {
    cause: 'revoke-with-bearer-header',
    why: 'The revocation has an Authorization header in addition to the token in its form, and Google accepts only one of them.',
    fix: 'Send the revocation without an Authorization header (with a plain HTTP client, not the one that adds tokens).',
    speaksFor: all(
      stageIs('revoke', 'a token was being revoked'),
      told(
        /authori[sz]ation header|bearer|authori[sz]ed (http )?client|oauth2?\.(Client|Transport)|authenticated (http )?client/i,
      ),
    ),
    fits: all(stageIs('revoke', 'a token was being revoked'), statusIs(400), says(/\bPOST\b/)),
  },
  {
    cause: 'revoke-endpoint-method',
    why: 'The revocation endpoint accepts a POST with the token in the form or query. It does not support this method or address.',
    fix: 'POST https://oauth2.googleapis.com/revoke with token=… as application/x-www-form-urlencoded.',
    speaksFor: [
      all(statusIs(404, 405), stageIs('revoke', 'a token was being revoked')),
      mentions(
        /GET [^\s]{0,60}\/revoke|\bGET\b[^.;]{0,60}revoke|Method Not Allowed|revoke[^.;]{0,40}\b(GET|PUT|DELETE)\b|\/o\/oauth2\/revoke|old (revoke )?(address|endpoint|url)/i,
      ),
    ],
  },
]);
