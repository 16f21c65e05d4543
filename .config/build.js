// Bundles gsac into dist/: an entry for the command and one for the emulator as a library, and a chunk
// for each part that is loaded on demand. Run by `npm run build` and by npm's `prepare`.
//
// The output is CommonJS, since Node starts it faster than ES modules. keytar stays outside: it
// brings a native addon.
import { execFileSync } from 'node:child_process';
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { rolldown } from 'rolldown';
import { compiledSchemas } from './compiled-schemas.js';
import { collectDeclarations } from './declarations.js';
import { collectLicenses } from './licenses.js';
import { writeManual } from './manual.js';
import { textModules } from './text-modules.js';

const root = fileURLToPath(new URL('..', import.meta.url));
const dist = join(root, 'dist');
const library = join(root, 'src', 'emulator', 'library.ts');

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
  'timers/promises|tls|tty|url|util|zlib|worker_threads|perf_hooks|http2|v8|vm';
const lazyRequire = new RegExp(
  `([\\w$]+)=require\\([\`"'](?:node:)?(${lazyModules})[\`"']\\)`,
  'g',
);
// So are these chunks: a plain call declares no command, a text need not be coloured, GSAC_HOME may
// be set, a plan may be JSON.
const lazyChunks = ['commander', 'chalk', 'env-paths', 'yaml'];
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

// The bundler's way to give a CommonJS module a default export copies every property, which would
// load each module that was put off, and costs a millisecond for `process`. One of Node's own modules
// can simply be inherited from.
const defaultExport =
  /(([\w$]+)=(?:__lazy\(\(\)=>)?require\("node:[\w/]+"\)\)?;\2=)[\w$.]+\(\2,1\)/g;
const defaultHelper = 'const __withDefault=(m)=>Object.create(m,{default:{value:m}});';

// keytar is CommonJS. import() would start Node's ES module loader for it alone.
const keytarImport = /import\([`"']keytar[`"']\)/g;

/** Each rewrite of the bundle, in order; `helper` goes into the files in which it is needed. */
const rewrites = [
  {
    name: 'lazyRequire',
    pattern: lazyRequire,
    by: (_whole, name, module) => `${name}=__lazy(()=>require("node:${module}"))`,
  },
  ...lazyChunks.map((chunk) => ({
    name: `lazyChunk ${chunk}`,
    pattern: new RegExp(`([\\w$]+)=(require\\("[./\\w]*\\/${chunk}\\.cjs"\\))`, 'g'),
    by: (_whole, name, load) => `${name}=__lazy(()=>${load})`,
  })),
  {
    name: 'defaultExport',
    pattern: defaultExport,
    by: (_whole, loading, name) => `${loading}__withDefault(${name})`,
  },
  {
    name: 'requireKeytar',
    pattern: keytarImport,
    by: () => 'Promise.resolve().then(()=>({default:require("keytar")}))',
  },
];
const helpers = { __lazy: lazyHelper, __withDefault: defaultHelper };
const unmatched = new Set(rewrites.map(({ name }) => name));

function rewrite(code) {
  let rewritten = code;
  for (const { name, pattern, by } of rewrites) {
    const before = rewritten;
    rewritten = before.replace(pattern, by);
    if (rewritten !== before) unmatched.delete(name);
  }
  const needed = Object.entries(helpers).filter(([name]) => rewritten.includes(`${name}(`));
  return [...needed.map(([, helper]) => helper), rewritten].join('\n');
}

// A file costs as much to find and open as several KB of code cost to compile. So what is loaded
// together lies together: what every run takes, what a cached `gsac token` takes beside, and what the
// other commands share. Packages that are not always used lie apart and are put off, see above.
const startsWith = {
  base: ['src/main.ts'],
  token: [
    'src/cli/globals.ts',
    'src/commands/token.ts',
    'src/accounts/account-index.ts',
    'src/accounts/session-cache.ts',
    'src/accounts/stores/encrypted-file.ts',
    'src/files/client-file.ts',
  ],
};
const reached = { base: new Set(), token: new Set() };
const apart = /[\\/](commander|chalk|env-paths|is-safe-filename|yaml)[\\/]|supports-color/;

/** Finds out what a run loads: everything that its first modules import but for what lies apart. */
const findReached = {
  name: 'find-reached',
  buildEnd() {
    for (const [name, paths] of Object.entries(startsWith)) {
      const follow = (id) => {
        if (reached[name].has(id) || apart.test(id)) return;
        reached[name].add(id);
        const module = this.getModuleInfo(id);
        if (module === null) throw new Error(`${id} is no module`);
        for (const imported of module.importedIds) follow(imported);
      };
      for (const path of paths) follow(join(root, path));
    }
  },
};
const chunkGroups = [
  { name: 'commander', test: /[\\/]commander[\\/]/ },
  { name: 'chalk', test: /[\\/]chalk[\\/]|supports-color/ },
  { name: 'env-paths', test: /[\\/](env-paths|is-safe-filename)[\\/]/ },
  { name: 'yaml', test: /[\\/]node_modules[\\/]yaml[\\/]/ },
  // Both find what lies in the package from where they lie themselves.
  { name: 'base', test: (id) => reached.base.has(id) && !/[\\/](main|system)\.ts$/.test(id) },
  { name: 'token', test: (id) => reached.token.has(id) },
  // What renders reports is loaded with them.
  { name: 'domain', test: /[\\/]src[\\/]core[\\/](?!har|html-text|report-|xml|visible-text)/ },
  { name: 'schemas', test: /[\\/]ajv[\\/]|[\\/]schema[\\/](compile-schema|expectation)\.ts$/ },
  {
    name: 'commands',
    test: /[\\/]src[\\/](program|commands[\\/].*|accounts[\\/][\w-]+|cli[\\/].*|tools[\\/].*command|terminal[\\/](pairs|verdict|confirm))\.ts$/,
  },
  // Behind the commands: a group takes what it imports along, and this one must not be needed for them.
  { name: 'diagnosis', test: /[\\/]src[\\/]tools[\\/]explain[\\/](?!command)/ },
].map((group, at, { length }) => ({ ...group, priority: length - at }));

const bundle = await rolldown({
  cwd: root,
  input: { main: 'src/main.ts', emulator: library },
  platform: 'node',
  external: ['keytar'],
  resolve: {
    alias: {
      // Its main file is UMD, whose own requires no bundler sees through.
      'jsonc-parser': 'jsonc-parser/lib/esm/main.js',
      // The same sources as ES modules: what is not used is left out, and nothing runs until it is.
      yaml: fileURLToPath(
        new URL('browser/dist/index.js', import.meta.resolve('yaml/package.json')),
      ),
    },
  },
  plugins: [
    withoutColorDetection,
    textModules,
    findReached,
    compiledSchemas(root, 'src/schema/compile-schema.ts', [
      'src/tools/emulator/config-schema.ts',
      'src/tools/verify/plan/plan-schema.ts',
    ]),
  ],
  // A command that another one shares code with is loaded with it all the same.
  checks: { ineffectiveDynamicImport: false },
});
const { output } = await bundle.generate({
  format: 'cjs',
  entryFileNames: '[name].cjs',
  chunkFileNames: 'chunks/[name].cjs',
  minify: true,
  codeSplitting: { groups: chunkGroups },
});
await bundle.close();
const files = output.map(({ fileName, code }) => ({
  path: join(dist, fileName),
  code: rewrite(code),
}));
if (unmatched.size > 0) {
  throw new Error(`The bundle holds nothing for ${[...unmatched].join(', ')} to rewrite`);
}
const declarations = collectDeclarations(library);
// Only now: a gsac that runs meanwhile finds its parts all but always.
await rm(dist, { recursive: true, force: true });

for (const { path, code } of files) {
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, code);
}

await writeFile(join(dist, 'emulator.d.cts'), declarations);

// `gsac --help` at 80 columns, so that it need not be put together each time.
const help = execFileSync(process.execPath, [join(root, 'bin', 'gsac.js'), '--help'], { env: {} });
await writeFile(join(dist, 'help.txt'), help);
const tree = execFileSync(process.execPath, [join(root, 'bin', 'gsac.js'), '__complete', 'tree'], {
  env: {},
  encoding: 'utf8',
});
const { version } = JSON.parse(await readFile(join(root, 'package.json'), 'utf8'));
const source = join(root, 'src', 'manual');
await writeManual({ source, dist, tree: JSON.parse(tree), version });
await writeFile(
  join(dist, 'THIRD-PARTY-LICENSES.txt'),
  await collectLicenses(output.flatMap(({ moduleIds }) => moduleIds)),
);
