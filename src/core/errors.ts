/** Exit codes of the public interface; 0 is success and 6 a check that failed, neither is an error. */
export type ErrorExitCode = 1 | 2 | 3 | 4 | 5 | 126 | 127 | 130;

/**
 * The closed list of error codes, each with the one exit code that it leads to.
 *
 * Scripts branch on these names: a name is never given a second meaning, and a new failure gets a
 * new name here.
 */
export const errorExitCodes = {
  // 1: a bug, or a local file that is broken
  unexpected: 1,
  local_file_broken: 1,
  output_failed: 1,
  // 2: usage; nothing was sent
  usage: 2,
  input_required: 2,
  code_empty: 2,
  code_unreadable: 2,
  code_not_a_code: 2,
  client_required: 2,
  client_secret_required: 2,
  client_file_unreadable: 2,
  client_file_invalid: 2,
  client_file_wrong_kind: 2,
  credential_file_invalid: 2,
  token_uri_refused: 2,
  redirect_uri_required: 2,
  account_ambiguous: 2,
  client_mismatch: 2,
  id_token_malformed: 2,
  file_ambiguous: 2,
  file_exists: 2,
  address_in_use: 2,
  state_mismatch: 2,
  // 3: the network or Google; trying again may work
  network_unreachable: 3,
  network_timeout: 3,
  connection_lost: 3,
  certificate_refused: 3,
  proxy_failed: 3,
  google_unavailable: 3,
  answer_unreadable: 3,
  checksum_mismatch: 3,
  rate_limited: 3,
  refresh_wait_timeout: 3,
  sign_in_timeout: 3,
  // 4: Google said no, or nobody by that name; a person must act
  account_unknown: 4,
  refresh_token_absent: 4,
  id_token_absent: 4,
  access_denied: 4,
  invalid_grant: 4,
  reauth_required: 4,
  redirect_uri_mismatch: 4,
  invalid_client: 4,
  unauthorized_client: 4,
  deleted_client: 4,
  disabled_client: 4,
  admin_policy_enforced: 4,
  invalid_scope: 4,
  request_refused: 4,
  access_token_refused: 4,
  scope_missing: 4,
  api_disabled: 4,
  file_not_found: 4,
  // 5: the store
  store_unavailable: 5,
  store_locked: 5,
  store_timeout: 5,
  store_key_required: 5,
  store_key_wrong: 5,
  store_read_only: 5,
  store_refused: 5,
  // 126 and 127: `exec` alone, as every shell has it
  command_not_executable: 126,
  command_not_found: 127,
  // 130
  cancelled: 130,
} as const satisfies Record<string, ErrorExitCode>;

/** A name from the closed list of error codes. */
export type ErrorCode = keyof typeof errorExitCodes;

import type { Case } from './diagnosis.js';

/** What an error says beside its message. Nothing in here may be a secret. */
export interface ErrorOptions {
  /** What the person should do next, as a sentence. */
  hint?: string | undefined;
  /** Facts for `--json`, snake_case, written beside `code`, `message` and `hint`. */
  details?: Readonly<Record<string, unknown>> | undefined;
  /** What the failed step was about, for its diagnosis; never printed. */
  about?: Case | undefined;
}

/**
 * Every failure that gsac foresees: a code from the closed list, a sentence of what happened and,
 * nearly always, a hint of what to do next.
 *
 * A foreign error is never attached as `cause`: Google's client library keeps the request's body,
 * secrets and all, inside its errors.
 */
export class GsacError extends Error {
  readonly code: ErrorCode;
  readonly hint: string | undefined;
  readonly details: Readonly<Record<string, unknown>>;
  /** What the failed step was about; see {@link withFacts}. */
  about: Case;

  constructor(code: ErrorCode, message: string, options: ErrorOptions = {}) {
    super(message);
    this.name = 'GsacError';
    this.code = code;
    this.hint = options.hint;
    this.details = options.details ?? {};
    this.about = options.about ?? {};
  }

  /** The process's exit code for this error. */
  get exitCode(): ErrorExitCode {
    return errorExitCodes[this.code];
  }
}

/**
 * Runs one step of a command. A failure of it carries what the step was about to whoever looks for
 * its cause; what an inner step has said already stands.
 *
 * @param facts read when the step has failed, so that it may hold what became known meanwhile.
 */
export async function withFacts<T>(facts: () => Case, step: () => Promise<T>): Promise<T> {
  try {
    return await step();
  } catch (thrown) {
    if (thrown instanceof GsacError) thrown.about = { ...facts(), ...thrown.about };
    throw thrown;
  }
}

/** The message of anything that was thrown; never a stack. */
export function messageOf(thrown: unknown): string {
  return thrown instanceof Error ? thrown.message : String(thrown);
}

/** The `code` that Node's system errors carry (`ENOENT`, `EACCES`, …), where there is one. */
export function systemCodeOf(thrown: unknown): string | undefined {
  if (typeof thrown !== 'object' || thrown === null || !('code' in thrown)) return undefined;
  return typeof thrown.code === 'string' ? thrown.code : undefined;
}
