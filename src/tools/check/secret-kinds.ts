import type { LiteralKind, SecretKind } from './model.js';

/** What people call a kind of secret, and what makes a lost one harmless. */
export interface SecretWords {
  name: string;
  reset: string;
  /** Whether it acts for an account by itself; a client's secret needs a person's code besides. */
  isKey: boolean;
}

const clientReset = 'reset the secret in the Cloud console';
const clientSecret: SecretWords = { name: 'a client secret', reset: clientReset, isKey: false };
const refreshToken: SecretWords = {
  name: 'a refresh token',
  reset: 'revoke the token',
  isKey: true,
};
const privateKey: SecretWords = {
  name: 'a service account’s private key',
  reset: 'delete the key in the Cloud console and make a new one',
  isKey: true,
};

/** The words for each kind of secret, in a file of Google's or written into a text. */
export const secretKinds: Readonly<Record<SecretKind | LiteralKind, SecretWords>> = {
  web: clientSecret,
  installed: { ...clientSecret, name: 'a desktop client’s secret' },
  unwrapped: clientSecret,
  service_account: privateKey,
  authorized_user: refreshToken,
  client_secret: clientSecret,
  refresh_token: refreshToken,
  private_key: privateKey,
};
