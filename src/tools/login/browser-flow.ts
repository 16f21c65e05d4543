import type { Landing } from '../../cli/browser-options.js';
import type { Endpoints } from '../../core/endpoints.js';

/** What is asked of the authorization page. */
export interface AuthorizationWish {
  endpoints: Endpoints;
  clientId: string;
  redirectUri: string;
  /** As they are sent. */
  scopes: readonly string[];
  loginHint: string | undefined;
}

/** A request to the authorization page, with what its answer is checked against. */
export interface AuthorizationRequest {
  /** The address to be opened in a browser. It holds no secret. */
  url: string;
  /** What the answer must repeat. */
  state: string;
  /** The PKCE verifier: a secret until the code is exchanged. */
  codeVerifier: string;
}

/** Where the browser is sent back to. */
export interface RedirectTarget {
  /** `127.0.0.1`, `localhost` or `[::1]`. */
  host: string;
  /** 0 for any free one. */
  port: number;
  /** Begins with a slash. */
  path: string;
}

/** What came back from the authorization page. */
export type RedirectAnswer = { code: string } | { error: string; description: string | undefined };

/** A listener on this machine for one answer of the authorization page. */
export interface RedirectListener {
  /** With the port that it listens on. */
  readonly redirectUri: string;
  /**
   * Waits for the first answer that carries the state. Whatever else arrives is answered and never
   * taken: a wrong state, another path, a second answer.
   *
   * @param onStranger told of an answer with another state.
   * @throws {GsacError} `sign_in_timeout` after `waitMs`; `cancelled`.
   */
  answer(state: string, waitMs: number, onStranger: () => void): Promise<RedirectAnswer>;
  /** Says in the browser what came of it, and stops listening. */
  close(landing: Landing): Promise<void>;
}

/** The way through a browser and back. */
export interface BrowserFlow {
  request(wish: AuthorizationWish): AuthorizationRequest;
  /** @throws {GsacError} `address_in_use` where the port is taken, `usage` where it cannot be had. */
  listen(target: RedirectTarget): Promise<RedirectListener>;
  /**
   * The address that a browser shows after a sign-in nobody listened for, read.
   * @throws {GsacError} `usage` where it is none, `state_mismatch` where it is of another sign-in.
   */
  readPasted(pasted: string, request: AuthorizationRequest): RedirectAnswer;
  /** A port that nobody listens on, most likely. */
  unusedPort(): number;
  /** Opens an address in the person's browser; false where there is none to be opened. */
  open(url: string): Promise<boolean>;
}
