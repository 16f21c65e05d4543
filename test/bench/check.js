// How long `gsac check` takes on a tree of many files: rows for bench.js, or by itself:
//
//   node test/bench/check.js [--files 5000] [--runs 7]
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { comparePairs } from './measure.js';
import { World } from './world.js';

/** The rows of checks: whole processes, against bare Node. The target is a second. */
export function checkRows(world, { files, pairs }) {
  return [
    {
      name: `gsac check, ${files.toLocaleString('en-US')} files`,
      against: 'node -e 0',
      target: 25,
      measure: async () => {
        const folder = plant(files);
        try {
          return await comparePairs({
            one: () => world.gsac(world.baseEnv, 'check', folder),
            other: () => ({ args: ['-e', '0'], env: world.baseEnv }),
            pairs,
          });
        } finally {
          rmSync(folder, { recursive: true, force: true });
        }
      },
    },
  ];
}

/** A React Native app whose files are source, one in ten of them about sign-in. */
function plant(files) {
  const folder = mkdtempSync(join(tmpdir(), 'gsac-bench-check-'));
  const write = (file, text) => {
    mkdirSync(dirname(join(folder, file)), { recursive: true });
    writeFileSync(join(folder, file), text);
  };
  const plugin = '@react-native-google-signin/google-signin';
  write('package.json', JSON.stringify({ dependencies: { 'react-native': '1', [plugin]: '16' } }));
  const plain = 'export const add = (one: number, other: number) => one + other;\n'.repeat(60);
  const id = '104729104729-fakeweb0fakeweb0fakeweb0fakeweb0.apps.googleusercontent.com';
  for (let at = 1; at < files; at += 1) {
    const signIn = `GoogleSignin.configure({ webClientId: ids.web${at}, offlineAccess: true });\n`;
    const text = at % 10 === 0 ? `const ids = { web${at}: '${id}' };\n${signIn}${plain}` : plain;
    write(`src/part${at % 50}/file${at}.ts`, text);
  }
  return folder;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const { values } = parseArgs({
    options: {
      files: { type: 'string', default: '5000' },
      runs: { type: 'string', default: '7' },
    },
  });
  const world = new World();
  const [row] = checkRows(world, { files: Number(values.files), pairs: Number(values.runs) });
  process.stdout.write(`${row.name}: ${JSON.stringify(await row.measure())}\n`);
}
