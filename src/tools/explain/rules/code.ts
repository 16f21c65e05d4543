import { relativeTime } from '../../../core/times.js';
import { withChecks } from './checks.js';
import {
  all,
  any,
  clientIs,
  codeIs,
  errorIs,
  fact,
  mentions,
  not,
  rulesWith,
  type Signal,
  says,
  stageIs,
  told,
  unless,
} from './rule.js';

/** Google’s words for a code that is encoded, cut off or none at all; a used one is not meant. */
const malformed = says(/Malformed (auth )?code/i);
/** What is encoded or wrapped cannot have been sent by a program that decodes and unwraps. */
const cleaned: Signal = fact(
  ({ codeCleaned }) => codeCleaned === true && 'the code was cleaned before it was sent',
);
/** Reasons that leave no room for a used code. */
const otherReason =
  /Malformed (auth )?code|code[_ ]?verifier|PKCE|expired or revoked|invalid_rapt|reauth|\bJWT\b/i;
const webServer = 'https://developers.google.com/identity/protocols/oauth2/web-server';

const tokenField = codeIs(
  /["'](access|refresh|id)_token["']\s{0,4}:/i,
  'the pasted code is a response with tokens',
);
const codeField = codeIs(/code["']\s{0,4}:/i, 'the pasted code contains a code');

/** What programs print where there is no value. */
export const printedNothing =
  /^\W{0,9}(undefined|null|\(null\)|nil|none|nan|\[object object\])\W{0,9}$/i;

/** What was pasted or sent where the one-time code goes. */
export const codeRules = rulesWith({ docs: webServer, stages: ['code-input', 'exchange'] }, [
  {
    cause: 'code-already-redeemed',
    why: 'A code works once; the second exchange is refused, and Google may revoke the tokens of the first.',
    fix: [
      'Sign in again and exchange the new code once.',
      'Look for what sends it twice: a retry, a page reload, a component that is mounted twice, two servers.',
    ],
    docs: 'https://www.rfc-editor.org/rfc/rfc6749#section-4.1.2',
    stages: ['exchange', 'code-input'],
    proves: [
      fact(
        ({ codeSeen }) =>
          codeSeen?.outcome === 'exchanged' &&
          `this machine exchanged this code ${ago(codeSeen.secondsAgo)}`,
      ),
      fact(
        ({ codeSeen }) =>
          codeSeen?.outcome === 'unknown' &&
          `this machine sent this code ${ago(codeSeen.secondsAgo)} and lost the response`,
      ),
      mentions(
        /(code|it) (was|has been|is) already (been )?(redeemed|used|exchanged)|already redeemed/i,
      ),
    ],
    speaksFor: told(
      /\btwice\b|second (time|request|call|exchange|attempt)|(same|old) code (again|is|was)|re-?us(e|ed|ing)\b[^.;]{0,20}\b(code|it)\b|retr(y|ies|ied)|reload|Strict ?Mode|useEffect|(two|2) times|refresh(ed|es|ing)? (the |of the )?(page|tab|callback)|back button/i,
    ),
    fits: all(errorIs('invalid_grant'), stageIs('exchange', 'a code was exchanged')),
    rulesOut: [
      says(otherReason),
      // A used code is refused as invalid_grant.
      errorIs('redirect_uri_mismatch'),
      // It exchanges no code.
      clientIs('service_account'),
      told(
        /returns the same (string|code)|silently|restorePrevious|until the (game|app) is closed/i,
      ),
    ],
  },
  {
    cause: 'code-double-encoded',
    why: 'The code is percent-encoded twice, so it still contains %2F after it is decoded once.',
    fix: [
      'Decode the code until it starts with 4/, then encode it once, in the form body.',
      'gsac exchange decodes it automatically.',
    ],
    proves: [
      codeIs(/^["'\s]{0,60}4%25/i, 'the pasted code starts with 4%25'),
      mentions(/\b4%25(25){0,4}2F|code=4%25/i),
    ],
    fits: malformed,
    rulesOut: cleaned,
    alike: withChecks('code-percent-encoded'),
  },
  {
    cause: 'code-percent-encoded',
    why: 'The code still contains %2F instead of /. If the form encodes it again, it becomes a different code.',
    fix: [
      'Decode the code once before you put it in the form body: it must start with 4/.',
      'gsac exchange decodes it automatically.',
    ],
    proves: [
      codeIs(/^["'\s]{0,60}4%2F/i, 'the pasted code starts with 4%2F'),
      // An address on its way back has it so, which is right.
      unless(
        mentions(/\b4%2F|code=4%2F/i),
        all(says(/[?&]code=4%2F/i), not(says(/invalid_grant|malformed/i))),
      ),
    ],
    speaksFor: told(
      /code[^.;]{0,12} (out of|from) the (address|url|query)|code=[^;]{0,40}(exec|match|split|substr\w{0,6}|indexOf)\(|%2F|(percent|url)-?(en|de)cod|\bdecoded\b|decodeURI|unquote/i,
    ),
    rulesOut: cleaned,
    alike: withChecks('code-whitespace', 'code-double-encoded', 'code-already-redeemed'),
  },
  {
    cause: 'code-placeholder-literal',
    why: 'A placeholder or the name of a variable was given instead of the code.',
    fix: 'Send the value of the variable: the serverAuthCode that the app received, which starts with 4/.',
    proves: [
      codeIs(
        /^[\s"']{0,60}(<[^<>]{0,60}>?|\[[^[\]",]{1,60}\]?|\$?\{[^{}":]{1,60}\}?|\$?\{\{[^{}":]{1,60}\}?\}?|\$\(?[\w.]{1,60}\)?|%\w{1,40}%?|%7B.{0,200}|\W{0,9}(my|your|the)?[_\s-]{0,60}(server)?[_\s-]{0,60}auth(orization|entication)?[_\s-]{0,60}code\W{0,9}|\W{0,9}(code|string|value|todo|xxx{1,9}|test|foo|abc)\W{0,9}|4\/\w{0,3}?(x{3,9}|\.{3,9}|…)|YOUR_.{0,200}|.{0,200}_HERE)[\s"']{0,60}$/i,
        'the pasted code is a placeholder',
      ),
      codeIs(printedNothing, 'the pasted code is an empty value printed as text'),
    ],
    speaksFor: mentions(
      /placeholder|variable('s)? name|literal(ly)? ["'“]?\w{0,20}code|quotes around|<code>|YOUR_(AUTH_)?CODE/i,
      // A word where a variable was meant: ("code", "AuthCode").
      /["']code["']\s{0,4}[,:=]\s{0,4}["'][a-z_]{0,20}code["']/i,
    ),
    fits: malformed,
    alike: withChecks('code-empty', 'wrong-value-as-code'),
  },
  {
    cause: 'code-whitespace',
    why: 'The code was copied with a space or line break in it, or its end is missing.',
    fix: [
      'Copy the whole code again, without spaces or line breaks.',
      'gsac exchange removes them automatically, but it cannot restore a missing part.',
    ],
    proves: codeIs(/^\s|\s$|\S\s{1,4}\S/, 'the pasted code contains whitespace'),
    speaksFor: [
      told(
        /code.{0,60}(white ?space|blank|space|line ?break|new ?line|\\n|truncat|incomplete|cut off|wrapped|partial)|double[- ]?click|line break/i,
      ),
      all(
        malformed,
        told(/past(e|ed|ing)|\bprompt\b|copied/i),
        not(told(/\b(url|address|link)\b|%2F|4%/i)),
      ),
      all(
        malformed,
        fact(
          ({ codeCleaned }) =>
            codeCleaned === true &&
            'gsac already removes encoding and spaces from a code, so part of it may be missing',
        ),
      ),
    ],
    fits: malformed,
    alike: withChecks('code-percent-encoded', 'full-redirect-url-pasted', 'code-already-redeemed'),
  },
  {
    cause: 'full-redirect-url-pasted',
    why: 'The whole address that the browser was sent to was given, but only the code is expected.',
    fix: [
      'Take the value of code= from the address and decode it.',
      'gsac exchange accepts the whole address.',
    ],
    proves: codeIs(
      /^\s{0,4}["']?[a-z][\w+.-]{0,60}:\/\/.{0,2000}[?&#]code=|^\s{0,4}\??(state|code|scope)=.{0,2000}&/i,
      'the pasted code is an address with code= in it',
    ),
    speaksFor: told(
      /(whole|full|entire|complete) (redirect(ed)? )?(url|uri|address|link|query)/i,
      /(copied|copy|paste[ds]?|took|put in)(?! (the |that |this |my )?code)[^.;]{0,30}(address|url|link|everything)|address (bar|line)|from the (address )?bar|can'?t be reached/i,
    ),
    fits: malformed,
    rulesOut: cleaned,
    alike: withChecks('code-percent-encoded', 'code-whitespace'),
  },
  {
    cause: 'optional-debug-string',
    why: 'Swift prints an optional as Optional("…"), and the app sent that text instead of the value inside.',
    fix: 'Unwrap the optional before you send it: guard let code = result.serverAuthCode else { … }.',
    docs: 'https://developers.google.com/identity/sign-in/ios/offline-access',
    proves: [
      codeIs(/Optional\(/, 'the pasted code is Optional(…)'),
      // So Swift prints errors, too.
      unless(
        mentions(/Optional\(\\?"|Optional%28/i),
        says(/\b(error|errorDescription|msg|message|reason)["']?: ?Optional\(/i),
      ),
      unless(
        says(/Optional\((%22|\\?["“])/i),
        says(/\b(error|errorDescription|msg|message|reason)["']?: ?Optional\(/i),
      ),
    ],
    fits: told(/string interpolation|Xcode/i),
  },
  {
    cause: 'wrong-value-as-code',
    why: 'Another value was given instead of the code: a token, a status text or another field of the response.',
    fix: 'Send serverAuthCode (Android: getServerAuthCode(); web: code), which starts with 4/.',
    docs: 'https://developers.google.com/identity/sign-in/ios/offline-access',
    proves: [
      codeIs(
        /^\s{0,4}["']?(eyJ|ya29\.|1\/\/|AIza|GOCSPX-)|apps\.googleusercontent\.com/,
        'the pasted code is another kind of value',
      ),
      codeIs(
        /^["']?(success|ok|true|false|error|done|status|\d{1,6}|\d{21}|[^@\s]{1,60}@[^@\s]{1,60})["']?$/i,
        'the pasted code is another kind of value',
      ),
      all(codeIs(/^\s{0,4}\{/, 'the pasted code is JSON'), tokenField, not(codeField)),
    ],
    speaksFor: [
      all(
        codeIs(/^\s{0,4}\{\s{0,4}["']/, 'the pasted code is JSON without a code in it'),
        not(any(tokenField, codeField)),
      ),
      mentions(
        /(id|access|refresh)[_ ]?token.{0,40}(sent|used|passed|given|put|posted|exchanged|pasted).{0,20}(as|for|instead|where|in|into).{0,20}code|code.{0,30}(is|was|holds|contains|with).{0,20}(an? |the )?(id|access|refresh)[_ ]?token|((id|access|refresh)[_ ]?token|token[_ ]?id)[^;]{0,60}\b(in|as|for) (the )?code\b|getToken\([^)]{0,60}(credential|(id|access)_?token)\)/i,
        /(auth ?code|code).{0,40}["'“](success|ok|true|error|\w{1,40})["'”] value|instead of the (auth(orization)? |server auth )?code/i,
      ),
    ],
    fits: malformed,
  },
  {
    cause: 'code-captured-from-wrong-request',
    why: 'The listener read the code from the first request that it received, which was not the callback.',
    fix: 'Answer 404 to every request without code= (browsers ask for /favicon.ico), and wait for the callback.',
    docs: 'https://developers.google.com/identity/protocols/oauth2/native-app',
    speaksFor: [
      mentions(
        /favicon|apple-touch-icon|robots\.txt|prefetch|preconnect|health ?check|first request it gets/i,
      ),
      told(/handle_request\(\)|first (hit|request|connection)(?![^.;]{0,12}(succeed|work|pass))/i),
    ],
    fits: told(/listener|loopback|local(host)? (web )?server/i),
    alike: withChecks('code-already-redeemed', 'code-percent-encoded'),
  },
  {
    cause: 'callback-listener-limit',
    why: 'The program’s own listener on this machine cannot receive the callback: its port is in use, it has already closed, or the request is too long for it.',
    fix: 'Free the port or choose another one (port 0), keep the listener open until the person returns, and update the library. gsac login has its own listener.',
    docs: 'https://developers.google.com/identity/protocols/oauth2/native-app',
    stages: ['signin-config', 'exchange', 'code-input'],
    proves: says(
      /EADDRINUSE|address already in use|Only one usage of each socket|port \d{2,5} (is )?(already )?(in use|taken)|Failed to listen on prefix|HttpListenerException/i,
    ),
    speaksFor: says(
      /(localhost|127\.0\.0\.1)[^.;]{0,40}(refused to connect|ERR_CONNECTION_REFUSED|can't be reached|didn't send)|ERR_EMPTY_RESPONSE|Request(Line)? too (long|large)|431\b/i,
    ),
    rulesOut: says(/\/token\b/i),
  },
  {
    cause: 'restored-signin-stale-code',
    why: 'A restored or silent sign-in returns the code of the earlier sign-in, which was exchanged long ago.',
    fix: 'Use a code only from an interactive sign-in. To get a new one, call signOut() and sign in again.',
    docs: 'https://developers.google.com/identity/sign-in/ios/offline-access',
    stages: ['exchange', 'code-input', 'signin-config'],
    speaksFor: [
      mentions(
        /(serverAuthCode|auth ?code|the code).{0,50}(the same|same|stale|identical|unchanged|old|earlier|previous|never changes)|(same|stale|old|previous|earlier|identical) (serverAuthCode|auth ?code)|(stale|old|previous|earlier|identical) code|same code (again|every|each|as before|is)\b/i,
      ),
      told(
        /silent(ly)?|restor(e|ed|ing) (the |a )?(previous|sign|session|user)|restorePreviousSignIn|on (app )?(launch|start)|already signed in|cached/i,
      ),
      all(
        told(
          /(returns|gives|sends|hands out|is) the (very )?same|same string|same code (again|every|each|as before|is)\b|until the (game|app) is closed/i,
        ),
        stageIs('exchange', 'a code was exchanged'),
      ),
    ],
    fits: told(/restorePreviousSignIn|signInSilently/i),
    alike: withChecks('code-already-redeemed'),
  },
]);

function ago(seconds: number): string {
  return relativeTime(-1000 * seconds, 0);
}
