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

load()
  .main(process.argv.slice(2))
  .then((exitCode) => {
    process.exitCode = exitCode;
  });
