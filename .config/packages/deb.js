// Debian's package of a single file: the command, its man pages, completion and licences.
import { execFileSync } from 'node:child_process';
import {
  copyFileSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, extname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';

const root = fileURLToPath(new URL('../..', import.meta.url));
const architectures = { 'linux-x64': 'amd64', 'linux-arm64': 'arm64' };
const completions = {
  bash: 'usr/share/bash-completion/completions/gsac',
  zsh: 'usr/share/zsh/vendor-completions/_gsac',
  fish: 'usr/share/fish/vendor_completions.d/gsac.fish',
};

/**
 * Writes `gsac_<version>_<architecture>.deb`; needs dpkg-deb.
 *
 * @param {object} given
 * @param {string} given.target `linux-x64` or `linux-arm64`.
 * @param {string} given.file the single file.
 * @param {string} given.licences the path of the licences of all that is in it.
 * @param {string} given.folder where the package goes.
 * @returns {string} its path.
 */
export function writeDeb({ target, file, licences, folder }) {
  const { version, description } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
  const architecture = architectures[target];
  const path = join(folder, `gsac_${version}_${architecture}.deb`);
  const tree = mkdtempSync(join(tmpdir(), 'gsac-deb-'));
  const put = (name, content) => {
    mkdirSync(dirname(join(tree, name)), { recursive: true });
    writeFileSync(join(tree, name), content);
  };
  try {
    mkdirSync(join(tree, 'usr/bin'), { recursive: true });
    copyFileSync(file, join(tree, 'usr/bin/gsac'));
    for (const name of readdirSync(join(root, 'dist/man'))) {
      const page = readFileSync(join(root, 'dist/man', name));
      put(`usr/share/man/man${extname(name).slice(1)}/${name}.gz`, gzipSync(page, { level: 9 }));
    }
    for (const [shell, name] of Object.entries(completions)) {
      const args = [join(root, 'bin/gsac.js'), 'completion', shell];
      put(name, execFileSync(process.execPath, args, { env: {} }));
    }
    put('usr/share/doc/gsac/copyright', readFileSync(licences));
    const kilobytes = Math.ceil(sizeOf(tree) / 1024);
    put('DEBIAN/control', control({ version, architecture, description, kilobytes }));
    // Modes do not depend on the umask of whoever builds it.
    execFileSync('chmod', ['-R', 'u=rwX,go=rX', tree]);
    execFileSync('dpkg-deb', ['--root-owner-group', '--build', tree, path], { stdio: 'pipe' });
    return path;
  } finally {
    rmSync(tree, { recursive: true, force: true });
  }
}

function control({ version, architecture, description, kilobytes }) {
  return `Package: gsac
Version: ${version}
Architecture: ${architecture}
Maintainer: The gsac project
Installed-Size: ${kilobytes}
Depends: libc6 (>= 2.28), libgcc-s1 | libgcc1, libstdc++6
Recommends: libsecret-1-0
Section: utils
Priority: optional
Description: command line for Google's server-side sign-in
 ${description}.
 .
 Node is included.
`;
}

function sizeOf(folder) {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' }).reduce(
    (sum, name) => sum + statSync(join(folder, name)).size,
    0,
  );
}
