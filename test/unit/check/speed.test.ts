import { performance } from 'node:perf_hooks';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createDesk, type Desk } from '../../support/run.js';
import { check, plantTree, type Tree } from './support.js';

const folders = 100;
const kinds = {
  'an app’s': ['tsx', 'ts', 'swift', 'json', 'png'],
  'a server’s': ['js', 'py', 'go', 'kt', 'yml'],
} as const;
const filesInEach = 50;

describe.each(Object.entries(kinds))('gsac check over many files: %s', (_whose, endings) => {
  let desk: Desk;
  let tree: Tree;
  beforeAll(() => {
    desk = createDesk();
    tree = plantTree('react-native');
    const lines = 'export const sample = { label: "GoogleMaps", clientId: undefined };\n';
    for (let folder = 0; folder < folders; folder += 1) {
      for (let file = 0; file < filesInEach; file += 1) {
        const name = `src/part${folder % 10}/f${folder}/c${file}.${endings[file % endings.length]}`;
        tree.write(name, lines.repeat(20 + ((folder * file) % 60)));
      }
    }
  });
  afterAll(() => {
    desk.dispose();
    tree.remove();
  });

  // Under a second on a quiet machine; the bound is for a loaded one.
  it(`reads ${folders * filesInEach} files in bounded time`, async () => {
    const startedAt = performance.now();
    const { findings } = await check(desk, tree.path);
    const took = performance.now() - startedAt;
    expect(findings).toHaveLength(3);
    expect(took).toBeLessThan(15_000);
  });
});
