/** Where in the life of a sign-in something can fail. */
export const stages = [
  'code-input',
  'client-file',
  'signin-config',
  'exchange',
  'refresh',
  'verify',
  'drive',
  'revoke',
] as const;

/** One of {@link stages}. */
export type Stage = (typeof stages)[number];

/** The stage that a request is of, by the word for its endpoint; the token endpoint has two. */
export const endpointStages: Readonly<Record<string, Stage>> = {
  revoke: 'revoke',
  tokeninfo: 'verify',
  userinfo: 'verify',
  certs: 'verify',
  authorize: 'signin-config',
  drive: 'drive',
};

/** Errors of the arguments that are about what was pasted or handed in, with the stage they are of. */
export const inputStages: Readonly<Record<string, Stage>> = {
  code_empty: 'code-input',
  code_unreadable: 'code-input',
  code_not_a_code: 'code-input',
  client_file_invalid: 'client-file',
  client_file_wrong_kind: 'client-file',
  client_secret_required: 'exchange',
};

/** Whether rules may know the cause of an error: flags, the store and bugs explain themselves. */
export function mayHaveCauses({ code, exitCode }: { code: string; exitCode: number }): boolean {
  return exitCode === 3 || exitCode === 4 || code in inputStages;
}

/** What is known of a failure. Everything is optional; the rules use what there is. */
export interface Case {
  stage?: Stage | undefined;
  /** What was seen: an answer's body, a log line, an exception's text. */
  observed?: string | undefined;
  /** A person's own words about the circumstances. */
  notes?: string | undefined;
  httpStatus?: number | undefined;
  /** Where the code comes from: `ios`, `android`, `web-popup`, `web-redirect`, `desktop`. */
  source?: string | undefined;
  /** The `redirect_uri` that was sent; empty where it was sent empty. */
  redirectUri?: string | undefined;
  /** `web`, `installed`, `ios`, `android` or `service_account`. */
  clientType?: string | undefined;
  /** The code as it was pasted. */
  code?: string | undefined;
  /** Whether the code was decoded, unwrapped and trimmed before it was sent, as gsac does. */
  codeCleaned?: boolean | undefined;
  tokenAgeDays?: number | undefined;
  /** Days since the refresh token was last used. */
  unusedDays?: number | undefined;
  publishingStatus?: string | undefined;
  requestedScopes?: readonly string[] | undefined;
  grantedScopes?: readonly string[] | undefined;
  /** Seconds that this machine's clock is ahead of Google's; negative where it is behind. */
  clockAheadSeconds?: number | undefined;
  /** What this machine did with the same code before. */
  codeSeen?: { outcome: 'exchanged' | 'unknown'; secondsAgo: number } | undefined;
  /** How many refresh tokens this client gave this person, as far as this machine saw. */
  refreshTokensIssued?: number | undefined;
  /** The stated lifetime of the refresh token (`refresh_token_expires_in`), in days. */
  statedLifetimeDays?: number | undefined;
  /** The ID of the client that exchanges or refreshes. */
  clientId?: string | undefined;
  /** What the authorization request asked for, where its address is known. */
  authorization?: AuthorizationRequest | undefined;
  /** What was found out about single causes: by an answer, a check of the project, a probe. */
  findings?: readonly Finding[] | undefined;
}

/** The parameters of an authorization request. */
export interface AuthorizationRequest {
  clientId?: string | undefined;
  redirectUri?: string | undefined;
  responseType?: string | undefined;
  accessType?: string | undefined;
  prompt?: string | undefined;
  scopes?: readonly string[] | undefined;
}

/** What was found out about one cause. */
export interface Finding {
  cause: string;
  verdict: 'proves' | 'speaks-for' | 'fits' | 'counts-against' | 'rules-out';
  /** The evidence, a phrase. */
  words: string;
}

/** How sure a diagnosis is. */
export type Likelihood = 'certain' | 'likely' | 'possible';

/** One possible cause of a failure. */
export interface Diagnosis {
  cause: string;
  likelihood: Likelihood;
  /** Why it fails, a sentence. */
  why: string;
  /** What of the facts speaks for it; secrets masked. */
  evidence: string[];
  fix: string[];
  docs: string;
  /** What tells it from the other causes of the same error; only where an error has several. */
  check?: string;
}
