// gsac with Node and keytar in one file, by Node's own support for single executable applications.
import { execFile } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { targetOf } from './node-binaries.js';

const run = promisify(execFile);
const root = fileURLToPath(new URL('../..', import.meta.url));
const postject = fileURLToPath(import.meta.resolve('postject/dist/cli.js'));

/** By which Node finds out that something was put into it. */
const fuse = 'NODE_SEA_FUSE_fce680ab2cc467b6e072b8b5df1996b2';

/**
 * Writes the single file of what dist/ holds.
 *
 * @param {object} given
 * @param {string} given.target the platform that it is for, as `linux-x64`.
 * @param {string} given.node Node's program for that platform.
 * @param {string} given.generator Node's program of the same version for this platform.
 * @param {string} given.path where the file goes.
 */
export async function writeSingleFile({ target, node, generator, path }) {
  const work = mkdtempSync(join(tmpdir(), 'gsac-package-'));
  try {
    const inWork = (name, content) => {
      writeFileSync(join(work, name), content);
      return join(work, name);
    };
    const isOwn = target === targetOf(process.platform, process.arch);
    const config = inWork(
      'config.json',
      JSON.stringify({
        main: join(root, '.config/packages/single-file.cjs'),
        output: join(work, 'blob'),
        disableExperimentalSEAWarning: true,
        // A cache holds for the processor and the build of V8 that made it.
        useCodeCache: isOwn,
        // NODE_OPTIONS is for another Node, which may know other options.
        execArgvExtension: 'none',
        assets: collectAssets(target, inWork),
      }),
    );
    await run(generator, ['--experimental-sea-config', config]);
    writeFileSync(path, withoutSignature(readFileSync(node)), { mode: 0o755 });
    const args = [path, 'NODE_SEA_BLOB', join(work, 'blob'), '--sentinel-fuse', fuse];
    await run(process.execPath, [postject, ...args]);
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
}

/** What lies in the file, by its path in the package. */
function collectAssets(target, inWork) {
  const dist = readdirSync(join(root, 'dist'), { recursive: true, encoding: 'utf8' })
    .map((path) => `dist/${path.replaceAll('\\', '/')}`)
    .filter((path) => /\.cjs$|\/help(\.txt|\/[^/]+)$/.test(path));
  const bin = readFileSync(join(root, 'bin/gsac.js'), 'utf8').replace(/^#!.*/, '');
  const prebuilt = target.replace(/^win-/, 'win32-');
  return {
    ...Object.fromEntries(dist.map((path) => [path, join(root, path)])),
    'package.json': join(root, 'package.json'),
    'bin/gsac.js': inWork('gsac.js', bin),
    'keytar.node': join(root, `node_modules/keytar/prebuilds/${prebuilt}/keytar.node`),
  };
}

/**
 * A program of Windows without its signature, which what is put in breaks, and a broken one counts for
 * less than none. Any other file as it is.
 */
function withoutSignature(image) {
  if (image.toString('latin1', 0, 2) !== 'MZ') return image;
  // The fifth data directory of the optional header (PE32+) is that of certificates.
  const entry = image.readUInt32LE(60) + 24 + 112 + 4 * 8;
  const [start, size] = [image.readUInt32LE(entry), image.readUInt32LE(entry + 4)];
  if (start === 0) return image;
  if (start + size !== image.length) throw new Error('The signature does not end the file');
  image.fill(0, entry, entry + 8);
  return image.subarray(0, start);
}

/**
 * The licences of everything in a single file.
 *
 * @param {string} nodeLicense the path of that of the Node in it.
 */
export function collectLicences(nodeLicense) {
  const parts = {
    gsac: join(root, 'LICENSE'),
    'The packages that gsac bundles': join(root, 'dist/THIRD-PARTY-LICENSES.txt'),
    keytar: join(root, 'node_modules/keytar/LICENSE.md'),
    Node: nodeLicense,
  };
  return Object.entries(parts)
    .map(
      ([title, path]) => `${title}\n${'='.repeat(title.length)}\n\n${readFileSync(path, 'utf8')}`,
    )
    .join('\n\n');
}
