import { usual } from './app.js';
import { webClientHere } from './callback.js';
import {
  all,
  any,
  clientIs,
  errorIs,
  fact,
  maybeAt,
  mentions,
  not,
  rulesWith,
  says,
  sourceIs,
  stageIs,
  told,
  unless,
} from './rule.js';

const clients = 'https://support.google.com/cloud/answer/15549257';

/** The ID is wrong; nothing tells in which way. */
const clientUnknown = says(/(OAuth client|given client ID) (was |is )?not found/i);

const secretMissing = says(
  /client_secret is missing|Missing required parameter: ?client_secret|client_secret.{0,12}(required|empty)|KeyError: ?['"]client_secret/i,
);
const authMethod = /client-?_?authentication-?_?method/i;
const secretThere =
  /secret (is|was|stands) (in|set|there|given|sent|present|configured)\b|(have|has|set|sent|gave|pass|passed) the (client )?secret/i;

/** The client’s ID and secret, and the state of the client at Google. */
export const clientRules = rulesWith({ docs: clients, stages: ['client-file'] }, [
  {
    cause: 'client-id-placeholder-or-unset',
    why: 'The client ID that was sent is a placeholder, an unreplaced variable, or not set at all.',
    fix: [
      'Print the client ID that is sent. It must look like 123456789012-abc….apps.googleusercontent.com.',
      'Check the name of the variable or setting that holds it.',
    ],
    stages: ['signin-config', 'exchange', 'refresh'],
    proves: says(
      /SocialApp(\.DoesNotExist| matching query)|Client Id property \W?\w{1,30}\W? must be defined|Missing required configuration keys \[client_id|clientId cannot be empty|Could not resolve placeholder ['"][\w.-]{0,40}client[_.-]id|KeyError: ?['"]\w{0,30}CLIENT_ID|Client Id and Client Secret is required|is missing clientId or clientSecret|requires a clientI[Dd] option|'?ClientId'? option must be provided|(client_?id|clientId) (is|was) (not (set|configured|provided)|missing|required)/,
      /for client ID:? ['"]?(?!\d)[A-Za-z_$.{}]{1,60}['"]?(?=[.\s])/,
      // What is reversed there is no client ID; what a person blotted out tells nothing.
      /missing support for the following URL schemes: ?'?(?!com\.googleusercontent|\d|some|my|x{3}|redact)[\w.-]{1,60}/i,
      /Request details[^;]{0,400}client_id=(\s|$)/i,
    ),
    speaksFor: [
      says(
        /Missing required parameter:? ?client_id|client_id=([^&\s]{0,120}(%7B|%3C|\$|\{|<|YOUR)|undefined|null|None|nil|&|$)/im,
      ),
      all(
        says(/URL schemes?\b/i),
        told(
          /\bREVERSED_CLIENT_ID (stands|is (there|in|among|literally)|literal)|literal\w{0,2} REVERSED_CLIENT_ID/i,
        ),
      ),
      mentions(
        /YOUR[_ -]?(GOOGLE[_ -]?|OAUTH[_ -]?|WEB[_ -]?)?CLIENT(?! (has|have|is|was|app\w{0,10}|type|librar\w{1,4}|code)\b)|[{<[]\s{0,4}(client|YOUR)[^}>\],:]{0,60}[}>\]]|(?<!(server|web|android|ios)[_ ]?)client ?id.{0,60}(placeholder|undefined|unset|empty|null|not set|braces?|\{|template|example|never (set|loaded))|(placeholder|undefined|empty|unset|missing(?! (required )?parameter)|not set|braces).{0,40}(?<!(server|web|android|ios)[_ ]?)client[ _]?id/i,
      ),
      all(
        clientUnknown,
        told(
          /(sample|example|demo|open[- ]source|template|cloned|downloaded|forked) (project|app|code|repo|plugin)|from github/i,
        ),
      ),
      all(
        any(clientUnknown, errorIs('invalid_client'), says(/client[_ ]?id/i)),
        not(says(/(server|web) ?client ?id/i)),
        told(
          /process\.env|\benv(ironment)? (variable|file|var)|\.env\b|os\.environ|getenv|(from|in|via) (the )?env\b|import\.meta\.env|conf(ig)?\.\w{1,40}|OAuth2\w{0,8}\(\s?\)|cliend|clinet|clientld|(works|fine|helps?|fixed) [^.;]{0,30}hard-? ?cod\w{1,40}/i,
        ),
      ),
    ],
  },
  {
    cause: 'client-id-malformed',
    why: 'Google does not know a client with this ID: it is misspelled or cut off, usually at the end.',
    fix: 'Copy the client ID again from the Cloud console, without quotes or spaces. It ends in .apps.googleusercontent.com, once.',
    stages: ['signin-config', 'exchange'],
    proves: mentions(
      /apps\.usercontent\.com|(apps\.)?googleusercontent\.com(\.apps)?\.googleusercontent\.com|apps\.google\.?user\.?contents?\.com(?<!apps\.googleusercontent\.com)|googleusercontent\.co(?!m)|\.apps\.googleusercontent(?!\.com)\b|https?:\/\/\d{1,20}-\w{1,40}\.apps\.googleusercontent/i,
    ),
    speaksFor: [
      fact(
        ({ authorization }) =>
          /^\d{1,20}-/.test(authorization?.clientId ?? '') &&
          authorization?.clientId?.endsWith('.apps.googleusercontent.com') === false &&
          'the client ID of the authorization request does not end in .apps.googleusercontent.com',
      ),
      told(
        /(typo|letter|character)s?\b[^.;]{0,20}\bID\b|\bID\b[^.;]{0,30}\b(typo|letter|character)s?\b|(client ?id|suffix|ending|domain).{0,60}(doubl|twice|misspel|typo|wrong(ly)?|cut|missing|repeated|ends? (in|with))|(doubl|duplicat|misspel|wrong|twice).{0,30}(suffix|ending|googleusercontent)/i,
      ),
    ],
    fits: says(/missing support for the following URL schemes/i),
  },
  {
    cause: 'api-key-as-credential',
    why: 'An API key was given instead of the client ID or the client secret.',
    fix: 'Use the client ID (…apps.googleusercontent.com) and its secret (GOCSPX-…). An API key (AIza…) is neither.',
    stages: ['signin-config', 'exchange', 'client-file'],
    proves: mentions(
      /\bAIza[\w-]{6,60}|api[ _-]?key.{0,60}(as|instead|where|for|in|==?|is|was).{0,40}(client|secret|id\b|credential)|(client|secret|id).{0,40}(is|was|holds|set to).{0,20}api[ _-]?key/i,
    ),
    fits: told(/api[ _-]?key/i),
    rulesOut: says(/api[ _-]key[ _-](is )?(not[ _-]valid|expired|invalid)|API_KEY_/i),
  },
  {
    cause: 'credential-whitespace',
    why: 'The client ID or secret has a space or line break at its beginning or end.',
    fix: 'Remove it from the file or variable, and trim the value when the program reads it.',
    stages: ['exchange', 'refresh', 'signin-config', 'verify'],
    // Two values that differ by it only, as a library compares them.
    proves: any(
      says(/\bExpected\b[^;]{0,16}"( [\w.-]{1,80} ?|[\w.-]{1,80} )"/i),
      told(
        /(secret|client[ _-]?id|credential|id|value|variable|env).{0,80}(ends? with|begins? with|starts? with|trailing|leading|extra|surround|stray|has|contains|includes|got|gets|gained|picked up).{0,25}(space|blank|white ?space|new ?line|line ?break|tab|\\n|carriage)|(trailing|leading|extra|stray) (space|blank|white ?space|new ?line|line ?break).{0,60}(secret|client|id|credential|env)|(secret|client[ _-]?id).{0,30}\btrim/i,
      ),
    ),
    speaksFor: mentions(
      /client_(id|secret)=(%20|\+|%0A|%0D)|client_(id|secret)=[^&\s]{0,120}(%20|%0A|%0D)(&|$|\s)|googleusercontent\.com(%20|%0A|%0D| &|\+&)/i,
    ),
  },
  {
    cause: 'client-secret-missing',
    why: 'Web and desktop clients must send their secret, but none was sent.',
    fix: 'Send client_secret, which is in the client file. At Google, PKCE does not replace it.',
    docs: 'https://developers.google.com/identity/protocols/oauth2/native-app#exchange-authorization-code',
    stages: ['exchange', 'refresh', 'client-file'],
    // A secret that goes where Google does not look is missing, too.
    speaksFor: [
      unless(secretMissing, told(secretThere, authMethod)),
      told(
        /OAuth2\w{0,10}\([^()]{0,80},\s{0,4}(undefined|null|nil|None|''|"")\s{0,4},/,
        /\b(no|without|empty|missing|null|undefined|unset)[^.;]{0,15}(client[ _-]?)?secret|secret[^.;]{0,25}(empty|missing|not (set|sent|configured)|null|undefined)|secretless/i,
      ),
    ],
    alike: [{ cause: 'client-credentials-in-header', check: 'The secret goes in a header.' }],
    fits: secretMissing,
    rulesOut: clientIs('ios', 'android'),
  },
  {
    cause: 'client-credentials-in-header',
    why: 'The program sends the client ID and secret where this endpoint does not read them: in a header or in another field.',
    fix: 'Use https://oauth2.googleapis.com/token as the token URL, and send both in the body (Go: Endpoint: google.Endpoint, or AuthStyleInParams; AppAuth and others: client_secret_post).',
    docs: 'https://developers.google.com/identity/protocols/oauth2/web-server#exchange-authorization-code',
    stages: ['exchange', 'refresh'],
    speaksFor: [
      all(secretMissing, told(secretThere)),
      all(secretMissing, told(authMethod)),
      says(/errorCode cannot be empty|Could not determine client ID from request/i),
      told(
        authMethod,
        /secret_?_?basic|AuthStyleInHeader|basic auth(entication|orization)? header/i,
      ),
    ],
    fits: all(
      stageIs('exchange', 'a code was exchanged'),
      says(/Request contains an invalid argument/i),
    ),
    alike: [
      { cause: 'client-secret-missing', check: 'The request has no secret, in no header either.' },
      { cause: 'client-id-placeholder-or-unset', check: 'The client ID that is sent is empty.' },
    ],
  },
  {
    cause: 'client-secret-wrong',
    why: 'The secret does not belong to this client ID: it is another client’s, an old one, or cut off.',
    fix: [
      'Download the client file again, or copy the ID and the secret together from one client in the Cloud console.',
      'After a rotation, use the new secret: Google refuses the old one as soon as it is disabled.',
    ],
    stages: ['exchange', 'refresh'],
    speaksFor: [
      says(
        /client secret is (invalid|incorrect|wrong)|invalid client secret|Unable to exchange external code|TokenError: Unauthorized|token endpoint failure: Status: Unauthorized|\/token\S? resulted in a \S?401 Unauthorized\S? response\s{0,4}$|invalid_token_response[^;]{0,200}\b401\b/i,
      ),
      told(
        /(demo|sample|example|other|another|different|wrong|old|previous|staging|test).{0,30}(application|app|project|client|secret)('s)?\b.{0,30}|secret.{0,60}(another|other|old|rotat|reset|regenerat|changed|wrong|mismatch|does not (match|belong)|disabled|demo|copied)|(rotat|reset|regenerat|changed|wrong|mismatch).{0,30}secret/i,
      ),
    ],
    suggests: all(
      errorIs('invalid_client'),
      any(
        stageIs('exchange', 'it failed at the exchange'),
        stageIs('refresh', 'it failed at the refresh'),
      ),
    ),
    fits: all(errorIs('invalid_client'), told(/secret/i)),
    rulesOut: [
      // Then nobody looked at the secret.
      clientUnknown,
      told(
        /another client ID|client ID of the same project|no secret is shown/i,
        /white ?space|\b(a|trailing|leading|extra|stray) (space|blank)|new ?line|line ?break/i,
      ),
      clientIs('ios', 'android'),
      fact(
        ({ error }) =>
          error !== undefined && !/_client$/.test(error) && 'the error is of another kind',
      ),
    ],
    alike: [{ cause: 'refresh-client-mismatch', check: 'Only stored tokens fail.' }],
  },
  {
    cause: 'wrong-client-type',
    why: 'The client is not of a type that this flow accepts.',
    fix: [
      'Use a "Web application" client for a server or web page, a "Desktop app" client for a program on a computer, and a "TVs and Limited Input devices" client for a device without a keyboard.',
      'Exchange a phone’s code with the "Web application" client that the app sets as its server client ID.',
    ],
    docs: 'https://developers.google.com/identity/sign-in/android/offline-access',
    stages: ['exchange', 'client-file', 'refresh', 'signin-config'],
    proves: says(/Invalid client type|Only clients of type/i),
    speaksFor: [
      // The app itself may exchange a code with such a client.
      all(
        clientIs('android', 'ios'),
        maybeAt('exchange', 'a server exchanges the code'),
        any(not(sourceIs('android', 'ios')), errorIs('invalid_client', 'unauthorized_client')),
      ),
      webClientHere,
      all(errorIs('redirect_uri_mismatch'), clientIs('web'), sourceIs('desktop')),
      says(/can only be used by a Client ID for native application/i),
      // Such a client has no origins that a page could be among.
      all(
        clientIs('installed', 'ios', 'android'),
        any(
          errorIs('origin_mismatch'),
          says(/not a valid origin|origin is not allowed|idpiframe_initialization/i),
        ),
      ),
      told(
        /no (client )?secret (is )?(shown|given|listed|available|in)|(android|ios|iphone) (client|client id|type|credential).{0,60}(server|backend|exchange|secret)|(server|backend).{0,60}(android|ios) client|wrong (client )?type|type (is )?(android|ios)/i,
      ),
    ],
    alike: [{ cause: 'redirect-uri-not-registered', check: 'A web server sends this address.' }],
  },
  {
    cause: 'exchange-client-differs-from-code-client',
    why: 'The code was not issued to the client ID that exchanges it.',
    fix: 'Use the same client ID in both places: the app’s server client ID (GIDServerClientID, requestServerAuthCode, serverClientId) must be the server’s client ID.',
    docs: 'https://developers.google.com/identity/sign-in/ios/offline-access',
    stages: ['exchange'],
    speaksFor: [
      all(
        errorIs('unauthorized_client'),
        fact(({ stage }) => stage !== undefined && stage !== 'refresh' && 'a code was exchanged'),
      ),
      fact(
        ({ authorization, clientId }) =>
          authorization?.clientId !== undefined &&
          clientId !== undefined &&
          authorization.clientId !== clientId &&
          `the authorization request has ${authorization.clientId}, the exchange ${clientId}`,
      ),
      told(
        /(another|different|other|two|differ|not the same)\b.{0,25}client(s| ID)|app[^;]{0,80}(android|ios) client[^.]{0,120}(server|web)|client[ _]?ids? (differ|do(es)? not match|mismatch)|(issued|made|created|obtained) (for|with|by) (another|a different|the (android|ios))/i,
        /own client ?id[^.;]{0,60}(another|other|own|different)|(front-?end|app|client side)[^;]{0,50}client ?id[^;]{0,60}(back-?end|server)[^;]{0,30}(another|other|own|different)/i,
      ),
    ],
    alike: [usual.notRead],
  },
  {
    cause: 'client-deleted',
    why: 'The OAuth client (or service account) in the request was deleted, by a person or by Google, which deletes OAuth clients that nobody has used for six months.',
    fix: 'Restore it in the Cloud console within 30 days, or create a new client and have people sign in again.',
    docs: 'https://support.google.com/cloud/answer/15549257',
    stages: ['exchange', 'refresh', 'signin-config'],
    proves: [
      errorIs('deleted_client'),
      mentions(/(client|service account) (was|has been|is) deleted|deleted_client/i),
    ],
    speaksFor: told(
      /deleted?.{0,40}(client|credential|project|service account)|(client|credential|project|service account).{0,40}(deleted|removed)/i,
    ),
  },
  {
    cause: 'client-disabled',
    why: 'Google or the owner has disabled the OAuth client.',
    fix: 'Find the reason in the Cloud console (Clients) and in the project owners’ email, and ask for a review.',
    docs: 'https://support.google.com/cloud/answer/15549257',
    stages: ['exchange', 'refresh', 'signin-config'],
    proves: [
      errorIs('disabled_client'),
      mentions(
        /(client|sign in with google) (was|has been|is|temporarily) (temporarily )?(disabled|suspended)|disabled_client/i,
      ),
    ],
    speaksFor: told(/(client|project|app).{0,40}(disabled|suspended)/i),
  },
]);
