// Bundles gsac into dist/: one entry, and a chunk for each part that is loaded on demand. Run by
// `npm run build` and by npm's `prepare`.
//
// The output is CommonJS, since Node starts it faster than ES modules. keytar stays outside: it
// brings a native addon.
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { rolldown } from 'rolldown';
import { collectLicenses } from './licenses.js';

const root = fileURLToPath(new URL('..', import.meta.url));
const dist = join(root, 'dist');

// gsac decides on colour itself and hands chalk its level, so chalk's own detection, which loads
// node:tty and node:os, is left out.
const withoutColorDetection = {
  name: 'without-color-detection',
  resolveId: (id) => (id === '#supports-color' ? '\0supports-color' : null),
  load: (id) =>
    id === '\0supports-color' ? 'export default { stdout: false, stderr: false };' : null,
};

// Node's own modules are read from disk and compiled when they are required. Each is put off until
// something of it is used: a warm `gsac token` never touches most of them.
const lazyModules =
  'assert|child_process|crypto|dns|fs/promises|http|https|net|os|stream|stream/promises|stream/web|' +
  'timers/promises|tls|tty|url|util|zlib|worker_threads|perf_hooks';
const lazyRequire = new RegExp(
  `([\\w$]+)=require\\([\`"'](?:node:)?(${lazyModules})[\`"']\\)`,
  'g',
);
// A function stands in for the module, so that one that is itself called or a class is that still
// (`assert(…)`, `body instanceof Stream`, `class extends Stream`); bound, since that has no
// `prototype` of its own.
const lazyHelper =
  'const __lazy=(load)=>{let m;const get=()=>m??=load();return new Proxy(function(){}.bind(),{' +
  'apply:(_,self,args)=>Reflect.apply(get(),self,args),' +
  'construct:(_,args,as)=>Reflect.construct(get(),args,as),' +
  'get:(_,key)=>get()[key],has:(_,key)=>key in get(),ownKeys:()=>Reflect.ownKeys(get()),' +
  'getOwnPropertyDescriptor:(_,key)=>{const d=Reflect.getOwnPropertyDescriptor(get(),key);' +
  'if(d)d.configurable=true;return d}})};';

function putOffModules(code) {
  const changed = code.replace(
    lazyRequire,
    (_whole, name, module) => `${name}=__lazy(()=>require("node:${module}"))`,
  );
  return changed === code ? code : `${lazyHelper}\n${changed}`;
}

// keytar is CommonJS. import() would start Node's ES module loader for it alone.
function requireKeytar(code) {
  return code.replace(
    /import\([`"']keytar[`"']\)/g,
    'Promise.resolve().then(()=>({default:require("keytar")}))',
  );
}

const bundle = await rolldown({
  cwd: root,
  input: { main: 'src/main.ts' },
  platform: 'node',
  external: ['keytar'],
  // Its main file is UMD, whose own requires no bundler sees through.
  resolve: { alias: { 'jsonc-parser': 'jsonc-parser/lib/esm/main.js' } },
  plugins: [withoutColorDetection],
});
const { output } = await bundle.generate({
  format: 'cjs',
  entryFileNames: '[name].cjs',
  chunkFileNames: 'chunks/[name].cjs',
  minify: true,
  // Only what stands in core itself: its folders hold rules that are loaded when asked for.
  codeSplitting: { groups: [{ name: 'core', test: /[\\/]src[\\/]core[\\/][^\\/]+$/ }] },
});
await bundle.close();
// Only now: a gsac that runs meanwhile finds its parts all but always.
await rm(dist, { recursive: true, force: true });

const modules = new Set();
for (const chunk of output) {
  const path = join(dist, chunk.fileName);
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, requireKeytar(putOffModules(chunk.code)));
  for (const id of chunk.moduleIds) modules.add(id);
}
await writeFile(join(dist, 'THIRD-PARTY-LICENSES.txt'), await collectLicenses(modules));
