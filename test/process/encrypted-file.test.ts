import { type ChildProcess, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import {
  chmodSync,
  copyFileSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { createEncryptedFileStore } from '../../src/accounts/stores/encrypted-file.js';
import { compileScript } from '../unit/accounts/support/compiled-script.js';
import { sampleCredential } from '../unit/accounts/support/credential.js';
import {
  asOrdinaryUser,
  contentsBelow,
  errorOf,
  modeOf,
  temporaryFolder,
} from '../unit/accounts/support/samples.js';

const fileKey = Buffer.alloc(32, 3).toString('base64');
const otherKey = Buffer.alloc(32, 4).toString('base64');

async function filledStore() {
  const directory = join(temporaryFolder(), 'vault');
  const store = createEncryptedFileStore({ directory, fileKey });
  await store.write('client/1', sampleCredential());
  const path = sealedFiles(directory)[0] ?? '';
  return { directory, store, path };
}

function sealedFiles(directory: string): string[] {
  return readdirSync(directory)
    .filter((name) => name.endsWith('.sealed'))
    .map((name) => join(directory, name));
}

describe('encrypted file store', () => {
  it.each([fileKey, Buffer.alloc(32, 4).toString('base64')])(
    'makes no new key beside accounts whose vault.json is gone (%s)',
    async (key) => {
      const { directory, path } = await filledStore();
      const header = readFileSync(join(directory, 'vault.json'));
      rmSync(join(directory, 'vault.json'));
      const store = createEncryptedFileStore({ directory, fileKey: key });
      const calls = [
        () => store.read('client/1'),
        () => store.proveWritable(),
        () => store.write('client/2', sampleCredential()),
        () => store.remove('client/1'),
      ];
      for (const call of calls) {
        const error = await errorOf(call());
        expect(error).toMatchObject({ code: 'local_file_broken' });
        expect(error.hint).toMatch(/Restore it from a backup/);
      }
      expect(sealedFiles(directory)).toEqual([path]);
      // Put back, it opens with the key that it was made with.
      writeFileSync(join(directory, 'vault.json'), header);
      const restored = createEncryptedFileStore({ directory, fileKey });
      expect(await restored.read('client/1')).toEqual(sampleCredential());
    },
  );

  it('takes a folder with nothing but a canary of a killed process for a new one', async () => {
    const { directory, path } = await filledStore();
    rmSync(path);
    rmSync(join(directory, 'vault.json'));
    writeFileSync(join(directory, 'canary-0b9e5b0e-1111-4222-8333-444455556666.sealed'), 'x');
    await createEncryptedFileStore({ directory, fileKey }).proveWritable();
  });

  it('leaves no canary where it cannot be read back', async () => {
    const folder = temporaryFolder();
    const directory = join(folder, 'vault');
    chmodSync(folder, 0o777);
    await asOrdinaryUser(async () => {
      const store = createEncryptedFileStore({ directory, fileKey });
      await store.proveWritable();
      // Files are made that their owner cannot read.
      const before = process.umask(0o400);
      try {
        expect((await errorOf(store.proveWritable())).code).toBe('store_unavailable');
      } finally {
        process.umask(before);
      }
      expect(sealedFiles(directory)).toEqual([]);
    });
  });

  it('asks for a key before anything else', async () => {
    const directory = join(temporaryFolder(), 'vault');
    for (const secrets of [{}, { passphrase: '', fileKey: '' }]) {
      const store = createEncryptedFileStore({ directory, ...secrets });
      for (const call of [store.read('a/1'), store.proveWritable(), store.remove('a/1')]) {
        const error = await errorOf(call);
        expect(error.code).toBe('store_key_required');
        expect(error.hint).toMatch(/GSAC_PASSPHRASE.*GSAC_FILE_KEY/);
      }
    }
  });

  it.each([
    ['c2hvcnQ=', /it is 5 bytes/],
    ['not base64!', /not base64/],
    [randomBytes(33).toString('base64'), /33 bytes/],
    [`${fileKey}${fileKey}`, /not base64/],
  ])('refuses %s as a file key', async (wrong, said) => {
    const directory = join(temporaryFolder(), 'vault');
    const error = await errorOf(
      (async () => createEncryptedFileStore({ directory, fileKey: wrong }))(),
    );
    expect(error.code).toBe('store_key_wrong');
    expect(error.message).toMatch(said);
    expect(error.message).not.toContain(wrong);
  });

  it('takes a file key as base64url and with a line end', async () => {
    const { directory } = await filledStore();
    const store = createEncryptedFileStore({
      directory,
      fileKey: `${Buffer.from(fileKey, 'base64').toString('base64url')}\n`,
    });
    expect(await store.read('client/1')).toEqual(sampleCredential());
  });

  it('tells another file key at once, for accounts that it does not have too', async () => {
    const { directory } = await filledStore();
    const store = createEncryptedFileStore({
      directory,
      fileKey: randomBytes(32).toString('base64'),
    });
    for (const call of [
      () => store.read('client/1'),
      () => store.read('client/unknown'),
      () => store.write('client/2', sampleCredential()),
      () => store.remove('client/1'),
      () => store.proveWritable(),
    ]) {
      const error = await errorOf(call());
      expect(error.code).toBe('store_key_wrong');
      expect(error.message).toContain(directory);
    }
    expect(sealedFiles(directory)).toHaveLength(1);
  });

  it('tells another passphrase, and takes the same one in another composition', async () => {
    const directory = join(temporaryFolder(), 'vault');
    const composed = 'caf\u00e9';
    const made = createEncryptedFileStore({ directory, passphrase: composed });
    await made.write('a/1', sampleCredential());
    const wrong = createEncryptedFileStore({ directory, passphrase: 'cafe' });
    expect((await errorOf(wrong.read('a/1'))).code).toBe('store_key_wrong');
    const decomposed = createEncryptedFileStore({ directory, passphrase: 'cafe\u0301' });
    expect(await decomposed.read('a/1')).toEqual(sampleCredential());
    expect(JSON.parse(readFileSync(join(directory, 'vault.json'), 'utf8'))).toMatchObject({
      v: 1,
      kdf: 'scrypt',
      n: 131_072,
      r: 8,
      p: 1,
    });
  });

  it.each([
    ['another file key', { fileKey: otherKey }],
    ['a passphrase', { passphrase: 'p' }],
  ])('takes %s while no account is in it', async (_what, secrets) => {
    const { directory, store } = await filledStore();
    const other = createEncryptedFileStore({ directory, ...secrets });
    expect((await errorOf(other.proveWritable())).exitCode).toBe(5);
    await store.remove('client/1');
    expect(await other.read('client/1')).toBeUndefined();
    expect(await other.remove('client/1')).toBe(false);
    await other.proveWritable();
    await other.write('client/2', sampleCredential());
    expect(await other.read('client/2')).toEqual(sampleCredential());
    const old = createEncryptedFileStore({ directory, fileKey });
    expect((await errorOf(old.read('client/2'))).exitCode).toBe(5);
  });

  it('loses no account to a key that another process brought meanwhile', async () => {
    const directory = join(temporaryFolder(), 'vault');
    const one = createEncryptedFileStore({ directory, fileKey });
    const two = createEncryptedFileStore({ directory, fileKey: otherKey });
    await one.proveWritable();
    await two.proveWritable();
    await one.write('client/1', sampleCredential());
    expect((await errorOf(two.write('client/2', sampleCredential()))).code).toBe('store_key_wrong');
    const after = createEncryptedFileStore({ directory, fileKey });
    expect(await after.read('client/1')).toEqual(sampleCredential());
    expect(sealedFiles(directory)).toHaveLength(1);
  });

  it('says which of the two a store was made with', async () => {
    const { directory } = await filledStore();
    const store = createEncryptedFileStore({ directory, passphrase: 'p' });
    const error = await errorOf(store.read('client/1'));
    expect(error.code).toBe('store_key_required');
    expect(error.message).toContain('made with GSAC_FILE_KEY');
    const both = createEncryptedFileStore({ directory, passphrase: 'p', fileKey });
    expect(await both.read('client/1')).toEqual(sampleCredential());
  });

  it('takes the passphrase where both are given and the store was made with one', async () => {
    const directory = join(temporaryFolder(), 'vault');
    const made = createEncryptedFileStore({ directory, passphrase: 'p' });
    await made.write('client/1', sampleCredential());
    const both = createEncryptedFileStore({ directory, passphrase: 'p', fileKey });
    expect(await both.read('client/1')).toEqual(sampleCredential());
  });

  it('recovers once the reason for a failure is gone', async () => {
    const { directory, store, path } = await filledStore();
    const fresh = createEncryptedFileStore({ directory, fileKey });
    const header = readFileSync(join(directory, 'vault.json'));
    writeFileSync(join(directory, 'vault.json'), '{');
    expect((await errorOf(fresh.read('client/1'))).code).toBe('local_file_broken');
    writeFileSync(join(directory, 'vault.json'), header);
    expect(await fresh.read('client/1')).toEqual(sampleCredential());
    rmSync(path);
    expect(await store.read('client/1')).toBeUndefined();
  });

  it('names the file that was torn or changed, byte by byte', async () => {
    const { store, path } = await filledStore();
    const whole = readFileSync(path);
    for (let index = 0; index < whole.length; index++) {
      const changed = Buffer.from(whole);
      changed.writeUInt8(changed.readUInt8(index) ^ 0x80, index);
      for (const content of [changed, whole.subarray(0, index)]) {
        writeFileSync(path, content);
        const error = await errorOf(store.read('client/1'));
        expect(error.code).toBe('local_file_broken');
        expect(error.message).toContain(path);
      }
    }
    expect(await store.remove('client/1')).toBe(true);
  });

  it.each([
    '',
    '{}',
    'null',
    '{"v":2,"kdf":"none","check":""}',
    '{"v":1,"kdf":"scrypt","n":1099511627776,"r":8,"p":1,"salt":"","check":""}',
    '{"v":1,"kdf":"scrypt","n":131071,"r":8,"p":1,"salt":"","check":""}',
    '{"v":1,"kdf":"scrypt","n":131072,"r":8,"p":1000000,"salt":"","check":""}',
  ])('does not work with a broken vault.json: %s', async (content) => {
    const { directory } = await filledStore();
    const path = join(directory, 'vault.json');
    writeFileSync(path, content);
    const store = createEncryptedFileStore({ directory, passphrase: 'p', fileKey });
    for (const call of [store.read('client/1'), store.proveWritable()]) {
      const error = await errorOf(call);
      expect(error.code).toBe('local_file_broken');
      expect(error.message).toContain(path);
    }
    expect(readFileSync(path, 'utf8')).toBe(content);
  });

  it('does not open one account under the name of another', async () => {
    const { directory, store, path } = await filledStore();
    await store.write('client/2', sampleCredential());
    const other = sealedFiles(directory).find((file) => file !== path) ?? '';
    copyFileSync(path, other);
    expect((await errorOf(store.read('client/2'))).code).toBe('local_file_broken');
  });

  it('keeps files to their owner, and nothing in them readable', async () => {
    const { directory, store } = await filledStore();
    await store.write('client/1', sampleCredential());
    await store.proveWritable();
    expect(modeOf(directory)).toBe(0o700);
    const contents = contentsBelow(directory);
    expect(contents).toHaveLength(2);
    for (const { path, content } of contents) {
      expect(modeOf(path)).toBe(0o600);
      for (const secret of [...Object.values(sampleCredential()), 'refresh', fileKey]) {
        expect(content.includes(secret)).toBe(false);
      }
    }
  });

  it('rewrites one file of many, under a new nonce', async () => {
    const { directory, store, path } = await filledStore();
    await store.write('client/2', sampleCredential());
    const before = readFileSync(path);
    const inodes = () => new Map(sealedFiles(directory).map((file) => [file, statSync(file).ino]));
    const inodesBefore = inodes();
    await store.write('client/1', sampleCredential());
    const changed = sealedFiles(directory).filter(
      (file) => inodes().get(file) !== inodesBefore.get(file),
    );
    expect(changed).toEqual([path]);
    expect(readFileSync(path).equals(before)).toBe(false);
  });

  it('says why it may not read or write, with the path', async () => {
    const { directory, path } = await filledStore();
    chmodSync(join(directory, '..'), 0o755);
    chmodSync(path, 0);
    chmodSync(directory, 0o555);
    chmodSync(join(directory, 'vault.json'), 0o444);
    await asOrdinaryUser(async () => {
      const store = createEncryptedFileStore({ directory, fileKey });
      const unreadable = await errorOf(store.read('client/1'));
      expect(unreadable).toMatchObject({ code: 'store_unavailable', exitCode: 5 });
      expect(unreadable.message).toContain(path);
      const unwritable = await errorOf(store.proveWritable());
      expect(unwritable).toMatchObject({ code: 'store_refused', exitCode: 5 });
      expect(unwritable.message).toContain('permission denied');
    });
  });

  /** What each of many processes printed that began at once, each with a key and an account. */
  async function race(directory: string, keys: readonly string[]): Promise<string[]> {
    const script = await compileScript(
      new URL('../unit/accounts/support/vault-child.ts', import.meta.url),
    );
    onTestFinished(script.remove);
    const children = keys.map((key, index) =>
      spawn(process.execPath, [script.path, directory, key, `client/${index}`]),
    );
    await Promise.all(children.map((child) => once(child.stdout, 'data')));
    const outputs = children.map((child) => endOf(child));
    for (const child of children) child.stdin.write('go\n');
    return Promise.all(outputs);
  }

  it('has one vault where many processes make it at once', { timeout: 60_000 }, async () => {
    const directory = join(temporaryFolder(), 'vault');
    const keys = Array.from({ length: 16 }, () => fileKey);
    expect(await race(directory, keys)).toEqual(keys.map((_, index) => `client/${index}\n`));
    expect(readdirSync(directory)).toHaveLength(17);
    const store = createEncryptedFileStore({ directory, fileKey });
    for (const index of keys.keys()) {
      expect((await store.read(`client/${index}`))?.refreshToken).toBe(`client/${index}`);
    }
  });

  it('keeps what was written where two keys race for an empty vault', async () => {
    const directory = join(temporaryFolder(), 'vault');
    const third = Buffer.alloc(32, 5).toString('base64');
    await createEncryptedFileStore({ directory, fileKey: third }).proveWritable();
    const keys = Array.from({ length: 12 }, (_, index) => (index % 2 ? fileKey : otherKey));
    const printed = await race(directory, keys);
    const kept = printed.flatMap((text, index) => (text === `client/${index}\n` ? [index] : []));
    const refused = printed.filter((text) => /^store_(key_wrong|refused)\n$/.test(text));
    expect(kept.length + refused.length, printed.join('')).toBe(keys.length);
    expect(kept.length).toBeGreaterThan(0);
    for (const index of kept) {
      const store = createEncryptedFileStore({ directory, fileKey: keys[index] });
      expect((await store.read(`client/${index}`))?.refreshToken).toBe(`client/${index}`);
    }
    expect(sealedFiles(directory)).toHaveLength(kept.length);
  });
});

async function endOf(child: ChildProcess): Promise<string> {
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream?.on('data', (chunk: Buffer) => {
      output += chunk.toString('utf8');
    });
  }
  await once(child, 'close');
  return output;
}
