/** The emulator's addresses, under the names that google-auth-library's `endpoints` option has. */
export interface Endpoints {
  readonly oauth2AuthBaseUrl: string;
  readonly oauth2TokenUrl: string;
  readonly oauth2RevokeUrl: string;
  readonly tokenInfoUrl: string;
  /** The keys as a map of X.509 certificates. */
  readonly oauth2FederatedSignonPemCertsUrl: string;
  /** The keys as a JWKS. */
  readonly oauth2FederatedSignonJwkCertsUrl: string;
}

/** Those of an origin. */
export function toEndpoints(origin: string): Endpoints {
  return {
    oauth2AuthBaseUrl: `${origin}/o/oauth2/v2/auth`,
    oauth2TokenUrl: `${origin}/token`,
    oauth2RevokeUrl: `${origin}/revoke`,
    tokenInfoUrl: `${origin}/tokeninfo`,
    oauth2FederatedSignonPemCertsUrl: `${origin}/oauth2/v1/certs`,
    oauth2FederatedSignonJwkCertsUrl: `${origin}/oauth2/v3/certs`,
  };
}
