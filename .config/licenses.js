// Gathers the licences of the packages that a bundle holds.
import { existsSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { join, sep } from 'node:path';

const marker = `${sep}node_modules${sep}`;

/**
 * The text of every bundled package's licence, sorted by name.
 * @param {Iterable<string>} modules paths of the bundled modules.
 * @throws {Error} where a package names no licence, so that it is seen at build time.
 */
export async function collectLicenses(modules) {
  const folders = new Set();
  for (const id of modules) {
    const at = id.lastIndexOf(marker);
    if (at < 0) continue;
    const parts = id.slice(at + marker.length).split(sep);
    const name = parts[0].startsWith('@') ? parts.slice(0, 2) : parts.slice(0, 1);
    folders.add(join(id.slice(0, at + marker.length), ...name));
  }
  const entries = await Promise.all([...folders].map(readLicense));
  entries.sort((one, other) => (one.name < other.name ? -1 : 1));
  const intro = 'gsac bundles the following packages. Each is under its own licence.\n';
  return [intro, ...entries.map(({ text }) => text)].join(`\n${'-'.repeat(78)}\n\n`);
}

async function readLicense(folder) {
  const { name, version, license, author } = JSON.parse(
    await readFile(join(folder, 'package.json'), 'utf8'),
  );
  if (typeof license !== 'string') throw new Error(`${name} names no licence`);
  const file = existsSync(folder)
    ? (await readdir(folder)).find((entry) => /^(licen[cs]e|copying)/i.test(entry))
    : undefined;
  const by = typeof author === 'string' ? author : (author?.name ?? '');
  const text =
    file === undefined
      ? `Its package holds no licence text.${by === '' ? '' : ` Author: ${by}.`}\n`
      : await readFile(join(folder, file), 'utf8');
  return { name, text: `${name} ${version} (${license})\n\n${text.trim()}\n` };
}
