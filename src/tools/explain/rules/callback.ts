import { all, mentions, rulesWith, says, told, unless } from './rule.js';

const sessionLost =
  /(cookie|session)s?[^.;]{0,40}(missing|lost|gone|blocked|SameSite|secure|domain|not (set|kept|sent|shared)|expired|cleared|differs?|different)|SameSite|(two|several|multiple|other|another) (instances?|tabs?|workers?|pods?|servers?|processes)|(localhost|127\.0\.0\.1)[^.;]{0,40}(127\.0\.0\.1|localhost)|www\./i;

/** The state did not come back as it went. */
const stateLost = says(
  /\bstate\b['"]? ?(cookie|value|parameter|param)?[^.;]{0,40}(missing|mismatch|invalid\b|not match|does(n't| not) match|not found)|(invalid|missing|unknown|incorrect|mismatch(ed|ing)?)[ _](oauth )?state\b|state[_ ]mismatch|mismatching_state|(Invalid|Mismatching|Missing)State(Exception|Error)?\b|authorization_request_not_found|csrf_detected|bad_oauth_state|AuthStateMissing|InvalidCheck: ?(state|nonce|pkce)|pkceCodeVerifier (cookie|value)|CSRF (warning|detected|attack)|checks\.state|failed (to verify|verifying) (the )?state|Unable to verify authorization request state/i,
);
/** The callback's query does not arrive. */
const queryCut =
  /(request|query|parameters?|\$?_?GET|all\(\))[^.;]{0,40}\b(empty|cut|dropped|lost|missing|truncat\w{0,4}|255|512)\b|empty (array|request|query)/i;

/** The way back from Google's page to the program. */
export const callbackRules = rulesWith(
  {
    docs: 'https://developers.google.com/identity/protocols/oauth2/web-server#handlingresponse',
    stages: ['exchange', 'signin-config', 'code-input'],
  },
  [
    {
      cause: 'state-mismatch',
      why: 'The answer’s state is not the one that this browser’s session began with: the session or its cookie was lost on the way.',
      fix: [
        'Begin and end the sign-in on one host (localhost is not 127.0.0.1, www. is another), with a cookie of SameSite=Lax, and Secure only on https.',
        'Keep the state where every instance of the server finds it. Do not skip the check: it holds off forged sign-ins.',
      ],
      docs: 'https://www.rfc-editor.org/rfc/rfc6749#section-10.12',
      stages: ['exchange', 'signin-config', 'code-input'],
      proves: unless(stateLost, told(queryCut)),
      speaksFor: stateLost,
      fits: told(sessionLost, /state[^.;]{0,30}(mismatch|differs|lost|missing|not the same)/i),
    },
    {
      cause: 'callback-parameters-cut',
      why: 'The server cuts the callback’s query or drops it (a limit of its length, a redirect, a rewrite), so code and state do not arrive.',
      fix: 'Look at the query that the program receives; raise the limit (suhosin.get.max_value_length, large_client_header_buffers) and keep the query in redirects and rewrites.',
      docs: 'https://developers.google.com/identity/protocols/oauth2/web-server#handlingresponse',
      stages: ['exchange', 'signin-config', 'code-input'],
      speaksFor: told(
        queryCut,
        /max(imum)? (length|size)[^.;]{0,40}(query|get|url|parameter)|suhosin|mod_?security/i,
        /(page|site|server|which|it|path|route)\b[^.;]{0,20} redirects (me )?(on )?to (another|a different|the|my)\b/i,
      ),
      suggests: all(stateLost, told(queryCut)),
    },
    {
      cause: 'callback-seen-as-http',
      why: 'The library refuses a callback address that begins with http://: behind a proxy the program does not know that it is reached by https.',
      fix: [
        'Have the proxy send X-Forwarded-Proto and the program believe it (ProxyFix, SECURE_PROXY_SSL_HEADER, trust proxy).',
        'OAUTHLIB_INSECURE_TRANSPORT=1 is for localhost alone.',
      ],
      docs: 'https://oauthlib.readthedocs.io/en/latest/oauth2/security.html',
      stages: ['exchange', 'signin-config'],
      proves: mentions(/insecure_?transport|OAuth 2 MUST utili[sz]e https/i),
      speaksFor: says(/invalid_redirect_uri_parameter/i),
      fits: told(/nginx|proxy|cloudflare|heroku|load ?balancer|behind/i),
    },
  ],
);
