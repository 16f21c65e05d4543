import type { Credential } from '../../../../src/core/account.js';

/** A credential with every field, and changes to it. */
export function sampleCredential(changes: Partial<Credential> = {}): Credential {
  return {
    clientId: '123-abc.apps.googleusercontent.com',
    clientSecret: 'GOCSPX-a-client-secret',
    refreshToken: '1//0a-refresh-token',
    tokenUri: 'https://oauth2.googleapis.com/token',
    sessionKey: Buffer.alloc(32, 7).toString('base64'),
    ...changes,
  };
}
