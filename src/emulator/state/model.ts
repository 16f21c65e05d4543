/** Where a code comes from; it decides which `redirect_uri` redeems it and which client is `azp`. */
export type SignInSource = 'ios' | 'android' | 'web-popup' | 'web-redirect';

/** A person with a mailbox on the emulated Google. */
export interface EmulatorUser {
  readonly email: string;
  /** 21 digits, as Google's account ids have. */
  readonly sub: string;
  readonly emailVerified: boolean;
  readonly name: string;
  readonly givenName: string;
  readonly familyName: string;
  readonly picture: string;
  /** The Workspace domain; absent for consumer accounts. */
  readonly hd?: string | undefined;
  readonly locale?: string | undefined;
  /** What the person ticks at consent, expanded; undefined for whatever is asked. */
  readonly grants?: readonly string[] | undefined;
}

/** Life of an OAuth client: deleted and disabled ones are refused with their own errors. */
export type ClientStatus = 'active' | 'deleted' | 'disabled';

/**
 * An OAuth client of the emulated Google. Those of phones have no secret; that of an `installed`
 * (desktop) or a `device` one is not one that anybody could keep.
 */
export interface EmulatorClient {
  readonly clientId: string;
  readonly kind: 'web' | 'ios' | 'android' | 'installed' | 'device' | 'service';
  readonly project: EmulatorProject;
  readonly clientSecret?: string;
  readonly redirectUris: readonly string[];
  /** The origins of web pages that may use Google's script; undefined where nobody said. */
  readonly javascriptOrigins: readonly string[] | undefined;
  status: ClientStatus;
}

/** A Cloud project. Consent, revocation and appfolders are per project, not per client. */
export interface EmulatorProject {
  readonly number: string;
  readonly id: string;
  /** In `testing`, grants of more than name and email end after seven days. */
  readonly publishing: 'production' | 'testing';
}

/** A file a seeded user starts with. Times are epoch milliseconds. */
export interface FileSeed {
  readonly name: string;
  readonly mimeType: string;
  readonly content: string | Uint8Array;
  readonly createdAt: number;
  readonly modifiedAt: number;
}

/** What a test or a config file says about a user; what is left out is invented. */
export interface UserSeed extends Partial<Omit<EmulatorUser, 'email' | 'grants'>> {
  readonly email: string;
  /**
   * The scopes that the person ticks when a phone asks; those of name and email are always given, as
   * there is no box for them. Without it everything is granted. In a browser the boxes decide.
   */
  readonly grants?: readonly string[];
  /** Files of the user's appfolder in the first client's project. */
  readonly files?: readonly FileSeed[];
}

/** What a test or a config file says about a client; what is left out is invented. */
export interface ClientSeed
  extends Partial<Omit<EmulatorClient, 'clientId' | 'project' | 'status'>>,
    Partial<Pick<EmulatorProject, 'publishing'>> {
  /** `<project number>-<32 characters>.apps.googleusercontent.com`. */
  readonly clientId: string;
  readonly projectId?: string;
  readonly status?: ClientStatus;
}

/** What a test or a config file says about a service account; what is left out is invented. */
export interface ServiceAccountSeed {
  /** `<name>@<project ID>.iam.gserviceaccount.com`. */
  readonly email: string;
  /** The account ID, 21 digits. */
  readonly uniqueId?: string;
  /** The number of the project; the first client's. */
  readonly projectNumber?: string;
  /** The scopes that administrators of Workspace domains delegated to it; none. */
  readonly delegatedScopes?: readonly string[];
  readonly status?: ClientStatus;
}

/** Consent of one user for one project. While it exists, access tokens made under it work. */
export interface Authorization {
  /** Access tokens name it; a new one makes those of the old one worthless. */
  id: number;
  readonly user: EmulatorUser;
  readonly projectNumber: string;
  readonly scopes: Set<string>;
  /** Of a revocation that takes effect later: when, in epoch milliseconds. */
  endsAt?: number | undefined;
  /** Of a revocation that takes effect later: after how many more requests with its tokens. */
  usesLeft?: number | undefined;
}

/** What the verifier of PKCE must fit. */
export interface CodeChallenge {
  readonly value: string;
  readonly method: 'S256' | 'plain';
}

/** A one-time code that was not redeemed yet. */
export interface PendingCode {
  readonly code: string;
  readonly authorization: Authorization;
  readonly client: EmulatorClient;
  /** The client that the ID token names as `azp`. */
  readonly azp: string;
  readonly scopes: readonly string[];
  readonly source: SignInSource;
  /** What `redirect_uri` must be; `''` also accepts a parameter that is not sent. */
  readonly redirectUri: string;
  /** Of a popup: the page's origin, which Google takes as `redirect_uri`, too. */
  readonly pageOrigin?: string | undefined;
  readonly codeChallenge?: CodeChallenge | undefined;
  readonly nonce?: string | undefined;
  /** When the person signed in, in seconds, if the app asked for that in its ID token. */
  readonly authTime?: number | undefined;
  /** Whether redeeming it brings a refresh token. */
  readonly offline: boolean;
  /**
   * Of an app's code: whether the code that its server gets with the answer brings a refresh token, too.
   */
  readonly serverOffline?: boolean | undefined;
  /** Epoch milliseconds. */
  readonly expiresAt: number;
}

/** What a refresh token stands for. */
export interface Grant {
  readonly refreshToken: string;
  readonly authorization: Authorization;
  readonly client: EmulatorClient;
  readonly azp: string;
  readonly scopes: readonly string[];
  /** Epoch milliseconds. */
  readonly issuedAt: number;
  lastUsedAt: number;
  /** Epoch milliseconds; absent for grants without an end. */
  expiresAt?: number | undefined;
}

/**
 * Behaviour of Google that nobody has verified, so that a test can run both ways.
 */
export interface EmulatorSwitches {
  /** Whether a second use of a code kills the tokens of the first (RFC 6749 §4.1.2 says SHOULD). */
  readonly reuseRevokesTokens: boolean;
  /** Description of `invalid_grant` for a code used twice; the second one was seen until 2018. */
  readonly redeemedWording: 'Bad Request' | 'Code was already redeemed.';
  /** Body of a successful revocation. */
  readonly revokeBody: '{}' | '';
  /** Whether a code is spent by a request whose `redirect_uri` or verifier is wrong. */
  readonly mismatchBurnsCode: boolean;
  /**
   * Whether devices may ask for `drive.appdata`. Google's list of allowed scopes has it, and people
   * were refused.
   */
  readonly deviceAppdata: boolean;
  /** HTTP status of `admin_policy_enforced`. */
  readonly adminPolicyStatus: 400 | 401 | 403;
}

/** What the token endpoint is about to issue. Faults change it in place. */
export interface Issuance {
  scopes: readonly string[];
  /** Whether a refresh token comes: new at a code, rotated at a refresh. */
  refreshToken: boolean;
  /** Seconds that the grant lives; undefined for no end. */
  refreshTokenLifetime: number | undefined;
  idToken: boolean;
  /** Whose tokens they are. */
  authorization: Authorization;
  /** What the answer says of the access token's life, in seconds. */
  expiresIn: number;
  /** How long the access token really lives, in seconds. */
  accessTokenLifetime: number;
  /** Whether the code stays good. */
  keepsCode: boolean;
}

/** Says how an ID token is signed; faults change it in place. */
export interface SigningOrder {
  /** The key id that the header names; null for none. */
  kid?: string | null;
  /** Signs in a way that Google never does: not at all, or with a key that everybody knows. */
  alg?: 'none' | 'HS256';
  /** Whether the signature is made wrong on purpose. */
  corrupt?: boolean;
}

/** An ID token about to be signed. Faults change it in place. */
export interface IdTokenDraft extends SigningOrder {
  readonly claims: Record<string, unknown>;
}
