import { randomUUID } from 'node:crypto';
import { isAbsolute } from 'node:path';
import {
  type AccountKey,
  accountFileName,
  type Credential,
  type HelperKind,
} from '../../core/account.js';
import { parseJsonObject } from '../../core/json.js';
import { once } from '../../core/promises.js';
import type { Shell } from '../../core/shell-quote.js';
import { findCommand } from '../../files/find-program.js';
import { formatCredential, parseCredential, sameCredential } from './credential-document.js';
import { createHelperErrors } from './helper-error.js';
import { type HelperEnd, type HelperSurroundings, runHelper } from './helper-process.js';
import type { CredentialStore } from './store.js';

/** Which helper is used, and how. */
export interface HelperStoreOptions extends HelperSurroundings {
  kind: HelperKind;
  /** The shell that the commands in hints are for; `sh` unless told. */
  shell?: Shell;
  /** Called once, when a call takes long: the helper may be asking to be unlocked. */
  onSlow?: () => void;
  /** After how long a call counts as slow: 2 s unless told. */
  slowMs?: number;
}

/** What every helper says of a credential that it does not have. */
const absent = 'credentials not found in native keychain';

/**
 * A store in a program that speaks the protocol of Docker's credential helpers: `store`, `get` and
 * `erase`, with JSON or a URL on standard input, one process a call. A bare name means
 * `docker-credential-<name>` in PATH.
 *
 * An entry is read back after it was written, and looked for after it was erased. The first "not found"
 * of a process is believed only after a canary could be written. No secret is an argument, and none
 * that gsac knows or can tell by its looks is in an error. One call runs at a time: a helper may keep
 * everything in one file.
 *
 * @see https://github.com/docker/docker-credential-helpers
 */
export function createHelperStore(options: HelperStoreOptions): CredentialStore {
  const { kind, platform, env, onSlow, slowMs = 2_000 } = options;
  const target = kind.slice('helper:'.length);
  const program = isAbsolute(target) ? target : `docker-credential-${target}`;
  const errors = createHelperErrors(program, options);
  const find = once(() => findCommand(program, { platform, env }));
  const saySlow = once(() => onSlow?.());
  let queue: Promise<unknown> = Promise.resolve();
  let provedOpen = false;

  async function run(action: 'get' | 'store' | 'erase', input: string): Promise<HelperEnd> {
    const path = find();
    if (path === undefined) throw errors.missing();
    const slow = setTimeout(saySlow, slowMs);
    try {
      return await runHelper(path, action, input, options);
    } catch (thrown) {
      throw errors.notStarted(thrown);
    } finally {
      clearTimeout(slow);
    }
  }

  /** @param secrets that the helper is given, and that an error must not repeat. @returns its output. */
  async function call(
    action: 'get' | 'store' | 'erase',
    input: string,
    secrets: readonly (string | undefined)[] = [],
  ): Promise<string | undefined> {
    const turn = queue.then(() => run(action, input));
    queue = turn.catch(() => {});
    const ended = await turn;
    if (ended.cut === undefined) {
      if ([ended.stdout, ended.stderr].some((text) => text.trim() === absent)) return undefined;
      if (ended.exitCode === 0) return ended.stdout;
    }
    throw errors.failed(action, ended, secrets);
  }

  /** What is stored under a name; undefined if nothing is. */
  async function get(name: string): Promise<string | undefined> {
    const text = await call('get', urlOf(name));
    if (text === undefined) return undefined;
    const { Username: user, Secret: secret } = parseJsonObject(text) ?? {};
    if (typeof secret !== 'string') throw errors.notAnEntry();
    // Older helpers say "not found" with an empty secret. A helper that takes a URL for another one
    // that is like it gives back that one's name.
    if (secret === '' || (typeof user === 'string' && user !== userOf(name))) return undefined;
    return secret;
  }

  async function put(name: string, secret: string, known: readonly (string | undefined)[] = []) {
    const entry = { ServerURL: urlOf(name), Username: userOf(name), Secret: secret };
    await call('store', JSON.stringify(entry), [secret, ...known]);
  }

  async function proveWritable(): Promise<void> {
    const canary = randomUUID();
    const name = `canary/${canary}`;
    await put(name, canary);
    let found: string | undefined;
    try {
      found = await get(name);
    } finally {
      const erased = call('erase', urlOf(name));
      // Something else has failed then, and is told.
      await (found === canary ? erased : erased.catch(() => undefined));
    }
    if (found !== canary) throw errors.notKept();
    provedOpen = true;
  }

  async function proveOpen(): Promise<void> {
    if (!provedOpen) await proveWritable();
  }

  async function read(key: AccountKey): Promise<Credential | undefined> {
    const text = await get(nameOf(key));
    if (text === undefined) {
      await proveOpen();
      return undefined;
    }
    const credential = parseCredential(text);
    if (credential === undefined) throw errors.foreign(key, urlOf(nameOf(key)));
    return credential;
  }

  return {
    kind,
    readOnly: false,
    proveWritable,
    read,

    async write(key, credential) {
      const { clientSecret, refreshToken, sessionKey } = credential;
      const text = formatCredential(credential);
      await put(nameOf(key), text, [clientSecret, refreshToken, sessionKey]);
      const found = await get(nameOf(key));
      const kept = found === undefined ? undefined : parseCredential(found);
      if (kept === undefined || !sameCredential(kept, credential)) throw errors.notKept();
    },

    async remove(key) {
      const name = nameOf(key);
      if ((await get(name)) === undefined) {
        await proveOpen();
        return false;
      }
      await call('erase', urlOf(name));
      if ((await get(name)) !== undefined) throw errors.notErased(key);
      return true;
    },
  };
}

/** Names of entries stay below what a file name may have, encoded as `pass` does it. */
const longestName = 120;

/**
 * The name of an account's entry: the client's ID and the person's, if they are as Google gives them.
 * Capitals and all else are percent-encoded, since stores may pass over case and take a dot for a
 * folder. No two keys have the same name.
 */
function nameOf(key: AccountKey): string {
  const [client = '', ...rest] = key.split('/');
  const parts = rest.length === 0 ? [client] : [client, rest.join('/')];
  const name = parts.map(encode).join('/');
  return name.length > longestName ? `long/${accountFileName(key)}` : name;
}

function encode(text: string): string {
  return Buffer.from(text)
    .toString('latin1')
    .replace(/^\.|[^a-z\d._-]/g, (byte) => `%${byte.charCodeAt(0).toString(16).padStart(2, '0')}`);
}

/** `.invalid` is nobody's: no registry of Docker's can have the same address. */
function urlOf(name: string): string {
  return `https://gsac.invalid/${name}`;
}

/** What a list of entries shows, such as that of `pass`: whose entry it is, and which account's. */
function userOf(name: string): string {
  return `gsac-${name.replace('/', '-')}`;
}
