import { randomBytes, scrypt } from 'node:crypto';
import { GsacError } from '../../core/errors.js';
import { boxKeyLength, open, seal } from '../../core/sealed-box.js';

/** What opens an encrypted file store; an empty text counts as not given. */
export interface VaultSecrets {
  /** Any text (`GSAC_PASSPHRASE`); the key is derived with scrypt. */
  passphrase?: string | undefined;
  /** 32 random bytes, base64 or base64url (`GSAC_FILE_KEY`); used as they are. */
  fileKey?: string | undefined;
}

/** How a vault's key comes about. */
export type KeyDerivation =
  | { kdf: 'none' }
  | { kdf: 'scrypt'; n: number; r: number; p: number; salt: string };

/** What `vault.json` says: the derivation, and a box that only the right key opens. */
export type VaultHeader = KeyDerivation & { v: 1; check: string };

const checkContext = 'vault/check';
const checkText = 'gsac';

/** 0.4 s and 128 MB on an ordinary machine. */
const scryptCost = { n: 2 ** 17, r: 8, p: 1 } as const;
/** What a header may ask for: a damaged one must not ask for hours or for all memory. */
const scryptLimit = { n: 2 ** 20, r: 16, p: 4 } as const;

/**
 * A header for a new vault and its key: from the file key where there is one, else from the
 * passphrase.
 *
 * @throws {GsacError} `store_key_required` where neither is given, `store_key_wrong` for a file key
 * that is not 32 bytes.
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

/**
 * The key of an existing vault, proved against its check value.
 *
 * @throws {GsacError} `store_key_required` where the secret that this vault takes is not given,
 * `store_key_wrong` where it does not open it.
 */
export async function openVaultHeader(
  header: VaultHeader,
  secrets: VaultSecrets,
  directory: string,
): Promise<Buffer> {
  const key = await deriveKey(header, secrets);
  if (open(key, checkContext, Buffer.from(header.check, 'base64')) === checkText) return key;
  const name = header.kdf === 'none' ? 'GSAC_FILE_KEY' : 'GSAC_PASSPHRASE';
  throw new GsacError('store_key_wrong', `${name} does not open the file store ${directory}.`, {
    hint: `Set ${name} to the one that the store was made with. Where it is lost, move the folder away and sign in again.`,
    details: { path: directory },
  });
}

/** The header of `vault.json`'s text; undefined where it is torn, changed or of another version. */
export function parseVaultHeader(text: string): VaultHeader | undefined {
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch {
    return undefined;
  }
  if (typeof parsed !== 'object' || parsed === null) return undefined;
  const { v, kdf, n, r, p, salt, check } = parsed as Record<string, unknown>;
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
  if (secrets.fileKey || secrets.passphrase) return;
  throw new GsacError('store_key_required', 'The file store is encrypted, and no key was given.', {
    hint: 'Set GSAC_PASSPHRASE, or GSAC_FILE_KEY (32 random bytes: `openssl rand -base64 32`).',
  });
}

async function deriveKey(derivation: KeyDerivation, secrets: VaultSecrets): Promise<Buffer> {
  requireSecret(secrets);
  if (derivation.kdf === 'none') {
    if (!secrets.fileKey) throw otherSecretRequired('GSAC_FILE_KEY', 'GSAC_PASSPHRASE');
    return toFileKey(secrets.fileKey);
  }
  if (!secrets.passphrase) throw otherSecretRequired('GSAC_PASSPHRASE', 'GSAC_FILE_KEY');
  return derive(secrets.passphrase, derivation);
}

function otherSecretRequired(needed: string, given: string): GsacError {
  return new GsacError(
    'store_key_required',
    `The file store was made with ${needed}; ${given} does not open it.`,
    { hint: `Set ${needed} to the one that the store was made with.` },
  );
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

function derive(
  passphrase: string,
  { n, r, p, salt }: { n: number; r: number; p: number; salt: string },
): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    scrypt(
      // The same passphrase typed on macOS and on Linux may differ in its composition.
      passphrase.normalize('NFC'),
      Buffer.from(salt, 'base64'),
      boxKeyLength,
      // Node's limit is below what these costs need: 128 · N · r bytes, and some room.
      { N: n, r, p, maxmem: 256 * n * r },
      (error, key) => (error ? reject(error) : resolve(key)),
    );
  });
}

function isWithin(value: unknown, limit: number): value is number {
  return typeof value === 'number' && Number.isInteger(value) && value >= 1 && value <= limit;
}
