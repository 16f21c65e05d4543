import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { rolldown } from 'rolldown';

/** A TypeScript file as a script that `node` runs, whatever its version. */
export interface CompiledScript {
  path: string;
  remove(): void;
}

/**
 * Bundles a script for a child process. It lies below node_modules, so that the packages that stay
 * outside the bundle are found from there.
 */
export async function compileScript(source: URL): Promise<CompiledScript> {
  const cache = fileURLToPath(new URL('../../../node_modules/.cache/', import.meta.url));
  mkdirSync(cache, { recursive: true });
  const folder = mkdtempSync(join(cache, 'gsac-test-'));
  const path = join(folder, 'script.mjs');
  const bundle = await rolldown({
    input: fileURLToPath(source),
    platform: 'node',
    external: ['keytar', 'proper-lockfile'],
    logLevel: 'silent',
  });
  await bundle.write({ file: path, format: 'esm', codeSplitting: false });
  await bundle.close();
  return { path, remove: () => rmSync(folder, { recursive: true, force: true }) };
}
