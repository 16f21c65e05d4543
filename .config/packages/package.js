// `npm run package`: what people install without npm, into packages/: a single file for each platform,
// Debian's packages, and the checksums.
//
//   --target <name>   one target (linux-x64, linux-arm64, win-x64); repeatable
//   --out <folder>    another folder
import { mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { basename, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { getNode, hashOf, nodeIn, pinned, targetOf } from './node-binaries.js';
import { writeSingleFile } from './single-file.js';

const { values: flags } = parseArgs({
  options: {
    target: { type: 'string', multiple: true, default: Object.keys(pinned.hashes) },
    out: { type: 'string', default: fileURLToPath(new URL('../../packages', import.meta.url)) },
  },
});
const unknown = flags.target.filter((target) => !(target in pinned.hashes));
if (unknown.length > 0) throw new Error(`There is no target ${unknown.join(', ')}`);

const out = resolve(flags.out);
rmSync(out, { recursive: true, force: true });
mkdirSync(out, { recursive: true });

const generator = nodeIn(getNode(targetOf(process.platform, process.arch)));
for (const target of flags.target) {
  const path = join(out, `gsac-${target}${target.startsWith('win') ? '.exe' : ''}`);
  writeSingleFile({ target, node: nodeIn(getNode(target)), generator, path });
  process.stdout.write(`${path}\n`);
}

const sums = readdirSync(out)
  .sort()
  .map((name) => `${hashOf(join(out, name))}  ${basename(name)}\n`);
writeFileSync(join(out, 'SHA256SUMS'), sums.join(''));
