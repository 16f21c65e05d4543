import { createLineAt } from '../locate.js';
import type { SourceFact } from '../model.js';
import {
  expressionAt,
  firstMatches,
  type Part,
  partsOf,
  syntaxOf,
  withoutComments,
} from './code.js';
import type { Passed } from './facts.js';

/** What an app's source says of sign-in, before it is known where the file lies. */
export interface SourceReading {
  facts: { fact: SourceFact['fact']; line: number }[];
  passed: Omit<Passed, 'file' | 'from'>[];
  /** The text without its comments. */
  code: string;
}

/** How one language's source is read. */
type Language = (code: string, found: Findings) => void;

/** Gathers what a reader of source finds. */
class Findings {
  readonly facts: { fact: SourceFact['fact']; offset: number }[] = [];
  readonly passed: SourceReading['passed'] = [];

  /** A fact at each match of a pattern. */
  fact(code: string, pattern: RegExp, fact: SourceFact['fact']): void {
    for (const { index } of code.matchAll(pattern)) this.facts.push({ fact, offset: index });
  }

  /** An ID that is given under a key; what is a type or nothing is none. */
  pass(key: string, role: Passed['role'], text: string, offset: number, sure = true): void {
    if (/^(?:(?:string|String|undefined|null|nil|any|false)\b[?!]?.{0,40}|)$/.test(text)) return;
    this.passed.push({ key, role, text, offset, sure });
  }
}

const roles: Readonly<Record<string, Passed['role']>> = {
  clientID: 'client',
  clientId: 'client',
  iosClientId: 'client',
  iOSClientId: 'client',
  serverClientID: 'server',
  serverClientId: 'server',
  webClientId: 'server',
  iOSServerClientId: 'server',
};

/** The IDs among the arguments of each call that a pattern, which ends with its bracket, finds. */
function passArguments(code: string, pattern: RegExp, found: Findings): void {
  for (const call of firstMatches(code, pattern)) {
    // A call for the web only has the web's client.
    const before = code.slice(Math.max(0, call.index - 200), call.index);
    const forWeb = /(?<!!)\bkIsWeb\b[^;}]*$/.test(before);
    for (const { name, text, offset } of partsOf(code, call.index + call[0].length - 1)) {
      const role = name === undefined ? undefined : roles[name];
      if (name === undefined || role === undefined || (forWeb && role === 'client')) continue;
      // The other platforms get none.
      const isAndroids = /^\s*Platform\.isAndroid\s*\?[^:]{1,300}:\s*null\s*$/.test(text);
      found.pass(name, role, text, offset, !isAndroids);
    }
  }
}

const apple: Language = (code, found) => {
  found.fact(code, /\bASWebAuthenticationSession\b|\bOIDAuthorization\w+/g, 'own-flow');
  found.fact(code, /\bserverAuthCode\b/g, 'server-auth-code');
  found.fact(code, /\.options\s*[?!]?\.\s*clientID\b|GoogleService-Info/g, 'firebase-options');
  if (!/\bGID(Configuration|SignIn)\b/.test(code)) return;
  // What only hands URLs on signs in elsewhere, where its client may be given.
  found.fact(code, /\bGIDSignIn\b(?!\.sharedInstance(?:\(\))?\.handle\b)/g, 'sign-in');
  // The SDK of old read the plist by itself.
  const configurations = [...firstMatches(code, /\bGGLContext\b/g)].map(({ index }) => ({
    offset: index,
    withServer: false,
  }));
  for (const call of firstMatches(
    code,
    /(?:\bGIDConfiguration\s*(?:\.init\s*)?|\bconfiguration\s*=\s*\.init\s*)\(/g,
  )) {
    const parts = partsOf(code, call.index + call[0].length - 1);
    for (const { name, text, offset } of parts) {
      const role = name === undefined ? undefined : roles[name];
      if (name !== undefined && role !== undefined) found.pass(name, role, text, offset);
    }
    const withServer = parts.some(({ name, text }) => name === 'serverClientID' && text !== 'nil');
    configurations.push({ offset: call.index, withServer });
  }
  const message =
    /\bGIDConfiguration\s+alloc\s*\]\s*initWithClientID:\s*([^\]\s]{1,300}(?:\s+[^\]\s:]{1,200}\])?)(?:\s+serverClientID:\s*([^\]\s]{1,300}))?/g;
  for (const call of firstMatches(code, message)) {
    const [whole, client = '', server] = call;
    found.pass('clientID', 'client', client, call.index + whole.indexOf(client));
    if (server !== undefined) {
      found.pass('serverClientID', 'server', server, call.index + whole.lastIndexOf(server));
    }
    configurations.push({ offset: call.index, withServer: server !== undefined });
  }
  for (const set of firstMatches(code, /\.(clientID|serverClientID)\s*=(?!=)\s*/g)) {
    const offset = set.index + set[0].length;
    const [, key = ''] = set;
    const role = roles[key] ?? 'client';
    found.pass(key, role, expressionAt(code, offset), offset);
    if (role === 'client') configurations.push({ offset: set.index, withServer: false });
  }
  const server = /\.serverClientID\s*=(?!=)/.test(code);
  for (const { offset, withServer } of configurations) {
    const fact = withServer || server ? 'configuration-with-server' : 'configuration';
    found.facts.push({ fact, offset });
  }
};

const android: Language = (code, found) => {
  // Kotlin calls Apple's SDK by its own names.
  if (/\bcocoapods\.GoogleSignIn\b/.test(code)) {
    apple(code.replaceAll('cocoapods.GoogleSignIn.', ' '.repeat(23)), found);
  }
  if (!/\bModifiedMainActivityForSocialLoginPlugin\b/.test(code)) {
    found.fact(code, /\bextends\s+BridgeActivity\b|:\s*BridgeActivity\s*\(/g, 'plain-activity');
  }
  found.fact(code, /\bgetServerAuthCode\b|\bserverAuthCode\b/g, 'server-auth-code');
  found.fact(code, /\brequest(?:ServerAuthCode|OfflineAccess)\s*\(/g, 'server-auth-code');
  found.fact(code, /\bR\.string\.default_web_client_id\b/g, 'default-web-client');
  found.fact(
    code,
    /\bGoogleSignInOptions\b|\bGetGoogleIdOption\b|\bGetSignInWithGoogleOption\b|\bAuthorizationRequest\b|\bBeginSignInRequest\b/g,
    'sign-in',
  );
  const calls =
    /\.\s*(requestServerAuthCode|requestIdToken|requestOfflineAccess|setServerClientId)\s*\(|\b(GetSignInWithGoogleOption)\s*\.\s*Builder\s*\(|\b(GoogleAuthCredentials)\s*\(/g;
  for (const call of firstMatches(code, calls)) {
    const parts = partsOf(code, call.index + call[0].length - 1);
    // Kotlin's arguments may be named, and then stand in any order.
    const id = parts.find(({ name }) => /^server(Client)?Id$/.test(name ?? '')) ?? parts[0];
    const key = call[1] ?? call[3] ?? `${call[2]}.Builder`;
    if (id !== undefined) found.pass(`${key}()`, 'server', id.text, id.offset);
  }
};

const dart: Language = (code, found) => {
  if (/\bGoogleSignIn\b/.test(code)) found.fact(code, /\.\s*authenticate\s*\(/g, 'id-token');
  // Up to version 6 Android takes clientId, if it is given, as the server's; Firebase takes another token, too.
  const given = /\bclientId\s*:(?!\s*null\b|[^,;]*\b(?:iOS|kIsWeb)\b[^:,;]*:\s*null\b)/;
  if (
    /\bGoogleSignIn\s*\(/.test(code) &&
    !given.test(code) &&
    !/\bGoogleAuthProvider\b/.test(code)
  ) {
    found.fact(code, /\.\s*idToken\b/g, 'id-token');
  }
  found.fact(code, /\bserverAuthCode\b|\bauthorizeServer\b/g, 'server-auth-code');
  // An app that Firebase has a client for on iOS is meant for it.
  if (/\bFirebaseOptions\b/.test(code)) found.fact(code, /\biosClientId\s*:/g, 'signs-in-on-ios');
  if (!/\bGoogleSignIn\b/.test(code)) return;
  found.fact(code, /\bGoogleSignIn\b/g, 'sign-in');
  found.fact(code, /(?<!!)\bPlatform\.isIOS\b|TargetPlatform\.iOS\b/g, 'signs-in-on-ios');
  passArguments(code, /\bGoogleSignIn\s*(?:\.standard\s*)?\(/g, found);
  passArguments(code, /\.\s*initialize\s*\(/g, found);
};

const scriptKey =
  /(?<![\w$.])["']?(clientId|webClientId|androidClientId|expoClientId|iosClientId|iOSClientId|serverClientId|iOSServerClientId)["']?\s*(?::\s*|(?=[,}\n]))/g;

const script: Language = (code, found) => {
  if (/\bGoogleSignin\b/.test(code)) found.fact(code, /\bidToken\b(?!\??: ?string\b)/g, 'id-token');
  // With a colon it is the field of a type.
  found.fact(code, /\bserverAuthCode\b(?!\??\s*:)/g, 'server-auth-code');
  found.fact(
    code,
    /\bofflineAccess["']?\s*(?::(?!\s*(?:false|boolean)\b)|[,}])/g,
    'offline-access',
  );
  for (const call of firstMatches(code, /\b(?:GoogleSignin|GoogleOneTapSignIn)\.configure\s*\(/g)) {
    found.facts.push({ fact: 'configure', offset: call.index });
    const [argument] = partsOf(code, call.index + call[0].length - 1);
    // What is put together elsewhere may ask for offline access.
    const isOpen =
      argument !== undefined && (!argument.text.startsWith('{') || argument.text.includes('...'));
    if (isOpen) found.facts.push({ fact: 'configure-open', offset: call.index });
  }
  findSocialLogin(code, found);
  found.fact(code, /\bwebClientId["']?\s*:\s*["']autoDetect["']/g, 'default-web-client');
  for (const fact of ['sign-in', 'default-web-client'] as const) {
    found.fact(code, /\bFirebaseAuthentication\s*\.\s*signInWithGoogle\s*\(/g, fact);
  }
  found.fact(code, /\bGoogleAuth\s*\.\s*init(?:ialize)?\s*\((?!\s*\))/g, 'configuration');
  if (!/google/i.test(code)) return;
  // Expo's own sign-in in a browser has names of its own for its clients.
  const browser = rangesOf(code, /\b(?:use(?:IdToken)?|new\s+(?:\w+\.)?)AuthRequest\s*\(/g);
  const asksGoogle = browser.length > 0 && /providers\/google|accounts\.google\.com/.test(code);
  if (asksGoogle) findOwnRedirects(code, found);
  for (const { from } of asksGoogle ? browser : []) {
    const options = entriesOf(code, partsOf(code, from)[0]);
    const takes = ({ name = '', text }: Part) => /^(androidC|c)lientId$|^\.\.\./.test(name || text);
    if (options.length === 0 || options.some(takes)) continue;
    found.facts.push({ fact: 'request-without-android', offset: from });
  }
  const others = rangesOf(code, /\bconsole\.\w+\s*\(/g);
  const calls = rangesOf(
    code,
    /\b(?:GoogleSignin|GoogleOneTapSignIn|SocialLogin|GoogleAuth|GooglePlus)\s*\.\s*\w+\s*\(/g,
  );
  const isIn = (ranges: typeof calls, at: number) =>
    ranges.some(({ from, to }) => at > from && at < to);
  for (const entry of firstMatches(code, scriptKey)) {
    const [whole, key = ''] = entry;
    if (isIn(others, entry.index)) continue;
    const isBare = !whole.includes(':');
    if (isBare && !/[{,]\s*$/.test(code.slice(Math.max(0, entry.index - 80), entry.index)))
      continue;
    const offset = isBare ? entry.index : entry.index + whole.length;
    const text = isBare ? key : expressionAt(code, offset);
    const inBrowser = isIn(browser, entry.index);
    if (/^(android|expo)/.test(key) && !inBrowser) continue;
    if (text === '"autoDetect"' || text === "'autoDetect'") continue;
    // Without an ID the call is one that is never made.
    if (key === 'clientId' && !(inBrowser && asksGoogle && text.length > 2)) continue;
    const role = inBrowser ? 'browser' : (roles[key] ?? 'server');
    found.pass(key, role, text, offset, inBrowser || isIn(calls, entry.index));
  }
};

/** Calls of Capgo's plugin for what it asks of the platforms: an activity of its own, an iOS client. */
function findSocialLogin(code: string, found: Findings): void {
  for (const call of firstMatches(code, /\bSocialLogin\s*\.\s*(?:initialize|login)\s*\(/g)) {
    const add = (fact: SourceFact['fact']) => found.facts.push({ fact, offset: call.index });
    const named = (parts: readonly Part[], key: string) => parts.find(({ name }) => name === key);
    const argument = entriesOf(code, partsOf(code, call.index + call[0].length - 1)[0]);
    const google = entriesOf(code, named(argument, 'google'));
    const options = entriesOf(code, named(argument, 'options'));
    const isGoogle = /^["']google["']$/.test(named(argument, 'provider')?.text ?? '');
    const isOffline = /^["']offline["']$/.test(named(google, 'mode')?.text ?? '');
    const scopes = named(options, 'scopes')?.text ?? '';
    if (isOffline || (isGoogle && scopes.startsWith('['))) add('needs-activity');
    const before = code.slice(Math.max(0, call.index - 200), call.index);
    const isOpen = google.length === 0 || google.some(({ text }) => text.startsWith('...'));
    if (isOpen && /initialize/.test(call[0])) add('configure-open');
    if (!isOpen && named(google, 'iOSClientId') === undefined && !/android/i.test(before)) {
      add('configure-without-ios');
    }
  }
}

/** The entries of an object that is written where a part stands. */
function entriesOf(code: string, part: Part | undefined): Part[] {
  return part?.text.startsWith('{') === true ? partsOf(code, part.offset) : [];
}

/** Calls of Expo's makeRedirectUri that give a URI of the app's own scheme, where Google is asked. */
function findOwnRedirects(code: string, found: Findings): void {
  for (const call of firstMatches(code, /\bmakeRedirectUri\s*\(/g)) {
    const open = call.index + call[0].length - 1;
    const [argument] = partsOf(code, open);
    const options = entriesOf(code, argument);
    const known = argument === undefined || argument.text.startsWith('{');
    const scheme = options.find(({ name }) => name === 'scheme')?.text ?? '';
    const isNamed = options.some(({ name }) => name === 'native' || name === 'useProxy');
    // A scheme with a dot is the reversed client ID, or the bundle ID; a variable may be.
    const isOwn = scheme === '' || /^["'][^."']+["']$/.test(scheme);
    if (!known || isNamed || !isOwn) continue;
    const fact = scheme === '' ? 'default-scheme-redirect' : 'own-scheme-redirect';
    found.facts.push({ fact, offset: call.index });
  }
}

/** Where the arguments of each call begin and end. */
function rangesOf(code: string, calls: RegExp): { from: number; to: number }[] {
  return [...firstMatches(code, calls)].map((call) => {
    const from = call.index + call[0].length - 1;
    const last = partsOf(code, from).at(-1);
    return { from, to: (last?.offset ?? from) + (last?.text.length ?? 0) };
  });
}

const languages: Readonly<Record<string, Language>> = {
  ...{ swift: apple, m: apple, mm: apple, kt: android, java: android, dart },
  ...{ js: script, jsx: script, ts: script, tsx: script, mjs: script, cjs: script, vue: script },
};

/** Where a code is exchanged, and the parameter that only a server has a value for. */
const tokenEndpoint =
  /oauth2\.googleapis\.com|googleapis\.com\/(?:oauth2|token)|accounts\.google\.com\/o\/oauth2/;
const secretParameter = /["'`]client_secret["'`]\s*(?=[:,=)\]])|(?<![\w.$])client_secret\s*:/g;

/** The parameter that names the client where code asks by itself; surely Google if nobody else is named. */
const clientParameter =
  /["'`]client_id["'`]\s*(?:,\s*(?:value:\s*)?|:\s*|to\s+)|(?<![\w.$?&])client_id\s*:\s*/g;
const otherEndpoint =
  /microsoftonline|appleid\.apple|github\.com\/login|facebook\.com|spotify\.com|discord\.com|dropbox|slack\.com|twitter\.com/;

/** Endings of the files that are read for what they say of sign-in. */
export const sourceEndings: ReadonlySet<string> = new Set(Object.keys(languages));

/** What a source file must hold to be read for it. */
export const worthReading =
  /GID(?:Configuration|SignIn)|BridgeActivity|SocialLogin|FirebaseAuthentication|GoogleSign[iI]n|GoogleAuth|GoogleId|OneTap|[sS]erverAuthCode|authorizeServer|OfflineAccess|requestIdToken|web_client_id|googleusercontent|[cC]lient_?[iI][dD]|CLIENT_ID/;

/**
 * Reads what source says of sign-in, by the plugins' and the SDK's own words. It is no parser: what
 * is put together at run time is not seen, and comments are left out.
 */
export function readSource(text: string, ending: string): SourceReading {
  const code = withoutComments(text, syntaxOf(ending));
  const found = new Findings();
  found.fact(code, /\bGoogleAuthProvider\s*\.\s*(?:getCredential|credential)\b/g, 'firebase-auth');
  const asksGoogle = tokenEndpoint.test(code);
  if (asksGoogle) found.fact(code, secretParameter, 'sends-client-secret');
  for (const { index, 0: whole } of firstMatches(code, clientParameter)) {
    const offset = index + whole.length;
    const sure = asksGoogle && !otherEndpoint.test(code);
    found.pass('client_id', 'browser', expressionAt(code, offset), offset, sure);
  }
  languages[ending]?.(code, found);
  const lineAt = createLineAt(code);
  const facts = found.facts.map(({ fact, offset }) => ({ fact, line: lineAt(offset) }));
  return { facts, passed: found.passed, code };
}
