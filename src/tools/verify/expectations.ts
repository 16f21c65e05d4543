/** A check that must fail: a revoked account has to give `invalid_grant`. */
export interface ExpectedFailure {
  /** The check's id. */
  readonly check: string;
  /** The code from the closed list of error codes, or the server's own `error`; any where undefined. */
  readonly error?: string | undefined;
}

/** What a flow is held to. Scopes are compared in Google's expanded form. */
export interface FlowExpectations {
  /** Each must be granted; undefined where nobody said, and nothing is known of what was asked for. */
  readonly scopes: readonly string[] | undefined;
  /** Whether a granted scope beyond `scopes` is a failure. */
  readonly noExtraScopes: boolean;
  readonly sub: string | undefined;
  readonly email: string | undefined;
  readonly hostedDomain: string | undefined;
  /** Whether a refresh token with a stated end is a failure. */
  readonly noExpiringGrant: boolean;
  /** Whether `email_verified` must be true. */
  readonly emailVerified: boolean;
  /** Leeway of the clocks in the ID token's checks. */
  readonly clockToleranceSeconds: number;
  /** Sends the code a second time, which must be refused. A provider may revoke on reuse. */
  readonly replay: boolean;
  /** Revokes in the end, after which both tokens must be dead. */
  readonly revoke: boolean;
  readonly failures: readonly ExpectedFailure[];
}
