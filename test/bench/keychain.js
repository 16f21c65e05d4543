// The private keychain of the tests, for a program that is plain JavaScript.
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { rolldown } from 'rolldown';
import { root } from './world.js';

/**
 * Starts a private bus with an unlocked Secret Service on it.
 *
 * @returns the environment for processes that are to use it and `stop`; undefined if a program for
 *   it is missing.
 */
export async function startKeychain() {
  const { hasKeychain, startSecretService } = await loadSecretService();
  if (!hasKeychain()) return undefined;
  const service = await startSecretService();
  await service.start('unlocked');
  return { env: service.env, stop: () => service.stop() };
}

async function loadSecretService() {
  // Below node_modules, so that the bundle finds keytar.
  const cache = join(root, 'node_modules', '.cache');
  mkdirSync(cache, { recursive: true });
  const folder = mkdtempSync(join(cache, 'gsac-bench-'));
  try {
    const file = join(folder, 'secret-service.mjs');
    const input = join(root, 'test', 'support', 'secret-service.ts');
    const bundle = await rolldown({ input, platform: 'node', logLevel: 'silent' });
    await bundle.write({ file, format: 'esm' });
    await bundle.close();
    return await import(pathToFileURL(file));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
