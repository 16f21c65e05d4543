import type { AuthorizationRequest, Case, Stage } from '../../core/diagnosis.js';
import { readPageLanguage } from './page-languages.js';

/** A case with what could be read out of its texts. */
export interface Facts extends Case {
  observed: string;
  notes: string;
  /** The OAuth error, such as `invalid_grant`. */
  error: string | undefined;
  status: number | undefined;
  /** Whose answer it is, if it is certainly not Google's. */
  provider: string | undefined;
  /** The scopes that were granted, and those asked for; empty where nobody said. */
  granted: readonly string[];
  requested: readonly string[];
}

const oauthErrors = [
  'invalid_grant',
  'invalid_client',
  'unauthorized_client',
  'redirect_uri_mismatch',
  'invalid_request',
  'invalid_scope',
  'invalid_audience',
  'invalid_token',
  'unsupported_grant_type',
  'deleted_client',
  'disabled_client',
  'restricted_client',
  'admin_policy_enforced',
  'org_internal',
  'access_denied',
  'disallowed_useragent',
  'origin_mismatch',
  'rate_limit_exceeded',
  'access_blocked',
] as const;

/** How much of a long text the rules see: an error stands at its beginning or at its end. */
const seenAtBeginning = 24_000;
const seenAtEnd = 8_000;
const longestCode = 4_000;
const mostScopes = 200;

/**
 * Reads out of a case what the rules look at. However long the texts are, what the rules see is
 * bounded; this takes time in proportion to their length.
 */
export function toFacts(given: Case): Facts {
  const { authorization } = given;
  const asked = authorization === undefined ? '' : `\n${describeAuthorization(authorization)}`;
  const observed = toOneLine(`${readPageLanguage(toPlainText(given.observed))}${asked}`);
  return {
    ...given,
    observed,
    notes: toOneLine(given.notes),
    code: given.code?.slice(0, longestCode),
    error: readError(observed),
    status: given.httpStatus ?? readStatus(observed),
    provider: readProvider(observed, given.notes),
    stage: stageOf(given, observed),
    granted: (given.grantedScopes ?? []).slice(0, mostScopes),
    requested: (given.requestedScopes ?? []).slice(0, mostScopes),
  };
}

/** A text as the rules see it: without line breaks, which fall anywhere in what people paste. */
function toOneLine(text = ''): string {
  const line = text
    .replace(/\s+/g, ' ')
    .trim()
    // A hex dump or a token tells nothing beyond its beginning. Its end alone would be no secret
    // that anything masks.
    .replace(/(?<![\w-])([\w-]{100})[\w-]+/g, '$1…');
  if (line.length <= seenAtBeginning + seenAtEnd) return line;
  return `${line.slice(0, seenAtBeginning)}…${line.slice(-seenAtEnd).replace(/^\S+/, '')}`;
}

const namedCharacters: Readonly<Record<string, string>> = {
  quot: '"',
  '#34': '"',
  apos: "'",
  '#39': "'",
  '#x27': "'",
  amp: '&',
  '#38': '&',
  lt: '<',
  gt: '>',
  nbsp: ' ',
};

/** A text without what JSON in JSON, HTML and typesetting make of its signs. */
function toPlainText(text = ''): string {
  return (
    text
      .replace(/\\{1,8}(["'/])/g, '$1')
      .replace(/\\{1,8}[nrt](?![a-z]{2})/g, ' ')
      .replace(/\\{1,8}u00(2[267]|3[cde])/gi, (_, hex: string) =>
        String.fromCharCode(Number.parseInt(hex, 16)),
      )
      .replace(/&(quot|apos|amp|lt|gt|nbsp|#34|#38|#39|#x27);/gi, (_, name: string) =>
        String(namedCharacters[name.toLowerCase()]),
      )
      // An error in the query of an address.
      .replace(
        /\b(error(?:_\w{1,20}|%5B\w{1,20}%5D)?=)([^&\s]{1,300})/gi,
        (_, name: string, value: string) => {
          const words = value
            .replaceAll('+', ' ')
            .replace(/%(2[0-9CEF]|3[A-F])/gi, decodeURIComponent);
          return name.replace(/%5B(\w{1,20})%5D/i, '_$1') + words;
        },
      )
      .replace(/[‘’]/g, "'")
      .replace(/[“”]/g, '"')
  );
}

/** The errors as people and libraries write them, in CamelCase and with blanks where nothing else reads so. */
const errorPatterns = oauthErrors.map((name) => {
  const isPlain = /_(?:grant|client|mismatch|scope|audience|enforced|useragent)$|_grant_type$/.test(
    name,
  );
  // An API writes rateLimitExceeded for something else.
  const words =
    name === 'rate_limit_exceeded' ? name : name.replaceAll('_', isPlain ? '[ _-]?' : '_?');
  if (name === 'redirect_uri_mismatch')
    return { name, pattern: /redirect[ _-]?ur?[il][ _-]?miss?match|\bur[il][ _]miss?match/i };
  return {
    name,
    pattern: new RegExp(`(?<![a-z])${words}(?!_response| (?:type|secret|id)\\b)`, 'i'),
  };
});

function readError(text: string): string | undefined {
  // AppAuth for iOS.
  if (/appauth\.oauth_token[^;]{0,12}-10\b/i.test(text)) return 'invalid_grant';
  const quoted = /["']?error["']?\s{0,4}[:=]\s{0,4}["']?([a-z_]{5,40})["']?/i.exec(text)?.[1];
  if (quoted?.includes('_') && !/[a-z][A-Z]/.test(quoted)) {
    const written = quoted.toLowerCase();
    return errorPatterns.find(({ pattern }) => pattern.test(written))?.name ?? written;
  }
  return errorPatterns.find(({ pattern }) => pattern.test(text))?.name;
}

function readStatus(text: string): number | undefined {
  const found =
    /\b(?:HTTP(?:\/[\d.]{1,60})?|status(?: code)?|(?:Http)?Error|code|error code|StatusCode|response)["']?\s{0,4}[:=]?\s{0,4}\(?([45]\d\d)\b/i.exec(
      text,
    )?.[1] ??
    /\b([45]\d\d) (?:Bad Request|Unauthorized|Forbidden|Not Found|Too Many)/i.exec(text)?.[1] ??
    /^[\s[(]{0,4}([45]\d\d)\b/.exec(text)?.[1];
  return found === undefined ? undefined : Number(found);
}

/** Marks of answers that are not Google's. */
const providers: Readonly<Record<string, RegExp>> = {
  Microsoft: /\bAADSTS\d{4,7}|login\.(microsoftonline|live)\.com|b2clogin\.com/i,
  Apple:
    /appleid\.apple\.com|LoginWithApple|signInWithApple|Sign ?in ?with ?Apple|\bASAuthorizationError\b|AuthenticationServices\.AuthorizationError/i,
  Keycloak: /\/realms\/[\w-]{1,60}\/(protocol|broker)|org\.keycloak/i,
  Facebook: /graph\.facebook\.com|\bOAuthException\b.{0,80}fbtrace_id/i,
  GitHub:
    /github\.com\/login\/oauth|\bbad_verification_code\b|redirect_uri MUST match the registered callback URL/i,
  Okta: /\.okta\.com\/oauth2/i,
  Cognito: /amazoncognito\.com\/error\?|[?&]error=redirect_mismatch\b/i,
};

/** Google's sign-in is not what fails. */
const googleWorks = /\bgoogle\b[^.;]{0,24}\b(works?|is fine|succeeds?)\b/gi;

/** A person's words for the sign-in of another provider, which fails; not one that works. */
const otherSignIn =
  /\b(Apple|Kakao|Naver|LINE|Facebook|GitHub|Discord|Twitch|Slack|LinkedIn|Spotify|Microsoft|Reddit|HubSpot|Dropbox|Twitter|Yahoo|GitLab)[ -](log-?in|sign-?in|OAuth)\b(?![^.;]{0,20}\b(works?|is fine|succeeds?)\b)|loginWith(Kakao|Naver|Apple|Facebook)\w{0,10}|OAuthProvider\.(apple|kakao|facebook|github|discord|twitch|slack|azure|linkedin|spotify|keycloak)\b|signInWith(Apple|Kakao|Facebook|GitHub|Microsoft)\b/i;

/** A bundle ID as audience: Google has client IDs there, Firebase has projects. */
const bundleAsAudience =
  /\baud(ience)?\b[^;]{0,60}["'[(: ](com|org|net|io|app|dev)\.(?!google)[a-z][\w-]{0,40}\.[\w.-]{1,60}/i;

function readProvider(text: string, notes = ''): string | undefined {
  if (bundleAsAudience.test(text) && !/googleusercontent|securetoken/i.test(text)) return 'Apple';
  // A broker such as Keycloak passes on what Google refused.
  const named = Object.keys(providers).find((name) => providers[name]?.test(text));
  if (named === 'Cognito') return named;
  const circumstances = `${notes.replace(googleWorks, '')} ${text}`;
  if (/google/i.test(text) || /\bgoogle\b|\bbroker|identity provider/i.test(circumstances))
    return undefined;
  return (
    named ??
    otherSignIn.exec(notes)?.[0] ??
    /\b(Azure AD|B2C|Entra ID|Salesforce with|Auth0|Cognito|Okta|Sign in with Apple)\b(?! (?:it )?(?:works|is fine))/i.exec(
      notes,
    )?.[1]
  );
}

/** What the token endpoint says of codes alone, and of refresh tokens alone; and what libraries call it. */
const codeWords =
  /Malformed (auth )?code|\bcode was already redeemed|code[_ ]verifier|required parameter: ?code\b|FlowExchangeError|step2_exchange|WithAuthCode|exchang(e|ing) (the |an? )?(auth\w{0,12} )?code|retrieve token from web|OAuth2Strategy|\bTokenError\b|retrieving access token|CallbackError|getTokenAsync|redirect_uri_mismatch['" ,]{1,6}error_description|["'“]error["'”]\s{0,4}:\s{0,4}["'“]redirect_uri_mismatch|OPError: redirect_uri_mismatch|Client\.getToken\b|getTokenAsync|retrieving access token|Callback phase initiated|oauth[_-]?callback|\[OAUTH_CALLBACK|AccessTokenResponseClient|getAccessTokenResponse|exchangeCode|ExchangeCode/i;
const refreshWords =
  /refresh[_ ]token.{0,20}(grant|failed)|(unable|failed) to refresh|refreshing the (OAuth2 |access )?token|RefreshError|refreshAccessToken|refreshToken(NoCache|Async)|Token has been expired or revoked|(metadata from plugin|auth metadata)[^.;]{0,20} failed|retrieve auth metadata|Get \S{1,300}: oauth2: cannot fetch token|Refresh request failed|Refresh_?Token_?Error|token refresh (failed|error)|(failed|error|problem)[^.;]{0,20} refresh\w{0,6}[^.;]{0,20} token|Credentials\.refresh\b|Can't create new access token for user|RefreshAccessTokenError|AuthTokenRevoked|User revoke access to the token|maybe token expired|refresh[_ ]?token[^.;]{0,16} (expired|revoked|invalid|not valid)|re-?auth(enticat|oriz)\w{1,6}[^.;]{0,12} (needed|required|again)|(needs?|requires?|constant|every)[^.;]{0,12} re-?auth(enticat|oriz)|tokens?[^.;]{0,16} no longer valid/i;
/** What Google's own pages say. */
const pageWords =
  /Access blocked|Authorization Error|Request details|Error 40[0-3]: ?[a-z_]{5,40}|flowName=|missing support for the following URL schemes/i;

/** What the clients of Google's APIs say of an answer, and what only these answers hold. */
const apiWords =
  /googleapi: (?:Error|got HTTP)|googleapiclient\.|<HttpError \d|GoogleJsonResponseException|Google[\\_]?Service[\\_]?Exception|GoogleApiException|Google::Apis::|Google Api Error|\bgspread[./]|\bgdown\b|404[^;]{0,20} File not found|https:\/\/(?:www|content|gmail|sheets|docs|slides|people|photoslibrary|youtube|storage|admin|tasks|script)\.googleapis\.com\/(?!auth\/|oauth2|robot|identitytoolkit|service_accounts)|API call to [\w.]{3,60} failed|google\.rpc\.ErrorInfo|do not have permission to call|["']domain["']: ?["'](?:global|usageLimits|youtube|androidpublisher|calendar)/i;
/** What the token endpoint answers, also below a call of an API. */
const tokenWords = /invalid_grant|invalid_client|unauthorized_client|invalid_scope|RefreshError/i;

/** What the SDKs of phones and browsers say of a sign-in. */
const signInWords =
  /\bApiException\b|GIDSignIn|idpiframe_initialization|\bpopup_closed|GetCredential|NoCredential/i;

/** The stage that was named; but where an API is called, it may be the refresh before it that fails. */
function stageOf(given: Case, observed: string): Stage | undefined {
  if (given.stage === 'drive' && /cannot fetch token/i.test(observed)) return 'refresh';
  return given.stage ?? guessStage(given, observed);
}

/** Only what a text says beyond doubt: a wrong stage would hide the right rules. */
function guessStage(given: Case, observed: string): Stage | undefined {
  if (/\/revoke\b|\bToken expired or revoked\b/i.test(observed)) return 'revoke';
  if (apiWords.test(observed) && !tokenWords.test(observed)) return 'drive';
  if (pageWords.test(observed)) return 'signin-config';
  if (codeWords.test(observed)) return 'exchange';
  if (refreshWords.test(observed)) return 'refresh';
  if (/drive\/v3|appDataFolder|drive\.files|requested spaces|Drive (API|storage)/i.test(observed)) {
    return 'drive';
  }
  if (
    /id[_ ]?token.{0,30}(verif|segments|audience|kid\b)|verify_?(id_?token|oauth2_token|signed)|IdTokenVerifier|invalid_?id_?token|Firebase ID token|MissingKey\(|used too (early|late)/i.test(
      observed,
    )
  ) {
    return 'verify';
  }
  if (signInWords.test(observed)) return 'signin-config';
  return given.code === undefined ? undefined : 'exchange';
}

/** An authorization request as a text, for the rules that read client IDs and addresses there. */
function describeAuthorization(authorization: AuthorizationRequest): string {
  const { clientId, redirectUri, responseType, accessType, prompt, scopes } = authorization;
  return Object.entries({
    client_id: clientId,
    redirect_uri: redirectUri,
    response_type: responseType,
    access_type: accessType,
    prompt,
    scope: scopes?.join(' '),
  })
    .filter(([, value]) => value !== undefined)
    .map(([name, value]) => `${name}=${value}`)
    .join(' ');
}
