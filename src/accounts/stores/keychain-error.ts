import { type ErrorCode, GsacError, messageOf } from '../../core/errors.js';

/** The ways that are open to a person whose keychain cannot be used. */
const otherStores =
  'or use `--store file` with GSAC_PASSPHRASE or GSAC_FILE_KEY, or give the credentials by GSAC_CREDENTIALS';

interface Explanation {
  code: ErrorCode;
  said: string;
  hint: string;
}

const locked: Explanation = {
  code: 'store_locked',
  said: 'The keychain is locked',
  hint: `Unlock the keychain (log in to the desktop, or run \`gnome-keyring-daemon --unlock\`) and try again, ${otherStores}.`,
};

const noService: Explanation = {
  code: 'store_unavailable',
  said: 'There is no keychain: no secret service answers on the session bus',
  hint: `Start one (gnome-keyring, KWallet or KeePassXC) in this session, ${otherStores}.`,
};

/** What libsecret, the Keychain and the Credential Manager say, and what it means to a person. */
const explanations: readonly [RegExp, Explanation][] = [
  [/\blocked\b|interaction is not allowed|dismissed|cancell?ed the operation/i, locked],
  [
    /timeout was reached|timed out/i,
    {
      code: 'store_timeout',
      said: 'The keychain does not answer',
      hint: `Restart the keychain's service (gnome-keyring-daemon) and try again, ${otherStores}.`,
    },
  ],
  [
    /autolaunch d-bus|could not connect|session bus|bus address/i,
    {
      code: 'store_unavailable',
      said: 'There is no keychain: this session has no D-Bus',
      hint: `Run gsac in a desktop session or under \`dbus-run-session\`, ${otherStores}.`,
    },
  ],
  [/org\.freedesktop\.secrets was not provided|ServiceUnknown|NameHasNoOwner/i, noService],
  [
    /does not exist at path|no such object|default keychain could not be found/i,
    {
      code: 'store_unavailable',
      said: 'The keychain has no default keyring yet',
      hint: `Create and unlock one (log in to the desktop once, or run \`gnome-keyring-daemon --unlock\`), ${otherStores}.`,
    },
  ],
  [
    /connection is closed|disconnected|GIOStream|NoReply/i,
    {
      code: 'store_unavailable',
      said: 'The keychain went away',
      hint: `Restart the keychain's service and run the command again, ${otherStores}.`,
    },
  ],
  [
    /logon session does not exist/i,
    {
      code: 'store_unavailable',
      said: 'This Windows session has no Credential Manager (a network logon?)',
      hint: `Run gsac in an interactive session, ${otherStores}.`,
    },
  ],
];

/**
 * Turns what a keychain call threw into a {@link GsacError}: locked, timed out, unavailable, or
 * `store_refused` for what is not known, with the keychain's own words. A GsacError passes through.
 */
export function toKeychainError(thrown: unknown): GsacError {
  if (thrown instanceof GsacError) return thrown;
  const message = messageOf(thrown);
  const known = explanations.find(([pattern]) => pattern.test(message))?.[1];
  return new GsacError(
    known?.code ?? 'store_refused',
    `${known?.said ?? 'The keychain refused'} (${message}).`,
    { hint: known?.hint ?? `Look into the keychain with its own program, ${otherStores}.` },
  );
}

/** The error for a keytar that cannot be loaded: a library or the package itself is missing. */
export function toLoadError(platform: string): GsacError {
  const remedy =
    platform === 'linux'
      ? 'Install libsecret (Debian and Ubuntu: `apt-get install libsecret-1-0`; Fedora: `dnf install libsecret`; Alpine and 32-bit ARM are not supported)'
      : 'Reinstall gsac with its optional dependencies';
  return new GsacError(
    'store_unavailable',
    'The keychain cannot be reached: keytar does not load.',
    {
      hint: `${remedy}, ${otherStores}.`,
    },
  );
}

/** The error for a call that this process stopped waiting for after `milliseconds`. */
export function keychainTimeout(milliseconds: number): GsacError {
  const seconds = Math.round(milliseconds / 1000);
  return new GsacError('store_timeout', `The keychain did not answer within ${seconds} s.`, {
    hint: `Unlock the keychain or restart its service (gnome-keyring-daemon) and try again, ${otherStores}.`,
  });
}
