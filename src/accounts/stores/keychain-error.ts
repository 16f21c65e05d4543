import { type ErrorCode, GsacError, messageOf } from '../../core/errors.js';

/** The error of a keychain, with what to do about it: `remedy`, or the ways that go around it. */
function keychainError(code: ErrorCode, message: string, remedy: string): GsacError {
  return new GsacError(code, message, {
    hint: `${remedy}, or use \`--store file\` with GSAC_PASSPHRASE or GSAC_FILE_KEY, or set GSAC_CREDENTIALS.`,
  });
}

/** How a keychain is unlocked, made to answer and made anew, with what each platform has for it. */
interface Remedies {
  unlock: string;
  restart: string;
  create: string;
}

const onLinux: Remedies = {
  unlock:
    'Unlock the keychain (log in to the desktop, or run `gnome-keyring-daemon --unlock`) and try again',
  restart: 'Unlock the keychain or restart its service (gnome-keyring-daemon) and try again',
  create:
    'Create and unlock one (log in to the desktop once, or run `gnome-keyring-daemon --unlock`)',
};

const platforms: Readonly<Record<string, Remedies>> = {
  darwin: {
    unlock: 'Run `security unlock-keychain` and try again; if macOS asks, choose Always Allow',
    restart:
      'Answer the question of macOS with Always Allow, or run `security unlock-keychain`, and try again',
    create: 'Create one with the program Keychain Access',
  },
  win32: {
    unlock: 'Log in to Windows as this user and try again',
    restart: 'Restart the service "Credential Manager" of Windows and try again',
    create: 'Log in to Windows as this user and try again',
  },
};

const remediesOf = (platform: string) => platforms[platform] ?? onLinux;

/** What libsecret, the Keychain and the Credential Manager say, and what it means to a person. */
const explanations: readonly {
  pattern: RegExp;
  code: ErrorCode;
  said: string;
  remedy: string | ((remedies: Remedies) => string);
}[] = [
  {
    pattern: /\blocked\b|interaction is not allowed|dismissed|cancell?ed the operation/i,
    code: 'store_locked',
    said: 'The keychain is locked',
    remedy: ({ unlock }) => unlock,
  },
  {
    pattern: /timeout was reached|timed out/i,
    code: 'store_timeout',
    said: 'The keychain does not answer',
    remedy: ({ restart }) => restart,
  },
  {
    pattern: /autolaunch d-bus|could not connect|session bus|bus address/i,
    code: 'store_unavailable',
    said: 'There is no keychain: this session has no D-Bus',
    remedy: 'Run gsac in a desktop session or under `dbus-run-session`',
  },
  {
    pattern: /org\.freedesktop\.secrets was not provided|ServiceUnknown|NameHasNoOwner/i,
    code: 'store_unavailable',
    said: 'There is no keychain: no secret service answers on the session bus',
    remedy: 'Start one (gnome-keyring, KWallet or KeePassXC) in this session',
  },
  {
    pattern: /does not exist at path|no such object|default keychain could not be found/i,
    code: 'store_unavailable',
    said: 'The keychain has no default keyring yet',
    remedy: ({ create }) => create,
  },
  {
    pattern: /connection is closed|disconnected|GIOStream|NoReply/i,
    code: 'store_unavailable',
    said: 'The keychain went away',
    remedy: "Restart the keychain's service and run the command again",
  },
  {
    pattern: /logon session does not exist/i,
    code: 'store_unavailable',
    said: 'This Windows session has no Credential Manager (a network logon?)',
    remedy: 'Run gsac in an interactive session',
  },
];

const unknown = {
  code: 'store_refused',
  said: 'The keychain refused',
  remedy: 'Check the keychain with its own program',
} as const;

/**
 * Turns what a keychain call threw into a {@link GsacError}: locked, timed out, unavailable, or
 * `store_refused` for what is not known, with the keychain's own words. A GsacError passes through.
 */
export function toKeychainError(thrown: unknown, platform: string): GsacError {
  if (thrown instanceof GsacError) return thrown;
  const message = messageOf(thrown);
  const { code, said, remedy } = explanations.find((one) => one.pattern.test(message)) ?? unknown;
  const helps = typeof remedy === 'string' ? remedy : remedy(remediesOf(platform));
  return keychainError(code, `${said} (${message}).`, helps);
}

/** The error for a keytar that cannot be loaded: a library or the package itself is missing. */
export function toLoadError(platform: string): GsacError {
  return keychainError(
    'store_unavailable',
    'The keychain cannot be reached: keytar does not load.',
    platform === 'linux'
      ? 'Install libsecret (Debian and Ubuntu: `apt-get install libsecret-1-0`; Fedora: `dnf install libsecret`; Alpine and 32-bit ARM are not supported)'
      : 'Reinstall gsac with its optional dependencies',
  );
}

/** The error for a folder in which the single file cannot keep keytar's native part. */
export function toUnpackError(folder: string): GsacError {
  return keychainError(
    'store_unavailable',
    `The keychain cannot be reached: keytar cannot be unpacked into ${folder}.`,
    'Make it a folder of yours that can be written to',
  );
}

/** The error for a call that this process stopped waiting for after `milliseconds`. */
export function keychainTimeout(milliseconds: number, platform: string): GsacError {
  return keychainError(
    'store_timeout',
    `The keychain did not answer within ${Math.round(milliseconds / 1000)} s.`,
    remediesOf(platform).restart,
  );
}
