import { randomBytes, type ScryptOptions, scrypt } from 'node:crypto';
import { dirname } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { promisify } from 'node:util';
import { GsacError } from '../../core/errors.js';
import { parseJsonObject } from '../../core/json.js';
import { once } from '../../core/promises.js';
import { boxKeyLength, open, seal } from '../../core/sealed-box.js';
import { moveCommand, type Shell } from '../../core/shell-quote.js';
import { withFileErrors } from '../../files/errno.js';
import {
  createPrivateFile,
  listFolder,
  lookAt,
  readPrivateFile,
  removePrivateFile,
  writePrivateFile,
} from '../../files/private-file.js';

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
  /** The shell that the commands in hints are for; `sh` unless told. */
  shell?: Shell;
}

/**
 * The vault's key, proved against its header, which is made if there is none. Of many processes that
 * make it at once one wins, and the others take the winner's. A vault without an account takes another
 * key than the one that it was made with; undefined if there is no account and none is to be made.
 */
export async function openVault(
  path: string,
  options: EncryptedFileStoreOptions,
  make: boolean,
): Promise<Buffer | undefined> {
  const { directory } = options;
  let given: EncryptedFileStoreOptions = options;
  let content = readHeader(path);
  if (content === undefined) {
    // Under another key, or a new salt, nothing that is there would ever open again.
    if (hasAccounts(directory)) {
      // Unless another process has made all of it since the first look.
      content = readHeader(path);
      if (content === undefined) throw headerMissing(path, options);
    } else if (!make) return undefined;
  }
  if (content === undefined) {
    given = await withPassphrase(options, 'new');
    const { text, key } = await makeHeader(given);
    if (withFileErrors('store_refused', 'write', path, () => createPrivateFile(path, text))) {
      return key;
    }
    content = readHeader(path);
  }
  const header = parseVaultHeader(content);
  if (header === undefined || content === undefined) throw brokenFile(path);
  const asks = isAsked(given);
  // Not looked at before a key has failed: a folder may be long.
  const isEmpty = once(() => !hasAccounts(directory));
  let refusal: unknown;
  // Nobody is asked for a passphrase that opens nothing.
  for (let left = asks ? (isEmpty() ? 0 : passphraseAttempts) : 1; left > 0; left -= 1) {
    const occasion = left === passphraseAttempts ? 'known' : 'wrong';
    const secrets = header.kdf === 'scrypt' ? await withPassphrase(given, occasion) : given;
    const found = await deriveKey(header, secrets).catch((thrown: unknown) => thrown);
    if (Buffer.isBuffer(found) && isKeyOf(content, found)) return found;
    refusal = Buffer.isBuffer(found) ? wrongKey(header, options, asks) : found;
    if (header.kdf === 'none') break;
  }
  if (!isEmpty()) throw refusal;
  if (!make) return undefined;
  given = await withPassphrase(given, 'new');
  const { text, key } = await makeHeader(given);
  return (await takeOver(path, content, text)) ? key : openVault(path, given, make);
}

/** How often a person may type the passphrase of a store. */
const passphraseAttempts = 3;

/** Whether a person has to give the passphrase. */
export function isAsked({ fileKey, passphrase, askPassphrase }: VaultSecrets): boolean {
  return !fileKey && !passphrase && askPassphrase !== undefined;
}

async function withPassphrase(
  secrets: EncryptedFileStoreOptions,
  occasion: 'new' | 'known' | 'wrong',
): Promise<EncryptedFileStoreOptions> {
  if (!isAsked(secrets)) return secrets;
  return { ...secrets, passphrase: await secrets.askPassphrase?.(occasion) };
}

/** Older, the lock was left by a process that was killed; its holder needs milliseconds. */
const staleLockMs = 10_000;

/**
 * Replaces the header of a vault without an account. False if another process was faster: then the
 * vault is to be looked at anew.
 */
async function takeOver(path: string, old: Buffer, text: string): Promise<boolean> {
  const lock = lockOf(path);
  const write = <T>(work: () => T) => withFileErrors('store_refused', 'write', path, work);
  if (!write(() => createPrivateFile(lock, ''))) {
    const since = lookAt(lock)?.mtimeMs ?? Date.now();
    if (Date.now() - since > staleLockMs) removePrivateFile(lock);
    else await delay(20);
    return false;
  }
  try {
    if (!readHeader(path)?.equals(old)) return false;
    write(() => writePrivateFile(path, text, { durable: true }));
    if (!hasAccounts(dirname(path))) return true;
    // An account was stored under the old key meanwhile; whoever stores one looks at the header again.
    write(() => writePrivateFile(path, old, { durable: true }));
    return false;
  } finally {
    removePrivateFile(lock);
  }
}

/** What `vault.json` holds; undefined if there is none. */
export function readHeader(path: string): Buffer | undefined {
  return withFileErrors('store_unavailable', 'read', path, () => readPrivateFile(path));
}

/**
 * What `vault.json` holds once nobody is replacing it: who replaces it puts the old one back if an
 * account was stored meanwhile.
 */
export async function readSettledHeader(path: string): Promise<Buffer | undefined> {
  const isHeld = () => Date.now() - (lookAt(lockOf(path))?.mtimeMs ?? 0) <= staleLockMs;
  while (isHeld()) await delay(20);
  return readHeader(path);
}

function lockOf(path: string): string {
  return `${path}.lock`;
}

async function makeHeader(secrets: VaultSecrets): Promise<{ text: string; key: Buffer }> {
  const { header, key } = await createVaultHeader(secrets);
  return { text: `${JSON.stringify(header, undefined, 2)}\n`, key };
}

/** Whether a vault with this header opens with this key. */
export function isKeyOf(content: Buffer | undefined, key: Buffer): boolean {
  const header = parseVaultHeader(content);
  return (
    header !== undefined &&
    open(key, checkContext, Buffer.from(header.check, 'base64')) === checkText
  );
}

function wrongKey(
  { kdf }: KeyDerivation,
  { directory, shell }: EncryptedFileStoreOptions,
  asked: boolean,
): GsacError {
  const variable = kdf === 'none' ? 'GSAC_FILE_KEY' : 'GSAC_PASSPHRASE';
  const name = asked ? 'The passphrase' : variable;
  return new GsacError('store_key_wrong', `${name} does not open the file store ${directory}.`, {
    hint: `${asked ? 'Use' : `Set ${variable} to`} the one that the store was made with. If it is lost, move the store away with \`${moveAway(directory, shell)}\` and sign in again.`,
    details: { path: directory },
  });
}

function moveAway(directory: string, shell: Shell = 'sh'): string {
  return moveCommand(shell, directory, `${directory}.old`);
}

/** Whether accounts are there; what a killed process left of a canary is none. */
function hasAccounts(directory: string): boolean {
  const names = withFileErrors('store_unavailable', 'list', directory, () => listFolder(directory));
  return names.some((name) => sealedAccount.test(name));
}

const sealedAccount = /^[0-9a-f]{32}\.sealed$/;

function headerMissing(path: string, { directory, shell }: EncryptedFileStoreOptions): GsacError {
  return new GsacError(
    'local_file_broken',
    `${path} is missing, and without it no account in the store can be opened.`,
    {
      hint: `Restore it from a backup. If there is none, move the store away with \`${moveAway(directory, shell)}\` and sign in again.`,
      details: { path },
    },
  );
}

/** The error for a file of the vault that does not open. */
export function brokenFile(path: string): GsacError {
  return new GsacError(
    'local_file_broken',
    `${path} is damaged or was changed, and cannot be opened.`,
    {
      hint: 'Restore it from a backup, or move it away and sign in again.',
      details: { path },
    },
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

/** The header in `vault.json`; undefined if it is torn, changed or of another version. */
function parseVaultHeader(content: Buffer | undefined): VaultHeader | undefined {
  const { v, kdf, n, r, p, salt, check } = parseJsonObject(content?.toString('utf8') ?? '') ?? {};
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
export function requireSecret(secrets: VaultSecrets): void {
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

/** The bytes of a file key. @throws {GsacError} `store_key_wrong` if they are not 32. */
export function toFileKey(text: string): Buffer {
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
