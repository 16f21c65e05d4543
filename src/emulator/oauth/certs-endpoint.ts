import type { Hono } from 'hono';
import type { EmulatorEnv, EmulatorParts } from '../http/emulator-parts.js';
import { type Roots, rootsFor } from '../http/google-hosts.js';
import { PATHS } from '../http/paths.js';
import { htmlNotFound } from '../http/respond.js';
import type { SigningKey } from '../state/keys.js';
import { createCertificate } from './certificates.js';
import { DEVICE_CODE, JWT_BEARER } from './token-refusals.js';

const MAX_AGE_SECONDS = 21_155;

/**
 * Adds the two places where Google publishes its keys (a PEM map and a JWKS), the OpenID
 * configuration that leads to them, and the certificates of service accounts.
 * @see https://developers.google.com/identity/openid-connect/openid-connect#discovery
 */
export function addCertsEndpoint(app: Hono<EmulatorEnv>, parts: EmulatorParts): void {
  const certificates = new WeakMap<SigningKey, Promise<string>>();
  const [jwks, pem] = PATHS.certs;
  app.get(pem, async (c) => {
    const map: Record<string, string> = {};
    for (const key of parts.keys.published) {
      const known = certificates.get(key) ?? createCertificate(key, c.env.call.now);
      certificates.set(key, known);
      map[key.kid] = await known;
    }
    return keysJson(map);
  });
  app.get('/robot/v1/metadata/x509/:email', async (c) => {
    const account = parts.state.serviceAccounts.get(c.req.param('email'));
    if (account === undefined) return htmlNotFound(c.env.call.path);
    const { key } = account;
    return keysJson({ [key.kid]: await createCertificate(key, c.env.call.now) });
  });
  app.get(jwks, () => {
    const keys = parts.keys.published.map(({ kid, jwk }) => ({
      n: jwk.n,
      kty: 'RSA',
      use: 'sig',
      alg: 'RS256',
      e: jwk.e,
      kid,
    }));
    return keysJson({ keys });
  });
  app.get('/.well-known/openid-configuration', (c) =>
    keysJson(configuration(rootsFor(c.env.call, parts.origin())), 3600),
  );
}

function keysJson(body: unknown, maxAge = MAX_AGE_SECONDS): Response {
  return new Response(JSON.stringify(body, null, 2), {
    headers: {
      'content-type': 'application/json; charset=UTF-8',
      'cache-control': `public, max-age=${maxAge}, must-revalidate, no-transform`,
      'x-content-type-options': 'nosniff',
    },
  });
}

function configuration({ accounts, oauth2, openid, apis }: Roots): Record<string, unknown> {
  return {
    // ID tokens name Google itself; a library that takes the issuer from here must find the same.
    issuer: 'https://accounts.google.com',
    authorization_endpoint: `${accounts}/o/oauth2/v2/auth`,
    device_authorization_endpoint: `${oauth2}/device/code`,
    token_endpoint: `${oauth2}/token`,
    userinfo_endpoint: `${openid}/v1/userinfo`,
    revocation_endpoint: `${oauth2}/revoke`,
    jwks_uri: `${apis}/oauth2/v3/certs`,
    response_types_supported: ['code'],
    response_modes_supported: ['query'],
    subject_types_supported: ['public'],
    id_token_signing_alg_values_supported: ['RS256'],
    scopes_supported: ['openid', 'email', 'profile'],
    token_endpoint_auth_methods_supported: ['client_secret_post', 'client_secret_basic'],
    claims_supported: [
      'aud',
      'email',
      'email_verified',
      'exp',
      'family_name',
      'given_name',
      'iat',
      'iss',
      'name',
      'picture',
      'sub',
    ],
    code_challenge_methods_supported: ['plain', 'S256'],
    grant_types_supported: ['authorization_code', 'refresh_token', DEVICE_CODE, JWT_BEARER],
  };
}
