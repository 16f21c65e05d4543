import { missingScopes } from '../../../core/scopes.js';
import { appBlocked, fromPhone, ofADomain, policyPage } from './browser.js';
import { maybeInner, notRegistered, seenAsHttp, webClientHere } from './callback.js';
import { outage } from './network.js';
import { justChanged, popupRefused } from './origin.js';
import {
  all,
  any,
  appIs,
  clientIs,
  errorIs,
  fact,
  mentions,
  rulesWith,
  says,
  stageIs,
  told,
  unless,
  usual,
} from './rule.js';
import { scopeChange } from './scope-change.js';

const errors =
  'https://developers.google.com/identity/protocols/oauth2/web-server#authorization-errors';

const consent = 'https://support.google.com/cloud/answer/15549945';

/** Google names another flaw of the redirect URI. */
const otherFlaw =
  /Raw IP addresses|Invalid parameter value for redirect_uri|for native application|not allowed for the \w{1,12} client type|oauth(:|%3A)2\.0(:|%3A)oob/i;

/** What Google’s sign-in and consent pages refuse, and what a person or an administrator declines. */
export const consentRules = rulesWith({ docs: consent, stages: ['signin-config'] }, [
  {
    cause: 'admin-policy',
    why: 'The Workspace administrator’s app access policy blocks this app or one of its scopes.',
    fix: 'Ask the administrator to trust the app: Admin console, Security, API controls, Manage third-party app access.',
    docs: 'https://support.google.com/a/answer/7281227',
    stages: ['signin-config', 'exchange', 'refresh'],
    proves: [
      errorIs('admin_policy_enforced'),
      mentions(
        /restricted by policies(?! within your organi)|(access )?blocked.{0,30}(admin|organization|institution)|(admin(?!-restricted-operation)|organization|institution).{0,50}(blocked|restrict|not (allow|approv|trust)|needs to (review|approve))|access_not_configured|app access control/i,
      ),
    ],
    speaksFor: all(mentions(appBlocked), told(ofADomain)),
    fits: [told(/workspace|g ?suite|company|school|domain|organi[sz]ation/i), mentions(appBlocked)],
    rulesOut: told(/Advanced Protection/i),
    alike: usual({
      'unverified-app-blocked':
        'Private accounts see the page as well: then Google blocks the app itself.',
    }),
  },
  {
    cause: 'embedded-webview-blocked',
    why: 'Google does not allow sign-in inside an embedded web view.',
    fix: 'Open the sign-in in the system browser (ASWebAuthenticationSession, Custom Tabs), or use Google’s SDK.',
    docs: 'https://developers.google.com/identity/protocols/oauth2/policies#browsers',
    proves: [
      errorIs('disallowed_useragent'),
      mentions(
        /disallowed_useragent|embedded user-?agent|user-?agent is not permitted|sign you in safely inside this app|browser or app may not be secure|browser (is )?not supported/i,
      ),
    ],
    speaksFor: told(
      /web ?view|WKWebView|UIWebView|in-app browser|embedded browser|electron|\btauri\b|capacitor:\/\/|captive portal|(instagram|facebook) browser/i,
    ),
    alike: usual({
      'blocked-as-automated': 'A program controls the browser (Selenium, Puppeteer, Playwright).',
    }),
  },
  {
    cause: 'invalid-scope',
    why: 'A requested scope is misspelled or unknown, or this client may not ask for it.',
    fix: [
      'Write scopes exactly as Google lists them: with https://, in lower case, separated by spaces.',
      'If Google lists single letters as invalid, the library expects a list of scopes but got one string.',
      'Ask private accounts for no scopes of Workspace administrators (admin.…, cloud-identity.…).',
    ],
    docs: 'https://developers.google.com/identity/protocols/oauth2/scopes',
    stages: ['signin-config', 'exchange', 'refresh'],
    proves: unless(
      any(
        errorIs('invalid_scope'),
        says(
          /requested scopes? (were|was|is) invalid|scopes? cannot be shown|invalid_scope|\{invalid=\[/i,
        ),
      ),
      told(outage, /device (code|flow)|limited[- ]input|\bTV\b/i),
    ),
    suggests: errorIs('invalid_scope'),
    speaksFor: fact(({ requested }) => {
      const odd = requested.find((scope) => /GoogleAPIs|^http:|[A-Z]|,|\s/.test(scope));
      return odd !== undefined && `the scope ${odd} is not spelled as Google spells it`;
    }),
    fits: told(/scope.{0,40}(typo|misspel|wrong|comma|upper ?case|unknown|invalid)/i),
    alike: usual({
      'device-flow-scope-not-allowed':
        'The request asks for a device code, which only a few scopes allow.',
      'google-fault': 'It worked yesterday, and other people report it today.',
    }),
  },
  {
    cause: 'scopes-not-combinable',
    why: 'Google does not allow one of the requested scopes to be asked for together with the others, or with those already granted.',
    fix: 'Request these scopes (Photos Library, Data Portability) separately, without include_granted_scopes=true.',
    docs: 'https://developers.google.com/data-portability/user-guide/troubleshooting',
    proves: says(
      /scopes that cannot be requested together|Incremental auth is not allowed|can(not|'t) be combined with other scopes/i,
    ),
  },
  {
    cause: 'oob-flow-blocked',
    why: 'The redirect URI is the out-of-band one (urn:ietf:wg:oauth:2.0:oob), which Google no longer accepts.',
    fix: 'Use a loopback redirect (http://127.0.0.1:<port>) for desktop apps, or an https address.',
    docs: 'https://developers.google.com/identity/protocols/oauth2/resources/oob-migration',
    proves: [
      mentions(
        /no attribute ['"]run_console|out[- ]of[- ]band|\bOOB\b.{0,30}(flow|blocked|deprecat)/i,
      ),
      says(/oauth:2\.0:oob\b[^;]{0,40}(can only be used|not allowed)/i),
    ],
    speaksFor: [
      fact(
        ({ redirectUri }) =>
          redirectUri !== undefined &&
          /oauth:2\.0:oob/.test(redirectUri) &&
          'the redirect URI is the out-of-band one',
      ),
      mentions(/urn:ietf:wg:oauth:2\.0:oob/i, /oauth%3A2\.0%3Aoob/i),
      told(
        /code (in|from|shown in) the (browser|window|page)[^.;]{0,20}(title|page|window)?|(cli|terminal|console|program|script) [^.;]{0,30}(copy|type|paste|enter)[^.;]{0,30}\bcode\b|(copy|type|paste|enter) (the |that |a )?((authori[sz]ation|verification) )?code[^.;]{0,30}(terminal|console|prompt|program)|(autumn|fall|october|early|february|january) (of )?202[23]/i,
      ),
    ],
    suggests: unless(says(policyPage), fromPhone),
    alike: usual({
      'redirect-uri-malformed':
        'redirect_uri in the address of the page is no complete address: --auth-url.',
      'loopback-flow-blocked':
        'redirect_uri names localhost, and the client is of type iOS, Android or Chrome.',
      'custom-scheme-not-enabled': 'redirect_uri begins with the app’s own scheme: --auth-url.',
      'wrong-client-type': 'The client is of type "Web application", and the program has no site.',
    }),
  },
  {
    cause: 'org-internal',
    why: 'The app is Internal to an organisation, and the account is outside it.',
    fix: 'Sign in with an account of the organisation, or make the app External (Cloud console, Audience).',
    proves: [
      errorIs('org_internal'),
      mentions(/restricted to users within its organi[sz]ation|org_internal/i),
    ],
    speaksFor: told(
      /(user type|app|consent screen).{0,30}internal|internal (app|user type)|outside (the|of the|our) organi[sz]ation/i,
    ),
  },
  {
    cause: 'redirect-uri-not-registered',
    why: 'The redirect URI in the authorization request does not exactly match one that is registered for the client.',
    fix: [
      'Copy the refused address from the page’s error details into the client: scheme, host, port, path and trailing slash count, even if it is not your own host (Home Assistant: https://my.home-assistant.io/redirect/oauth). Behind a proxy, make sure that the app writes https.',
      'If the program listens on any port of 127.0.0.1, use a "Desktop app" client.',
    ],
    docs: errors,
    proves: unless(
      says(notRegistered),
      told(justChanged),
      seenAsHttp,
      maybeInner,
      says(otherFlaw),
      webClientHere,
    ),
    speaksFor: [
      unless(says(notRegistered), webClientHere),
      // The same sentence stands above every other refusal of a request's form.
      says(/(doesn['’]t|does not) comply with Google/i),
      unless(
        all(
          errorIs('redirect_uri_mismatch'),
          stageIs('signin-config', 'it failed on the sign-in page'),
        ),
        webClientHere,
      ),
    ],
    fits: told(
      /not registered|(trailing )?slash|http(s)? (instead|where|but|vs)|behind (nginx|a proxy)|\bports?\b|www\./i,
    ),
    rulesOut: any(
      says(policyPage, /JavaScript origin/i),
      popupRefused,
      all(errorIs('redirect_uri_mismatch'), clientIs('ios')),
    ),
    alike: usual({
      'callback-seen-as-http':
        'The refused address begins with http:// or names localhost, but people use https.',
      'wrong-client-type':
        'The program listens on a port of its own: it needs a "Desktop app" client.',
      'settings-not-yet-effective': 'The address was registered in the last few hours.',
    }),
  },
  {
    cause: 'scope-declined-by-user',
    why: 'The person cleared the checkbox of a requested scope on the consent screen.',
    fix: 'Compare the granted scopes with the requested ones after every exchange. If one is missing, explain why you need it and ask again.',
    docs: 'https://developers.google.com/identity/protocols/oauth2/resources/granular-permissions',
    stages: ['exchange', 'drive', 'signin-config'],
    proves: fact(({ requested, granted }) => {
      const missing = granted.length === 0 ? [] : missingScopes(requested, granted);
      return missing.length > 0 && `requested but not granted: ${missing.join(', ')}`;
    }),
    speaksFor: [
      says(/Not all requested scopes were granted/i),
      mentions(
        /untick|uncheck|not tick|not check|deselect|declin\w{1,40}.{0,20}(scope|permission|access)|granular (consent|permission)|check ?box|did not (grant|allow|select)/i,
      ),
      fact(({ observed }) => {
        const lost = scopeChange(observed)?.lost ?? [];
        return lost.length > 0 && `requested but not granted: ${lost.join(', ')}`;
      }),
    ],
    fits: mentions(
      /insufficientPermissions|insufficient authentication|insufficient permission(?!s? for)|ACCESS_TOKEN_SCOPE_INSUFFICIENT|granted scopes/i,
    ),
    alike: usual({
      'scope-not-requested': 'The authorization request lacks the scope: --auth-url.',
    }),
  },
  {
    cause: 'test-user-not-added',
    why: 'The app is in Testing, and this account is not one of its test users.',
    fix: 'Add the account (Cloud console, Audience, Test users), or publish the app.',
    proves: mentions(
      /developer-approved testers|currently being tested|has not completed the Google verification|developer hasn.?t given you access/i,
    ),
    speaksFor: [
      all(errorIs('access_denied'), appIs('testing')),
      // Google’s page says so; a person who declines is sent back to the app instead.
      says(/Error 403: ?access_denied/i),
    ],
    fits: told(/test users?|tester/i),
  },
  {
    cause: 'sign-in-cancelled',
    why: 'The person closed or declined the sign-in before it was complete.',
    fix: 'Treat this as a normal response and offer the sign-in again. If nobody cancelled, compare the client’s package name and SHA-1 with those of the build.',
    docs: 'https://www.rfc-editor.org/rfc/rfc6749#section-4.1.2.1',
    speaksFor: [
      says(
        /GIDSignIn[^;]{0,40}\bcode["']?[ =:]{1,3}-5\b|kGIDSignInErrorCodeCanceled|\bsign_in_canceled\b|User rejected authentication|appauth\.general error -3\b|appauth\.general[^;]{0,20}Code=-3\b|WebAuthenticationSession[^;]{0,12}(error |Code=)1\b|\bauth\/user-cancelled\b/i,
        /[?&]error=access_denied/i,
      ),
      told(
        /(cancel|clos|dismiss|declin|den(y|ied)|refus)[^.;]{0,40}(consent|sign-?in|dialog|sheet|popup|window|page|picker)|(sheet|dialog|popup|window|picker) (is|was|got) (closed|dismissed|cancell?ed)|pressed (Cancel|Deny|Back)/i,
      ),
    ],
    rulesOut: [
      says(/Error 403|tester|being tested|verification process/i),
      told(
        /(pick(s|ed)?|chose|choose[sn]?|select(s|ed)?|after (choosing|picking|selecting)) (an? |the |my |their |his |her )?(google )?account|account (is|was|has been) (picked|chosen|selected)|(did not|didn'?t|not|nobody|no one|without) (had |actually )?cancel/i,
      ),
    ],
    alike: usual({
      'redirect-scheme-not-claimed':
        'Nobody closed it, and the sign-in runs in a browser (AppAuth, Expo, flutter_web_auth).',
    }),
  },
  {
    cause: 'unverified-user-cap',
    why: 'Google limits an app that it has not verified to 100 users, and also limits how fast an app can gain users. This app has reached a limit.',
    fix: 'Have the app verified, or use your own client instead of one that many people share.',
    docs: 'https://support.google.com/cloud/answer/7454865',
    stages: ['signin-config', 'exchange'],
    proves: [
      // An API's rateLimitExceeded is another matter.
      says(/\brate_limit_exceeded\b/i),
      mentions(
        /login count limit|how quickly apps can get new users|(new |(?<!per-))user (cap|limit)|100[- ]user|limit of new users/i,
      ),
    ],
    rulesOut: errorIs('disabled_client'),
  },
  {
    cause: 'advanced-protection',
    why: 'The account is in the Advanced Protection Program, which lets only a few apps access Drive and mail.',
    fix: 'Use another account, or ask the person to leave the program. No setting of the app can change this.',
    docs: 'https://support.google.com/accounts/answer/7519408',
    proves: mentions(/(?<!admin_)\bpolicy_enforced|Advanced Protection/i),
  },
]);
