import type { Case, Finding } from '../../core/diagnosis.js';
import type { Facts } from './facts.js';
import { codeIsNull } from './rules/app.js';
import { withoutRefreshToken } from './rules/exchange.js';
import {
  all,
  any,
  clientIs,
  errorIs,
  not,
  type Signal,
  says,
  sourceIs,
  stageIs,
  statusIs,
} from './rules/rule.js';

/** A usual cause of an error. */
export interface Usual {
  cause: string;
  /** What tells it from the others, and the flag that says so. */
  check?: string;
  /** Whether it is so much more common than the others that it is likely without more. */
  isUsual?: boolean;
}

/** What an answer to a question establishes, and the flag that would have said it. */
export interface Answer {
  flag: string;
  given: Pick<Case, 'stage' | 'publishingStatus' | 'findings'>;
}

/** A question to be answered with yes or no. */
export interface Question {
  ask: string;
  /** What it settles: a cause that something is known of is not asked about again. */
  about: readonly string[];
  yes: Answer;
  no: Answer;
}

/** An error that several causes give. */
interface Entry {
  shows: Signal;
  /** The few causes that give it, the most common first. */
  causes: readonly Usual[];
  /** Causes that can give it, too, and need evidence of their own. */
  also?: readonly string[];
  /** What would tell the causes apart; the cheapest first. */
  questions?: readonly Question[];
}

/** The error of a case, with its usual causes. */
export interface Symptom {
  words: string;
  causes: readonly Usual[];
  /** Whether this cause gives this error at all. */
  gives(cause: string): boolean;
  questions: readonly Question[];
}

/** The first error of the list that a case shows. */
export function symptomOf(facts: Facts): Symptom | undefined {
  for (const { shows, causes, also = [], questions = [] } of symptoms) {
    const [found] = shows(facts) ?? [];
    if (found === undefined || found.isDenied) continue;
    const giving = new Set([...causes.map(({ cause }) => cause), ...also]);
    const isOpen = ({ yes }: Question) =>
      Object.keys(yes.given).every(
        (name) =>
          name === 'findings' || !(name in facts) || facts[name as keyof Case] === undefined,
      );
    return {
      words: found.words,
      causes,
      gives: (cause) => giving.has(cause),
      questions: questions.filter(isOpen),
    };
  }
  return undefined;
}

const finding = (cause: string, verdict: Finding['verdict'], words: string): Answer['given'] => ({
  findings: [{ cause, verdict, words }],
});

const atExchange = stageIs('exchange', 'a code was exchanged');
const atRefresh = stageIs('refresh', 'a refresh was refused');
const atSignIn = stageIs('signin-config', 'it failed at the sign-in');
const bareGrant = all(
  errorIs('invalid_grant'),
  not(says(/reauth|rapt|\bJWT\b|account (not found|has been)|email or user/i)),
);

const whichRequest: Question = {
  ask: 'Did the request that failed send a refresh token (and not a code)?',
  about: [],
  yes: { flag: '--stage refresh', given: { stage: 'refresh' } },
  no: { flag: '--stage exchange', given: { stage: 'exchange' } },
};
const isInTesting: Question = {
  ask: 'Is the app in Testing (Cloud console, Audience)?',
  about: [],
  yes: { flag: '--publishing-status testing', given: { publishingStatus: 'testing' } },
  no: { flag: '--publishing-status production', given: { publishingStatus: 'production' } },
};
const isShaRegistered: Question = {
  ask: 'Is the SHA-1 of exactly this build (from Play, the app signing key’s) registered?',
  about: ['android-signing-cert-mismatch'],
  yes: {
    flag: '--notes "the SHA-1 is registered"',
    given: finding('android-signing-cert-mismatch', 'rules-out', 'the SHA-1 is registered'),
  },
  no: {
    flag: '--notes "the SHA-1 is another"',
    given: finding('android-signing-cert-mismatch', 'speaks-for', 'its SHA-1 is not registered'),
  },
};
const isOnSignInPage: Question = {
  ask: 'Does Google’s own page show the error, before it sends the person back?',
  about: [],
  yes: { flag: '--stage signin-config', given: { stage: 'signin-config' } },
  no: { flag: '--stage exchange', given: { stage: 'exchange' } },
};

const deadToken: readonly Usual[] = [
  {
    cause: 'testing-seven-days',
    check:
      'The app is in Testing and the token about 7 days old: --publishing-status, --token-age-days.',
  },
  {
    cause: 'access-revoked-by-user',
    check: 'The app is no longer listed at https://myaccount.google.com/permissions.',
  },
  { cause: 'password-changed', check: 'The person changed the password; the app reads Gmail.' },
  { cause: 'six-months-unused', check: 'The last refresh was 6 months ago: --token-age-days.' },
  {
    cause: 'refresh-token-limit',
    check: 'The same account signed in more than 100 times since: newer tokens work.',
  },
];
const refusedRefresh = [
  'testing-token-kept-after-publishing',
  'token-revoked-by-own-call',
  'refresh-token-damaged',
  'refresh-client-mismatch',
  'google-account-gone',
  'session-control-reauth',
  'clock-behind',
  'service-account-key-wrong',
  'service-account-gone',
  'admin-policy',
];
const badCode = [
  'full-redirect-url-pasted',
  'code-placeholder-literal',
  'optional-debug-string',
  'wrong-value-as-code',
  'code-captured-from-wrong-request',
  'code-whitespace',
  'code-percent-encoded',
  'code-double-encoded',
];
const androidConfiguration: readonly Usual[] = [
  {
    cause: 'android-signing-cert-mismatch',
    check: 'Compare `./gradlew signingReport` with the console; --project <dir> does.',
    isUsual: true,
  },
  {
    cause: 'android-client-id-as-web-client-id',
    check: 'The ID in requestIdToken or serverClientId is the Android client’s: --project <dir>.',
  },
  {
    cause: 'consent-screen-incomplete',
    check: 'The consent screen (Firebase: project settings) has no support e-mail.',
  },
  { cause: 'audience-project-mismatch', check: 'The client IDs begin with different numbers.' },
];
const noCode: Record<string, Usual> = {
  offline: {
    cause: 'offline-access-not-requested',
    check: 'The options have no offlineAccess: true or requestServerAuthCode: --project <dir>.',
  },
  serverId: {
    cause: 'server-client-id-missing',
    check: 'No GIDServerClientID or serverClientId is set: --project <dir>.',
  },
  silent: {
    cause: 'silent-signin-no-code',
    check: 'It comes once, and is missing after a restart: sign out, then sign in.',
  },
  android: {
    cause: 'android-client-id-as-web-client-id',
    check: 'The ID in use is that of the Android client: --project <dir>.',
  },
};
/** Errors that have several causes; the first that shows counts. */
const symptoms: readonly Entry[] = [
  {
    shows: all(
      errorIs('invalid_grant'),
      any(clientIs('service_account'), says(/\bgtoken\b|JWT|assertion|service.?account/i)),
      not(says(/account not found|JWT Signature|audience check|email or user/i)),
    ),
    causes: [
      { cause: 'clock-behind', check: 'Compare `date -u` with https://time.is.', isUsual: true },
      {
        cause: 'service-account-gone',
        check: 'The console no longer lists it, or it is disabled.',
      },
      {
        cause: 'service-account-key-wrong',
        check: 'The key’s ID is not among its keys in the console.',
      },
    ],
    also: ['service-account-not-delegated', 'session-control-reauth', 'clock-ahead'],
  },
  {
    shows: says(/Malformed (auth )?code/i),
    causes: [
      {
        cause: 'code-percent-encoded',
        check: 'The code that is sent starts with 4%2F and not with 4/: --code.',
        isUsual: true,
      },
      { cause: 'code-whitespace', check: 'The code is shorter than the one received: --code.' },
      { cause: 'full-redirect-url-pasted', check: 'It starts with http: --code.' },
      { cause: 'code-placeholder-literal', check: 'It is a name and no value: --code.' },
      { cause: 'code-double-encoded', check: 'It starts with 4%25: --code.' },
    ],
    also: badCode,
  },
  {
    shows: all(bareGrant, sourceIs('web-popup'), not(atRefresh)),
    causes: [
      {
        cause: 'code-already-redeemed',
        check: 'The server’s log has the same code twice.',
        isUsual: true,
      },
      {
        cause: 'redirect-uri-must-be-postmessage',
        check: 'Not postmessage is sent: --redirect-uri.',
      },
    ],
    also: [
      ...badCode,
      'redirect-uri-differs-between-legs',
      'exchange-client-differs-from-code-client',
    ],
  },
  {
    shows: all(bareGrant, atExchange),
    causes: [
      {
        cause: 'code-already-redeemed',
        check: 'The server’s log has the same code twice.',
        isUsual: true,
      },
      {
        cause: 'redirect-uri-differs-between-legs',
        check: 'Compare redirect_uri in both requests: --auth-url, --redirect-uri.',
      },
      {
        cause: 'exchange-client-differs-from-code-client',
        check: 'Compare client_id in both requests: --auth-url, --client.',
      },
    ],
    also: [
      ...badCode,
      'pkce-verifier-missing',
      'pkce-verifier-mismatch',
      'pkce-verifier-unexpected',
      'redirect-uri-must-be-empty',
      'redirect-uri-must-be-postmessage',
      'restored-signin-stale-code',
      'clock-behind',
      'session-control-reauth',
      'service-account-key-wrong',
      'service-account-gone',
      'google-account-gone',
    ],
  },
  {
    shows: all(any(bareGrant, says(/expired or revoked/i)), atRefresh),
    causes: deadToken,
    also: refusedRefresh,
    questions: [isInTesting],
  },
  {
    shows: bareGrant,
    causes: [
      { ...deadToken[0], cause: 'testing-seven-days' },
      {
        cause: 'code-already-redeemed',
        check: 'A code was exchanged, and the server’s log has it twice: --stage exchange.',
      },
      {
        cause: 'access-revoked-by-user',
        check: 'A refresh failed, and the app is no longer listed: --stage refresh.',
      },
      {
        cause: 'redirect-uri-differs-between-legs',
        check: 'A code was exchanged, with another redirect_uri: --stage exchange, --auth-url.',
      },
      {
        cause: 'exchange-client-differs-from-code-client',
        check: 'A code was exchanged, by another client than the app names: --client.',
      },
    ],
    also: [
      ...refusedRefresh,
      ...badCode,
      'password-changed',
      'six-months-unused',
      'refresh-token-limit',
      'pkce-verifier-missing',
      'pkce-verifier-mismatch',
      'pkce-verifier-unexpected',
      'redirect-uri-must-be-empty',
      'redirect-uri-must-be-postmessage',
      'restored-signin-stale-code',
    ],
    questions: [whichRequest, isInTesting],
  },
  {
    shows: says(/OAuth client was not found/i),
    causes: [
      {
        cause: 'client-id-placeholder-or-unset',
        check: 'Look at client_id in the address of the page: --auth-url.',
      },
      {
        cause: 'client-id-malformed',
        check: 'It differs from the console’s in a character or in its ending: --auth-url.',
      },
      { cause: 'client-deleted', check: 'The console no longer lists it.' },
      { cause: 'credential-whitespace', check: 'It has a blank at an end: --auth-url.' },
    ],
    also: ['api-key-as-credential', 'reversed-id-used-as-client-id', 'client-disabled'],
    questions: [],
  },
  {
    shows: all(errorIs('invalid_client'), not(says(/client type|Only clients of/i))),
    causes: [
      {
        cause: 'client-secret-wrong',
        check: 'ID and secret are of one client: --probe --client <file> tells.',
      },
      {
        cause: 'client-id-placeholder-or-unset',
        check: 'Print the ID that is sent; --probe --client <file> tells.',
      },
      {
        cause: 'credential-whitespace',
        check: 'Print both in quotes: is there a blank at an end?',
      },
      { cause: 'wrong-client-type', check: 'The client is of type Android or iOS: --client-type.' },
    ],
    also: [
      'client-secret-missing',
      'api-key-as-credential',
      'client-id-malformed',
      'client-deleted',
      'client-disabled',
      'exchange-client-differs-from-code-client',
      'service-account-json-given',
      'token-request-malformed',
    ],
  },
  {
    shows: all(errorIs('redirect_uri_mismatch'), atExchange),
    causes: [
      {
        cause: 'redirect-uri-differs-between-legs',
        check: 'Compare redirect_uri in both requests: --auth-url, --redirect-uri.',
      },
      {
        cause: 'redirect-uri-must-be-postmessage',
        check: 'The code is of the web popup flow: --source web-popup.',
      },
      { cause: 'redirect-uri-must-be-empty', check: 'The code is of a phone: --source ios.' },
    ],
    also: ['redirect-uri-not-registered'],
  },
  {
    shows: all(
      errorIs('redirect_uri_mismatch'),
      not(says(/Error 400|registered|authori[sz]ed for/i)),
      not(atSignIn),
    ),
    causes: [
      {
        cause: 'redirect-uri-not-registered',
        check: 'Google’s page shows the error: --stage signin-config, --auth-url.',
      },
      {
        cause: 'redirect-uri-differs-between-legs',
        check: 'The exchange shows it, and both requests differ: --stage exchange, --auth-url.',
      },
      {
        cause: 'redirect-uri-must-be-postmessage',
        check: 'The code is of the web popup flow: --source web-popup.',
      },
      { cause: 'redirect-uri-must-be-empty', check: 'The code is of a phone: --source ios.' },
    ],
    questions: [isOnSignInPage],
  },
  {
    shows: all(
      errorIs('unauthorized_client'),
      not(says(/using this method|any of the scopes/i)),
      not(atRefresh),
    ),
    causes: [
      {
        cause: 'exchange-client-differs-from-code-client',
        check: 'A code was exchanged by another client than it was issued to: --stage exchange.',
      },
      {
        cause: 'refresh-client-mismatch',
        check: 'A refresh failed, with another client than the token’s: --stage refresh.',
      },
      { cause: 'wrong-client-type', check: 'The client is of type Android or iOS: --client-type.' },
    ],
    also: ['service-account-not-delegated'],
    questions: [whichRequest],
  },
  {
    shows: all(
      errorIs('access_denied'),
      not(says(/Error 403|tester|being tested|[?&]error=access_denied/i)),
    ),
    causes: [
      { cause: 'sign-in-cancelled', check: 'The callback got it, after Cancel or Deny.' },
      {
        cause: 'test-user-not-added',
        check: 'Google’s page shows "Error 403", and the app is in Testing: --publishing-status.',
      },
      { cause: 'admin-policy', check: 'Only accounts of one Workspace get it.' },
    ],
    also: ['scope-declined-by-user', 'org-internal', 'unverified-app-blocked'],
    questions: [isInTesting],
  },
  {
    shows: says(/ApiException: ?12500\b|\b(status|code)[^\d]{0,12}\b12500\b|^12500$/i),
    causes: [
      {
        cause: 'consent-screen-incomplete',
        check: 'The consent screen (Firebase: project settings) has no support e-mail.',
      },
      ...androidConfiguration.slice(0, 2).map((one) => ({ ...one, isUsual: false })),
      { cause: 'play-services-missing', check: 'Play services on the device are old.' },
    ],
    questions: [isShaRegistered],
  },
  {
    shows: says(
      /DEVELOPER_?ERROR|ApiException: ?10\b|\b(status|code)[^\d]{0,12}\b10\b|^10$|\[28444\]|Developer console is not set up|\[16\] Account reauth/i,
    ),
    causes: androidConfiguration,
    also: ['audience-not-a-valid-client', 'client-id-malformed', 'client-deleted'],
    questions: [isShaRegistered],
  },
  {
    shows: says(/ApiException: ?12501\b|\b(status|code)[^\d]{0,12}\b12501\b|^12501$/i),
    causes: [
      { cause: 'sign-in-cancelled', check: 'The person closed the picker.', isUsual: true },
      ...androidConfiguration.slice(0, 2).map((one) => ({ ...one, isUsual: false })),
    ],
  },
  {
    shows: says(
      /NoCredentialException|No credentials? available|\[28433\]|Cannot find a matching credential|TYPE_NO_CREDENTIAL/i,
    ),
    causes: [
      {
        cause: 'no-account-on-device',
        check:
          'The device’s settings list no Google account; setFilterByAuthorizedAccounts(false).',
        isUsual: true,
      },
      ...androidConfiguration.slice(0, 2).map((one) => ({ ...one, isUsual: false })),
    ],
  },
  {
    shows: all(codeIsNull, sourceIs('ios')),
    causes: [
      { ...noCode['serverId'], cause: 'server-client-id-missing', isUsual: true },
      { ...noCode['silent'], cause: 'silent-signin-no-code' },
    ],
    also: ['server-client-id-not-read', 'offline-access-not-requested'],
  },
  {
    shows: codeIsNull,
    causes: [
      { ...noCode['offline'], cause: 'offline-access-not-requested' },
      { ...noCode['serverId'], cause: 'server-client-id-missing' },
      { ...noCode['silent'], cause: 'silent-signin-no-code' },
      { ...noCode['android'], cause: 'android-client-id-as-web-client-id' },
    ],
    also: ['server-client-id-not-read', 'restored-signin-stale-code', 'code-empty'],
  },
  {
    shows: says(
      /insufficient_?Permissions?\b|insufficient authentication|ACCESS_TOKEN_SCOPE_INSUFFICIENT|insufficientScopes/i,
    ),
    causes: [
      {
        cause: 'scope-not-requested',
        check: 'The authorization request lacks the scope, or the token is older: --auth-url.',
        isUsual: true,
      },
      {
        cause: 'scope-declined-by-user',
        check: 'The answer’s scope lacks one that was asked for: --granted-scope.',
      },
    ],
    also: ['file-permission-missing', 'appdata-operation-unsupported', 'spaces-param-missing'],
  },
  {
    shows: withoutRefreshToken,
    causes: [
      {
        cause: 'refresh-token-omitted-repeat-consent',
        check: 'It comes after the app is removed at https://myaccount.google.com/permissions.',
      },
      {
        cause: 'access-type-offline-missing',
        check: 'The authorization request lacks access_type=offline: --auth-url.',
      },
    ],
    also: [
      'local-reset-is-not-revocation',
      'refresh-token-absent',
      'local-keychain-locked',
      'client-response-misread',
      'client-file-as-token-store',
      'scope-declined-by-user',
    ],
  },
  {
    shows: all(
      statusIs(401),
      says(/Invalid Credentials|authError|invalid authentication credentials|UNAUTHENTICATED/i),
    ),
    causes: [
      { cause: 'access-token-expired', check: 'The token is over an hour old.' },
      { cause: 'id-token-as-access-token', check: 'The token begins with eyJ and not with ya29.' },
      { cause: 'access-token-not-sent', check: 'Print the Authorization header that is sent.' },
    ],
    also: ['access-revoked-by-user', 'token-revoked-by-own-call'],
  },
  {
    shows: says(/popup[_ -]closed|popup window (was |has been )?closed/i),
    causes: [
      { cause: 'sign-in-cancelled', check: 'The person closed the window.' },
      { cause: 'third-party-cookies-blocked', check: 'It works with third-party cookies allowed.' },
      {
        cause: 'opener-policy-cuts-popup',
        check: 'The page is sent with Cross-Origin-Opener-Policy: same-origin.',
      },
    ],
    also: ['origin-not-registered'],
  },
  {
    shows: all(says(/certificate for key id|no pem found/i), not(says(/firebase/i))),
    causes: [
      {
        cause: 'firebase-token-as-google',
        check: 'Its iss is securetoken: gsac claims --id-token -.',
      },
      { cause: 'wrong-certs-url', check: 'The keys’ address is of another issuer or format.' },
      { cause: 'kid-unknown', check: 'A second try, with keys fetched anew, succeeds.' },
    ],
  },
];
