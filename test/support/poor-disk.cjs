// Loaded into gsac before it begins: a file system that makes no hard links, for the reason that
// LINK_FAILURE names, and whose space ends in the middle of the file that FULL_AT names. What is below
// READ_ONLY is on a disk that is read-only, as Node tells of one: it says ENOENT if it was to make the
// folders above, too.
const fs = require('node:fs');

const { LINK_FAILURE = 'EPERM', FULL_AT, READ_ONLY } = process.env;
const { mkdirSync, openSync, writeFileSync, writeSync } = fs;
const full = new Set();

function failure(code) {
  return Object.assign(new Error(code), { code });
}

fs.linkSync = () => {
  throw failure(LINK_FAILURE);
};

fs.mkdirSync = (path, options) => {
  if (READ_ONLY === undefined || !String(path).startsWith(READ_ONLY)) {
    return mkdirSync(path, options);
  }
  throw failure(options?.recursive === true ? 'ENOENT' : 'EROFS');
};

fs.openSync = (path, ...rest) => {
  const file = openSync(path, ...rest);
  if (FULL_AT !== undefined && String(path).endsWith(FULL_AT)) full.add(file);
  else full.delete(file);
  return file;
};

fs.writeFileSync = (file, content, ...rest) => {
  if (!full.has(file)) return writeFileSync(file, content, ...rest);
  const bytes = Buffer.from(content);
  writeSync(file, bytes.subarray(0, bytes.length / 2));
  throw failure('ENOSPC');
};
