import {
  all,
  clientIs,
  errorIs,
  fact,
  maybeAt,
  mentions,
  type Rule,
  says,
  stageUnknown,
  told,
} from './rule.js';

const clients = 'https://support.google.com/cloud/answer/15549257';
const webServer = 'https://developers.google.com/identity/protocols/oauth2/web-server#creatingcred';

/** The ID is wrong; nothing tells in which way. */
const clientUnknown = { weight: 44, pattern: /OAuth client was not found/i };

/** The client file, the client's ID and secret, and the state of the client at Google. */
export const clientRules: readonly Rule[] = [
  {
    cause: 'client-json-other-section',
    why: 'The program reads the section "installed" (or "web") of the client file, and the file has the other.',
    fix: [
      'Make a client of the type that the program expects, or read the section that the file has.',
    ],
    docs: webServer,
    stages: ['client-file'],
    signals: [
      says(
        58,
        /['"`]?\w+\.(installed|web)['"`]? (as it )?is (undefined|null)|KeyError: ['"](installed|web)['"]|undefined \(reading ['"](installed|web|client_id|client_secret)['"]\)|['"]?(installed|web)['"]? (key|section|property|is (missing|not found|undefined))|no (installed|web) section/i,
      ),
      says(30, /(installed|web) (app|client|application|section)/i),
      told(
        48,
        /top[- ]level ["'“]?(web|installed)|(file|json) (has|contains|starts with|begins with).{0,20}["'“]?(web|installed)|(has|have) ["'“]?web["'”]? (and|but|instead|where)|(web|desktop|installed) (client|application|app).{0,40}(where|instead|expected|expects|reads)/i,
      ),
      clientIs(14, 'web'),
      clientIs(6, 'installed'),
      clientIs(-60, 'service_account'),
      says(40, /get(Installed|Web)\(\)/),
      told(30, /\{\s*"(web|installed)"/),
      told(52, /reads? \w+\.(web|installed)\b|\b(Other|Desktop)\b (application|app|client)/),
    ],
  },
  {
    cause: 'client-json-unwrapped',
    why: 'The fields of the client file stand at its top level, without the "web" or "installed" wrapper.',
    fix: [
      'Download the file from the Cloud console again and use it unchanged, or wrap the fields in {"web": {…}}.',
    ],
    docs: webServer,
    stages: ['client-file'],
    signals: [
      says(
        50,
        /must be for a web or installed app|not in the (expected|right) format|Invalid client secrets file|client secrets? (file )?format|missing (the )?["']?(web|installed)["']? (wrapper|key|property)|expected.*(web|installed).*(property|section|key)/i,
      ),
      says(12, /At least one client secrets/i),
      told(
        62,
        /(client_id|client_secret|fields?|keys?|values?|it).{0,50}(at|on) (the )?top[- ]?level|unwrapped|without (a |the |any )?["'“]?(web|installed|wrapper|outer)|no (outer|wrapper|wrapping|["'“]?web|["'“]?installed)|flat(tened)?\b|missing (the )?(wrapper|outer)|by hand|hand-?written/i,
      ),
      clientIs(-60, 'service_account'),
      mentions(60, /\{\s*"(client_id|client_secret|redirect_uris|auth_uri)"/),
      says(10, /no credentials found/i),
    ],
  },
  {
    cause: 'client-json-without-redirect-uris',
    why: 'The client file has no redirect_uris, and the program takes the first of them.',
    fix: [
      'Register a redirect URI at the client in the Cloud console and download the file again.',
    ],
    docs: webServer,
    stages: ['client-file'],
    signals: [
      says(
        60,
        /property ['"]?0['"]? of undefined|reading ['"]0['"]|(list )?index out of (range|bounds)|Missing.*redirect_uris|must contain (at least one )?redirect|redirect_uris.{0,40}(missing|required|empty|undefined)|KeyError: ['"]redirect_uris/i,
      ),
      says(32, /redirect_uris\[0\]|\bredirect_uris\b/i),
      told(
        62,
        /(no|without|lacks?|missing|empty).{0,20}redirect[_ ]uris?|redirect[_ ]uris?.{0,30}(missing|absent|empty|not (there|present|in))/i,
      ),
      clientIs(-70, 'service_account'),
      says(60, /missing redirect URL/i),
    ],
  },
  {
    cause: 'client-file-as-token-store',
    why: 'The program looks for its stored tokens in a file that holds the client.',
    fix: [
      'Keep two files: the one of the Cloud console as the program’s client file, and another name, absent at first, for the tokens.',
    ],
    docs: webServer,
    stages: ['client-file', 'refresh'],
    signals: [
      says(94, /KeyError: ?['"]_module|['"]_module['"]\]/),
      told(
        60,
        /(client|credentials?)(_secrets?)?(\.json| file)[^.;]{0,40}(as|for|instead of|where)[^.;]{0,20}(token|store|storage)|same (file|name)[^.;]{0,30}(client|token)/i,
      ),
    ],
  },
  {
    cause: 'service-account-json-given',
    why: 'A service account key was given where an OAuth client is expected; it has other fields.',
    fix: [
      'Create an OAuth client of type "Web application" (Cloud console, Clients) and use its file.',
    ],
    docs: clients,
    stages: ['client-file', 'exchange'],
    signals: [
      all(
        72,
        clientIs(1, 'service_account'),
        fact(1, ({ stage }) => stage === 'client-file' && 'a client file was read'),
      ),
      mentions(
        62,
        /["']?type["']?\s*:\s*["']?service_account|service[ _-]?account.{0,40}(key|json|file|private|given|used|instead|credential)|(holds|contains|is|of|from) a service account|client_email|private_key(_id)?\b|iam\.gserviceaccount/i,
      ),
      told(18, /key ?file|agile|project-\d+/i),
      says(10, /redirect_uris|client secrets/i),
    ],
  },
  {
    cause: 'client-id-placeholder-or-unset',
    why: 'The client ID that was sent is a placeholder, still in braces, or not set at all.',
    fix: [
      'Print the client ID that is sent; it must look like 123456789012-abc….apps.googleusercontent.com.',
      'Check the name of the variable or setting that it is read from.',
    ],
    docs: clients,
    stages: ['signin-config', 'exchange', 'refresh'],
    signals: [
      says(
        74,
        /Could not determine client ID|Missing required parameter: ?client_id|client_id=([^&\s]*(%7B|%3C|\$|\{|<|YOUR)|undefined|null|None|nil|&|$)/im,
      ),
      mentions(
        66,
        /YOUR[_ -]?(GOOGLE[_ -]?|OAUTH[_ -]?|WEB[_ -]?)?CLIENT|[{<[]\s*(client|YOUR)[^}>\],:]*[}>\]]|(?<!(server|web|android|ios)[_ ]?)client ?id.{0,60}(placeholder|undefined|unset|empty|null|not set|braces?|\{|template|example|never (set|loaded))|(placeholder|undefined|empty|unset|missing|not set|braces).{0,40}(?<!(server|web|android|ios)[_ ]?)client[ _]?id/i,
      ),
      told(
        55,
        /(process\.env|env(ironment)? (variable|file|var)|\.env|(from|in|via) (the )?env\b|import\.meta\.env|conf(ig)?\.\w+|cliend|clinet|clientld).{0,50}|(works|fine|helps?|fixed) [^.;]{0,30}hard-? ?cod\w+/i,
      ),
      says(18, clientUnknown.pattern),
      errorIs(10, 'invalid_client', 'invalid_request'),
      says(110, /for client ID:? ['"]?(?!\d)[A-Za-z_$.{}]+['"]?(?=[.\s])/),
    ],
  },
  {
    cause: 'client-id-malformed',
    why: 'Google knows no client of this ID: it is misspelled or cut off, mostly at its end.',
    fix: [
      'Copy the client ID again from the Cloud console, without quotes and blanks; it ends in .apps.googleusercontent.com, once.',
    ],
    docs: clients,
    stages: ['signin-config', 'exchange'],
    signals: [
      mentions(
        85,
        /apps\.usercontent\.com|(apps\.)?googleusercontent\.com(\.apps)?\.googleusercontent\.com|apps\.google\.?user\.?contents?\.com(?<!apps\.googleusercontent\.com)|googleusercontent\.co(?!m)|\.apps\.googleusercontent(?!\.com)\b|https?:\/\/\d+-\w+\.apps\.googleusercontent/i,
      ),
      told(
        52,
        /(client ?id|suffix|ending|domain).{0,60}(doubl|twice|misspel|typo|wrong(ly)?|cut|missing|repeated|ends? (in|with))|(doubl|duplicat|misspel|wrong|twice).{0,30}(suffix|ending|googleusercontent)/i,
      ),
      says(12, /missing support for the following URL schemes/i),
      says(clientUnknown.weight, clientUnknown.pattern),
      errorIs(8, 'invalid_client'),
    ],
  },
  {
    cause: 'api-key-as-credential',
    why: 'An API key stands where the client ID or the client secret belongs.',
    fix: [
      'Use the client ID (…apps.googleusercontent.com) and its secret (GOCSPX-…); an API key (AIza…) is neither.',
    ],
    docs: clients,
    stages: ['signin-config', 'exchange', 'client-file'],
    signals: [
      mentions(
        82,
        /\bAIza[\w-]{6,}|api[ _-]?key.{0,60}(as|instead|where|for|in|==?|is|was).{0,40}(client|secret|id\b|credential)|(client|secret|id).{0,40}(is|was|holds|set to).{0,20}api[ _-]?key/i,
      ),
      told(30, /api[ _-]?key/i),
      errorIs(12, 'invalid_client'),
      says(8, /client was not found/i),
      mentions(60, /\bAIza[\w-]{6,}/),
    ],
  },
  {
    cause: 'credential-whitespace',
    why: 'The client ID or secret carries a blank or line break at its beginning or end.',
    fix: ['Trim the value where it is read, and remove the blank from the file or variable.'],
    docs: clients,
    stages: ['exchange', 'refresh', 'signin-config'],
    signals: [
      told(
        82,
        /(secret|client[ _-]?id|credential|id|value|variable|env\w*).{0,80}(ends? with|begins? with|starts? with|trailing|leading|extra|surround\w*|stray|has|contains|includes|got|gets|gained|picked up).{0,25}(space|blank|white ?space|new ?line|line ?break|tab|\\n|carriage)|(trailing|leading|extra|stray) (space|blank|white ?space|new ?line|line ?break).{0,60}(secret|client|id|credential|env)|(secret|client[ _-]?id).{0,30}\btrim/i,
      ),
      says(
        70,
        /client_(id|secret)=(%20|\+|%0A|%0D)|client_(id|secret)=[^&\s]*(%20|%0A|%0D)(&|$|\s)|googleusercontent\.com(%20|%0A| &)/i,
      ),
      says(18, clientUnknown.pattern),
      errorIs(8, 'invalid_client'),
      told(
        100,
        /\becho\b(?! -n)[^|]*\| ?base64|\becho\b[^|]{0,80}>|here-?doc|copied (it )?from (a |the )?(pdf|mail|chat|web)/i,
      ),
      told(84, /["'“] +\d+-\w|googleusercontent\.com +["'”]|["'“] +GOCSPX|as typed/i),
    ],
  },
  {
    cause: 'client-secret-missing',
    why: 'Clients of type web and desktop must send their secret, and none was sent.',
    fix: ['Send client_secret: it stands in the client file. PKCE does not replace it at Google.'],
    docs: 'https://developers.google.com/identity/protocols/oauth2/native-app#exchange-authorization-code',
    stages: ['exchange', 'refresh'],
    signals: [
      says(
        96,
        /client_secret is missing|Missing required parameter: ?client_secret|client_secret.{0,12}(required|empty)/i,
      ),
      told(
        42,
        /(no|without|empty|missing|null|undefined|unset)[^.;]{0,15}(client[ _-]?)?secret|secret[^.;]{0,25}(empty|missing|not (set|sent|configured)|null|undefined)|secretless/i,
      ),
      errorIs(10, 'invalid_client', 'invalid_request'),
      clientIs(-45, 'ios', 'android'),
    ],
  },
  {
    cause: 'client-secret-wrong',
    why: 'The secret does not belong to the client ID: another client’s, an old one, or cut off.',
    fix: [
      'Download the client file again, or copy ID and secret together from one client in the Cloud console.',
      'After a rotation the old secret is refused as soon as it is disabled.',
    ],
    docs: clients,
    stages: ['exchange', 'refresh'],
    signals: [
      says(60, /client secret is (invalid|incorrect|wrong)|invalid client secret/i),
      told(
        60,
        /(demo|sample|example|other|another|different|wrong|old|previous|staging|test).{0,30}(application|app|project|client|secret)('s)?\b.{0,30}|secret.{0,60}(another|other|old|rotat|reset|regenerat|changed|wrong|mismatch|does not (match|belong)|disabled|demo|copied)|(rotat|reset|regenerat|changed|wrong|mismatch).{0,30}secret/i,
      ),
      all(20, errorIs(1, 'invalid_client'), told(1, /secret/i)),
      all(
        26,
        errorIs(1, 'invalid_client'),
        fact(
          1,
          ({ stage }) =>
            (stage === 'exchange' || stage === 'refresh') && `it failed at the ${stage}`,
        ),
      ),
      says(6, /Unauthorized/),
      // Then nobody looked at the secret.
      says(-60, clientUnknown.pattern),
      told(-45, /another client ID|client ID of the same project|no secret is shown/i),
      told(
        -40,
        /white ?space|\b(a|trailing|leading|extra|stray) (space|blank)|new ?line|line ?break/i,
      ),
      clientIs(-30, 'ios', 'android'),
      fact(
        -60,
        ({ error }) =>
          error !== undefined && !/_client$/.test(error) && 'the error is of another kind',
      ),
      told(
        56,
        /secret( field)?[^.;]{0,60}(holds|contains|is set to)[^.;]{0,30}(url|address|name|\bid\b|key)/i,
      ),
    ],
  },
  {
    cause: 'wrong-client-type',
    why: 'A client of type Android or iOS has no secret and cannot exchange a code at a server.',
    fix: [
      'Exchange with the "Web application" client whose ID the app names as its server client ID.',
    ],
    docs: 'https://developers.google.com/identity/sign-in/android/offline-access',
    stages: ['exchange', 'client-file', 'refresh'],
    signals: [
      all(62, clientIs(1, 'android', 'ios'), maybeAt('exchange', 'a server exchanges the code')),
      told(
        40,
        /no (client )?secret (is )?(shown|given|listed|available|in)|(android|ios|iphone) (client|client id|type|credential).{0,60}(server|backend|exchange|secret)|(server|backend).{0,60}(android|ios) client|wrong (client )?type|type (is )?(android|ios)/i,
      ),
      errorIs(16, 'invalid_client', 'unauthorized_client'),
      says(84, /Invalid client type|Only clients of type/i),
      says(6, /Unauthorized/),
      told(
        36,
        /(shows|has|have|gives|lists) (none|no secret)|(credential|client|one) (with|that has|carrying)[^.;]{0,30}(package name|SHA-?1|bundle id)/i,
      ),
    ],
  },
  {
    cause: 'exchange-client-differs-from-code-client',
    why: 'The code was issued for another client ID than the one that exchanges it.',
    fix: [
      'Use one client ID in both places: the app’s server client ID (GIDServerClientID, requestServerAuthCode, serverClientId) is the server’s client ID.',
    ],
    docs: 'https://developers.google.com/identity/sign-in/ios/offline-access',
    stages: ['exchange'],
    signals: [
      all(
        72,
        errorIs(1, 'unauthorized_client'),
        fact(
          1,
          ({ stage }) => stage !== undefined && stage !== 'refresh' && 'a code was exchanged',
        ),
      ),
      all(60, errorIs(1, 'unauthorized_client'), stageUnknown),
      told(
        66,
        /(another|different|other|two|differ\w*|not the same)\b.{0,25}client(s| ID)|app[^;]{0,80}(android|ios) client[^.]{0,120}(server|web)|client[ _]?ids? (differ|do(es)? not match|mismatch)|(issued|made|created|obtained) (for|with|by) (another|a different|the (android|ios))/i,
      ),
      errorIs(14, 'invalid_client', 'invalid_grant'),
      clientIs(-20, 'android', 'ios'),
      told(
        70,
        /own client ?id[^.;]{0,60}(another|other|own|different)|(front-?end|app|client side)[^;]{0,50}client ?id[^;]{0,60}(back-?end|server)[^;]{0,30}(another|other|own|different)/i,
      ),
    ],
  },
  {
    cause: 'client-deleted',
    why: 'The OAuth client (or service account) that the request names was deleted.',
    fix: [
      'Restore it in the Cloud console within 30 days, or make a new client and have people sign in again.',
    ],
    docs: 'https://support.google.com/cloud/answer/15549257',
    stages: ['exchange', 'refresh', 'signin-config'],
    signals: [
      errorIs(97, 'deleted_client'),
      mentions(88, /(client|service account) (was|has been|is) deleted|deleted_client/i),
      told(
        45,
        /deleted?.{0,40}(client|credential|project|service account)|(client|credential|project|service account).{0,40}(deleted|removed)/i,
      ),
    ],
  },
  {
    cause: 'client-disabled',
    why: 'Google or the owner has disabled the OAuth client.',
    fix: [
      'Look into the Cloud console, Clients, and the mail of the project’s owners for why, and ask for a review.',
    ],
    docs: 'https://support.google.com/cloud/answer/15549257',
    stages: ['exchange', 'refresh', 'signin-config'],
    signals: [
      errorIs(97, 'disabled_client'),
      mentions(
        88,
        /(client|sign in with google) (was|has been|is|temporarily) (temporarily )?(disabled|suspended)|disabled_client/i,
      ),
      told(45, /(client|project|app).{0,40}(disabled|suspended)/i),
    ],
  },
];
