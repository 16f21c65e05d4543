import { rulesWith, says, told } from './rule.js';

/** What frameworks and services around the sign-in refuse themselves, before or after Google. */
export const frameworkRules = rulesWith(
  {
    docs: 'https://authjs.dev/reference/core/errors',
    stages: ['signin-config', 'exchange', 'verify'],
  },
  [
    {
      cause: 'account-not-linked',
      why: 'The framework has a user of this email address already, who signed up in another way, and does not join the two by itself.',
      fix: 'Sign in the way the user signed up and link Google there; or let the framework link addresses that Google has verified (Auth.js: allowDangerousEmailAccountLinking).',
      docs: 'https://authjs.dev/reference/core/errors#oauthaccountnotlinked',
      proves: says(
        /OAuthAccountNotLinked|account-exists-with-different-credential|email (address )?is already (in use|linked|registered) (by|with|to) (another|a different)/i,
      ),
    },
    {
      cause: 'client-configured-twice',
      why: 'The framework finds two clients for Google, one in its settings and one in its database, and takes neither.',
      fix: 'Keep one: the APP entry of SOCIALACCOUNT_PROVIDERS, or the social application in the admin pages; delete the other.',
      docs: 'https://docs.allauth.org/en/latest/socialaccount/provider_configuration.html',
      proves: says(/MultipleObjectsReturned/),
    },
    {
      cause: 'sign-in-start-method',
      why: 'The sign-in is begun by a link (GET), and the framework takes only a form that carries its token (POST).',
      fix: 'Use a button that posts (button_to with method: :post) and the gem omniauth-rails_csrf_protection.',
      docs: 'https://github.com/omniauth/omniauth/wiki/Resolving-CVE-2015-9284',
      proves: says(
        /Authentication passthru|Attack prevented by OmniAuth::AuthenticityTokenProtection/i,
      ),
      fits: told(/link_to|\bGET\b/),
    },
    {
      cause: 'provider-not-enabled',
      why: 'Google is not switched on as a provider in the service that signs people in.',
      fix: 'Switch it on: Firebase console, Authentication, Sign-in method; Supabase, Authentication, Providers; and give it the web client’s ID and secret.',
      docs: 'https://firebase.google.com/docs/auth/web/google-signin',
      proves: says(
        /auth\/operation-not-allowed|provider is (disabled|not enabled)|OPERATION_NOT_ALLOWED|identity provider configuration is not found/i,
      ),
      speaksFor: told(
        /sign-in method[^.;]{0,40}(not |never )?(enabled|switched on)|google (provider|sign-?in)[^.;]{0,20}(disabled|not enabled)/i,
      ),
    },
    {
      cause: 'domain-not-authorized',
      why: 'The page’s domain is not among those that the Firebase project lets sign people in.',
      fix: 'Add the domain under Firebase console, Authentication, Settings, Authorized domains.',
      docs: 'https://firebase.google.com/docs/auth/web/google-signin',
      proves: says(/auth\/unauthorized-domain|domain is not authorized for OAuth/i),
    },
    {
      cause: 'popup-blocked',
      why: 'The browser blocked the pop-up, because no click opened it, or its settings forbid pop-ups.',
      fix: 'Open it in the handler of the click itself, before anything is awaited; or use the redirect flow.',
      docs: 'https://developers.google.com/identity/oauth2/web/guides/use-code-model',
      proves: says(
        /auth\/popup-blocked|popup_failed_to_open|popup[^.;]{0,20}blocked by the browser/i,
      ),
    },
    {
      cause: 'default-credentials-missing',
      why: 'The library looks for credentials of its environment (application default), and there are none.',
      fix: 'Run gcloud auth application-default login, or set GOOGLE_APPLICATION_CREDENTIALS to a key file; for a person’s data hand the library the client with the person’s token.',
      docs: 'https://cloud.google.com/docs/authentication/provide-credentials-adc',
      stages: ['exchange', 'refresh', 'drive', 'client-file'],
      proves: says(
        /Could not (automatically determine|load the default) credentials|default credentials (were|was) not found|DefaultCredentialsError|Application Default Credentials are not available/i,
      ),
    },
  ],
);
