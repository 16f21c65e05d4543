// `npm run package`: what a release consists of, into packages/. The npm tarball; single files, with Node
// inside, and the licences of what is in them; Debian's packages, where dpkg-deb is; for a repository on
// GitHub the Homebrew formula and the Scoop manifest; and the checksums.
//
//   --target <name>        one target (linux-x64, linux-arm64, win-x64); repeatable
//   --repository <o/name>  the repository on GitHub that will have the release
//   --out <folder>         another folder
import { spawnSync } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { writeDeb } from './deb.js';
import { renderFormula, renderScoopManifest } from './manifests.js';
import { getNode, hashOf, nodeIn, npm, pinned, targetOf } from './node-binaries.js';
import { collectLicences, writeSingleFile } from './single-file.js';

const root = fileURLToPath(new URL('../..', import.meta.url));
const { values: flags } = parseArgs({
  options: {
    target: { type: 'string', multiple: true, default: Object.keys(pinned.hashes) },
    repository: { type: 'string' },
    out: { type: 'string', default: join(root, 'packages') },
  },
});
const unknown = flags.target.filter((target) => !(target in pinned.hashes));
if (unknown.length > 0) throw new Error(`There is no target ${unknown.join(', ')}`);

const out = resolve(flags.out);
rmSync(out, { recursive: true, force: true });
mkdirSync(out, { recursive: true });
const { version, description } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));

// Without its scripts, which would build once more.
npm(['pack', '--ignore-scripts', '--loglevel=error', '--pack-destination', out]);
const hasDpkg = spawnSync('dpkg-deb', ['--version']).status === 0;
if (!hasDpkg) process.stderr.write('There is no dpkg-deb here, so no .deb is made.\n');

const ownNode = getNode(targetOf(process.platform, process.arch));
const generator = nodeIn(ownNode);
const licences = join(out, 'LICENSES.txt');
writeFileSync(licences, collectLicences(join(ownNode, 'LICENSE')));
for (const target of flags.target) {
  const folder = getNode(target);
  const path = join(out, `gsac-${target}${target.startsWith('win') ? '.exe' : ''}`);
  await writeSingleFile({ target, node: nodeIn(folder), generator, path });
  if (hasDpkg && target.startsWith('linux')) {
    writeDeb({ target, file: path, licences, folder: out });
  }
}

if (flags.repository !== undefined) {
  const { repository } = flags;
  const tarball = `gsac-${version}.tgz`;
  const sha256 = hashOf(join(out, tarball));
  writeFileSync(join(out, 'gsac.rb'), renderFormula({ repository, version, tarball, sha256 }));
  if (flags.target.includes('win-x64')) {
    const exe = { sha256: hashOf(join(out, 'gsac-win-x64.exe')) };
    const manifest = renderScoopManifest({ repository, version, description, ...exe });
    writeFileSync(join(out, 'gsac.json'), manifest);
  }
}

const names = readdirSync(out).sort();
const sums = names.map((name) => `${hashOf(join(out, name))}  ${name}\n`);
writeFileSync(join(out, 'SHA256SUMS'), sums.join(''));
for (const name of names) {
  const megabytes = statSync(join(out, name)).size / 1e6;
  process.stdout.write(`${megabytes.toFixed(1).padStart(6)} MB  ${name}\n`);
}
