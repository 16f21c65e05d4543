import {
  all,
  any,
  clientIs,
  errorIs,
  fact,
  mentions,
  rulesWith,
  says,
  stageIs,
  told,
  unless,
} from './rule.js';

const popupClosed =
  /popup_closed(_by_user)?\b|popup[- ]closed[- ]by[- ]user|popup window (was |has been )?closed|window\.closed/i;
const sessionLost =
  /(cookie|session)s?[^.;]{0,40}(missing|lost|gone|blocked|SameSite|secure|domain|not (set|kept|sent|shared)|expired|cleared|differs?|different)|SameSite|(two|several|multiple|other|another) (instances?|tabs?|workers?|pods?|servers?|processes)|(localhost|127\.0\.0\.1)[^.;]{0,40}(127\.0\.0\.1|localhost)|www\./i;

/** The state did not come back as it went. */
const stateLost = says(
  /\bstate\b['"]? ?(cookie|value|parameter|param)?[^.;]{0,40}(missing|mismatch|invalid\b|not match|does(n't| not) match|not found)|(invalid|missing|unknown|incorrect|mismatch(ed|ing)?)[ _](oauth )?state\b|state[_ ]mismatch|mismatching_state|(Invalid|Mismatching|Missing)State(Exception|Error)?\b|authorization_request_not_found|csrf_detected|bad_oauth_state|AuthStateMissing|InvalidCheck: ?(state|nonce|pkce)|pkceCodeVerifier (cookie|value)|CSRF (warning|detected|attack)|checks\.state|failed (to verify|verifying) (the )?state|Unable to verify authorization request state/i,
);
/** The callback's query does not arrive. */
const queryCut =
  /(request|query|parameters?|\$?_?GET|all\(\))[^.;]{0,40}\b(empty|cut|dropped|lost|missing|truncat\w{0,4}|255|512)\b|empty (array|request|query)/i;

/** The person changed the client in the console a moment ago, which takes effect later. */
export const justChanged =
  /(added|registered|saved|changed|created)[^.;]{0,30}(just now|minutes? ago|an hour ago|a moment ago)|\b(just|only now) (added|registered|saved|changed|created)\b/i;
const refusedSetting = any(
  errorIs('redirect_uri_mismatch', 'origin_mismatch', 'invalid_client'),
  says(/not a valid origin|origin is not allowed|has not been whitelisted/i),
);
/** Google's page for an app that it did not verify, and for one that an administrator did not trust. */
export const appBlocked = /this app (is|has been) blocked/i;
export const ofADomain =
  /workspace|g ?suite|organi[sz]ation|\bdomain\b|school|universit|company|work account|administrator/i;
const webType = /not allowed for ["'“]?Web["'”]? client type/i;
const schemeAuthority = /custom schemes? cannot have (an )?authority/i;

/** What the browser does between Google's pages and the site: pop-ups, cookies, the way back. */
export const browserRules = rulesWith(
  {
    docs: 'https://developers.google.com/identity/protocols/oauth2/web-server#httprest_1',
    stages: ['signin-config'],
  },
  [
    {
      cause: 'auth-library-deprecated',
      why: 'The page uses Google’s old sign-in library (gapi.auth2), which is closed to clients made since 2022.',
      fix: 'Move to Google Identity Services (https://accounts.google.com/gsi/client); for a code use google.accounts.oauth2.initCodeClient.',
      docs: 'https://developers.google.com/identity/gsi/web/guides/gis-migration',
      proves: says(
        /libraries for user authentication or authorization that (will soon be|are) deprecated|new clients must use the new libraries/i,
      ),
      speaksFor: told(
        /gapi\.auth2|platform\.js|react-google-login|(old|deprecated) (google )?(sign-?in|auth) (library|lib|js)/i,
      ),
      fits: says(/idpiframe_initialization_failed/i),
    },
    {
      cause: 'third-party-cookies-blocked',
      why: 'The browser blocks third-party cookies, which this way of signing in needs to hear from Google’s window.',
      fix: 'Use the redirect flow, or Google Identity Services with FedCM; a person can allow cookies of accounts.google.com for the site.',
      docs: 'https://developers.google.com/identity/sign-in/web/troubleshooting',
      proves: says(/Cookies are not enabled in current environment/i),
      speaksFor: [
        says(/third[- ]party cookies/i),
        says(/gsi\/status[^;]{0,120}\bCORS\b|\bCORS\b[^;]{0,120}gsi\/status/i),
        told(
          /(third|3rd)[- ]party (cookies?|data|storage)|cookies? (are |is )?(blocked|disabled|off)|block\w{0,20} (all )?cookies/i,
        ),
        all(
          any(says(popupClosed), says(/idpiframe_initialization_failed/i)),
          told(/incognito|private (mode|window|browsing)|\bbrave\b|tracking prevention|ad-?block/i),
        ),
      ],
      fits: all(
        says(popupClosed),
        told(
          /(did|does|do|after)[^.;]{0,20}(choos|chose|pick|select)|cookies?|third[- ]party|some users|other browsers|only (in |on )?(chrome|safari|firefox)/i,
        ),
      ),
    },
    {
      cause: 'opener-policy-cuts-popup',
      why: 'The page’s Cross-Origin-Opener-Policy cuts it off from Google’s pop-up, whose answer never arrives.',
      fix: 'Send Cross-Origin-Opener-Policy: same-origin-allow-popups with the page that opens the pop-up. The warning alone is harmless where the sign-in goes through.',
      docs: 'https://developers.google.com/identity/gsi/web/guides/get-google-api-clientid#cross_origin_opener_policy',
      // A mere warning where the sign-in goes through, and then something else failed.
      speaksFor: mentions(/Cross-Origin-Opener-(Policy|Privacy)|\bCOOP\b/i),
      fits: mentions(/window\.(closed|postMessage|opener)|blank (popup|window)/i),
    },
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
    {
      cause: 'redirect-uri-private-address',
      why: 'The redirect URI names a private network address (192.168.…, 10.…), which Google takes from no web client.',
      fix: 'Use a name (https://app.example.com, in /etc/hosts if need be), or http://localhost with a tunnel or on the same machine.',
      docs: 'https://developers.google.com/identity/protocols/oauth2/web-server#uri-validation',
      proves: mentions(/device_id and device_name are required/i),
      speaksFor: [
        mentions(/must end with a public top-level domain|private IP/i),
        fact(
          ({ redirectUri }) =>
            redirectUri !== undefined &&
            /^https?:\/\/(10\.|192\.168\.|172\.(1[6-9]|2\d|3[01])\.)/i.test(redirectUri) &&
            'the redirect URI names a private address',
        ),
      ],
    },
    {
      cause: 'redirect-uri-raw-ip',
      why: 'The redirect URI has an IP address as its host; apart from loopback Google takes only names.',
      fix: 'Use a name with a public top-level domain (a free one such as sslip.io does), or http://localhost on the same machine.',
      docs: 'https://developers.google.com/identity/protocols/oauth2/web-server#uri-validation',
      speaksFor: [
        fact(
          ({ redirectUri = '', authorization }) =>
            [redirectUri, authorization?.redirectUri ?? ''].some((uri) => isPublicIp(uri)) &&
            'the redirect URI has an IP address as its host',
        ),
        says(
          /redirect_?uri["']?\s{0,4}[=:]\s{0,4}["']?https?(:|%3A)(\/|%2F){2}(?!127\.|10\.|192\.168\.)\d{1,3}(\.\d{1,3}){3}/i,
        ),
        told(
          /(redirect|callback|origin)[^.;]{0,60}\b(raw|bare|public) IP\b|\bIP address\b[^.;]{0,30}(redirect|callback)/i,
        ),
      ],
    },
    {
      cause: 'redirect-uri-malformed',
      why: 'The redirect URI is no whole address: its scheme is missing or written twice, or it has a fragment, a wildcard or a blank.',
      fix: 'Write it in full, such as https://app.example.com/callback, in the setting that the program builds it from (a base URL, a domain), and register the same.',
      docs: 'https://developers.google.com/identity/protocols/oauth2/web-server#uri-validation',
      stages: ['signin-config', 'exchange'],
      speaksFor: [
        says(
          /redirect_?uri["']?\s{0,4}[=:]\s{0,4}["']?(?!https?(:|%3A)|urn|com\.|postmessage|\w{1,40}(:|%3A)(\/|%2F)|[{<])[\w-]{1,40}(\.|:\d|\/| flowName|["']?$|["']?\s)/i,
          /redirect_?uri["']?\s{0,4}[=:]\s{0,4}["']?https?(:|%3A)(\/|%2F){2}https?(:|%3A)/i,
          /Invalid parameter value for redirect_uri|redirect_uri[^.;]{0,40}(missing authority|missing scheme|must not contain|fragment)|Invalid Redirect: /i,
        ),
        fact(
          ({ redirectUri = '', authorization }) =>
            [redirectUri, authorization?.redirectUri ?? ''].some(
              (uri) =>
                /^[\w-]{1,60}(\.[\w-]{1,60}){0,9}(:\d{1,5})?(\/|$)/.test(uri) &&
                !/^postmessage$/.test(uri),
            ) && 'the redirect URI has no scheme',
        ),
        all(
          says(/for keeping apps secure|validation rules|invalid_request/i),
          told(
            /(domain|url|host|base|origin|uri)\w{0,10}\s{0,4}[=:]\s{0,4}["']?(?!https?:)[\w-]{1,60}(\.[\w-]{1,60}){1,5}/i,
          ),
        ),
      ],
    },
    {
      cause: 'authorization-url-too-long',
      why: 'So many scopes or so long a state make the address of the authorization request too long, and Google’s page answers 400.',
      fix: 'Ask for fewer scopes (drop those that another includes; ask for the rest when they are needed) and keep long values in the session instead of state.',
      docs: 'https://developers.google.com/identity/protocols/oauth2/web-server#incrementalAuth',
      proves: says(/\b414 (Request-)?URI|\bURI Too Long|Request-?URI too large/i),
      speaksFor: all(
        says(/\b400\b|Bad Request|malformed/i),
        told(
          /\b(\d{2,3}|many|all|dozens of|too many|long list of) scopes|long (url|address|state)|scopes[^.;]{0,30}(fewer|less|half|some) [^.;]{0,20}work/i,
        ),
      ),
    },
    {
      cause: 'custom-scheme-not-enabled',
      why: 'The redirect URI has a scheme of the app’s own, which this client may not use.',
      fix: 'Android: use Google’s SDK, or switch on custom URI schemes in the client’s advanced settings. Web clients take http(s) alone; iOS clients the reversed client ID.',
      docs: 'https://developers.google.com/identity/protocols/oauth2/native-app',
      proves: mentions(
        /custom (uri )?scheme(s| uris?)? (is|are) not (enabled|allowed|supported)|custom scheme uris are not/i,
      ),
      speaksFor: says(
        /redirect_ur[il]:? ?Missing scheme|Invalid parameter value for redirect_uri/i,
      ),
      rulesOut: says(webType, schemeAuthority),
    },
    {
      cause: 'web-client-with-custom-scheme',
      why: 'A client of type "Web application" is used with a redirect URI that has the app’s own scheme.',
      fix: 'Make a client of type iOS or Android for the app, and give the app its ID; the web client is for the server.',
      docs: 'https://developers.google.com/identity/protocols/oauth2/native-app',
      proves: says(webType),
    },
    {
      cause: 'custom-scheme-with-authority',
      why: 'The redirect URI has two slashes after the app’s own scheme, so its path is taken for a host.',
      fix: 'Write one slash: com.googleusercontent.apps.<number>-<hash>:/oauthredirect.',
      docs: 'https://developers.google.com/identity/protocols/oauth2/native-app#redirect-uri_custom-scheme',
      proves: says(schemeAuthority),
    },
    {
      cause: 'ios-bundle-id-mismatch',
      why: 'The iOS client is registered for another bundle ID than that of the app that runs.',
      fix: 'Make an iOS client with the bundle ID of the running app (in Expo Go that is host.exp.Exponent), or run a build of your own.',
      docs: 'https://developers.google.com/identity/sign-in/ios/start-integrating',
      speaksFor: [
        // An iOS client has no redirect URIs that a person could register.
        all(errorIs('redirect_uri_mismatch'), clientIs('ios')),
        told(
          /bundle ?id(entifier)?[^.;]{0,40}(differ|another|other|wrong|mismatch|not the same)|host\.exp\.exponent/i,
        ),
      ],
    },
    {
      cause: 'settings-not-yet-effective',
      why: 'A change of the client takes from five minutes to some hours until Google applies it everywhere.',
      fix: 'Check that the change was saved at the client whose ID the program sends; wait, then try in a private window.',
      docs: 'https://support.google.com/cloud/answer/15549257',
      speaksFor: [
        all(
          refusedSetting,
          told(
            justChanged,
            /(has|have|is|was|are)\b[^.;]{0,20}(definitely|certainly|already|correctly) (been )?(whitelisted|added|registered|saved|entered|set)/i,
          ),
        ),
        all(refusedSetting, told(justChanged)),
      ],
    },
    {
      cause: 'consent-screen-incomplete',
      why: 'The project’s consent screen was never filled in, or its support address is missing.',
      fix: 'Fill it in under Cloud console, Branding: app name, support address and contact; save, and wait a few minutes.',
      docs: 'https://support.google.com/cloud/answer/15549049',
      proves: [
        errorIs('restricted_client'),
        mentions(
          /restricted_client|not yet configured to make OAuth requests|set up the app['’]?s OAuth consent screen/i,
        ),
        told(
          /\b(no|without|missing|empty|not (set|filled))[^.;]{0,30}support (e-?mail|address)|(fill|add|enter|sett)\w{0,20}( in| out)? [^.;]{0,24}support (e-?mail|address)|support (e-?mail|address)[^.;]{0,40}(missing|empty|not (set|filled)|never)|consent screen[^.;]{0,40}(not (yet )?(filled|configured|saved|complete|set up)|incomplete|never (filled|configured|saved|set up))|(never|not yet|did not|didn'?t|forgot to) (fill|configure|save|set up)[^.;]{0,20}consent screen/i,
        ),
      ],
      // Without a server, an app needs no web client: then the screen comes before the ID.
      fits: all(
        says(/ApiException: ?(10|12500)\b|DEVELOPER_ERROR/i),
        mentions(/PlatformException|flutter|google_sign_in|firebase|consent screen/i),
      ),
      rulesOut: told(/consent screen is (set up|complete|filled|configured|saved)/i),
    },
    {
      cause: 'unverified-app-blocked',
      why: 'Google blocks this app’s request for sensitive scopes, because it did not verify the app.',
      fix: 'Ask for narrower scopes (drive.appdata and drive.file need no verification), have the app verified, or use a client of your own.',
      docs: 'https://support.google.com/cloud/answer/7454865',
      proves: mentions(
        /(tried|attempted) to access sensitive info/i,
        /应用已被阻止|敏感信息|application (est|a été) bloquée|App wurde blockiert|aplicación (está|ha sido) bloqueada|app (está|foi) bloquead[oa]|приложение заблокировано/i,
      ),
      speaksFor: unless(mentions(appBlocked), told(ofADomain)),
      fits: [mentions(appBlocked), told(/restricted scope|sensitive scope|full drive|gmail/i)],
    },
    {
      cause: 'loopback-flow-blocked',
      why: 'A client of type Android, iOS or Chrome was used with a loopback redirect, which Google refuses for these.',
      fix: 'Use a client of type "Desktop app" for loopback, or Google’s SDK on the phone.',
      docs: 'https://developers.google.com/identity/protocols/oauth2/resources/loopback-migration',
      proves: mentions(
        /loopback flow has been blocked|loopback[^.;]{0,30}(is )?(deprecated|blocked|no longer)/i,
      ),
    },
    {
      cause: 'authorization-parameter-missing',
      why: 'The authorization request lacks a parameter that Google needs.',
      fix: 'Print the address that the browser is sent to: client_id, redirect_uri, response_type=code and scope must be in it, none of them empty.',
      proves: unless(
        says(
          /(Missing (required )?parameter|Required parameter is missing): ?(scope|redirect_uri|response_type)/i,
        ),
        told(
          /\b(url|address|request|link) (does|do|certainly|clearly) (include|contain|have|carry)|response_type=code[^.;]{0,20}\b(is|stands) (in|there)\b/i,
          // Google says so, too, of an account that an internal app does not admit.
          /\b(app|type|audience|screen|client)\b[^.;]{0,20}\binternal\b/i,
        ),
        all(says(/parameter: ?redirect_uri/i), stageIs('exchange', 'a code was exchanged')),
      ),
      speaksFor: told(/\b(no|without|missing|empty) (scopes?|redirect_uri|response_type)\b/i),
    },
    {
      cause: 'prompt-parameters-conflict',
      why: 'The authorization request has prompt and its predecessor approval_prompt, which exclude each other.',
      fix: 'Leave approval_prompt out: prompt=consent does the same.',
      proves: mentions(/Conflict params: ?approval_prompt|approval_prompt and prompt/i),
    },
    {
      cause: 'sign-in-needs-a-page',
      why: 'The request asked for no page (prompt=none), and Google would have to show one: nobody is signed in, or consent is missing.',
      fix: 'Take it as an answer, and send the person through the usual sign-in without prompt=none.',
      docs: 'https://openid.net/specs/openid-connect-core-1_0.html#AuthError',
      stages: ['signin-config', 'exchange'],
      proves: says(
        /interaction_required|immediate_failed|\blogin_required\b|consent_required|account_selection_required|user_logged_out/i,
      ),
      fits: told(/prompt["']?\s{0,4}[:=]\s{0,4}["']?none|iframe|silent/i),
    },
    {
      cause: 'referrer-policy-hides-origin',
      why: 'The page’s Referrer-Policy keeps its origin from Google’s button, which then takes the origin for one that is not registered.',
      fix: 'Send Referrer-Policy: strict-origin-when-cross-origin (for http://localhost no-referrer-when-downgrade) with the page.',
      docs: 'https://developers.google.com/identity/gsi/web/guides/get-google-api-clientid',
      speaksFor: all(
        says(/origin is not allowed|not a valid origin|origin_mismatch/i),
        told(/referrer_?-?policy|helmet|no-referrer|SecurityMiddleware/i),
      ),
      fits: mentions(/referrer_?-?policy/i),
    },
    {
      cause: 'one-tap-status-methods',
      why: 'A warning and no failure: the page asks One Tap whether it is displayed, which FedCM no longer tells.',
      fix: 'Leave isDisplayMoment, isNotDisplayed, getNotDisplayedReason and getSkippedReason out, set use_fedcm_for_prompt: true, or update the library that calls them.',
      docs: 'https://developers.google.com/identity/gsi/web/guides/fedcm-migration',
      proves: says(/One Tap prompt UI status methods/i),
    },
    {
      cause: 'one-tap-unavailable',
      why: 'One Tap did not show: nobody is signed in to Google, the person closed it lately, or the browser’s settings forbid it.',
      fix: 'Offer the button beside it; One Tap returns by itself after its pause, and third-party sign-in can be allowed in the browser’s site settings.',
      docs: 'https://developers.google.com/identity/gsi/web/guides/fedcm-migration',
      proves: says(
        /opt_out_or_no_session|suppressed_by_user|issuing_failed|FedCM (get\(\) rejects|was disabled)|NetworkError: Error retrieving a token|tap_outside|unregistered_origin/i,
      ),
      fits: told(/one[- ]?tap|FedCM/i),
      rulesOut: says(/unregistered_origin|origin is not allowed/i),
    },
  ],
);

/** Whether the host of an address is an IP address that is not of this machine or a private network. */
function isPublicIp(uri: string): boolean {
  return /^https?:\/\/(?!127\.|10\.|192\.168\.|172\.(1[6-9]|2\d|3[01])\.)\d{1,3}(\.\d{1,3}){3}(?![\w.-])/i.test(
    uri,
  );
}
