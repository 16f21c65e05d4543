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

/** Reads out of a case what the rules look at. */
export function toFacts(given: Case): Facts {
  // Line breaks fall anywhere in what people paste.
  const observed = toOneLine(given.observed);
  return {
    ...given,
    observed,
    notes: toOneLine(given.notes),
    error: readError(observed),
    status: given.httpStatus ?? readStatus(observed),
    stage: given.stage ?? guessStage(given, observed),
    granted: given.grantedScopes ?? [],
    requested: given.requestedScopes ?? [],
  };
}

function toOneLine(text: string | undefined): string {
  return (text ?? '').replace(/\s+/g, ' ').trim();
}

function readError(text: string): string | undefined {
  const quoted = /["']?error["']?\s*[:=]\s*["']?([a-z_]{5,40})["']?/i.exec(text)?.[1];
  if (quoted?.includes('_')) return quoted.toLowerCase();
  return oauthErrors.find((name) => new RegExp(`\\b${name}\\b`, 'i').test(text));
}

function readStatus(text: string): number | undefined {
  const found =
    /\b(?:HTTP(?:\/[\d.]+)?|status(?: code)?|Error|code|error code|StatusCode)["']?\s*[:=]?\s*\(?([45]\d\d)\b/i.exec(
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
  return given.code === undefined ? undefined : 'exchange';
}
