// Runs the tests: `npm test`, or `npm test -- test/process` for a part of them. Whatever follows goes to
// vitest.
//
// The keychain's tests need a Secret Service, those of the browser Chromium, those of other clients
// Google's libraries for Python and curl, those of completion zsh and fish. On Debian and Ubuntu root
// gets them installed; elsewhere they are skipped with a line that says what is missing.
// GSAC_REQUIRE_KEYCHAIN=1 and GSAC_REQUIRE_BROWSER=1 make a run fail in which they were skipped.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { stripVTControlCharacters } from 'node:util';
import { buildIfStale } from './support/build-if-stale.js';

const root = fileURLToPath(new URL('..', import.meta.url));
const require = createRequire(import.meta.url);

function say(text) {
  process.stderr.write(`${text}\n`);
}

/** The Debian packages of the Secret Service that are not there. */
function missingPackages() {
  const tryOut = (command, ...args) => spawnSync(command, args, { cwd: root, stdio: 'ignore' });
  const isThere = (command) => tryOut(command, '--version').error === undefined;
  const missing = [];
  if (!isThere('gnome-keyring-daemon')) missing.push('gnome-keyring');
  // keytar says no more than that it cannot be loaded.
  if (tryOut(process.execPath, '-e', 'require("keytar")').status !== 0) {
    missing.push('libsecret-1-0');
  }
  if (!isThere('dbus-daemon') || !isThere('dbus-send')) missing.push('dbus');
  return missing;
}

function isDebian() {
  try {
    return /^ID(_LIKE)?=.*\b(debian|ubuntu)\b/m.test(readFileSync('/etc/os-release', 'utf8'));
  } catch {
    return false;
  }
}

/** Where Debian puts it; another Chrome is not tried, so that every run means the same browser. */
const chromium = '/usr/bin/chromium';

/** The Debian packages of the browser that are not there. */
function missingBrowser() {
  const { status } = spawnSync(chromium, ['--version'], { stdio: 'ignore', timeout: 60_000 });
  return status === 0 ? [] : ['chromium'];
}

/** The Debian packages of Google's libraries for Python, and of curl, that are not there. */
function missingClients() {
  const packages = {
    'python3-oauth2client': ['/usr/bin/python3', '-c', 'import oauth2client'],
    'python3-googleapi': ['/usr/bin/python3', '-c', 'import googleapiclient'],
    'python3-google-auth-oauthlib': ['/usr/bin/python3', '-c', 'import google_auth_oauthlib'],
    'python3-requests': ['/usr/bin/python3', '-c', 'import requests'],
    curl: ['curl', '--version'],
  };
  return Object.entries(packages)
    .filter(([, [file, ...args]]) => spawnSync(file, args, { stdio: 'ignore' }).status !== 0)
    .map(([name]) => name);
}

/** The shells that are completed for and that are not there; their packages are called like them. */
function missingShells() {
  return ['zsh', 'fish'].filter(
    (shell) => spawnSync(shell, ['--version'], { stdio: 'ignore' }).status !== 0,
  );
}

/** Installs what a part of the tests needs, or says why that part is skipped. */
function prepare(part, findMissing) {
  if (process.platform !== 'linux') {
    say(`The tests of ${part} run on Linux alone and are skipped.`);
    return;
  }
  const missing = findMissing();
  if (missing.length === 0) return;
  const install = `apt-get install -y --no-install-recommends ${missing.join(' ')}`;
  if (!isDebian() || process.getuid() !== 0) {
    say(`The tests of ${part} are skipped. They need ${missing.join(', ')}: ${install}`);
    return;
  }
  say(`Installing ${missing.join(', ')} for the tests of ${part}.`);
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  for (const command of ['apt-get update', install]) {
    const [file, ...args] = command.split(' ');
    const { status } = spawnSync(file, ['-q', ...args], {
      env,
      stdio: ['ignore', 'ignore', 2],
      timeout: 300_000,
    });
    if (status !== 0) say(`\`${command}\` failed.`);
  }
  const still = findMissing();
  if (still.length > 0) say(`Still missing: ${still.join(', ')}. Those tests are skipped.`);
}

/** Runs vitest and reads its own account of it. */
function runVitest(argv) {
  const folder = mkdtempSync(join(tmpdir(), 'gsac-run-'));
  const report = join(folder, 'report.json');
  try {
    const { status } = spawnSync(
      process.execPath,
      [
        join(root, 'node_modules/vitest/vitest.mjs'),
        'run',
        '--config=.config/vitest.config.ts',
        '--reporter=default',
        '--reporter=json',
        `--outputFile.json=${report}`,
        ...argv,
      ],
      { cwd: root, stdio: 'inherit' },
    );
    return { exitCode: status ?? 1, files: JSON.parse(readFileSync(report, 'utf8')).testResults };
  } catch {
    return { exitCode: 1, files: [] };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function count(files) {
  const tests = files.flatMap(({ name, assertionResults }) =>
    assertionResults.map(({ status, fullName }) => ({ name, status, fullName })),
  );
  const of = (...states) => tests.filter(({ status }) => states.includes(status));
  // A file that cannot be loaded has no tests; it counts as one that failed.
  const unloaded = files.filter(
    ({ status, assertionResults }) => status === 'failed' && assertionResults.length === 0,
  );
  // Those that need a real one; the others that speak of keychains run anywhere.
  const aboutKeychain = ({ name, fullName }) =>
    /\btest[\\/]process\b/.test(name) && /keychain/i.test(name + fullName);
  const aboutBrowser = ({ name }) => /\btest[\\/]process[\\/]browser\b/.test(name);
  return {
    passed: of('passed').length,
    failed: of('failed').length + unloaded.length,
    skipped: of('skipped', 'pending', 'todo', 'disabled').length,
    keychainPassed: of('passed').filter(aboutKeychain).length,
    keychainSkipped: of('skipped', 'pending').filter(aboutKeychain).length,
    browserPassed: of('passed').filter(aboutBrowser).length,
    browserSkipped: of('skipped', 'pending').filter(aboutBrowser).length,
  };
}

/** A line for each test that failed, with the first line of why: who reads only a log's end sees it. */
function listFailures(files) {
  const mark = `FAILED under Node ${process.version}:`;
  return files.flatMap(({ name, status, message, assertionResults }) => {
    const file = relative(root, name);
    const failed = assertionResults.filter((test) => test.status === 'failed');
    if (failed.length === 0 && status === 'failed') {
      return [`${mark} ${file}: ${firstLine(message)}`];
    }
    return failed.map(
      ({ fullName, failureMessages }) =>
        `${mark} ${file} > ${fullName}: ${firstLine(failureMessages?.[0])}`,
    );
  });
}

function firstLine(text = '') {
  return stripVTControlCharacters(text).split('\n', 1)[0].slice(0, 300);
}

function main(argv) {
  try {
    require.resolve('vitest/package.json');
  } catch {
    say('The dependencies are missing. Run `npm ci` first.');
    return 1;
  }
  prepare('the real keychain', missingPackages);
  prepare('the browser', missingBrowser);
  prepare('other clients', missingClients);
  prepare('completion', missingShells);
  if (!buildIfStale()) {
    say('The build failed.');
    return 1;
  }
  const { exitCode, files } = runVitest(argv);
  const sums = count(files);
  let { failed } = sums;
  if (
    process.env.GSAC_REQUIRE_KEYCHAIN === '1' &&
    (sums.keychainPassed === 0 || sums.keychainSkipped > 0)
  ) {
    say(
      `GSAC_REQUIRE_KEYCHAIN is set, and of the keychain's tests ${sums.keychainPassed} passed and ${sums.keychainSkipped} were skipped.`,
    );
    failed += 1;
  }
  if (
    process.env.GSAC_REQUIRE_BROWSER === '1' &&
    (sums.browserPassed === 0 || sums.browserSkipped > 0)
  ) {
    say(
      `GSAC_REQUIRE_BROWSER is set, and of the browser's tests ${sums.browserPassed} passed and ${sums.browserSkipped} were skipped.`,
    );
    failed += 1;
  }
  for (const line of listFailures(files)) process.stdout.write(`${line}\n`);
  // An error outside of every test fails the run, too.
  if (exitCode !== 0 && failed === 0) failed = 1;
  const skipped = sums.skipped > 0 ? `, ${sums.skipped} skipped` : '';
  process.stdout.write(`${sums.passed} passed, ${failed} failed${skipped}\n`);
  return failed > 0 ? exitCode || 1 : exitCode;
}

process.exitCode = main(process.argv.slice(2));
