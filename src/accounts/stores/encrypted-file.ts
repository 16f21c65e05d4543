import { randomUUID } from 'node:crypto';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { AccountKey, Credential } from '../../core/account.js';
import { accountFileName } from '../../core/account-file.js';
import { GsacError, systemCodeOf } from '../../core/errors.js';
import { open, seal } from '../../core/sealed-box.js';
import { toFileError, withFileErrors } from '../../files/errno.js';
import {
  createPrivateFile,
  readPrivateFile,
  removePrivateFile,
  writePrivateFile,
} from '../../files/private-file.js';
import { formatCredential, parseCredential, sameCredential } from './credential-document.js';
import type { CredentialStore } from './store.js';
import {
  createVaultHeader,
  openVaultHeader,
  parseVaultHeader,
  requireSecret,
  type VaultSecrets,
} from './vault-key.js';

/** Where an encrypted file store lies and what opens it. */
export interface EncryptedFileStoreOptions extends VaultSecrets {
  /** The vault's own folder; made when first written. */
  directory: string;
}

/**
 * A store of encrypted files: `vault.json` says how the key is derived and proves it,
 * `<hash>.sealed` is one account, AES-256-GCM under a fresh nonce, so that a rotation rewrites one
 * small file however many accounts there are. Files are of mode 0600, written in one step and
 * flushed to the disk. Accounts are bound to their files: swapped ones do not open.
 *
 * The key is derived once, at the first call, and kept in memory. Where file key and passphrase are
 * both given, an existing vault takes the one that it was made with, a new one the file key.
 *
 * It does not notice an older copy of an account's file put back in its place.
 *
 * Beside the `store_*` codes, methods throw {@link GsacError} `local_file_broken` for a file that is
 * torn or was changed, and for a `vault.json` that is gone while accounts are there.
 */
export function createEncryptedFileStore(options: EncryptedFileStoreOptions): CredentialStore {
  const { directory } = options;
  const headerPath = join(directory, 'vault.json');
  const pathOf = (name: string) => join(directory, `${name}.sealed`);
  let vaultKey: Promise<Buffer | undefined> | undefined;

  /** The vault's key; undefined where there is no vault yet and none is to be made. */
  async function keyOf(make: boolean): Promise<Buffer | undefined> {
    requireSecret(options);
    const pending = vaultKey ?? openVault(headerPath, options, make);
    vaultKey = pending;
    let key: Buffer | undefined;
    try {
      key = await pending;
    } finally {
      // Neither a failure nor "no vault yet" is final.
      if (key === undefined && vaultKey === pending) vaultKey = undefined;
    }
    return key;
  }

  async function madeKey(): Promise<Buffer> {
    // A call that only reads may have begun first and found no vault.
    for (;;) {
      const key = await keyOf(true);
      if (key !== undefined) return key;
    }
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
      const vault = await madeKey();
      const canary = randomUUID();
      const name = `canary-${canary}`;
      save(name, name, vault, canary);
      let found: string | undefined;
      try {
        found = load(name, name, vault);
      } finally {
        drop(name);
      }
      if (found !== canary) throw notKept(directory);
    },

    async write(key, credential) {
      const vault = await madeKey();
      save(accountFileName(key), contextOf(key), vault, formatCredential(credential));
      const found = await read(key);
      if (found === undefined || !sameCredential(found, credential)) throw notKept(directory);
    },

    async remove(key) {
      const vault = await keyOf(false);
      return vault === undefined ? false : drop(accountFileName(key));
    },
  };
}

function contextOf(key: AccountKey): string {
  return `credential/${key}`;
}

/**
 * Reads the vault's header, or makes it. Of many processes that make it at once one wins, and the
 * others take the winner's.
 */
async function openVault(
  path: string,
  options: EncryptedFileStoreOptions,
  make: boolean,
): Promise<Buffer | undefined> {
  const readHeader = () =>
    withFileErrors('store_unavailable', 'read', path, () => readPrivateFile(path));
  let content = readHeader();
  if (content === undefined) {
    // Under another key, or a new salt, nothing that is there would ever open again.
    if (hasAccounts(options.directory)) {
      // Unless another process has made all of it since the first look.
      content = readHeader();
      if (content === undefined) throw headerMissing(path);
    } else if (!make) return undefined;
  }
  if (content === undefined) {
    const { header, key } = await createVaultHeader(options);
    const text = `${JSON.stringify(header, undefined, 2)}\n`;
    if (withFileErrors('store_refused', 'write', path, () => createPrivateFile(path, text))) {
      return key;
    }
    content = readHeader();
  }
  const header = content === undefined ? undefined : parseVaultHeader(content.toString('utf8'));
  if (header === undefined) throw brokenFile(path);
  return openVaultHeader(header, options, options.directory);
}

/** Whether accounts are there; what a killed process left of a canary is none. */
function hasAccounts(directory: string): boolean {
  try {
    return readdirSync(directory).some((name) => sealedAccount.test(name));
  } catch (thrown) {
    if (systemCodeOf(thrown) === 'ENOENT') return false;
    throw toFileError(thrown, 'store_unavailable', 'list', directory);
  }
}

const sealedAccount = /^[0-9a-f]{32}\.sealed$/;

function headerMissing(path: string): GsacError {
  return new GsacError(
    'local_file_broken',
    `${path} is missing, and without it no account beside it opens.`,
    {
      hint: 'Restore it from a backup. If there is none, move the folder away and sign in again.',
      details: { path },
    },
  );
}

function brokenFile(path: string): GsacError {
  return new GsacError('local_file_broken', `${path} is torn or was changed: it does not open.`, {
    hint: 'Restore it from a backup, or move it away and sign in again.',
    details: { path },
  });
}

function notKept(directory: string): GsacError {
  return new GsacError(
    'store_refused',
    `The file store ${directory} did not give back what was written.`,
    { hint: 'Check the disk, or set GSAC_HOME to a folder on another one.' },
  );
}
