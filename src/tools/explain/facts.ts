import type { Case, Stage } from '../../core/diagnosis.js';

/** A case with what could be read out of its texts. */
export interface Facts extends Case {
  observed: string;
  notes: string;
  /** The OAuth error, such as `invalid_grant`. */
  error: string | undefined;
  status: number | undefined;
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
  const observed = toOneLine(given.observed);
  return {
    ...given,
    observed,
    notes: toOneLine(given.notes),
    code: given.code?.slice(0, longestCode),
    error: readError(observed),
    status: given.httpStatus ?? readStatus(observed),
    stage: given.stage ?? guessStage(given, observed),
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

function readError(text: string): string | undefined {
  const quoted = /["']?error["']?\s{0,4}[:=]\s{0,4}["']?([a-z_]{5,40})["']?/i.exec(text)?.[1];
  if (quoted?.includes('_')) return quoted.toLowerCase();
  return oauthErrors.find((name) => new RegExp(`\\b${name}\\b`, 'i').test(text));
}

function readStatus(text: string): number | undefined {
  const found =
    /\b(?:HTTP(?:\/[\d.]{1,60})?|status(?: code)?|Error|code|error code|StatusCode)["']?\s{0,4}[:=]?\s{0,4}\(?([45]\d\d)\b/i.exec(
      text,
    )?.[1] ??
    /\b([45]\d\d) (?:Bad Request|Unauthorized|Forbidden|Not Found|Too Many)/i.exec(text)?.[1];
  return found === undefined ? undefined : Number(found);
}

/** What the token endpoint says of codes alone, and of refresh tokens alone. */
const codeWords =
  /Malformed (auth )?code|\bcode was already redeemed|code[_ ]verifier|required parameter: ?code\b/i;
const refreshWords =
  /refresh[_ ]token.{0,20}(grant|failed)|unable to refresh|RefreshError|Token has been expired or revoked/i;

/** What the SDKs of phones and browsers say of a sign-in. */
const signInWords = /\bApiException\b|GIDSignIn|idpiframe_initialization|\bpopup_closed/i;

/** Only what a text says beyond doubt: a wrong stage would hide the right rules. */
function guessStage(given: Case, observed: string): Stage | undefined {
  if (/\/revoke\b|\bToken expired or revoked\b/i.test(observed)) return 'revoke';
  if (/drive\/v3|appDataFolder|drive\.files|requested spaces|Drive (API|storage)/i.test(observed)) {
    return 'drive';
  }
  if (codeWords.test(observed)) return 'exchange';
  if (refreshWords.test(observed)) return 'refresh';
  if (/id[_ ]?token.{0,30}(verif|segments|audience)|used too (early|late)/i.test(observed)) {
    return 'verify';
  }
  if (signInWords.test(observed)) return 'signin-config';
  return given.code === undefined ? undefined : 'exchange';
}
