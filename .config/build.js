// Bundles gsac into dist/: one entry, one chunk for each part that is loaded on demand. keytar stays
// outside, since it brings a native addon. Run by `npm run build` and by npm's `prepare`.
import { rm, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const root = fileURLToPath(new URL('..', import.meta.url));

await rm(`${root}/dist`, { recursive: true, force: true });
const { metafile } = await build({
  absWorkingDir: root,
  entryPoints: { main: 'src/main.ts' },
  outdir: 'dist',
  bundle: true,
  splitting: true,
  format: 'esm',
  platform: 'node',
  target: 'node20',
  minify: true,
  keepNames: true,
  legalComments: 'none',
  metafile: true,
  external: ['keytar'],
  chunkNames: 'chunks/[name]-[hash]',
  // What was CommonJS asks for Node's own modules with require.
  banner: {
    js: "import{createRequire as __cr}from'node:module';const require=__cr(import.meta.url);",
  },
  logLevel: 'warning',
});
await writeFile(`${root}/dist/meta.json`, JSON.stringify(metafile));
