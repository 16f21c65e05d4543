import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';
import { textModules } from './text-modules.js';

/** A project of the tests: `npm test -- --project <name>`. */
const project = (name: string, folders: string, more: object = {}) => ({
  extends: true as const,
  test: { name, include: [`test/${folders}/**/*.test.ts`], ...more },
});

// biome-ignore lint/style/noDefaultExport: vitest reads the default export
export default defineConfig({
  // Not of source maps that a package has not brought along.
  logLevel: 'error',
  root: fileURLToPath(new URL('..', import.meta.url)),
  plugins: [textModules],
  test: {
    // Real processes and a real keychain share two cores: the bound is for what hangs.
    testTimeout: 90_000,
    hookTimeout: 120_000,
    maxWorkers: 2,
    projects: [
      project('unit', 'unit', { isolate: false }),
      // Apart from `unit`, whose answer people wait for: 400 kB through every reader take a while.
      project('linear', 'linear', { isolate: false }),
      project('commands', 'commands', { isolate: false }),
      project('process', '{process,clients,windows,packages}', {
        isolate: false,
        globalSetup: ['test/support/setup.ts'],
        // It imports JSON in a way that Node has no more.
        server: { deps: { inline: [/@actions\//] } },
      }),
    ],
  },
});
