import { randomBytes, randomUUID, type ScryptOptions, scrypt } from 'node:crypto';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { type AccountKey, accountFileName, type Credential } from '../../core/account.js';
import { GsacError } from '../../core/errors.js';
import { parseJsonObject } from '../../core/json.js';
import { boxKeyLength, open, seal } from '../../core/sealed-box.js';
import { withFileErrors } from '../../files/errno.js';
import {
  createPrivateFile,
  listFolder,
  readPrivateFile,
  removePrivateFile,
  writePrivateFile,
} from '../../files/private-file.js';
import { formatCredential, parseCredential, sameCredential } from './credential-document.js';
import type { CredentialStore } from './store.js';

/** What opens an encrypted file store; an empty text counts as not given. */
export interface VaultSecrets {
  /** Any text (`GSAC_PASSPHRASE`); the key is derived with scrypt. */
  passphrase?: string | undefined;
  /** 32 random bytes, base64 or base64url (`GSAC_FILE_KEY`); used as they are. */
  fileKey?: string | undefined;
  /** Asks a person for the passphrase if neither is given; undefined if nobody is there. */
  askPassphrase?: ((occasion: 'new' | 'known' | 'wrong') => Promise<string>) | undefined;
}

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

/**
 * The vault's key, proved against its header, which is made where there is none. Of many processes
 * that make it at once one wins, and the others take the winner's.
 */
async function openVault(
  path: string,
  options: EncryptedFileStoreOptions,
  make: boolean,
): Promise<Buffer | undefined> {
  const { directory } = options;
  let secrets: VaultSecrets = options;
  const readHeader = () =>
    withFileErrors('store_unavailable', 'read', path, () => readPrivateFile(path));
  let content = readHeader();
  if (content === undefined) {
    // Under another key, or a new salt, nothing that is there would ever open again.
    if (hasAccounts(directory)) {
      // Unless another process has made all of it since the first look.
      content = readHeader();
      if (content === undefined) throw headerMissing(path);
    } else if (!make) return undefined;
  }
  if (content === undefined) {
    secrets = await withPassphrase(options, 'new');
    const { header, key } = await createVaultHeader(secrets);
    const text = `${JSON.stringify(header, undefined, 2)}\n`;
    if (withFileErrors('store_refused', 'write', path, () => createPrivateFile(path, text))) {
      return key;
    }
    content = readHeader();
  }
  const header = parseVaultHeader(content?.toString('utf8') ?? '');
  if (header === undefined) throw brokenFile(path);
  const asks = isAsked(secrets) && header.kdf === 'scrypt';
  for (let attempt = 1; attempt <= (asks ? passphraseAttempts : 1); attempt += 1) {
    const given = asks ? await withPassphrase(secrets, attempt === 1 ? 'known' : 'wrong') : secrets;
    const key = await deriveKey(header, given);
    if (open(key, checkContext, Buffer.from(header.check, 'base64')) === checkText) return key;
  }
  const name = asks
    ? 'The passphrase'
    : header.kdf === 'none'
      ? 'GSAC_FILE_KEY'
      : 'GSAC_PASSPHRASE';
  throw new GsacError('store_key_wrong', `${name} does not open the file store ${directory}.`, {
    hint: `${asks ? 'Use' : `Set ${name} to`} the one that the store was made with. If it is lost, move the folder away and sign in again.`,
    details: { path: directory },
  });
}

/** How often a person may type the passphrase of a store. */
const passphraseAttempts = 3;

/** Whether a person has to give the passphrase. */
function isAsked({ fileKey, passphrase, askPassphrase }: VaultSecrets): boolean {
  return !fileKey && !passphrase && askPassphrase !== undefined;
}

async function withPassphrase(
  secrets: VaultSecrets,
  occasion: 'new' | 'known' | 'wrong',
): Promise<VaultSecrets> {
  if (!isAsked(secrets)) return secrets;
  return { ...secrets, passphrase: await secrets.askPassphrase?.(occasion) };
}

/** Whether accounts are there; what a killed process left of a canary is none. */
function hasAccounts(directory: string): boolean {
  const names = withFileErrors('store_unavailable', 'list', directory, () => listFolder(directory));
  return names.some((name) => sealedAccount.test(name));
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

/** How a vault's key comes about. */
type KeyDerivation =
  | { kdf: 'none' }
  | { kdf: 'scrypt'; n: number; r: number; p: number; salt: string };

/** What `vault.json` says: the derivation, and a box that only the right key opens. */
type VaultHeader = KeyDerivation & { v: 1; check: string };

const checkContext = 'vault/check';

const checkText = 'gsac';

/** 0.4 s and 128 MB on an ordinary machine. */
const scryptCost = { n: 2 ** 17, r: 8, p: 1 } as const;

/** What a header may ask for: a damaged one must not ask for hours or for all memory. */
const scryptLimit = { n: 2 ** 20, r: 16, p: 4 } as const;

/**
 * A header for a new vault and its key, which is the file key, or made of the passphrase.
 *
 * @throws {GsacError} `store_key_wrong` for a file key that is not 32 bytes.
 */
export async function createVaultHeader(
  secrets: VaultSecrets,
): Promise<{ header: VaultHeader; key: Buffer }> {
  const derivation: KeyDerivation = secrets.fileKey
    ? { kdf: 'none' }
    : { kdf: 'scrypt', ...scryptCost, salt: randomBytes(16).toString('base64') };
  const key = await deriveKey(derivation, secrets);
  const check = seal(key, checkContext, checkText).toString('base64');
  return { header: { v: 1, ...derivation, check }, key };
}

/** The header of `vault.json`'s text; undefined where it is torn, changed or of another version. */
function parseVaultHeader(text: string): VaultHeader | undefined {
  const { v, kdf, n, r, p, salt, check } = parseJsonObject(text) ?? {};
  if (v !== 1 || typeof check !== 'string') return undefined;
  if (kdf === 'none') return { v, kdf, check };
  if (kdf !== 'scrypt' || typeof salt !== 'string') return undefined;
  if (!isWithin(n, scryptLimit.n) || !Number.isInteger(Math.log2(n)) || n < 2) return undefined;
  if (!isWithin(r, scryptLimit.r) || !isWithin(p, scryptLimit.p)) return undefined;
  return { v, kdf, n, r, p, salt, check };
}

/**
 * Says early that no key was given, before any file is looked at.
 *
 * @throws {GsacError} `store_key_required`
 */
function requireSecret(secrets: VaultSecrets): void {
  if (secrets.fileKey || secrets.passphrase || isAsked(secrets)) return;
  throw new GsacError('store_key_required', 'The file store is encrypted, and no key was given.', {
    hint: 'Set GSAC_PASSPHRASE, or GSAC_FILE_KEY (32 random bytes: `openssl rand -base64 32`).',
  });
}

async function deriveKey(
  derivation: KeyDerivation,
  { fileKey, passphrase }: VaultSecrets,
): Promise<Buffer> {
  if (derivation.kdf === 'none') {
    if (!fileKey) throw otherSecretRequired('GSAC_FILE_KEY', passphrase && 'GSAC_PASSPHRASE');
    return toFileKey(fileKey);
  }
  if (!passphrase) throw otherSecretRequired('GSAC_PASSPHRASE', 'GSAC_FILE_KEY');
  const { n, r, p, salt } = derivation;
  return runScrypt(
    // The same passphrase typed on macOS and on Linux may differ in its composition.
    passphrase.normalize('NFC'),
    Buffer.from(salt, 'base64'),
    boxKeyLength,
    // Node's limit is below what these costs need: 128 · N · r bytes, and some room.
    { N: n, r, p, maxmem: 256 * n * r },
  );
}

const runScrypt = promisify<string, Buffer, number, ScryptOptions, Buffer>(scrypt);

function otherSecretRequired(needed: string, given: string | undefined): GsacError {
  const but = given ? `${given} does not open it` : 'it is not set';
  return new GsacError('store_key_required', `The file store was made with ${needed}; ${but}.`, {
    hint: `Set ${needed} to the one that the store was made with.`,
  });
}

function toFileKey(text: string): Buffer {
  const trimmed = text.trim();
  // Buffer.from skips what is not base64, so a mistyped key would only be shorter.
  const key = /^[\w+/-]+={0,2}$/.test(trimmed) ? Buffer.from(trimmed, 'base64') : undefined;
  if (key?.length === boxKeyLength) return key;
  const found = key === undefined ? 'it is not base64' : `it is ${key.length} bytes`;
  throw new GsacError('store_key_wrong', `GSAC_FILE_KEY is not 32 bytes in base64: ${found}.`, {
    hint: 'Make one with `openssl rand -base64 32`.',
  });
}

function isWithin(value: unknown, limit: number): value is number {
  return typeof value === 'number' && Number.isInteger(value) && value >= 1 && value <= limit;
}
