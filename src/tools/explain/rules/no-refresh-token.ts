import { withChecks } from './checks.js';
import {
  all,
  any,
  errorIs,
  fact,
  mentions,
  rulesWith,
  says,
  sourceIs,
  told,
  unless,
} from './rule.js';

const webServer = 'https://developers.google.com/identity/protocols/oauth2/web-server';

/** An answer that brought tokens, but no refresh token. */
export const withoutRefreshToken = any(
  fact(
    ({ observed }) =>
      /["']access_token["']\s{0,4}:/.test(observed) &&
      !/refresh_token["']\s{0,4}:/.test(observed) &&
      'the response has an access token but no refresh token',
  ),
  mentions(
    /(\bno|missing|without|(don'?t|do not|did ?n[o']t) (receive|get|have)|(doesn'?t|does not|did ?n[o']t) (return|include|contain|give|provide)|not (returned|received|present|included|given|getting|sent)|hasn'?t provided|undefined|null|never)\b[^.;]{0,30}refresh[_ -]?token/i,
    /refresh[_ -]?token[^.;]{0,20}\bonly\b[^.;]{0,24}\bfirst\b|\bonly\b[^.;]{0,24}\bfirst\b[^.;]{0,40}refresh[_ -]?token/i,
    /KeyError: ?['"]refresh_token|No refresh_token found|refresh[_ -]?token(\(\))?[^.;]{0,40}(missing|null|nil|undefined|not (returned|received|present|included|given|found|available|there|in)\b|never|absent|isn'?t (returned|there|present)|empty|none)/i,
  ),
);

/** The options stand where the library does not put them into the authorization request. */
const optionsNotSent = told(/(passport\.use|strategy)\b[^;]{0,120}access_?type/i);

/** Google then shows its page each time. */
const consentForced = any(
  fact(({ authorization }) => authorization?.prompt === 'consent' && 'consent is forced'),
  unless(
    told(/\bprompt["']?\s{0,4}[=:]\s{0,4}["']?consent\b(?![^.;]{0,12}\bto\b)/i),
    optionsNotSent,
    // It was so once, or it is one of several that were tried.
    told(/prompt\b["']?\s{0,4}[:=]?[^.;]{0,30}\b(select_account|none)\b/i),
  ),
);

/** Who ever got a refresh token so has asked for one. */
const onceReceived = told(
  /\b(got|received?|returned|gave|there was) (a |the |my )?refresh[_ ]?token[^.;]{0,16}\b(at|on|in|with|for|after) (every|each|the (very )?first|my first)\b/i,
);

/** Why an exchange brings no refresh token. */
export const noRefreshTokenRules = rulesWith(
  { docs: `${webServer}#offline`, stages: ['exchange'] },
  [
    {
      cause: 'access-type-offline-missing',
      why: 'The authorization request lacked access_type=offline. Without it, Google gives no refresh token.',
      fix: [
        'Add access_type=offline to the authorization request, and prompt=consent once for people who have already consented.',
        'In Passport, add both to authenticate(), in Auth.js to authorization.params, in Socialite to with([…]), in omniauth to the provider’s options.',
      ],
      docs: `${webServer}#offline`,
      // Who never got a refresh token may notice it only at the first refresh.
      stages: ['exchange', 'refresh'],
      speaksFor: [
        all(
          withoutRefreshToken,
          fact(
            ({ authorization }) =>
              authorization !== undefined &&
              authorization.accessType !== 'offline' &&
              'the authorization request has no access_type=offline',
          ),
        ),
        // Not the person's earlier consent: nobody ever gets one.
        all(
          withoutRefreshToken,
          told(
            /\bnever\b[^.;]{0,30}\b(anybody|anyone|any (user|account))|(nobody|no one|no user)[^.;]{0,20}\b(ever|gets?|got|has)\b|\b(default|standard) (options|settings|config\w{0,12})|\bas it is\b|out of the box|always (null|none|undefined|empty)|\b(not|never)\b[^.;]{0,40}\b(new|fresh|other|different) (google )?(account|user)|(remov|revok|disconnect)\w{0,6}[^.;]{0,40}((did|does|do)(n't| not) (help|change)|changes? nothing|no difference)|even (after|if|when) [^.;]{0,20}(remov|revok|disconnect)/i,
          ),
        ),
        told(
          /(without|no|missing|lacks?|forgot|omits?|not|never)[^.;]{0,25}access_?type|access_?type[^.;]{0,25}(missing|absent|not (set|given|sent|there)|left out|online|unset|omitted)|access_type=online/i,
        ),
        // Passport and Flask-Dance take them elsewhere than where they are given.
        all(withoutRefreshToken, optionsNotSent),
        fact(({ observed, notes }) => {
          const text = `${observed} ${notes}`;
          const asked =
            /oauth2\/(v2\/)?auth\?|response_type=code|client_?id\b[^;]{0,40}client_?secret[^;]{0,40}(redirect|callback)_?ur[il]|prompt["']?\s{0,4}[:=]\s{0,4}["']?consent(?![^.;]{0,20}\bto\b)/i.test(
              text,
            );
          return (
            asked &&
            !/access_?type|offline|[?&]code=/i.test(text) &&
            'the authorization request has no access_type'
          );
        }),
      ],
      fits: [
        withoutRefreshToken,
        told(
          /(fresh|new|other|different|second) (google )?(account|user)|every (user|account|time)/i,
        ),
      ],
      rulesOut: [
        // A phone's SDK has no such parameter.
        sourceIs('ios', 'android'),
        unless(told(/access_?type[=:' "]{1,4}offline/i), optionsNotSent),
        onceReceived,
        // These are refused before any token could be missing.
        errorIs('redirect_uri_mismatch', 'invalid_client', 'access_denied', 'invalid_scope'),
      ],
      alike: withChecks(
        'refresh-token-omitted-repeat-consent',
        'implicit-flow-used',
        'client-response-misread',
      ),
    },
    {
      cause: 'refresh-token-omitted-repeat-consent',
      why: 'Google gives a refresh token only when the person consents. This person had consented before, so Google showed no consent page and gave no token.',
      fix: [
        'On the web, send prompt=consent with access_type=offline. On Android, use forceCodeForRefreshToken. On iOS, call disconnect(), then sign in.',
        'Or have the person remove the app at https://myaccount.google.com/permissions and sign in again.',
      ],
      docs: `${webServer}#offline`,
      stages: ['exchange', 'refresh'],
      speaksFor: [
        all(
          withoutRefreshToken,
          fact(
            ({ authorization }) =>
              authorization?.accessType === 'offline' &&
              authorization.prompt !== 'consent' &&
              'the authorization request does not force consent (prompt=consent)',
          ),
        ),
        all(withoutRefreshToken, says(/\bfirst (time|login|sign-?in|consent)|\bsubsequent/i)),
        // The next sign-in is no failure once Google has forgotten the consent.
        told(
          /\b(first|once)\b.{0,160}\b(revok|remov|disconnect)\w{0,6}\b[^.;]{0,60}\b(again|works?|helps?|fine)\b/i,
          /\bfirst (time|login|sign-?in|connection)\b[^.;,]{0,30}\b(is|was) (there|fine|ok|present)\b/i,
        ),
        told(
          /\b(no|without|missing)[^.;]{0,12}prompt|prompt (is )?(missing|not|none)|approval_prompt|(consented|authori[sz]ed|granted|approved) (before|already|earlier|once)|already (consented|granted|authori[sz]ed|approved)|(first|only once|second|next|subsequent|later|repeat) (time|login|sign-?in|consent|authori[sz]ation)|re-?(login|consent|authori[sz]e)|(first|initial) (time|login|consent) only/i,
          /prompt["']?\s{0,4}[:=]\s{0,4}["']?(select_account|none)|prompt\b[^.;]{0,30}\bto ["']?(select_account|none)|(come|came|comes) back|returning users?/i,
          /no consent (screen|page)|consent (screen|page)[^.;]{0,20}\b(not|never|no longer) (shown|appear)/i,
        ),
      ],
      // Without these words, a request that lacks access_type is as common.
      suggests: all(withoutRefreshToken, mentions(/offline/i)),
      fits: withoutRefreshToken,
      rulesOut: [consentForced, told(/(fresh|brand new|never used) (google )?(account|user)/i)],
      alike: withChecks(
        'access-type-offline-missing',
        'offline-access-not-requested',
        'local-reset-is-not-revocation',
      ),
    },
    {
      cause: 'implicit-flow-used',
      why: 'The page gets its tokens directly from Google (response_type=token, initTokenClient, getAuthToken). This flow gives neither a refresh token nor a code for a server.',
      fix: 'Use the code flow: initCodeClient, useGoogleLogin({ flow: "auth-code" }) or responseType="code". Send the code to the server and exchange it there with redirect_uri=postmessage.',
      docs: 'https://developers.google.com/identity/oauth2/web/guides/use-code-model',
      stages: ['exchange', 'refresh', 'signin-config'],
      speaksFor: [
        all(
          withoutRefreshToken,
          mentions(
            /initTokenClient|requestAccessToken|#access_token=|response_?type["']?\s{0,4}[=:]\s{0,4}["']?(id_)?token|implicit|getAuthToken|TokenClient\b|signInWithPopup/i,
          ),
        ),
      ],
      fits: all(
        withoutRefreshToken,
        sourceIs('web-popup'),
        told(/react-google-login|useGoogleLogin|@react-oauth|GoogleLogin\b|gapi|vue3-google/i),
      ),
      alike: withChecks('access-type-offline-missing', 'offline-access-not-requested'),
    },
    {
      cause: 'local-reset-is-not-revocation',
      why: 'Local tokens were deleted, but Google still remembers the consent, so the next authorization gives no refresh token.',
      fix: 'Revoke the access at Google before you delete the tokens (gsac revoke), or force consent at the next sign-in.',
      docs: `${webServer}#tokenrevoke`,
      stages: ['exchange', 'signin-config', 'revoke'],
      speaksFor: [
        all(
          withoutRefreshToken,
          told(
            /(empt(y|ied)|delet|clear|remov|wip|eras|drop|reset|los|purg|truncat)[^.;]{0,50}(tokens?|credentials?|database|storage|keychain|cache|cookies?|session|token\.json|row|table|local|file|app data|user record)|(tokens?|credentials?|database|storage|keychain|token\.json)[^.;]{0,30}(was|were|got|are) (deleted|cleared|removed|wiped|reset|lost)|(sign|log)(ed|ged)?[ -]?out|re-?install|(without|not|never) revok|fresh (install|database)/i,
          ),
        ),
      ],
      fits: withoutRefreshToken,
      rulesOut: [
        consentForced,
        all(told(/oauth2\/revoke|revoked (at|through|via) google/i), withoutRefreshToken),
      ],
      alike: withChecks('refresh-token-omitted-repeat-consent', 'access-type-offline-missing'),
    },
  ],
);
