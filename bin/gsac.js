#!/usr/bin/env node

function load() {
  try {
    return require('../dist/main.cjs');
  } catch (thrown) {
    if (require('node:fs').existsSync(`${__dirname}/../dist/main.cjs`)) throw thrown;
    process.stderr.write(
      'gsac: error: gsac is not built.\ngsac: hint: Run `npm run build` in its folder; `npm ci` does so unless scripts are switched off.\n',
    );
    process.exit(1);
  }
}

// Where nothing is left to wait for and there still is no result, Node would end with 0.
process.exitCode = 1;
const withoutResult = () => {
  process.stderr.write('gsac: error: gsac ended without a result. This is a bug in gsac.\n');
};
process.once('beforeExit', withoutResult);

load()
  .main(process.argv.slice(2))
  .then((exitCode) => {
    process.off('beforeExit', withoutResult);
    process.exitCode = exitCode ?? 1;
  });
