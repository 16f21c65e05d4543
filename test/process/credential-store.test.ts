import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createEncryptedFileStore } from '../../src/accounts/stores/encrypted-file.js';
import {
  createEnvironmentStore,
  readEnvironmentAccount,
} from '../../src/accounts/stores/environment.js';
import { createHelperStore } from '../../src/accounts/stores/helper.js';
import type { CredentialStore } from '../../src/accounts/stores/store.js';
import type { HelperKind } from '../../src/core/account.js';
import {
  createKeyHome,
  createPassHome,
  type KeyHome,
  sampleKeyOwner,
  writeSampleHelper,
} from '../support/credential-helper.js';
import { createMemoryStore } from '../support/memory-store.js';
import { describeWith, type Requirement } from '../support/requires.js';
import { type SecretService, startSecretService } from '../support/secret-service.js';
import { type KeychainProcess, startKeychainProcess } from '../support/secret-service-store.js';
import { type CompiledScript, compileScript } from '../unit/accounts/support/compiled-script.js';
import { sampleCredential } from '../unit/accounts/support/credential.js';
import { errorOf } from '../unit/accounts/support/samples.js';

/** A kind of store, with its files or services. */
interface Harness {
  /** The store, the same one at each call. */
  store: CredentialStore;
  /** A second view of the same place, as another process has. */
  another: CredentialStore;
  close(): Promise<void>;
}

function memoryHarness(): Harness {
  const store = createMemoryStore();
  return { store, another: store, close: async () => {} };
}

function fileHarness(secrets: { passphrase: string } | { fileKey: string }): Harness {
  const folder = mkdtempSync(join(tmpdir(), 'gsac-contract-'));
  const create = () => createEncryptedFileStore({ directory: join(folder, 'vault'), ...secrets });
  return {
    store: create(),
    another: create(),
    close: async () => rmSync(folder, { recursive: true, force: true }),
  };
}

async function keychainHarness(): Promise<Harness> {
  const script: CompiledScript = await compileScript(
    new URL('../support/secret-service-child.ts', import.meta.url),
  );
  const service: SecretService = await startSecretService();
  await service.start('unlocked');
  const processes: KeychainProcess[] = [1, 2].map(() =>
    startKeychainProcess(script.path, service.env),
  );
  const [one, two] = processes;
  if (one === undefined || two === undefined) throw new Error('two processes');
  return {
    store: one.store,
    another: two.store,
    async close() {
      await Promise.all(processes.map((child) => child.end()));
      await service.stop();
      script.remove();
    },
  };
}

function helperHarness({ env, close }: KeyHome, kind: HelperKind): Harness {
  const { signal } = new AbortController();
  const create = () =>
    createHelperStore({ kind, env, platform: process.platform, signal, timeoutMs: 60_000 });
  return { store: create(), another: create(), close };
}

async function passHarness(): Promise<Harness> {
  return helperHarness(await createPassHome(), 'helper:pass');
}

async function scriptHarness(): Promise<Harness> {
  const home = await createKeyHome(sampleKeyOwner);
  return helperHarness(home, `helper:${writeSampleHelper(home.folder)}`);
}

const harnesses: [string, () => Harness | Promise<Harness>, Requirement[]][] = [
  ['memory', memoryHarness, []],
  ['encrypted file, passphrase', () => fileHarness({ passphrase: 'correct horse' }), []],
  [
    'encrypted file, file key',
    () => fileHarness({ fileKey: randomBytes(32).toString('base64') }),
    [],
  ],
  ['keychain', keychainHarness, ['keychain']],
  ['helper, docker-credential-pass', passHarness, ['gpg', 'docker-credential-pass']],
  ['helper, the script of the manual', scriptHarness, ['gpg']],
];

for (const [name, open, needs] of harnesses) {
  describeWith(needs, `credential store: ${name}`, () => {
    let harness: Harness;
    let store: CredentialStore;
    beforeAll(async () => {
      harness = await open();
      store = harness.store;
    }, 30_000);
    afterAll(() => harness?.close());

    it('says what it does not have', async () => {
      expect(await store.read('client/nobody')).toBeUndefined();
      expect(await store.remove('client/nobody')).toBe(false);
    });

    it('gives back what was written, to another instance too', async () => {
      const credential = sampleCredential();
      await store.write('client/1', credential);
      expect(await store.read('client/1')).toEqual(credential);
      expect(await harness.another.read('client/1')).toEqual(credential);
    });

    it('keeps absent fields absent', async () => {
      const { clientId, tokenUri, sessionKey } = sampleCredential();
      await store.write('client/2', { clientId, tokenUri, sessionKey });
      expect(await store.read('client/2')).toEqual({ clientId, tokenUri, sessionKey });
    });

    it('replaces', async () => {
      await store.write('client/3', sampleCredential());
      const rotated = sampleCredential({ refreshToken: '1//0rotated' });
      await store.write('client/3', rotated);
      expect(await store.read('client/3')).toEqual(rotated);
    });

    it('keeps apart accounts whose keys begin alike', async () => {
      const keys = ['client/4', 'client/45', 'client', 'client/4/5', 'Client/4'];
      for (const key of keys) await store.write(key, sampleCredential({ refreshToken: key }));
      await store.remove('client/4');
      expect(await store.read('client/4')).toBeUndefined();
      for (const key of keys.slice(1)) {
        expect((await store.read(key))?.refreshToken).toBe(key);
      }
    });

    it('removes once', async () => {
      await store.write('client/5', sampleCredential());
      expect(await harness.another.remove('client/5')).toBe(true);
      expect(await store.read('client/5')).toBeUndefined();
      expect(await store.remove('client/5')).toBe(false);
    });

    it('keeps any text', async () => {
      const odd = sampleCredential({ clientSecret: 'a\0b"c\\d\ne\u{1f511}é\ud800' });
      await store.write('client/ü 6', odd);
      expect(await store.read('client/ü 6')).toEqual(odd);
    });

    it('proves that it can write, again and again, and changes nothing', async () => {
      await store.write('client/7', sampleCredential());
      await store.proveWritable();
      await Promise.all([store.proveWritable(), harness.another.proveWritable()]);
      expect(await store.read('client/7')).toEqual(sampleCredential());
    });

    it('takes writes of many accounts at once', async () => {
      const keys = Array.from({ length: 20 }, (_, index) => `many/${index}`);
      await Promise.all(
        keys.map((key, index) =>
          (index % 2 ? store : harness.another).write(key, sampleCredential({ refreshToken: key })),
        ),
      );
      const read = await Promise.all(keys.map((key) => store.read(key)));
      expect(read.map((credential) => credential?.refreshToken)).toEqual(keys);
    });

    it('ends with one of the values where an account is written at once', async () => {
      const values = Array.from({ length: 10 }, (_, index) => `1//0${index}`);
      // A reader of its own value may find another's: that is told, and nothing is torn.
      await Promise.allSettled(
        values.map((refreshToken) => store.write('same/1', sampleCredential({ refreshToken }))),
      );
      const last = await store.read('same/1');
      expect(values).toContain(last?.refreshToken);
      expect(last).toEqual(sampleCredential({ refreshToken: last?.refreshToken ?? '' }));
    });
  });
}

describe('credential store: environment', async () => {
  const env = { GSAC_CLIENT_ID: 'client', GSAC_CLIENT_SECRET: 's', GSAC_REFRESH_TOKEN: '1//0r' };
  const credentials = await readEnvironmentAccount(env, 0, async () => undefined);
  if (credentials === undefined) throw new Error('there are credentials');
  const store = createEnvironmentStore(credentials);

  it('says what it does not have', async () => {
    expect(await store.read('client/nobody')).toBeUndefined();
  });

  it('gives its one account', async () => {
    expect(await store.read(credentials.account.key)).toEqual(credentials.credential);
  });

  it('refuses to be written', async () => {
    expect(store.readOnly).toBe(true);
    const { key } = credentials.account;
    for (const attempt of [
      store.proveWritable(),
      store.write(key, credentials.credential),
      store.remove(key),
    ]) {
      expect((await errorOf(attempt)).code).toBe('store_read_only');
    }
    expect(await store.read(key)).toEqual(credentials.credential);
  });
});
