import { all, any, errorIs, mentions, rulesWith, says, told, unless, usual } from './rule.js';

const clientFileName =
  /(client[_-]?secrets?|credentials?|creds?\b|service[_-]?account|\w{0,30}key|oauth|google|gcloud|gcp)[\w./\\-]{0,60}\.(json|p12)/i;
const notThere =
  /no such file|ENOENT|FileNotFound|Error opening file|Unable to read (the )?(client|credential)|was not found and|not found|does not exist|cannot find|could not find|couldn't find|can't open|unable to (read|open|load)|(failed|error)[^.;]{0,12} (to )?(read|open)/i;

/** Where nobody sits before the screen. */
const onServer =
  /\b(headless|ssh|docker|container|remote|server|VPS|NAS|IIS|azure|kubernetes|cloud|raspberry|deployed|hosting|heroku|vercel|render|railway)\b/i;

/** What the program itself lacks: files, secrets of its framework, a browser, a script. */
export const environmentRules = rulesWith(
  {
    docs: 'https://developers.google.com/identity/protocols/oauth2/web-server#creatingcred',
    stages: ['client-file', 'signin-config', 'exchange', 'refresh', 'drive'],
  },
  [
    {
      cause: 'client-file-missing',
      why: 'The program cannot find its client or key file in the place where it looks.',
      fix: 'Download the file from the Cloud console (Clients, Download JSON), give it the name that the program expects, and put it there. A relative path starts at the folder in which the program was started.',
      proves: unless(
        all(
          says(
            /(no such file|ENOENT|FileNotFound\w{0,12}|does not exist|cannot find|could not find|couldn't find|not found)[^;]{0,160}\.(json|p12)\b|\.(json|p12)\b["']?[^;]{0,80}(no such file|ENOENT|does not exist|not found|cannot find|could not find)/i,
          ),
          says(clientFileName),
        ),
        says(/"File not found|File not found: |token\.(json|pickle)/i),
      ),
      speaksFor: all(says(clientFileName), says(notThere)),
      rulesOut: says(/default credentials/i),
    },
    {
      cause: 'client-file-unreadable',
      why: 'The client file is not valid JSON: it is empty, cut off, a web page, or was changed by editing or encoding.',
      fix: 'Download it again and use it unchanged. In a variable, keep it on one line, or encode it as base64 and decode it before parsing.',
      stages: ['client-file', 'exchange', 'drive'],
      speaksFor: all(
        says(
          /JSONDecodeError|Unexpected (token|end of|character)|not valid JSON|invalid character|MalformedJson|json\.decoder|SyntaxError[^;]{0,40}JSON|parse error/i,
        ),
        any(says(clientFileName), told(clientFileName, /client (secrets? )?file|key file/i)),
      ),
      rulesOut: says(/<!doctype|<html|token '?</i),
    },
    {
      cause: 'oauth-client-given-for-service-account',
      why: 'An OAuth client file was given where a service account key is expected, and its fields are different.',
      fix: 'Create a key (IAM, Service accounts, Keys, Add key, JSON) and use that file. To access a person’s data, use the library’s OAuth flow instead.',
      docs: 'https://cloud.google.com/iam/docs/keys-create-delete',
      stages: ['client-file', 'exchange', 'drive'],
      proves: says(
        /(does not contain|missing|no|lacks?|without|not have|require\w{0,4})[^.;]{0,40}(client_email|private_key|token_uri)\b|Service account info was not in the expected format|must contain[^.;]{0,20}client_email|No key could be detected|json key is missing|client_email[^.;]{0,30}(missing|undefined|not (found|set))/i,
      ),
    },
    {
      cause: 'token-store-not-writable',
      why: 'The program is not allowed to write the file or folder in which it keeps its tokens.',
      fix: 'Give the user that runs the program write access to it, or choose another path (FileDataStore, --credentials, a mounted volume in a container).',
      docs: 'https://developers.google.com/api-client-library/dotnet/guide/aaa_oauth',
      stages: ['client-file', 'exchange', 'refresh', 'drive'],
      proves: says(
        /(\bEACCES\b|\bEROFS\b|PermissionError|Access to the path|read-only file system|UnauthorizedAccessException)[^;]{0,160}(token|credential|\.json|\.pickle|Google\.Apis|oauth)/i,
        /\bPermission denied:? ['"]?[\w~./\\-]{0,80}(token|credential|\.json|\.pickle)|(\.json|\.pickle|tokens?|credentials)['"]?: ?permission denied/i,
      ),
    },
    {
      cause: 'plugin-not-built-in',
      why: 'The native part of the sign-in plugin is missing from the running app: it was added after the last build, or the app runs in Expo Go, which does not include it.',
      fix: 'Stop the app and rebuild it (flutter clean and run, pod install, npx cap sync, npx expo run or a development build). A hot reload is not enough.',
      docs: 'https://docs.expo.dev/develop/development-builds/introduction/',
      stages: ['signin-config'],
      proves: says(
        /MissingPluginException|RNGoogleSignin['"]? could not be found|(evaluating|property) ['"]?\w{0,12}RNGoogleSign\w{0,2}|plugin is not implemented on|Unable to establish connection on channel|Cannot find native module|['"](googleplus|GoogleAuth)['"]\)? of undefined|reading ['"](googleplus|GoogleAuth)['"]|native module[^;]{0,40}(null|not found|doesn't exist|cannot be null)/i,
      ),
      alike: usual({ 'shrinker-removed-sign-in': 'Only the minified Android build fails.' }),
    },
    {
      cause: 'no-browser-here',
      why: 'The machine has no browser that the program can open: it is a server, a container or an ssh session.',
      fix: [
        'Open the printed address in a browser on another machine and forward the port (ssh -L 8080:localhost:8080), or sign in on a machine with a browser and copy the stored token.',
        'A website on a server needs the flow for web servers and a "Web application" client, not run_local_server or GoogleWebAuthorizationBroker.',
      ],
      docs: 'https://developers.google.com/identity/protocols/oauth2/native-app',
      proves: says(
        /(could|can)( ?not|n't) (locate|find)[^.;]{0,12} runn?able browser|webbrowser\.Error|xdg-open: (not found|no method)|(cannot|could not|failed to|unable to|no)[^.;]{0,20} (open|find|launch|start)[^.;]{0,16} browser|spawn xdg-open ENOENT|no (web )?browser (found|available)|Failed to launch browser|without a browser|(open|launch)\w{0,3} a browser in your environment/i,
      ),
      suggests: [
        all(
          says(
            /(browser|visit|open|go to|following|waiting)[^;]{0,400}(\b|%2F)(localhost|127\.0\.0\.1)\b|localhost refused to connect|browser (has been opened|is on a different machine)/i,
          ),
          told(onServer),
        ),
        all(
          says(/\b(localhost|127\.0\.0\.1)\b/i),
          told(onServer),
          told(/\b(another|other|different|local|my own) (machine|computer|PC|laptop|device)\b/i),
        ),
        // What opens a browser does so on the machine on which it runs.
        all(
          mentions(
            /\b(GoogleWebAuthorizationBroker|LocalServer(Code)?Receiver|run_local_server|InstalledAppFlow)\b/i,
          ),
          told(onServer),
        ),
      ],
      alike: usual({
        'callback-listener-limit':
          'Google’s page opens, but the way back to localhost does not reach the program.',
      }),
    },
    {
      cause: 'google-script-not-loaded',
      why: 'The page uses Google’s script before it has loaded, or the script never loads because its tag is missing or a blocker or content security policy stops it.',
      fix: 'Add <script src="https://accounts.google.com/gsi/client" async></script> to the page and start in its onload. In the content security policy, allow https://accounts.google.com/gsi/ (Firebase: https://apis.google.com, https://*.firebaseapp.com and https://*.googleapis.com). Test without ad blockers.',
      docs: 'https://developers.google.com/identity/gsi/web/guides/client-library',
      stages: ['signin-config'],
      proves: says(
        /\b(google|gapi)(\.\w{1,20}){0,2}['"]? is (not defined|undefined)|\b(google|gapi) is not defined|undefined \(reading ['"](accounts|auth2|oauth2|initTokenClient|initCodeClient|signin2?|client)['"]\)|property ['"](accounts|auth2|oauth2|signin2?)['"] of undefined|(Content[- ]Security[- ]Policy|CSP)[^;]{0,200}(\.google|googleapis|gstatic|firebase|gsi\/client)|(\.google|googleapis|gstatic|firebase|gsi\/client)[^;]{0,200}Content[- ]Security[- ]Policy|ERR_BLOCKED_BY_CLIENT/i,
      ),
      speaksFor: [
        says(/Login providers not ready yet/i),
        told(/content[-_ ]?security[-_ ]?policy|\bCSP\b/i),
      ],
      rulesOut: says(/suppressed_by_user|opt_out|gsi\/status/i),
      alike: usual({
        'auth-library-deprecated': 'The code calls gapi.auth2, which the new script does not have.',
      }),
    },
    {
      cause: 'framework-secret-missing',
      why: 'The secret with which the framework signs its own cookies is missing or was changed, so it cannot create or read a session. It is not Google’s client secret.',
      fix: 'Set the same secret on all instances and keep it: AUTH_SECRET or NEXTAUTH_SECRET (npx auth secret), APP_KEY (Laravel), SECRET_KEY (Django, Flask). Then delete the old cookies.',
      docs: 'https://authjs.dev/reference/core/errors#missingsecret',
      stages: ['signin-config', 'exchange', 'verify'],
      proves: says(
        /MissingSecret|NO_SECRET|define a `?secret|JWT_SESSION_ERROR|JWTSessionError|decryption operation failed|session is unavailable because no secret key|No application encryption key|secret option required for sessions|AUTH_SECRET[^.;]{0,30}(missing|not set|required)/i,
      ),
    },
    {
      cause: 'host-not-trusted',
      why: 'The framework does not trust the request’s host name, because its own address is not configured.',
      fix: 'Set AUTH_TRUST_HOST=true or AUTH_URL (Auth.js), ALLOWED_HOSTS (Django) or trustedOrigins (Better Auth). Behind a proxy, forward X-Forwarded-Host.',
      docs: 'https://authjs.dev/reference/core/errors#untrustedhost',
      stages: ['signin-config', 'exchange'],
      proves: says(
        /UntrustedHost|Host must be trusted|DisallowedHost|Invalid HTTP_HOST|Invalid (callbackURL|origin|redirect URL):|INVALID_(CALLBACK_URL|ORIGIN)|untrusted origin/i,
      ),
      alike: usual({
        'callback-seen-as-http':
          'The message names http:// or an inner host, but people use the https address.',
      }),
    },
    {
      cause: 'refused-by-program',
      why: 'Google signed the person in, but the program’s own rule refused: a list of addresses or domains, a closed registration, or a callback that returns false.',
      fix: 'Check the rule that admits people: the signIn callback (Auth.js), the allowed email addresses or domains (oauth2-proxy --email-domain, python-social-auth whitelists), or whether new users can register.',
      docs: 'https://authjs.dev/reference/core/errors#accessdenied',
      stages: ['signin-config', 'exchange', 'verify'],
      proves: says(
        /AccessDenied: AccessDenied|BLOCKING_FUNCTION_ERROR_RESPONSE|without a pre-existing [\w ]{0,20}account is not allowed|need an administrator to create|Signups? (is |are )?not allowed|signup_disabled|signups? disabled|AuthForbidden|credentials aren't allowed|unauthorized(?: via)? ?OAuth2: unauthorized|email[^.;]{0,40} (is )?not (allowed|authori[sz]ed|permitted|in the (allow|white)list)|not (on|in) the (allow|white)list|\b(sign-?ups?|regist(ration|ering)|provisioning) (is|are) (restricted|disabled|closed)|HostedDomain(Exception|Error)|auth\/admin-restricted-operation|domain\b[^.;]{0,60}\b(not allowed to (authenticate|log|sign)|is (prohibited|forbidden))/i,
      ),
      speaksFor: says(/\bAccessDenied\b|errors?#accessdenied|\bInvalid Account\b/),
      rulesOut: any(
        errorIs('org_internal'),
        says(
          /<Code>AccessDenied|\borigin (is|not)\b|Error 40\d|access_denied(?!&\S{0,200}sign-?ups?\b)/i,
        ),
      ),
      alike: usual({
        'framework-database-failed': 'The server’s log shows an error of its database just before.',
      }),
    },
    {
      cause: 'framework-database-failed',
      why: 'The sign-in at Google succeeded, but the program could not store the user: its database is unreachable, lacks a table or rejects the row.',
      fix: 'Read the database’s own error below this one, run the migrations of the framework’s adapter, and check triggers and required columns.',
      docs: 'https://authjs.dev/reference/core/errors#adaptererror',
      stages: ['exchange', 'signin-config', 'verify'],
      proves: says(
        /AdapterError|Database error (saving|creating|granting|querying)|OAuthCreateAccount|OAUTH_CREATE|unable_to_create_user|Prisma\w{0,20}Error|relation "?\w{1,40}"? does not exist|no such table|SQLSTATE\[|(Operational|Programming|Integrity)Error/i,
      ),
      alike: usual({
        'account-not-linked':
          'The database has this email address already, with another way to sign in.',
      }),
    },
    {
      cause: 'strategy-not-registered',
      why: 'The framework does not know a provider with this name: its module is not loaded, not registered, or registered under another name.',
      fix: 'Load and register the provider before its routes, under the name that the routes use (passport.use(new GoogleStrategy(…)); a Socialite or allauth provider in the settings; GoogleOAuthProvider around the page in React).',
      docs: 'https://www.passportjs.org/packages/passport-google-oauth20/',
      stages: ['signin-config', 'exchange'],
      proves: says(
        /Unknown authentication strategy|must be used within GoogleOAuthProvider|No provider for (_?SocialAuthService|InjectionToken SocialAuth)|Driver \[\w{1,30}\] not supported|Backend not found|MissingBackend|oauth_provider_not_found|Invalid (Client )?Registration (with )?Id|No provider (found )?(for|with)[^.;]{0,20}google|is not a registered (provider|namespace)|is not installed[^;]{0,40}(provider|allauth)/i,
      ),
      speaksFor: says(/No route matches \[POST\] ["']?\/\S{0,40}auth\/google/i),
      alike: usual({
        'client-id-placeholder-or-unset':
          'The client’s ID and secret are not set where the program runs.',
      }),
    },
    {
      cause: 'default-credentials-missing',
      why: 'The library looks for application default credentials in its environment, but finds none.',
      fix: 'Run gcloud auth application-default login, or set GOOGLE_APPLICATION_CREDENTIALS to a key file. For a person’s data, pass the library the client with the person’s token.',
      docs: 'https://cloud.google.com/docs/authentication/provide-credentials-adc',
      stages: ['exchange', 'refresh', 'drive', 'client-file'],
      proves: says(
        /Could not (automatically determine|load the default|find default) credentials|default credentials (were|was) not found|DefaultCredentialsError|Application Default Credentials are not available|could not find default credentials|No key or keyFile set|unable to detect a Project Id/i,
      ),
    },
  ],
);
