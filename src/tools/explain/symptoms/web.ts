import { blankWindow } from '../rules/origin.js';
import { all, errorIs, mentions, not, says, sourceIs, usual } from '../rules/rule.js';
import type { SymptomEntry } from './symptom.js';

/** What browsers, Google's scripts in them and web frameworks say of a sign-in. */
export const webSymptoms: readonly SymptomEntry[] = [
  {
    shows: says(
      /fail(ed)?( to)?[ _-]?(fetch|get|obtain|load|retrieve)?[ _-]?(the )?user[ _-]?(profile|details|info)\b/i,
    ),
    causes: [
      {
        cause: 'google-plus-profile-api',
        check: 'The library is old: npm ls passport-google-oauth passport-google-oauth2.',
      },
      { cause: 'proxy-not-used', check: 'The error below it is ETIMEDOUT or ENOTFOUND.' },
      { cause: 'scope-not-requested', check: 'The scopes lack profile: --auth-url.' },
    ],
    also: ['access-token-expired', 'drive-api-disabled', 'google-fault', 'rate-limit'],
  },
  {
    shows: says(/origin is not allowed|not a valid origin|no registered origin|origin_mismatch/i),
    causes: usual({
      'origin-not-registered':
        'Compare the page’s scheme, host and port with the client in the console.',
      'referrer-policy-hides-origin':
        'The origin is registered, and the page is sent with a Referrer-Policy.',
      'settings-not-yet-effective': 'The origin was added in the last few hours.',
    }),
    also: [
      'client-id-malformed',
      'client-id-placeholder-or-unset',
      'auth-library-deprecated',
      'origin-not-https',
    ],
  },
  {
    shows: says(/popup[_ -]closed|popup window (was |has been )?closed/i),
    causes: usual({
      'sign-in-cancelled': 'The person closed the window.',
      'third-party-cookies-blocked': 'It works if third-party cookies are allowed.',
      'opener-policy-cuts-popup': 'The page is sent with Cross-Origin-Opener-Policy: same-origin.',
      'origin-not-registered':
        'The window shows an error before it closes, or its address returns 400 or 403.',
      'auth-library-deprecated': 'The page uses gapi.auth2, and the client is from after 2022.',
    }),
    also: ['settings-not-yet-effective', 'auth-domain-differs'],
  },
  {
    shows: all(says(blankWindow), not(sourceIs('android', 'ios', 'desktop', 'web-redirect'))),
    causes: usual({
      'opener-policy-cuts-popup': 'The page is sent with Cross-Origin-Opener-Policy: same-origin.',
      'third-party-cookies-blocked': 'It works in another browser.',
      'origin-not-registered': 'The window’s address returns 403 (developer tools).',
    }),
  },
  {
    shows: says(
      /signInWithRedirect\b[^.;]{0,40}(does(n't| not) work|not working|fails|does nothing)/i,
    ),
    causes: usual({
      'auth-domain-differs': 'signInWithPopup works.',
      'domain-not-authorized': 'The browser’s console says unauthorized-domain.',
      'third-party-cookies-blocked': 'It works in another browser.',
    }),
  },
  {
    shows: says(
      /signInWithPopup\b[^.;]{0,30}(does(n't| not) work|not working|fails|does nothing)/i,
    ),
    causes: usual({
      'domain-not-authorized': 'The browser’s console says unauthorized-domain.',
      'provider-not-enabled': 'Google is off in Firebase (Authentication, Sign-in method).',
      'popup-blocked': 'The browser says that it blocked a pop-up.',
      'third-party-cookies-blocked': 'It works in another browser.',
    }),
  },
  {
    shows: says(/problem with the server configuration|[?&]error=Configuration\b/i),
    causes: usual({
      'framework-secret-missing': 'AUTH_SECRET is not set: read the server’s log.',
      'client-id-placeholder-or-unset': 'AUTH_GOOGLE_ID is not set where the program runs.',
      'proxy-not-used': 'The server’s log says ETIMEDOUT or "fetch failed".',
      'state-mismatch': 'The server’s log says InvalidCheck.',
    }),
    also: ['host-not-trusted', 'framework-database-failed', 'clock-ahead', 'clock-behind'],
  },
  {
    // Firebase's word for what it has no other word for.
    shows: says(/auth\/internal-error/i),
    causes: usual({
      'google-script-not-loaded': 'The browser’s console names the Content Security Policy.',
      'client-secret-wrong':
        'The error’s message has invalid_client: enter the secret in Firebase.',
      'firebase-api-key-restricted': 'The console has a 403 from identitytoolkit.googleapis.com.',
    }),
    also: ['provider-not-enabled', 'domain-not-authorized', 'device-offline', 'proxy-not-used'],
  },
  {
    // OmniAuth keeps Google's answer to itself.
    shows: says(
      /Authentication failure! invalid_credentials\b(?!: \S)|because "?Invalid credentials/i,
    ),
    causes: usual({
      'client-secret-wrong':
        'The log has invalid_client: --probe --client <file> checks the secret.',
      'redirect-uri-differs-between-legs': 'The log has redirect_uri_mismatch after the callback.',
      'code-already-redeemed': 'The log shows the callback twice with the same code.',
    }),
    also: ['id-token-posted-to-code-callback', 'clock-behind', 'callback-seen-as-http'],
  },
  {
    // Auth.js could not make the address of Google's page.
    shows: says(/[?&]error=OAuthSignin\b|SIGNIN_OAUTH_ERROR/i),
    causes: usual({
      'proxy-not-used': 'The server’s log says ETIMEDOUT or "fetch failed".',
      'client-id-placeholder-or-unset':
        'GOOGLE_CLIENT_ID is not set where the program runs: read the server’s log.',
    }),
    also: ['framework-secret-missing', 'host-not-trusted', 'container-network-blocked'],
  },
  {
    // Auth.js got the person from Google, and its own handler failed.
    shows: says(/[?&]error=Callback\b|CALLBACK_OAUTH_ERROR/),
    causes: usual({
      'framework-database-failed':
        'The server’s log shows an error of the adapter or the database.',
      'refused-by-program': 'A callback of the program returns false or throws.',
    }),
    also: ['framework-secret-missing', 'state-mismatch', 'callback-seen-as-http'],
  },
  {
    // What allauth shows for everything; its template has the reason.
    shows: says(/(Third-?Party|Social Network|Social Account) Login Failure/i),
    causes: usual({
      'client-secret-wrong':
        'Log the exception in the adapter’s on_authentication_error: it is invalid_client.',
      'state-mismatch': 'The logged exception is PermissionDenied.',
      'proxy-not-used': 'The logged exception is a timeout or refused connection.',
      'callback-seen-as-http': 'The logged exception is redirect_uri_mismatch.',
    }),
    also: ['sign-in-cancelled', 'redirect-uri-differs-between-legs', 'clock-behind'],
  },
  {
    // Flask-AppBuilder (Airflow, Superset) says no more; its log does.
    shows: says(/request to sign in was denied|Invalid login\. Please try again/i),
    causes: usual({
      'state-mismatch': 'The log has MismatchingStateError: the session cookie was lost.',
      'refused-by-program': 'AUTH_USER_REGISTRATION is off, or the user is inactive.',
      'client-secret-wrong': 'The log has invalid_client: --probe --client <file> checks it.',
    }),
    also: ['callback-seen-as-http', 'server-metadata-missing', 'userinfo-address-wrong'],
  },
  {
    // The person comes back from Google, and the site does not know them.
    shows: all(
      mentions(
        /\b(redirect\w{0,3}|sent|goes|comes?|returns?|taken|thrown|kicked)\b[^.;]{0,24}\bback to (the |my |a )?(log-?in|sign-?in)|(log-?in|sign-?in|redirect)\w{0,3} (loop|(itself )?in a loop)|(infinite|endless) (loop|redirect)|too many (times|redirects)|TOO_MANY_REDIRECTS|(returns?|redirects?) to (the log-?in (button|page)|itself)|come back[^.;]{0,24}\bnot (logged|signed) in/i,
      ),
      not(errorIs('redirect_uri_mismatch', 'invalid_grant', 'invalid_client', 'access_denied')),
    ),
    causes: usual({
      'state-mismatch':
        'The callback’s request carries no session cookie (developer tools, Network).',
      'callback-parameters-cut':
        'The request that the program receives has no code (a redirect or CDN drops it).',
      'auth-domain-differs': 'Firebase’s signInWithRedirect is used; signInWithPopup works.',
      'callback-seen-as-http':
        'The program sits behind a proxy and thinks that it is reached by http.',
    }),
    also: [
      'third-party-cookies-blocked',
      'framework-secret-missing',
      'refused-by-program',
      'host-not-trusted',
      'callback-not-handled',
      'id-token-posted-to-code-callback',
      'framework-database-failed',
      'return-address-not-allowed',
      'redirect-uri-not-registered',
      'embedded-webview-blocked',
      'clock-ahead',
      'clock-behind',
    ],
  },
];
