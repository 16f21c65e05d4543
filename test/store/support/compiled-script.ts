import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

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
  await build({
    entryPoints: [fileURLToPath(source)],
    outfile: path,
    bundle: true,
    packages: 'external',
    platform: 'node',
    format: 'esm',
    target: 'node20',
    logLevel: 'silent',
  });
  return { path, remove: () => rmSync(folder, { recursive: true, force: true }) };
}
