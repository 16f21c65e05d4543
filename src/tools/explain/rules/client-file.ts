import {
  all,
  any,
  clientIs,
  mentions,
  rulesWith,
  says,
  stageIs,
  stageUnknown,
  told,
  type Usual,
} from './rule.js';

const webServer = 'https://developers.google.com/identity/protocols/oauth2/web-server#creatingcred';

/** A key in the place of a client, among the causes of one error. */
export const serviceAccountGiven: Usual = {
  cause: 'service-account-json-given',
  check: 'The file has "type": "service_account": --client <file> checks this.',
};

/** The client file, and the stores that are taken for it. */
export const clientFileRules = rulesWith({ docs: webServer, stages: ['client-file'] }, [
  {
    cause: 'client-json-other-section',
    why: 'The program reads the section "installed" (or "web") of the client file, but the file has the other one.',
    fix: 'Create a client of the type that the program expects, or read the section that the file has.',
    stages: ['client-file', 'signin-config'],
    speaksFor: [
      says(
        /\w\.(installed|web)['"`]? (as it )?is (undefined|null)|KeyError: ['"](installed|web)['"]|undefined \(reading ['"](installed|web|client_id|client_secret|redirect_uris)['"]\)|property ['"]?(redirect_uris|client_id|client_secret)['"]? of undefined|['"]?(installed|web)['"]? (key|section|property|is (missing|not found|undefined))|no (installed|web) section/i,
      ),
      told(
        /top[- ]level ["'“]?(web|installed)|(file|json) (has|contains|starts with|begins with).{0,20}["'“]?(web|installed)|(has|have) ["'“]?web["'”]? (and|but|instead|where)|(web|desktop|installed) (client|application|app).{0,40}(where|instead|expected|expects|reads)/i,
      ),
    ],
    fits: [
      says(/(installed|web) (app|client|application|section)/i),
      all(stageIs('client-file', 'a client file was read'), clientIs('web')),
      told(/\{\s{0,4}"(web|installed)"/),
    ],
    rulesOut: clientIs('service_account'),
    alike: [serviceAccountGiven],
  },
  {
    cause: 'client-json-unwrapped',
    why: 'The client file has its fields at the top level, without the "web" or "installed" wrapper.',
    fix: 'Download the file from the Cloud console again and use it unchanged, or wrap the fields in {"web": {…}}.',
    stages: ['client-file', 'signin-config'],
    speaksFor: [
      says(
        /not in the (expected|right) format|client secrets? (file )?format|missing (the )?["']?(web|installed)["']? (wrapper|key|property)|expected.{0,60}(web|installed).{0,60}(property|section|key)/i,
      ),
      told(
        /(client_id|client_secret|fields?|keys?|values?|it).{0,50}(at|on) (the )?top[- ]?level|unwrapped|without (a |the |any )?["'“]?(web|installed|wrapper|outer)|no (outer|wrapper|wrapping|["'“]?web|["'“]?installed)|\b(lopp|cut|stripp|remov|left)\w{0,3} (off |out )?(the )?["'“]?(web|installed|outer)\b|\binner part\b|flat(tened)?\b|missing (the )?(wrapper|outer)|(file|json)\b[^.;]{0,30}(by hand|hand-?written)/i,
      ),
      mentions(/(?<!: ?)\{\s{0,4}"(client_id|client_secret|redirect_uris|auth_uri)"/),
    ],
    rulesOut: any(clientIs('service_account'), says(/Authorized user info/i)),
    alike: [serviceAccountGiven],
  },
  {
    cause: 'client-json-without-redirect-uris',
    why: 'The client file has no redirect_uris, but the program uses the first of them.',
    fix: 'Register a redirect URI for the client in the Cloud console and download the file again.',
    speaksFor: [
      says(
        /property ['"]?0['"]? of undefined|reading ['"]0['"]|(list )?index out of (range|bounds)|must contain (at least one )?redirect|redirect_uris.{0,40}(missing|required|empty|is undefined)|KeyError: ['"]redirect_uris/i,
      ),
      told(
        /\b(no|without|lacks?|missing|empty).{0,20}redirect[_ ]uris?|redirect[_ ]uris?.{0,30}(missing|absent|empty|not (there|present|in))/i,
      ),
    ],
    proves: says(/Missing.{0,40}redirect_uris|missing redirect URL/i),
    fits: says(/\bredirect_uris\b/i),
    rulesOut: clientIs('service_account'),
    alike: [serviceAccountGiven],
  },
  {
    cause: 'client-file-as-token-store',
    why: 'The program reads its stored tokens from a file that contains the client.',
    fix: 'Use two files: the one from the Cloud console as the client file, and another one, which does not exist at first, for the tokens.',
    stages: ['client-file', 'refresh'],
    proves: [
      says(/KeyError: ?['"]_module|['"]_module['"]\]/),
      all(
        says(/authorized_user|token\.(json|pickle)|refresh_token/i),
        says(/\{\s{0,4}"(installed|web)"\s{0,4}:/),
      ),
    ],
  },
  {
    cause: 'local-keychain-locked',
    why: 'This machine’s keychain was locked or unavailable, so the program could not store or read the token.',
    fix: 'Unlock it (macOS over ssh: security unlock-keychain; Linux: a session with a secret service) and sign in again, or configure the program to keep its tokens in a file.',
    docs: 'https://support.apple.com/guide/keychain-access/kyca1109/mac',
    stages: ['refresh', 'exchange'],
    speaksFor: says(
      /\b(keyring|keychain|secret service|credential manager|libsecret)\b[^.;]{0,40}(locked|not found|missing|unavailable|denied|error|failed)|(not found|locked|missing|failed|unable)[^.;]{0,30}\b(in|to|from)\b[^.;]{0,10}(keyring|keychain)|errSecInteractionNotAllowed|-25308\b|User interaction is not allowed|Cannot autolaunch D-Bus|org\.freedesktop\.secrets/i,
    ),
    fits: all(mentions(/keychain|keyring/i), told(/headless|ssh|cron|daemon|service/i)),
    rulesOut: says(/GIDSignIn|HasNoAuthInKeychain/i),
  },
  {
    cause: 'service-account-json-given',
    why: 'A service account key was given where an OAuth client is expected, and its fields are different.',
    fix: [
      'To act for people, create an OAuth client of type "Web application" (Cloud console, Clients) and use its file.',
      'To use the service account, load the key with service_account.Credentials (Python) or GoogleAuth (Node) instead.',
    ],
    docs: 'https://support.google.com/cloud/answer/15549257',
    stages: ['client-file', 'exchange', 'signin-config'],
    speaksFor: [
      all(clientIs('service_account'), stageIs('client-file', 'a client file was read')),
      // Whoever refreshes or calls with one is right to.
      all(
        any(stageIs('client-file', 'a client file was read'), stageUnknown),
        mentions(
          /["']type["']\s{0,4}:\s{0,4}["']service_account|service[ _-]?account.{0,40}(key|json|file|private|given|used|instead|credential)|(holds|contains|is|of|from) a service account|client_email|private_key(_id)?\b|iam\.gserviceaccount/i,
        ),
      ),
      all(
        says(/must be for a web or installed app|client secrets? file/i),
        mentions(/service[ _-]?account|iam\.gserviceaccount/i),
      ),
    ],
    fits: told(/key ?file|project-\d{1,20}/i),
    rulesOut: says(/no such file|ENOENT|FileNotFound/i),
  },
]);
