// Node's own binaries, from npm's packages of them, which bring no install script.
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../..', import.meta.url));

/** The version that single files are made of, with the SHA-256 of each binary. */
export const pinned = {
  version: '24.21.0',
  hashes: {
    'linux-x64': '7fde7b8afa198da66257f42ee2001d874c7355631e6d1579a5fb5ef1f246df4c',
    'linux-arm64': '0f8949d1028f6d61506b2d5bc57e7e6fe893d7b1997509b7847294fc9c616584',
    'win-x64': 'ba4e6d110e8c1592a1ecd390f6b05f3da124b13871a5be62b341a07a853c6c32',
  },
};

/** The name of a platform in npm's packages and in those of gsac. */
export function targetOf(platform, arch) {
  return `${platform === 'win32' ? 'win' : platform}-${arch}`;
}

/**
 * The folder of npm's package of Node for a target: `bin/node` or `bin/node.exe`, and `LICENSE`.
 * @throws {Error} if the binary is not the pinned one.
 */
export function getNode(target, version = pinned.version) {
  const prefix = join(root, 'node_modules/.cache/gsac', `node-${version}`);
  const folder = join(prefix, 'node_modules', `node-${target}`);
  const binary = nodeIn(folder);
  if (!existsSync(binary)) {
    mkdirSync(prefix, { recursive: true });
    // Saved, since npm would else remove what it has put there for another target.
    const quiet = ['--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error'];
    const args = ['install', ...quiet, '--force', '--prefix', prefix, `node-${target}@${version}`];
    npm(args);
  }
  const expected = version === pinned.version ? pinned.hashes[target] : undefined;
  if (expected !== undefined && hashOf(binary) !== expected) {
    throw new Error(`${binary} is not the Node ${version} that is expected`);
  }
  return folder;
}

/** Runs npm; what it says goes to stderr. Windows starts no batch file, which npm is there, by itself. */
export function npm(args) {
  const { npm_execpath: script } = process.env;
  const [file, ...before] =
    process.platform === 'win32' && script ? [process.execPath, script] : ['npm'];
  execFileSync(file, [...before, ...args], { cwd: root, stdio: ['ignore', 2, 2] });
}

/** The program in a package of Node. */
export function nodeIn(folder) {
  return join(folder, 'bin', basename(folder).startsWith('node-win') ? 'node.exe' : 'node');
}

/** The SHA-256 of a file. */
export function hashOf(path) {
  return createHash('sha256').update(readFileSync(path)).digest('hex');
}
