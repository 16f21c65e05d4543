import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { type AccountKey, accountFileName, type Credential } from '../../core/account.js';
import { GsacError } from '../../core/errors.js';
import { open, seal } from '../../core/sealed-box.js';
import { withFileErrors } from '../../files/errno.js';
import { readPrivateFile, removePrivateFile, writePrivateFile } from '../../files/private-file.js';
import { formatCredential, parseCredential, sameCredential } from './credential-document.js';
import type { CredentialStore } from './store.js';
import {
  brokenFile,
  type EncryptedFileStoreOptions,
  isAsked,
  isKeyOf,
  openVault,
  readSettledHeader,
  requireSecret,
  toFileKey,
} from './vault-key.js';

/**
 * A store of encrypted files: `vault.json` says how the key is derived and proves it,
 * `<hash>.sealed` is one account, AES-256-GCM under a fresh nonce, so that a rotation rewrites one
 * small file however many accounts there are. Files are of mode 0600, written in one step and
 * flushed to the disk. Accounts are bound to their files: swapped ones do not open.
 *
 * The key is derived once, at the first call, and kept in memory. If file key and passphrase are both
 * given, an existing vault takes the one that it was made with, a new one the file key. A vault without
 * an account takes a new key.
 *
 * It does not notice an older copy of an account's file put back in its place.
 *
 * Beside the `store_*` codes, methods throw {@link GsacError} `local_file_broken` for a file that is
 * torn or was changed, and for a `vault.json` that is gone while accounts are there.
 *
 * @throws {GsacError} `store_key_wrong` for a file key that is not 32 bytes.
 */
export function createEncryptedFileStore(options: EncryptedFileStoreOptions): CredentialStore {
  const { directory, fileKey } = options;
  if (fileKey) toFileKey(fileKey);
  const headerPath = join(directory, 'vault.json');
  const pathOf = (name: string) => join(directory, `${name}.sealed`);
  const contextOf = (key: AccountKey) => `credential/${key}`;
  let vaultKey: Promise<Buffer | undefined> | undefined;

  /** The vault's key; undefined where there is no vault yet and none is to be made. */
  async function keyOf(make: boolean): Promise<Buffer | undefined> {
    requireSecret(options);
    vaultKey ??= openVault(headerPath, options, make);
    const pending = vaultKey;
    let key: Buffer | undefined;
    try {
      key = await pending;
    } catch (thrown) {
      // A failure is not final, but nobody is asked again who has cancelled or knows no other one.
      if (vaultKey === pending && !isAsked(options)) vaultKey = undefined;
      throw thrown;
    }
    // Neither is "no vault yet".
    if (key === undefined && vaultKey === pending) vaultKey = undefined;
    return key;
  }

  async function madeKey(): Promise<Buffer> {
    // A call that only reads may have begun first and found no vault.
    return (await keyOf(true)) ?? madeKey();
  }

  /**
   * Saves a file under the vault's key; once more if another process gave the vault another key
   * meanwhile, as it may while the vault is empty.
   */
  async function saveUnderKey(name: string, context: string, text: string): Promise<Buffer> {
    for (let left = 3; left > 0; left -= 1) {
      const key = await madeKey();
      save(name, context, key, text);
      if (isKeyOf(await readSettledHeader(headerPath), key)) return key;
      drop(name);
      vaultKey = undefined;
    }
    throw notKept(directory);
  }

  function load(name: string, context: string, key: Buffer): string | undefined {
    const path = pathOf(name);
    const box = withFileErrors('store_unavailable', 'read', path, () => readPrivateFile(path));
    if (box === undefined) return undefined;
    const text = open(key, context, box);
    if (text === undefined) throw brokenFile(path);
    return text;
  }

  function save(name: string, context: string, key: Buffer, text: string): void {
    const path = pathOf(name);
    withFileErrors('store_refused', 'write', path, () =>
      writePrivateFile(path, seal(key, context, text), { durable: true }),
    );
  }

  function drop(name: string): boolean {
    const path = pathOf(name);
    return withFileErrors('store_refused', 'remove', path, () => removePrivateFile(path));
  }

  async function read(key: AccountKey): Promise<Credential | undefined> {
    const vault = await keyOf(false);
    if (vault === undefined) return undefined;
    const name = accountFileName(key);
    const text = load(name, contextOf(key), vault);
    if (text === undefined) return undefined;
    const credential = parseCredential(text);
    if (credential === undefined) throw brokenFile(pathOf(name));
    return credential;
  }

  return {
    kind: 'file',
    readOnly: false,
    read,

    async proveWritable() {
      const canary = randomUUID();
      const name = `canary-${canary}`;
      const vault = await saveUnderKey(name, name, canary);
      let found: string | undefined;
      try {
        found = load(name, name, vault);
      } finally {
        drop(name);
      }
      if (found !== canary) throw notKept(directory);
    },

    async write(key, credential) {
      await saveUnderKey(accountFileName(key), contextOf(key), formatCredential(credential));
      const found = await read(key);
      if (found === undefined || !sameCredential(found, credential)) throw notKept(directory);
    },

    async remove(key) {
      const vault = await keyOf(false);
      return vault === undefined ? false : drop(accountFileName(key));
    },
  };
}

function notKept(directory: string): GsacError {
  return new GsacError(
    'store_refused',
    `The file store ${directory} did not give back what was written.`,
    { hint: 'Check the disk, or set GSAC_HOME to a folder on another one.' },
  );
}
