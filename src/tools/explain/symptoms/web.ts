import { blankWindow } from '../rules/origin.js';
import { all, errorIs, mentions, not, says, sourceIs } from '../rules/rule.js';
import type { SymptomEntry } from './symptom.js';

/** What browsers, Google's scripts in them and web frameworks say of a sign-in. */
export const webSymptoms: readonly SymptomEntry[] = [
  {
    shows: says(/origin is not allowed|not a valid origin|no registered origin|origin_mismatch/i),
    causes: [
      {
        cause: 'origin-not-registered',
        check: 'Compare the page’s scheme, host and port with the client in the console.',
      },
      {
        cause: 'referrer-policy-hides-origin',
        check: 'The origin is registered, and the page is sent with a Referrer-Policy.',
      },
      {
        cause: 'settings-not-yet-effective',
        check: 'The origin was added in the last few hours.',
      },
    ],
    also: [
      'client-id-malformed',
      'client-id-placeholder-or-unset',
      'auth-library-deprecated',
      'origin-not-https',
    ],
  },
  {
    shows: says(/popup[_ -]closed|popup window (was |has been )?closed/i),
    causes: [
      { cause: 'sign-in-cancelled', check: 'The person closed the window.' },
      {
        cause: 'third-party-cookies-blocked',
        check: 'It works if third-party cookies are allowed.',
      },
      {
        cause: 'opener-policy-cuts-popup',
        check: 'The page is sent with Cross-Origin-Opener-Policy: same-origin.',
      },
      {
        cause: 'origin-not-registered',
        check: 'The window shows an error before it closes, or its address returns 400 or 403.',
      },
    ],
    also: ['auth-library-deprecated', 'settings-not-yet-effective', 'auth-domain-differs'],
  },
  {
    shows: all(says(blankWindow), not(sourceIs('android', 'ios', 'desktop', 'web-redirect'))),
    causes: [
      {
        cause: 'opener-policy-cuts-popup',
        check: 'The page is sent with Cross-Origin-Opener-Policy: same-origin.',
      },
      { cause: 'third-party-cookies-blocked', check: 'It works in another browser.' },
      {
        cause: 'origin-not-registered',
        check: 'The window’s address returns 403 (developer tools).',
      },
    ],
  },
  {
    shows: says(
      /signInWithRedirect\b[^.;]{0,40}(does(n't| not) work|not working|fails|does nothing)/i,
    ),
    causes: [
      { cause: 'auth-domain-differs', check: 'signInWithPopup works.' },
      { cause: 'domain-not-authorized', check: 'The browser’s console says unauthorized-domain.' },
      { cause: 'third-party-cookies-blocked', check: 'It works in another browser.' },
    ],
  },
  {
    shows: says(
      /signInWithPopup\b[^.;]{0,30}(does(n't| not) work|not working|fails|does nothing)/i,
    ),
    causes: [
      { cause: 'domain-not-authorized', check: 'The browser’s console says unauthorized-domain.' },
      {
        cause: 'provider-not-enabled',
        check: 'Google is off in Firebase (Authentication, Sign-in method).',
      },
      { cause: 'popup-blocked', check: 'The browser says that it blocked a pop-up.' },
      { cause: 'third-party-cookies-blocked', check: 'It works in another browser.' },
    ],
  },
  {
    shows: says(/problem with the server configuration|[?&]error=Configuration\b/i),
    causes: [
      {
        cause: 'framework-secret-missing',
        check: 'AUTH_SECRET is not set: read the server’s log.',
      },
      {
        cause: 'client-id-placeholder-or-unset',
        check: 'AUTH_GOOGLE_ID is not set where the program runs.',
      },
      { cause: 'proxy-not-used', check: 'The server’s log says ETIMEDOUT or "fetch failed".' },
      { cause: 'state-mismatch', check: 'The server’s log says InvalidCheck.' },
    ],
    also: ['host-not-trusted', 'framework-database-failed', 'clock-ahead', 'clock-behind'],
  },
  {
    // Auth.js could not make the address of Google's page.
    shows: says(/[?&]error=OAuthSignin\b|SIGNIN_OAUTH_ERROR/i),
    causes: [
      {
        cause: 'client-id-placeholder-or-unset',
        check: 'GOOGLE_CLIENT_ID is not set where the program runs: read the server’s log.',
      },
      { cause: 'proxy-not-used', check: 'The server’s log says ETIMEDOUT or "fetch failed".' },
    ],
    also: ['framework-secret-missing', 'host-not-trusted', 'container-network-blocked'],
  },
  {
    // Auth.js got the person from Google, and its own handler failed.
    shows: says(/[?&]error=Callback\b|CALLBACK_OAUTH_ERROR/),
    causes: [
      {
        cause: 'framework-database-failed',
        check: 'The server’s log shows an error of the adapter or the database.',
      },
      { cause: 'refused-by-program', check: 'A callback of the program returns false or throws.' },
    ],
    also: ['framework-secret-missing', 'state-mismatch', 'callback-seen-as-http'],
  },
  {
    // What allauth shows for everything; its template has the reason.
    shows: says(/(Third-?Party|Social Network|Social Account) Login Failure/i),
    causes: [
      {
        cause: 'client-secret-wrong',
        check: 'Log the exception in the adapter’s on_authentication_error: it is invalid_client.',
      },
      { cause: 'state-mismatch', check: 'The logged exception is PermissionDenied.' },
      {
        cause: 'proxy-not-used',
        check: 'The logged exception is a timeout or refused connection.',
      },
      { cause: 'callback-seen-as-http', check: 'The logged exception is redirect_uri_mismatch.' },
    ],
    also: ['sign-in-cancelled', 'redirect-uri-differs-between-legs', 'clock-behind'],
  },
  {
    // The person comes back from Google, and the site does not know them.
    shows: all(
      mentions(
        /\b(redirect\w{0,3}|sent|goes|comes?|returns?|taken|thrown|kicked)\b[^.;]{0,24}\bback to (the |my |a )?(log-?in|sign-?in)|(log-?in|sign-?in|redirect)\w{0,3} (loop|(itself )?in a loop)|(infinite|endless) (loop|redirect)|too many (times|redirects)|TOO_MANY_REDIRECTS|(returns?|redirects?) to (the log-?in (button|page)|itself)|come back[^.;]{0,24}\bnot (logged|signed) in/i,
      ),
      not(errorIs('redirect_uri_mismatch', 'invalid_grant', 'invalid_client', 'access_denied')),
    ),
    causes: [
      {
        cause: 'state-mismatch',
        check: 'The callback’s request carries no session cookie (developer tools, Network).',
      },
      {
        cause: 'callback-parameters-cut',
        check: 'The request that the program receives has no code (a redirect or CDN drops it).',
      },
      {
        cause: 'auth-domain-differs',
        check: 'Firebase’s signInWithRedirect is used; signInWithPopup works.',
      },
      {
        cause: 'callback-seen-as-http',
        check: 'The program sits behind a proxy and thinks that it is reached by http.',
      },
    ],
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
