// The entry of the single file. What the npm package holds as files are assets of this program; they are
// loaded in the same pieces, so that a call compiles no more than it needs.
const { join } = require('node:path').posix;
const { getAsset, getRawAsset } = require('node:sea');
const { compileFunction, constants } = require('node:vm');

const names = ['exports', 'require', 'module', '__filename', '__dirname'];
// Of modules of Node alone: all others are required.
const importModuleDynamically = constants.USE_MAIN_CONTEXT_DEFAULT_LOADER;
const loaded = new Map();

function load(path) {
  const known = loaded.get(path);
  if (known !== undefined) return known.exports;
  const folder = join(path, '..');
  const module = { exports: {} };
  loaded.set(path, module);
  const options = { filename: path, importModuleDynamically };
  const run = compileFunction(getAsset(path, 'utf8'), names, options);
  const requireFrom = (id) => (id.startsWith('.') ? load(join(folder, id)) : require(id));
  run(module.exports, requireFrom, module, path, folder);
  return module.exports;
}

function read(path) {
  try {
    return getAsset(join('dist', path), 'utf8');
  } catch {
    return undefined;
  }
}

const { main, systemDeps } = load('dist/main.cjs');
const singleFile = {
  path: process.execPath,
  read,
  keytar: () => new Uint8Array(getRawAsset('keytar.node')),
};
// The command of the npm package finds this main in the place of its own.
loaded.set('dist/main.cjs', {
  exports: { main: (argv) => main(argv, systemDeps(singleFile)) },
});
load('bin/gsac.js');
