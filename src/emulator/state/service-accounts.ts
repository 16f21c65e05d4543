import { createHash, createPrivateKey } from 'node:crypto';
import { type SigningKey, toSigningKey } from './keys.js';
import type { EmulatorClient, EmulatorProject, EmulatorUser, ServiceAccountSeed } from './model.js';
import type { RandomSource } from './random.js';
import { expandScopes } from './scopes.js';
import { toUser } from './seed.js';
import { SERVICE_ACCOUNT_KEY } from './test-keys.js';

/** A service account: a user and a client in one, which signs its requests with a key. */
export interface EmulatorServiceAccount {
  readonly email: string;
  /** How its tokens name it, with the same account ID. */
  readonly user: EmulatorUser;
  readonly client: EmulatorClient;
  readonly key: SigningKey;
  /** What it may do for the users of Workspace domains, expanded. */
  readonly delegatedScopes: readonly string[];
}

/** The service account an emulator starts with, which may act for the users of Workspace domains. */
export const SEED_SERVICE_ACCOUNTS: readonly ServiceAccountSeed[] = [
  {
    email: 'backend@emulator-demo-407408.iam.gserviceaccount.com',
    uniqueId: '113846290175538264907',
    delegatedScopes: ['openid', 'email', 'profile', 'drive', 'drive.appdata', 'drive.file'],
  },
];

/** Completes what a seed says about a service account; `home` is the project of those without one. */
export function toServiceAccount(
  seed: ServiceAccountSeed,
  home: EmulatorProject | undefined,
  random: RandomSource,
): EmulatorServiceAccount {
  const { email, delegatedScopes = [], status = 'active' } = seed;
  const [name = email, host = ''] = email.split('@');
  const sub = seed.uniqueId ?? inventId(email);
  const number = seed.projectNumber ?? home?.number ?? '0';
  const id = host.replace(/\.iam\.gserviceaccount\.com$/, '');
  const der = Buffer.from(SERVICE_ACCOUNT_KEY, 'base64');
  return {
    email,
    user: toUser({ email, sub, name, picture: '' }, random),
    client: {
      clientId: sub,
      kind: 'service',
      project: { number, id, publishing: 'production' },
      redirectUris: [],
      javascriptOrigins: [],
      status,
    },
    key: toSigningKey(createPrivateKey({ key: der, format: 'der', type: 'pkcs8' })),
    delegatedScopes: expandScopes(delegatedScopes),
  };
}

/** Follows from the email, so that what a seed draws stays what it was. */
function inventId(email: string): string {
  const hash = createHash('sha256').update(email).digest('hex');
  return `1${BigInt(`0x${hash}`).toString().slice(-20)}`;
}
