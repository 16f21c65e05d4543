import type { AuthorizationRequest } from '../../../core/diagnosis.js';
import {
  all,
  any,
  clientIs,
  errorIs,
  fact,
  mentions,
  redirectUriIs,
  rulesWith,
  says,
  sourceIs,
  stageIs,
  told,
  unless,
  usual,
} from './rule.js';

/** Google's page for an app that it did not verify, and for one that an administrator did not trust. */
export const appBlocked = /this app (is|has been) blocked/i;
export const ofADomain =
  /workspace|g ?suite|organi[sz]ation|\bdomain\b|school|universit|company|work account|administrator/i;
const webType = /not allowed for ["'“]?Web["'”]? client type/i;
/** What stands above a refused redirect URI of any kind. */
export const policyPage = /for keeping apps secure|validation rules/i;
/** A phone’s app, which has no address of its own but a scheme. */
export const fromPhone = any(
  sourceIs('ios', 'android'),
  told(/\bexpo\b|react[- ]native|\bflutter\b|standalone app|\b(apk|aab|ipa)\b/i),
);
const schemeAuthority = /custom schemes? cannot have (an )?authority/i;

/** The required parameters that an authorization request lacks; of Google's error page none are known. */
function missingParameters(authorization: AuthorizationRequest): string {
  const { clientId, redirectUri, responseType, scopes } = authorization;
  if (redirectUri === undefined && responseType === undefined) return '';
  const required = { client_id: clientId, redirect_uri: redirectUri, response_type: responseType };
  const missing = Object.entries(required).filter(([, value]) => !value);
  return [...missing.map(([name]) => name), ...(scopes?.length ? [] : ['scope'])].join(', ');
}
/** What the console says of a host that is no public name. */
const publicName = /must end with a public top-level domain|valid top private domain/i;
/** An IP address that is not of this machine or a private network. */
const rawIp = redirectUriIs(
  /https?(:|%3A)(\/|%2F){2}(?!127\.|10\.|192\.168\.|172\.(1[6-9]|2\d|3[01])\.)\d{1,3}(\.\d{1,3}){3}(?![\w.-])/,
  'the redirect URI has an IP address as its host',
);

/** What the browser does between Google's pages and the site: pop-ups, cookies, the way back. */
export const browserRules = rulesWith(
  {
    docs: 'https://developers.google.com/identity/protocols/oauth2/web-server#httprest_1',
    stages: ['signin-config'],
  },
  [
    {
      cause: 'auth-library-deprecated',
      why: 'The page uses Google’s old sign-in library (gapi.auth2), which does not work for clients created since 2022.',
      fix: 'Migrate to Google Identity Services (https://accounts.google.com/gsi/client). To get a code, use google.accounts.oauth2.initCodeClient.',
      docs: 'https://developers.google.com/identity/gsi/web/guides/gis-migration',
      proves: says(
        /libraries for user authentication or authorization that (will soon be|are) deprecated|new clients must use the new libraries/i,
      ),
      fits: says(/idpiframe_initialization_failed/i),
      // Only the old library says so.
      suggests: all(
        says(/popup_closed_by_user|idpiframe_initialization_failed/i),
        told(/\bnew (client|project|app|credential)|\b202[2-9]\b|gapi\.auth2/i),
      ),
    },
    {
      cause: 'redirect-uri-private-address',
      why: 'The redirect URI names a private network address (192.168.…, 10.…), which Google does not accept from web clients.',
      fix: 'Use a host name (https://app.example.com, in /etc/hosts if necessary), or http://localhost through a tunnel or on the same machine.',
      docs: 'https://developers.google.com/identity/protocols/oauth2/web-server#uri-validation',
      proves: mentions(
        /device_id and device_name are required|Non-public domains? (is |are )?not allowed/i,
      ),
      speaksFor: [
        unless(
          mentions(publicName, /private IP/i),
          says(/Invalid Redirect: https?:\/\/localhost/i),
          rawIp,
        ),
        redirectUriIs(
          /https?:\/\/(10\.|192\.168\.|172\.(1[6-9]|2\d|3[01])\.)/,
          'the redirect URI names a private address',
        ),
      ],
      alike: usual({
        'redirect-uri-malformed': 'The refused address contains a space, or its scheme is missing.',
      }),
    },
    {
      cause: 'redirect-uri-raw-ip',
      why: 'The host of the redirect URI is an IP address. Apart from loopback addresses, Google accepts only host names.',
      fix: 'Use a host name with a public top-level domain (a free one such as sslip.io works), or http://localhost on the same machine.',
      docs: 'https://developers.google.com/identity/protocols/oauth2/web-server#uri-validation',
      proves: says(/Raw IP addresses? (is |are )?not allowed/i),
      speaksFor: [rawIp, all(rawIp, says(publicName))],
    },
    {
      cause: 'redirect-uri-malformed',
      why: 'The redirect URI is not a complete address: its scheme is missing or doubled, or it contains a fragment, a wildcard or a space.',
      fix: 'Write it in full, such as https://app.example.com/callback, in the setting that the program builds it from (a base URL, a domain), and register the same address.',
      docs: 'https://developers.google.com/identity/protocols/oauth2/web-server#uri-validation',
      stages: ['signin-config', 'exchange'],
      speaksFor: [
        says(
          /redirect_?uri["']?\s{0,4}[=:]\s{0,4}["']?(?!https?(:|%3A)|urn|com\.|postmessage|\w{1,40}(:|%3A)(\/|%2F)|[{<])[\w-]{1,40}(\.|:\d|\/| flowName|["']?$|["']?\s)/i,
          /redirect_?uri["']?\s{0,4}[=:]\s{0,4}["']?(\/|%2F|https?(,|%2C|(:|%3A)(\/|%2F){2}https?(:|%3A)))/i,
          /Invalid parameter value for redirect_uri(?!: ?(Raw IP|Non-public))|redirect_uri[^.;]{0,40}(missing authority|missing scheme|must (not contain|be absolute)|fragment)|Invalid Redirect: /i,
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
      why: 'The authorization URL is too long (too many scopes or a very long state), so Google’s page answers 400.',
      fix: 'Ask for fewer scopes (drop those that another one includes, and ask for the rest when you need them), and keep long values in the session instead of in state.',
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
      why: 'The redirect URI has the app’s own scheme, which this client is not allowed to use.',
      fix: 'On Android, use Google’s SDK, or enable custom URI schemes in the client’s advanced settings. Web clients accept only http(s); iOS clients, only the reversed client ID.',
      docs: 'https://developers.google.com/identity/protocols/oauth2/native-app',
      proves: mentions(
        /custom (uri )?scheme(s| uris?)? (is|are) not (enabled|allowed|supported)|custom scheme uris are not/i,
      ),
      speaksFor: says(
        /redirect_ur[il]:? ?Missing scheme|Invalid parameter value for redirect_uri|redirect_uri["']?\s{0,4}[=:]\s{0,4}["']?exps?(:|%3A)/i,
      ),
      suggests: all(says(policyPage), fromPhone),
      rulesOut: says(webType, schemeAuthority),
      alike: usual({
        'web-client-with-custom-scheme': 'The client is a "Web application" client: --client-type.',
        'redirect-uri-malformed': 'The page’s error details show no complete address.',
      }),
    },
    {
      cause: 'web-client-with-custom-scheme',
      why: 'A "Web application" client is used with a redirect URI that has the app’s own scheme.',
      fix: 'Create an iOS or Android client and use its ID in the app. The web client is for the server.',
      docs: 'https://developers.google.com/identity/protocols/oauth2/native-app',
      proves: says(webType),
    },
    {
      cause: 'custom-scheme-with-authority',
      why: 'The redirect URI has two slashes after the app’s own scheme, so its path is read as a host.',
      fix: 'Write only one slash: com.googleusercontent.apps.<number>-<hash>:/oauthredirect.',
      docs: 'https://developers.google.com/identity/protocols/oauth2/native-app#redirect-uri_custom-scheme',
      proves: says(schemeAuthority),
    },
    {
      cause: 'ios-bundle-id-mismatch',
      why: 'The iOS client is not registered for the bundle ID of the running app.',
      fix: 'Create an iOS client with the bundle ID of the running app (in Expo Go, host.exp.Exponent), or run a development build.',
      docs: 'https://developers.google.com/identity/sign-in/ios/start-integrating',
      // An iOS client has no redirect URIs that a person could register.
      speaksFor: all(errorIs('redirect_uri_mismatch'), clientIs('ios')),
    },
    {
      cause: 'consent-screen-incomplete',
      why: 'The project’s consent screen was never filled in, or its support email address is missing.',
      fix: 'Fill it in (Cloud console, Branding) with app name, support email and contact, save it, and wait a few minutes.',
      docs: 'https://support.google.com/cloud/answer/15549049',
      proves: [
        errorIs('restricted_client'),
        mentions(
          /restricted_client|no (application name|support e-?mail)\b|not yet configured to make OAuth requests|set up the app['’]?s OAuth consent screen/i,
        ),
        told(
          /\b(no|without|missing|empty|not (set|filled))[^.;]{0,30}support (e-?mail|address)|(fill|add|enter|sett)\w{0,20}( in| out)? [^.;]{0,24}support (e-?mail|address)|support (e-?mail|address)[^.;]{0,40}(missing|empty|not (set|filled)|never)|consent screen[^.;]{0,40}(not (yet )?(filled|configured|saved|complete|set up)|incomplete|never (filled|configured|saved|set up))|(never|not yet|did not|didn'?t|forgot to) (fill|configure|save|set up)[^.;]{0,20}consent screen/i,
        ),
      ],
      rulesOut: told(/consent screen is (set up|complete|filled|configured|saved)/i),
      alike: usual({
        'provider-not-enabled':
          'In the Firebase console (Authentication, Sign-in method), Google is off.',
      }),
    },
    {
      cause: 'unverified-app-blocked',
      why: 'Google blocks this app’s request for sensitive scopes, because it has not verified the app.',
      fix: 'Ask for narrower scopes (drive.appdata and drive.file need no verification), have the app verified, or use your own client.',
      docs: 'https://support.google.com/cloud/answer/7454865',
      proves: mentions(/(tried|attempted) to access sensitive info/i, /敏感信息/i),
      speaksFor: unless(mentions(appBlocked), told(ofADomain)),
      fits: [mentions(appBlocked), told(/restricted scope|sensitive scope|full drive|gmail/i)],
      alike: usual({
        'admin-policy':
          'Only accounts of one school or company see the page; a private account gets in.',
      }),
    },
    {
      cause: 'unverified-app-warning',
      why: 'Google warns because the app asks for sensitive scopes and is not verified. It is a warning, not a refusal.',
      fix: 'If the app is yours, choose Advanced, then "Go to <app>". If other people use it, have it verified, or ask for scopes that need no verification.',
      docs: 'https://support.google.com/cloud/answer/7454865',
      proves: says(
        /(app|this app) isn['’]t verified|hasn['’]t verified this app|app is not verified/i,
      ),
      rulesOut: says(/Error 40\d|access_denied|being tested|blocked/i),
    },
    {
      cause: 'authorization-parameter-doubled',
      why: 'The authorization request contains a parameter twice, and Google accepts each one only once.',
      fix: 'Print the address that the browser is sent to and look for the parameter that Google names. Often both the library and its options add it (scope, client_id, access_type).',
      proves: says(/parameters can only have a single value/i),
    },
    {
      cause: 'loopback-flow-blocked',
      why: 'An Android, iOS or Chrome client was used with a loopback redirect, which Google refuses for these types.',
      fix: 'Use a "Desktop app" client for loopback redirects, or Google’s SDK on the phone.',
      docs: 'https://developers.google.com/identity/protocols/oauth2/resources/loopback-migration',
      speaksFor: all(
        errorIs('invalid_request'),
        clientIs('android', 'ios'),
        any(
          told(/loopback|localhost|127\.0\.0\.1/i),
          fact(
            ({ redirectUri = '' }) =>
              /^http:\/\/(localhost|127\.|\[::1)/.test(redirectUri) &&
              `the redirect URI sent is ${redirectUri}`,
          ),
        ),
      ),
      proves: mentions(
        /loopback flow has been blocked|loopback[^.;]{0,30}(is )?(deprecated|blocked|no longer)/i,
      ),
    },
    {
      cause: 'authorization-parameter-missing',
      why: 'The authorization request lacks a parameter that Google requires.',
      fix: [
        'Print the address that the browser is sent to. It must have client_id, redirect_uri, response_type=code and scope, and none of them may be empty.',
        'Open the complete address: a terminal that wraps it, or line breaks in a template string, can cut it off.',
      ],
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
        says(/Request details[^;]{0,400}client_id=(\s|$)/i),
      ),
      speaksFor: [
        fact(({ authorization }) => {
          const missing = authorization && missingParameters(authorization);
          return !!missing && `the authorization request has no ${missing}`;
        }),
        // Line breaks and blanks in the address cut it off where they fall.
        all(
          says(/missing (required )?parameter|parameter is missing/i),
          told(
            /template (string|literal)|(several|two|many) lines|line ?breaks?|new ?lines?|console|terminal|wrapped/i,
          ),
        ),
      ],
      fits: says(/missing (required )?parameter|parameter is missing/i),
      alike: usual({
        'client-id-placeholder-or-unset':
          'client_id in the address of the page is empty: --auth-url.',
        'org-internal':
          'The app is Internal, and the account belongs to another organization or to none.',
      }),
    },
    {
      cause: 'prompt-parameters-conflict',
      why: 'The authorization request has both prompt and its predecessor approval_prompt, which exclude each other.',
      fix: 'Remove approval_prompt: prompt=consent does the same.',
      proves: mentions(/Conflict params: ?approval_prompt|approval_prompt and prompt/i),
    },
    {
      cause: 'sign-in-needs-a-page',
      why: 'The request does not allow a page (prompt=none), but Google needs to show one: nobody is signed in, or consent is missing.',
      fix: 'Treat this as a normal response, and send the person through the usual sign-in without prompt=none.',
      docs: 'https://openid.net/specs/openid-connect-core-1_0.html#AuthError',
      stages: ['signin-config', 'exchange'],
      proves: says(
        /interaction_required|immediate_failed|\blogin_required\b|consent_required|account_selection_required|user_logged_out/i,
      ),
      fits: told(/prompt["']?\s{0,4}[:=]\s{0,4}["']?none|iframe|silent/i),
    },
  ],
);
