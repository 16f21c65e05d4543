import { all, errorIs, rulesWith, says, sourceIs, told, usual } from './rule.js';

/** Whoever exchanges has no verifier at all. */
const verifierUnknown =
  /(does not|doesn'?t|cannot|can'?t) (know|have|get|see|send)[^.;]{0,20}verifier/i;

/** PKCE: the verifier that an exchange sends, and the challenge that it answers. */
export const pkceRules = rulesWith(
  { docs: 'https://www.rfc-editor.org/rfc/rfc7636#section-4.4', stages: ['exchange'] },
  [
    {
      cause: 'pkce-verifier-unexpected',
      why: 'The exchange sends a code_verifier, but the code was issued without a challenge.',
      fix: 'Remove code_verifier if the code comes from a phone’s SDK or from a request without code_challenge.',
      docs: 'https://www.rfc-editor.org/rfc/rfc7636#section-4.4',
      proves: says(
        /verifier (is|was) not (needed|required|expected)|unexpected code[_ ]verifier|code_verifier.{0,20}not (needed|allowed|expected)/i,
      ),
      speaksFor: [
        told(
          /(without|no|not sent|never sent|omits?|lacks?)[^.;]{0,30}code[_ ]?challenge|code[_ ]?challenge[^.;]{0,30}(missing|absent|not (sent|in|part)|left out|dropped)/i,
        ),
        // The requests of a phone's SDK have no challenge that a server could know of.
        all(
          told(
            /code[_ ]?verifier[^.;]{0,40}(sent|added|passed|set|given)|\b(send|add|put|append|includ|attach|inject)[^.;]{0,20}code[_ ]?verifier/i,
          ),
          sourceIs('ios', 'android'),
        ),
      ],
      rulesOut: told(verifierUnknown),
    },
    {
      cause: 'pkce-verifier-missing',
      why: 'The authorization request had a PKCE challenge, but the exchange sends no verifier.',
      fix: 'Keep the code_verifier of the authorization request and send it with the exchange (gsac exchange --code-verifier).',
      docs: 'https://www.rfc-editor.org/rfc/rfc7636#section-4.5',
      proves: says(
        /Missing (parameter:? ?)?code[_ ]verifier|code_?verifier.{0,12}(required|missing)|code verifier should be non-empty|code_?verifier (cookie )?(was |is )?missing|both auth code and code verifier/i,
      ),
      speaksFor: told(
        /\b(no|without|missing|lost|forgot|not (sent|kept|stored|passed)|never).{0,30}(code[_ ]?)?verifier|verifier.{0,40}(lost|missing|not (sent|kept|stored|passed|there)|gone|empty|null|undefined)|(does not|doesn'?t|cannot|can'?t) (know|have|get|see|send)[^.;]{0,20}verifier|new (Flow|client|session)\b.{0,30}(object|is made|in the callback)/i,
      ),
      fits: all(told(/code_?challenge/i), errorIs('invalid_grant')),
    },
    {
      cause: 'pkce-verifier-mismatch',
      why: 'The code_verifier does not match the challenge in the authorization request.',
      fix: 'Keep the verifier from the authorization request until the exchange. Use one per sign-in, not one per process.',
      docs: 'https://www.rfc-editor.org/rfc/rfc7636#section-4.6',
      proves: says(
        /Invalid code[_ ]verifier|code[_ ]verifier (is )?(invalid|incorrect|wrong|does not match)|PKCE verification failed|code challenge does not match/i,
      ),
      speaksFor: told(
        /PKCE|code[_ ]?verifier|code[_ ]?challenge|S256/i,
        /\bFlow\b[^.;]{0,30}(in memory|instances?)|(two|several|many) (instances|workers|pods)[^.;]{0,40}\bFlow\b/,
      ),
      alike: usual({
        'pkce-verifier-missing': 'The exchange’s body has no code_verifier, or an empty one.',
      }),
      rulesOut: [says(/Missing code verifier|verifier is not needed/i), told(verifierUnknown)],
    },
  ],
);
