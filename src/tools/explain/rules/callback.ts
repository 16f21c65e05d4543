import {
  all,
  any,
  clientIs,
  errorIs,
  mentions,
  not,
  redirectUriIs,
  rulesWith,
  says,
  sourceIs,
  told,
  unless,
  usual,
} from './rule.js';

const sessionLost =
  /(cookie|session)s?[^.;]{0,40}(missing|lost|gone|blocked|SameSite|secure|domain|not (set|kept|sent|shared)|expired|cleared|differs?|different)|SameSite|(two|several|multiple|other|another) (instances?|tabs?|workers?|pods?|servers?|processes)|(localhost|127\.0\.0\.1)[^.;]{0,40}(127\.0\.0\.1|localhost)|www\./i;

/** The state did not come back as it was sent, in the words of many frameworks. */
const stateLost = says(
  /\bstate\b['"]? ?(cookie|value|parameter|param)?[^.;]{0,40}(missing|mismatch|invalid\b|not match|does(n't| not) match|not found)|(invalid|missing|unknown|incorrect|bad|mismatch(ed|ing)?)[ _](oauth )?state\b|state[_ ](\w{1,12}_)?(mismatch|not[_ ](found|return|present))|mismatching_state|(Invalid|Mismatching|Missing)State(Exception|Error)?\b|authorization_request_not_found|csrf_detected|bad_oauth_state|AuthState(Missing|Forbidden)|InvalidCheck: ?(state|nonce|pkce)|pkceCodeVerifier (cookie|value)|CSRF (warning|detected|attack)|checks\.state|failed (to verify|verifying) (the )?state|\bstate (check|validation|verification) failed|no state[^.;]{0,12} (stored )?in (the )?session|Unable to verify authorization request state/i,
  /Correlation failed|Correlation\b[^;]{0,60} cookie not found|wrong_state|invalid_state|(csrf|xsrf)[ _-]?(token|cookie|state)[^.;]{0,40}(not found|missing|invalid|mismatch|valid)|valid CSRF (token|cookie)|csrf_attack|Cross-Site Request Forgery|securecookie: the value is not valid|please_restart_the_process|Missing \w{1,20} request token cookie|unexpected "?state\b|Unable to verify re-?directed state|Session value state|unsolicited (response|callback)|missing session or misconfigured provider|no valid flow state|missing saved state|(unable|failed) to (obtain|find)[^.;]{0,16} (csrf|xsrf|state)|requires? session support|(no|find)[^.;]{0,20} (pending|matching) (auth\w{0,10} )?(request|session|login)/i,
);
/** The callback's query does not arrive. */
const queryCut =
  /(request|query|parameters?|\$?_?GET|all\(\))[^.;]{0,40}\b(empty|cut|dropped|lost|missing|truncat\w{0,4}|255|512)\b|empty (array|request|query)/i;

/** Google registers no http:// address of a web client but one of this machine. */
const sentAsHttp = redirectUriIs(
  /http(:|%3A)(\/|%2F){2}(?!localhost|127\.|\[?::1|\d)[\w-]{1,60}\.[\w.-]{1,80}/,
  'the redirect URI begins with http://',
);
const behindProxy =
  /nginx|proxy|cloudflare|heroku|load ?balancer|ingress|behind|traefik|caddy|https\b|\bssl\b|\btls\b/i;
/** Google's page names an address of this machine or of a container's network. */
const sentAsLocal = redirectUriIs(
  /http(:|%3A)(\/|%2F){2}(localhost|127\.|0\.0\.0\.0|\[?::1|172\.|10\.)/,
  'the redirect URI names this machine',
);
/** The program is not where its users are: it has a public name, or runs on somebody's server. */
const published =
  /reverse[- ]?proxy|nginx|traefik|caddy|apache|load ?balancer|ingress|cloudflare|\bproduction\b|deployed|kubernetes|web\.base\.url|(base|public|site|root)_?url|\b(VPS|EC2|NAS|droplet|self-?host\w{0,3}|hosted|domain|cloud run|app engine)\b|\b(on|to) (a|an|my|our|the) (\w{1,12} )?server\b|\b(on|to|at) (render|railway|fly\.io|heroku|vercel|netlify|azure|aws|digital ?ocean|yunohost)\b/i;
/** In the person's words, what is sent is the address of the inside. */
const saidToBeInner = told(
  /https[^.;]{0,60}\bhttp\b(?!s)|(sends?|sent|goes out|generat\w{1,4}|uses?|builds?|is|becomes|has|with|shows|asks?|redirect\w{0,3}) [^.;]{0,30}\bhttp\b(?!s)|http(:\/\/)? (instead|rather|not https|and not)|X-Forwarded|ForwardedHeaders|(redirect\w{0,3}|callback|goes|sends?|sent|ur[il])\b[^.;]{0,40}\b(localhost|127\.0\.0\.1)\b/i,
);
/** Google's words for a redirect URI that the client does not have. */
export const notRegistered =
  /did not match a registered redirect|redirect URI.{0,40}(in the request).{0,80}(match|not)|redirect_?uri.{0,40}not (been )?(registered|authori[sz]ed|allowed)|Error 400: ?redirect_uri_miss?match|(does not|doesn['’]t) match the ones authori[sz]ed|register the redirect URI|not authori[sz]ed for the OAuth client/i;
const refused = any(errorIs('redirect_uri_mismatch'), says(notRegistered));
/** The program listens on this machine, as a rule on any port. */
const listensHere =
  /\brandom[^.;]{0,20}\b(port|ur[il]|address|localhost)\b|\bport\b[^.;]{0,30}\b(random|differs|changes|(each|every) (time|run))|(each|every) (time|run)\b[^.;]{0,30}\bport\b|run_local_server|InstalledAppFlow|GoogleWebAuthorizationBroker|LocalServerReceiver|local-auth|\bquick-?start\b/i;
/** A web client, which accepts only registered ports, in a program that listens on any. */
export const webClientHere = all(
  errorIs('redirect_uri_mismatch'),
  clientIs('web'),
  any(
    told(listensHere),
    redirectUriIs(
      /http(:|%3A)(\/|%2F){2}(localhost|127\.0\.0\.1)(:|%3A)(3[2-9]|[4-6]\d)\d{3}(?!\d)/,
      'the redirect URI has a port that nobody chose',
    ),
  ),
);
/** A program on the machine of its user waits there, and needs no other address. */
const isLocalProgram = any(sourceIs('desktop'), clientIs('installed'));
const saidToBeSeenAsHttp = all(refused, saidToBeInner, told(behindProxy, published));
/** The site is reached by https or by a name, and what was sent is the address behind its proxy. */
export const seenAsHttp = any(
  all(sentAsHttp, told(behindProxy, published)),
  unless(all(sentAsLocal, told(published)), isLocalProgram),
  // Nobody can register such an address.
  sentAsHttp,
);
/** The refused address is perhaps the one behind the proxy. */
export const maybeInner = any(unless(sentAsLocal, isLocalProgram), saidToBeSeenAsHttp);
const googleButton = /g_csrf_token|data-login_uri|login_uri/i;

/** The way back from Google's page to the program. */
export const callbackRules = rulesWith(
  {
    docs: 'https://developers.google.com/identity/protocols/oauth2/web-server#handlingresponse',
    stages: ['exchange', 'signin-config', 'code-input'],
  },
  [
    {
      cause: 'state-mismatch',
      why: 'The state that came back does not match the one in this browser’s session: the session or its cookie was lost on the way.',
      fix: [
        'Start and end the sign-in on the same host (localhost is not 127.0.0.1, www.example.com is not example.com). Set the cookie with SameSite=Lax, and with Secure only on https.',
        'Set up the session before the framework (express-session before passport). If there are several instances, keep it where all of them can read it. Do not disable the check: it stops forged sign-ins.',
      ],
      docs: 'https://www.rfc-editor.org/rfc/rfc6749#section-10.12',
      proves: unless(stateLost, told(queryCut, googleButton), says(googleButton)),
      speaksFor: unless(stateLost, says(googleButton)),
      fits: told(sessionLost, /state[^.;]{0,30}(mismatch|differs|lost|missing|not the same)/i),
      alike: usual({
        'callback-parameters-cut':
          'Print the query that the callback receives: state or code is missing from it.',
        'client-configured-twice':
          'Google is set up in two places, such as devise.rb and omniauth.rb.',
        'callback-not-handled':
          'The redirect URI leads to another program than the one that began the sign-in.',
      }),
    },
    {
      cause: 'callback-parameters-cut',
      why: 'The server truncates or drops the callback’s query (a length limit, a redirect, a rewrite), so code and state do not arrive.',
      fix: 'Print the query that the program receives. Raise the limit (suhosin.get.max_value_length, large_client_header_buffers), and keep the query in redirects and rewrites.',
      speaksFor: [
        says(/AuthMissingParameter|Missing needed parameter/),
        told(
          queryCut,
          /max(imum)? (length|size)[^.;]{0,40}(query|get|url|parameter)|suhosin|mod_?security/i,
          /(page|site|server|which|it|path|route)\b[^.;]{0,20} redirects (me )?(on )?to (another|a different|the|my)\b/i,
        ),
      ],
      suggests: all(stateLost, told(queryCut)),
      fits: told(/\b(cloudfront|varnish|akamai|CDN)\b/i),
    },
    {
      cause: 'callback-seen-as-http',
      why: 'The program uses the address behind its proxy (http://, localhost, an internal port) instead of its public one.',
      fix: [
        'Make the proxy send X-Forwarded-Proto, and make the program trust it (ProxyFix, SECURE_PROXY_SSL_HEADER, trust proxy, UseForwardedHeaders, TrustProxies).',
        'Or configure the program’s public address: AUTH_URL or NEXTAUTH_URL (Auth.js), APP_URL (Laravel), root_url (Grafana), WEBHOOK_URL (n8n), overwriteprotocol (Nextcloud), web.base.url and proxy_mode (Odoo), url (NodeBB, Strapi).',
        'Set OAUTHLIB_INSECURE_TRANSPORT=1 only on localhost.',
      ],
      docs: 'https://oauthlib.readthedocs.io/en/latest/oauth2/security.html',
      stages: ['exchange', 'signin-config'],
      proves: [
        mentions(/insecure_?transport|OAuth 2 MUST utili[sz]e https/i),
        all(refused, seenAsHttp),
      ],
      speaksFor: [
        says(
          /invalid_redirect_uri_parameter/i,
          /\bredirect[_ ]?ur[il]\b[^;]{0,20}\bhttp:\/\/[^;]{0,80}\b(not|instead of|rather than) https\b/i,
          /information you.re about to submit is not secure/i,
        ),
        all(
          says(/localhost(:\d{1,5})?\/\S{0,80}[?&]error=/i),
          told(/\b(production|deploy\w{0,5}|vercel|netlify|heroku|railway|cloud run|live)\b/i),
        ),
        all(refused, saidToBeInner),
        saidToBeSeenAsHttp,
        sentAsHttp,
      ],
      fits: told(behindProxy),
      rulesOut: all(
        errorIs('redirect_uri_mismatch'),
        says(/redirect_?uri["']?\s{0,4}[=:]\s{0,4}https(:|%3A)/i),
      ),
      alike: usual({
        'redirect-uri-not-registered':
          'The refused address is the public one: copy it into the client: --auth-url.',
      }),
    },
    {
      cause: 'id-token-posted-to-code-callback',
      why: 'Google’s sign-in button posts an ID token (credential, g_csrf_token) to an address that expects a code and its state.',
      fix: 'Give the button a separate login_uri that verifies the ID token, or start the framework’s own sign-in instead of using Google’s button.',
      docs: 'https://developers.google.com/identity/gsi/web/guides/verify-google-id-token',
      speaksFor: mentions(/g_csrf_token/i),
      suggests: all(
        any(stateLost, says(/CSRF verification failed|Cross-site POST form submissions/i)),
        told(
          googleButton,
          /\bcredential\b[^.;]{0,30}(POST|form|body)|POST[^.;]{0,30}\bcredential\b/i,
        ),
      ),
    },
    {
      cause: 'callback-not-handled',
      why: 'Google sends the browser to an address where the program does not take the code: no handler has this path, or it belongs to another page or service.',
      fix: 'Set and register the path that the framework handles itself (Auth.js /api/auth/callback/google, allauth /accounts/google/login/callback/, Spring /login/oauth2/code/google, Supabase /auth/v1/callback, Socialite your own route), and check that the proxy forwards it.',
      speaksFor: [
        all(
          mentions(/callback|redirect|[?&]code=/i),
          any(
            says(
              /\b404\b[^;]{0,80}(callback|oauth2?|login)|(callback|oauth2?|login)[^;]{0,120}\b404\b|(Cannot|No route matches?) (\[?"?)?GET\]? "?\/\S{0,80}(callback|oauth|code)|(Page|Route|Path|URL|No match)[^;]{0,12} (was )?(not found|found)[^;]{0,80}(callback|oauth|[?&]code=)/i,
            ),
            told(
              /(callback|redirect)[^.;]{0,40}\b(404|not found|no route)\b|\b404\b[^.;]{0,40}(callback|redirect)/i,
            ),
          ),
          not(says(/googleapis\.com|notFound\b/i)),
        ),
        told(
          /(strategy|verify|handler|callback|function|route)\b[^.;]{0,40}\b(is )?never (called|runs?|reached|invoked|fires?)/i,
          /redirect_ur[il][^;]{0,60}(page|route|endpoint) of my (own )?(app|front)/i,
        ),
      ],
      suggests: all(
        redirectUriIs(/https?:\/\/[^/\s]{1,200}\/?$/, 'the redirect URI has no path'),
        not(errorIs('redirect_uri_mismatch')),
      ),
      alike: usual({
        'callback-parameters-cut':
          'The handler runs, but the request that it receives has no code.',
      }),
    },
  ],
);
