import {
  all,
  any,
  clientIs,
  errorIs,
  fact,
  mentions,
  rulesWith,
  says,
  sourceIs,
  stageIs,
  told,
  unless,
  usual,
} from './rule.js';

const popupClosed =
  /popup_closed(_by_user)?\b|popup[- ]closed[- ]by[- ]user|popup window (was |has been )?closed|window\.closed/i;

/** A window of Google’s in which nothing appears. */
export const blankWindow =
  /\b(blank|white|empty) (screen|page|window|box|pop-?up)\b|\b(screen|page|window|pop-?up)\b[^.;]{0,24} (is|stays|remains) (blank|white|empty)\b/i;

/** The person changed the client in the console a moment ago, which takes effect later. */
export const justChanged =
  /(added|registered|saved|changed|created)[^.;]{0,30}(just now|minutes? ago|an hour ago|a moment ago)|\b(just|only now) (added|registered|saved|changed|created)\b/i;
/** The person says that it is in the console's list. */
const listed =
  /\b(is|are|was|were|has been|have been|already|have|I|we)\b[^.;]{0,20}(registered|added|listed|whitelisted|entered|authori[sz]ed|correct)\b/i;
const refusedSetting = any(
  errorIs('redirect_uri_mismatch', 'origin_mismatch', 'invalid_client'),
  says(/not a valid origin|origin is not allowed|has not been whitelisted/i),
);

/** The page is served without https, and not from this machine. */
const plainOrigin = mentions(
  /\borigin\b[^;]{0,80}\bhttp(:|%3A)(\/|%2F){2}(?!localhost|127\.|\[?::1)[\w-]{1,60}\.\w|(no|without|not) (https|ssl|tls|a certificate)/i,
);

/** The page of a pop-up, for which nobody chose a redirect URI, is refused. */
export const popupRefused = all(
  errorIs('redirect_uri_mismatch'),
  any(sourceIs('web-popup'), says(/storagerelay/i)),
  stageIs('signin-config', 'it failed on the sign-in page'),
  fact(({ redirectUri = '' }) => !/^https?:/.test(redirectUri) && 'no address was sent'),
);

/** What a page needs before Google's script in it answers: its origin, its headers, its cookies. */
export const originRules = rulesWith(
  {
    docs: 'https://developers.google.com/identity/gsi/web/guides/get-google-api-clientid',
    stages: ['signin-config'],
  },
  [
    {
      cause: 'third-party-cookies-blocked',
      why: 'The browser blocks third-party cookies, which this kind of sign-in needs to receive the result from Google’s window.',
      fix: 'Use the redirect flow, or Google Identity Services with FedCM. A person can also allow cookies from accounts.google.com for the site.',
      docs: 'https://developers.google.com/identity/sign-in/web/troubleshooting',
      proves: says(/Cookies are not enabled in current environment/i),
      speaksFor: [
        says(/third[- ]party cookies/i, /\bauth\/web-storage-unsupported\b/i),
        says(/gsi\/status[^;]{0,120}\bCORS\b|\bCORS\b[^;]{0,120}gsi\/status/i),
        told(
          /(third|3rd)[- ]party (cookies?|data|storage)|cookies? (are |is )?(blocked|disabled|off)|block\w{0,20} (all )?cookies/i,
        ),
        all(
          any(says(popupClosed), says(/idpiframe_initialization_failed/i)),
          told(/incognito|private (mode|window|browsing)|\bbrave\b|tracking prevention|ad-?block/i),
        ),
        all(
          told(/(?<!work\w{0,3} (fine )?in )(incognito|private (mode|window|browsing))/i),
          told(/\bcookies?\b/i),
        ),
      ],
      fits: all(
        says(popupClosed),
        told(
          /(did|does|do|after)[^.;]{0,20}(choos|chose|pick|select)|cookies?|third[- ]party|some users|other browsers|only (in |on )?(chrome|safari|firefox)/i,
        ),
      ),
      alike: usual({
        'auth-domain-differs':
          'Firebase’s signInWithRedirect is used, and authDomain is not the site’s domain.',
        'origin-not-registered':
          'The window shows an error before it closes, or its address returns 400 or 403.',
      }),
    },
    {
      cause: 'opener-policy-cuts-popup',
      why: 'The page’s Cross-Origin-Opener-Policy cuts it off from Google’s pop-up, so the result never arrives.',
      fix: 'Send Cross-Origin-Opener-Policy: same-origin-allow-popups with the page that opens the pop-up. If the sign-in works, you can ignore the warning.',
      docs: 'https://developers.google.com/identity/gsi/web/guides/get-google-api-clientid#cross_origin_opener_policy',
      // A mere warning where the sign-in goes through, and then something else failed.
      speaksFor: [
        mentions(/Cross-Origin-Opener-(Policy|Privacy)|\bCOOP\b/i),
        // They send the strict policy unless they are told otherwise.
        all(any(says(popupClosed), mentions(blankWindow)), told(/\b(django|helmet)\b/i)),
      ],
      alike: usual({
        'third-party-cookies-blocked': 'It works if third-party cookies are allowed for the site.',
        'domain-not-authorized':
          'With Firebase, another line in the browser’s console names the real error.',
      }),
      fits: mentions(/window\.(closed|postMessage|opener)|blank (popup|window)/i),
    },
    {
      cause: 'library-unsupported-in-extension',
      why: 'A browser extension’s page uses Google’s script for websites, but chrome-extension:// origins cannot be registered.',
      fix: 'Use chrome.identity.getAuthToken, or launchWebAuthFlow with a "Web application" client and the redirect URI https://<extension id>.chromiumapp.org/.',
      docs: 'https://developer.chrome.com/docs/extensions/reference/api/identity',
      proves: all(says(/(chrome|moz|safari-web)-extension:\/\//i), says(/origin|idpiframe|gapi/i)),
    },
    {
      cause: 'extension-client-mismatch',
      why: 'The client in the extension’s manifest is not a "Chrome extension" client with this extension’s ID.',
      fix: 'Create a "Chrome extension" client with the ID that chrome://extensions shows, set it as oauth2.client_id, and set key in the manifest so that the ID stays the same.',
      docs: 'https://developer.chrome.com/docs/extensions/how-to/integrate/oauth',
      proves: says(/bad client id/i),
      fits: all(
        says(/Authorization page could not be loaded|OAuth2 (request failed|not granted)/i),
        mentions(/extension|chrome\.identity|getAuthToken/i),
      ),
    },
    {
      cause: 'origin-not-registered',
      why: 'The page’s origin is not one of the client’s authorized JavaScript origins.',
      fix: 'Add the exact origin (scheme, host and port, no path) to the client in the Cloud console. For localhost, add both http://localhost and http://localhost:<port>. Wait a few minutes.',
      docs: 'https://developers.google.com/identity/gsi/web/guides/get-google-api-clientid',
      proves: [
        unless(errorIs('origin_mismatch'), told(justChanged), plainOrigin),
        says(/Not a valid origin|has not been whitelisted/i),
        unless(
          mentions(
            /origin_mismatch|no registered origin|(?<!given )origin.{0,30}not.{0,20}(registered|allowed|authori[sz]ed)/i,
          ),
          told(listed),
          plainOrigin,
        ),
        says(/JavaScript origin[^;]{0,120}(did not|does not|doesn't) match/i),
      ],
      speaksFor: [
        // Google's script says so of every page that it cannot place.
        unless(mentions(/given origin is not allowed/i), told(listed), plainOrigin),
        says(/Permission denied to generate login hint/i),
        // Where nobody closed the window, Google's page in it shows this error.
        all(
          says(popupClosed),
          told(/localhost|\borigin\b|redirect_uri_mismatch|origin_mismatch/i),
          told(
            /(nobody|no one|not|without|n't|never)[^.;]{0,30}clos|clos(es|ed) (by )?(itself|immediately|at once)/i,
          ),
        ),
        // A pop-up’s redirect URI is made of the page’s origin.
        popupRefused,
        told(/\bonly\b[^.;]{0,60}\bis (allowed|registered|authori[sz]ed|listed|entered)\b/i),
      ],
      fits: says(
        /idpiframe_initialization_failed|Failed to load resource[^;]{0,60}status of 40[03]/i,
      ),
      rulesOut: any(
        // A client of these types has no origins.
        clientIs('installed', 'ios', 'android'),
        says(/-extension:\/\//i),
        told(/referrer-?_?policy/i),
        says(
          /libraries for user authentication|cookies/i,
          /googleusercontent\.com\.apps\.googleusercontent/i,
          /for client ID:? ['"]?(?!\d)[A-Za-z_$.{}]{1,60}['"]?(?=[.\s])/,
        ),
      ),
    },
    {
      cause: 'origin-not-https',
      why: 'The page is served over http://. Google accepts such an origin only for localhost.',
      fix: 'Serve the page over https (a free certificate is enough), and register its https origin.',
      docs: 'https://developers.google.com/identity/protocols/oauth2/javascript-implicit-flow#origin-validation',
      speaksFor: all(refusedSetting, plainOrigin),
    },
    {
      cause: 'settings-not-yet-effective',
      why: 'After you change a client, Google needs between five minutes and a few hours to apply the change everywhere.',
      fix: 'Check that the change was saved for the client whose ID the program sends, wait, then try in a private window.',
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
      cause: 'referrer-policy-hides-origin',
      why: 'The page’s Referrer-Policy hides its origin from Google’s button, which then treats the origin as not registered.',
      fix: 'Send Referrer-Policy: strict-origin-when-cross-origin (for http://localhost, no-referrer-when-downgrade) with the page.',
      docs: 'https://developers.google.com/identity/gsi/web/guides/get-google-api-clientid',
      speaksFor: all(
        says(/origin is not allowed|not a valid origin|origin_mismatch/i),
        told(/referrer_?-?policy|helmet|no-referrer|SecurityMiddleware/i),
      ),
      fits: mentions(/referrer_?-?policy/i),
    },
    {
      cause: 'one-tap-status-methods',
      why: 'This is a warning, not an error: the page asks whether One Tap is displayed, which FedCM no longer reveals.',
      fix: 'Remove isDisplayMoment, isNotDisplayed, getNotDisplayedReason and getSkippedReason, set use_fedcm_for_prompt: true, or update the library that calls them.',
      docs: 'https://developers.google.com/identity/gsi/web/guides/fedcm-migration',
      proves: says(/One Tap prompt UI status methods/i),
    },
    {
      cause: 'one-tap-unavailable',
      why: 'One Tap did not appear: nobody is signed in to Google, the person closed it recently, or the browser’s settings forbid it.',
      fix: 'Show the sign-in button as well. One Tap returns by itself after a pause, and the browser’s site settings can allow third-party sign-in.',
      docs: 'https://developers.google.com/identity/gsi/web/guides/fedcm-migration',
      proves: says(
        /opt_out_or_no_session|suppressed_by_user|FedCM was disabled|tap_outside|unregistered_origin|Not signed in with the identity provider|Third-party sign in was disabled/i,
      ),
      // What a refused origin or a signed-out person leads to as well.
      speaksFor: says(/issuing_failed|FedCM get\(\) rejects|Error retrieving a token/i),
      fits: told(/one[- ]?tap|FedCM/i),
      rulesOut: says(/unregistered_origin|origin is not allowed/i),
      alike: usual({
        'third-party-cookies-blocked':
          'The browser’s icon in the address bar says that it blocked cookies or sign-in.',
        'origin-not-registered': 'The browser’s console also says that the origin is not allowed.',
      }),
    },
  ],
);
