import { all, errorIs, mentions, not, rulesWith, says, told, unless, usual } from './rule.js';

/** The person has added the domain. */
const domainListed =
  /(domains?|localhost|site|vercel\S{0,20}|netlify\S{0,20})\b[^.;]{0,60}\b(is|are|was|were|has been|have been)\b[^.;]{0,20}\b(in|among|on|added|included|listed)\b|added[^.;]{0,40}(authori[sz]ed|domain)/i;

/** A domain of Firebase’s own, which is authorized from the start. */
const ofFirebase = /domain \([\w.-]{1,80}\.(firebaseapp\.com|web\.app)\)/i;

/** What frameworks and services around the sign-in refuse themselves, before or after Google. */
export const frameworkRules = rulesWith(
  {
    docs: 'https://authjs.dev/reference/core/errors',
    stages: ['signin-config', 'exchange', 'verify'],
  },
  [
    {
      cause: 'account-not-linked',
      why: 'The framework already has a user with this email address, who signed up in another way, and does not link the two automatically.',
      fix: 'Sign in the way that the user signed up and link Google there, or let the framework link addresses that Google has verified (Auth.js: allowDangerousEmailAccountLinking).',
      docs: 'https://authjs.dev/reference/core/errors#oauthaccountnotlinked',
      proves: says(
        /OAuthAccountNotLinked|account-exists-with-different-credential|auth\/(credential|email)-already-in-use|identity_already_exists|external_account_exists|identity is already linked|email (address )?is already (in use|linked|registered) (by|with|to) (another|a different)|\baccount_not_linked|unable_to_link_account|AuthAlreadyAssociated|Multiple accounts with the same email|federatedIdentity\w{0,20}Exists|(account|user)( with[^.;]{0,40})? already exists[^;]{0,60}(link|identity|provider|connect)/i,
      ),
    },
    {
      cause: 'oauth1-used',
      why: 'The program uses OAuth 1, which Google no longer supports.',
      fix: 'Use the OAuth 2 strategy: passport-google-oauth20, or require("passport-google-oauth").OAuth2Strategy. In other libraries, use the provider google_oauth2.',
      docs: 'https://www.passportjs.org/packages/passport-google-oauth20/',
      proves: says(
        /Failed to obtain request token|OAuthGetRequestToken|oauth_consumer_key|\brequest token\b[^.;]{0,40}(failed|error|40\d)/i,
      ),
      speaksFor: told(/\bOAuth ?1(\.0a?)?\b|\bOAuthStrategy\b|consumer (key|secret)/i),
    },
    {
      cause: 'wrong-credentials-object',
      why: 'The credentials object and the code that uses it come from different libraries or versions.',
      fix: 'Use one library throughout: google-auth and google-auth-oauthlib instead of oauth2client (Python), and a single version of google-auth-library (Node: npm ls google-auth-library).',
      docs: 'https://google-auth.readthedocs.io/en/latest/oauth2client-deprecation.html',
      stages: ['exchange', 'refresh', 'drive', 'revoke', 'verify'],
      proves: says(
        /Credentials?['"]? object has no attribute ['"]\w{1,40}|(auth|client|credentials?)\.(request|getRequestHeaders|getRequestMetadata|before_request|authorize|getAccessToken)(Async)? is not a function/i,
      ),
    },
    {
      cause: 'token-object-as-text',
      why: 'The request contains a whole object instead of the text of one token.',
      fix: 'Send the field, not the object that contains it: access_token, refresh_token or token (AccessToken in .NET).',
      docs: 'https://developers.google.com/identity/protocols/oauth2/web-server#tokenrevoke',
      stages: ['revoke', 'drive', 'refresh', 'verify', 'exchange'],
      proves: says(
        /\b(token|Bearer)(=|%3D| |: ?)["']?(\[object \w{1,20}\]|%5Bobject|Google\.Apis|System\.|com\.google|Array\b|<[\w.]{1,60} object|\{['"]?\w{1,30}token|Optional\(|Promise\b|Future\b|Instance of)/i,
      ),
    },
    {
      cause: 'client-configured-twice',
      why: 'The framework finds two Google clients, such as one in its settings and one in its database, or sets Google up twice, so that one part does not know what the other began.',
      fix: 'Keep one and delete the other: the APP entry of SOCIALACCOUNT_PROVIDERS, or the social application in the admin pages (allauth); omniauth.rb or the omniauth line in devise.rb (Rails).',
      docs: 'https://docs.allauth.org/en/latest/socialaccount/provider_configuration.html',
      proves: says(/MultipleObjectsReturned/),
      speaksFor: told(
        /devise\.rb[^;]{0,60}omniauth\.rb|omniauth\.rb[^;]{0,60}devise\.rb|(two|both|several)[^.;]{0,20}(initializers|configurations)|(configured|registered|added) twice/i,
      ),
    },
    {
      cause: 'sign-in-start-method',
      why: 'The sign-in starts with a link (GET), but the framework accepts only a form that contains its token (POST).',
      fix: 'Use a button that posts (button_to with method: :post), and the gem omniauth-rails_csrf_protection.',
      docs: 'https://github.com/omniauth/omniauth/wiki/Resolving-CVE-2015-9284',
      proves: says(
        /Authentication passthru|Attack prevented by OmniAuth::AuthenticityTokenProtection/i,
      ),
      speaksFor: says(
        /No route matches \[GET\] ["']?\/\S{0,40}auth\/google|ActionController::InvalidAuthenticityToken/i,
      ),
      fits: told(/link_to|\bGET\b/),
      alike: usual({
        'strategy-not-registered':
          'rails routes lists no route for Google: its variables are not set here.',
      }),
    },
    {
      cause: 'provider-not-enabled',
      why: 'Google is not enabled as a provider in the service that signs people in.',
      fix: 'Enable it (Firebase console, Authentication, Sign-in method; or Supabase, Authentication, Providers), and enter the web client’s ID and secret.',
      docs: 'https://firebase.google.com/docs/auth/web/google-signin',
      proves: says(
        /auth\/operation-not-allowed|provider (\([^)]{0,80}\) )?is (disabled|not enabled)|Unsupported provider|auth\/configuration-not-found|CONFIGURATION_NOT_FOUND|missing OAuth (secret|client)|OPERATION_NOT_ALLOWED|identity provider configuration is not found|provider_disabled|Service (google )?not configured|ServiceConfiguration\b/i,
      ),
    },
    {
      cause: 'domain-not-authorized',
      why: 'The page’s domain is not one of the Firebase project’s authorized domains.',
      fix: 'Add the domain under Firebase console, Authentication, Settings, Authorized domains.',
      docs: 'https://firebase.google.com/docs/auth/web/google-signin',
      proves: unless(
        says(
          /auth\/unauthorized-domain|auth\/unauthorized-continue-uri|domain[^;]{0,80}is not authorized (to run|for OAuth)/i,
        ),
        told(domainListed),
        says(ofFirebase),
      ),
      fits: says(/domain[^;]{0,80}is not authorized (to run|for OAuth)/i),
      suggests: all(
        told(/firebase/i),
        told(/\b(127\.0\.0\.1|192\.168\.\d|preview|custom domain|new domain)/i),
        not(says(/\w/)),
      ),
      alike: usual({
        'firebase-api-key-restricted':
          'The domain is in the list, but the API key is restricted to certain websites.',
      }),
    },
    {
      cause: 'auth-domain-differs',
      why: 'Firebase’s sign-in page (authDomain) is not on the app’s domain, and the browser separates their storage, so the sign-in loses its state.',
      fix: 'Set authDomain to the app’s own domain, serve or forward /__/auth/ there, and register https://<domain>/__/auth/handler for the client. Or use signInWithPopup, or Google’s SDK with signInWithCredential.',
      docs: 'https://firebase.google.com/docs/auth/web/redirect-best-practices',
      proves: says(/missing initial state|storage-partitioned browser/i),
      suggests: unless(
        mentions(/signInWithRedirect|getRedirectResult/i),
        says(/is not authorized|auth\/[\w-]{1,40}/i),
      ),
      fits: [
        told(/authDomain/i),
        all(mentions(/firebase/i), told(/\b(safari|firefox|iOS|iPhone)\b|storage partition/i)),
      ],
      alike: usual({
        'domain-not-authorized': 'The browser’s console says unauthorized-domain.',
      }),
    },
    {
      cause: 'firebase-api-key-restricted',
      why: 'The web API key is restricted to certain sites that do not include the sign-in page at …firebaseapp.com. Firebase then gives the domain as the reason.',
      fix: 'In the Cloud console, under Credentials, add https://<project>.firebaseapp.com/* to the API key’s websites, and the Identity Toolkit API to its APIs.',
      docs: 'https://firebase.google.com/docs/projects/api-keys',
      proves: says(
        /requests-from-referer[\w-]{0,20}are-blocked|API_KEY_HTTP_REFERRER_BLOCKED[^;]{0,200}(identitytoolkit|securetoken)/i,
      ),
      speaksFor: [
        all(
          says(/auth\/unauthorized-domain|domain[^;]{0,80}is not authorized (to run|for OAuth)/i),
          told(domainListed),
        ),
        says(ofFirebase),
      ],
      alike: usual({
        'domain-not-authorized': 'The list of authorized domains lacks this exact host.',
      }),
    },
    {
      cause: 'userinfo-address-wrong',
      why: 'The framework requests the profile from an address that is not Google’s userinfo endpoint, or reads a response that has no profile.',
      fix: 'Remove user-info-uri, or set it to https://openidconnect.googleapis.com/v1/userinfo. A scope is not an address.',
      docs: 'https://developers.google.com/identity/openid-connect/openid-connect#obtaininguserprofileinformation',
      speaksFor: says(
        /invalid_user_info_response[^;]{0,200}(content type|HttpMessageConverter|404)|UserInfo Resource[^;]{0,120}(content type|HttpMessageConverter|404)/i,
      ),
      fits: says(/invalid_user_info_response/i),
    },
    {
      cause: 'server-metadata-missing',
      why: 'The library does not know the address of Google’s keys, because the client was registered without Google’s metadata.',
      fix: 'Register it with server_metadata_url="https://accounts.google.com/.well-known/openid-configuration", and remove the separate addresses.',
      docs: 'https://docs.authlib.org/en/latest/client/frameworks.html',
      proves: says(
        /Missing ["']?jwks_uri|jwks_uri["']? (is )?(missing|not found|undefined) in (the )?metadata/i,
      ),
    },
    {
      cause: 'parameter-not-allowed',
      why: 'The authorization request has a parameter that its response type does not allow, such as PKCE or access_type with response_type=token.',
      fix: 'Use response_type=code, or remove the parameter that Google’s page names (Expo: usePKCE: false with an ID token).',
      docs: 'https://developers.google.com/identity/protocols/oauth2/javascript-implicit-flow',
      proves: says(/Parameter not allowed for this message type/i),
      speaksFor: all(
        errorIs('invalid_request'),
        told(
          /ResponseType\.(Id)?Token|response_?type["']?\s{0,4}[=:]\s{0,4}["']?(id_)?token|usePKCE/i,
        ),
      ),
    },
    {
      cause: 'popup-blocked',
      why: 'The browser blocked the pop-up, because no click opened it or because its settings forbid pop-ups.',
      fix: 'Open it in the click handler itself, before any await, or use the redirect flow.',
      docs: 'https://developers.google.com/identity/oauth2/web/guides/use-code-model',
      proves: says(
        /auth\/popup-blocked|ERR_WEB_BROWSER_BLOCKED|popup_failed_to_open|Failed to open popup|popup[^.;]{0,20}blocked by the browser/i,
      ),
    },
    {
      cause: 'return-address-not-allowed',
      why: 'The sign-in succeeds, but the service that does it (Supabase) does not know the address that the app wants back to, and leads to its Site URL instead.',
      fix: 'Set Site URL to the production address (Supabase dashboard, Authentication, URL Configuration), add each other address to Redirect URLs exactly as it is passed (https://app.example.com/**), and pass it as redirectTo.',
      docs: 'https://supabase.com/docs/guides/auth/redirect-urls',
      speaksFor: all(
        mentions(/supabase|gotrue/i),
        mentions(
          /(redirect|lead|send|go(es)?\b|return|land|back|ends? up|taken?)[^.;]{0,50}\b(localhost|production|site url|home ?page|other (site|domain))|redirect_?to\b|site[ _]url/i,
        ),
        not(
          mentions(/redirect_uri_mismatch|does not match|flow[ _]state|verifier|nonce|audience/i),
        ),
      ),
    },
  ],
);
