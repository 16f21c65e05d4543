// What must hold on Windows: run there by run-checks.js, under Wine or on Windows itself. Each check is
// given a box of its own: a folder, a home in it, and gsac as a process.
import assert from 'node:assert/strict';
import { execFileSync, spawn } from 'node:child_process';
import {
  closeSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';

/** @typedef {import('./run-checks.js').Box} Box */

/** A script that tells how it was called, as a batch file's program does. */
const teller = 'console.log(JSON.stringify(process.argv.slice(2))); process.exitCode = 5;';

/** A credential helper that keeps each entry in a file beside it. */
const helper = `
const { readFileSync, writeFileSync, rmSync } = require('node:fs');
const input = readFileSync(0, 'utf8');
const action = process.argv[2];
const url = action === 'store' ? JSON.parse(input).ServerURL : input;
const file = require('node:path').join(__dirname, Buffer.from(url).toString('hex').slice(-80));
try {
  if (action === 'store') writeFileSync(file, input);
  else if (action === 'get') console.log(readFileSync(file, 'utf8'));
  else if (action === 'erase') rmSync(file);
} catch {
  console.log('credentials not found in native keychain');
  process.exitCode = 1;
}
`;

const stores = {
  'a key': { GSAC_STORE: 'file' },
  'a passphrase': {
    GSAC_STORE: 'file',
    GSAC_FILE_KEY: undefined,
    GSAC_PASSPHRASE: 'hüpf & %PATH%',
  },
  'the Credential Manager': { GSAC_STORE: 'keychain', GSAC_FILE_KEY: undefined },
};

/** @type {Record<string, (box: Box) => Promise<void>>} */
export const checks = {
  ...Object.fromEntries(
    Object.entries(stores).map(([name, env]) => [
      `exchanges, keeps and refreshes with ${name}`,
      async (box) => {
        Object.assign(box.env, env);
        await box.good(['exchange', '-'], { stdin: `${await box.code()}\r\n` });
        const token = await box.good(['token']);
        assert.match(token.stdout, /^ya29\.\S+\n$/);
        await box.good(['refresh']);
        const accounts = await box.good(['accounts', '--json']);
        assert.equal(JSON.parse(accounts.stdout).accounts.length, 1);
        await box.good(['accounts', 'remove', 'tester@example.com', '--yes']);
        assert.equal((await box.run(['token'])).exitCode, 4);
      },
    ]),
  ),

  async 'many processes at an old token share one refresh'(box) {
    await box.signIn();
    const before = await box.count('/token');
    await box.forget();
    const all = await Promise.all(Array.from({ length: 8 }, () => box.good(['token'])));
    assert.equal(new Set(all.map(({ stdout }) => stdout)).size, 1);
    assert.equal((await box.count('/token')) - before, 1);
    assert.deepEqual(
      readdirSync(box.home, { recursive: true }).filter((name) => /\.(tmp|lock)$/.test(name)),
      [],
    );
  },

  async 'a killed process leaves nothing that stops the next one'(box) {
    await box.signIn();
    for (const milliseconds of [150, 300, 450, 600]) {
      await box.forget();
      await box.run(['refresh'], { killAfterMs: milliseconds });
      await box.good(['token']);
    }
  },

  async 'exec hands on arguments and the exit code'(box) {
    await box.signIn();
    const script = box.file('tell.cjs', teller);
    const args = ['a b', '', 'x"y', '100%', '^&|', 'ü', 'back\\'];
    const ran = await box.run(['exec', '--', process.execPath, script, ...args]);
    assert.deepEqual({ code: ran.exitCode, args: JSON.parse(ran.stdout) }, { code: 5, args });
  },

  async 'exec runs batch files found in PATH, and their arguments stay arguments'(box) {
    await box.signIn();
    const script = box.file('tell.cjs', teller);
    const bin = join(box.folder, 'b i n');
    mkdirSync(bin);
    // As npm writes them; the file without an ending is for other shells.
    writeFileSync(join(bin, 'shim'), '#!/bin/sh\n');
    writeFileSync(join(bin, 'shim.cmd'), `@"${process.execPath}" "${script}" %*\r\n`);
    box.env.PATH = `${bin};${process.env.PATH}`;
    const args = ['a b', '--name=value', 'a&echo planted', '(x)', 'C:\\dir\\'];
    for (const name of ['shim', 'shim.cmd', join(bin, 'shim')]) {
      const ran = await box.run(['exec', '--', name, ...args]);
      assert.deepEqual([ran.exitCode, JSON.parse(ran.stdout), ran.stderr], [5, args, '']);
    }
    const broken = await box.run(['exec', '--', 'shim', 'two\nlines']);
    assert.equal(broken.exitCode, 126);
  },

  async 'keeps an account in a credential helper that is a batch file'(box) {
    const script = box.file('helper.cjs', helper);
    const bin = join(box.folder, 'b i n');
    mkdirSync(bin);
    const batch = join(bin, 'docker-credential-team.cmd');
    writeFileSync(batch, `@"${process.execPath}" "${script}" %*\r\n`);
    box.env.PATH = `${bin};${process.env.PATH}`;
    for (const store of ['helper:team', `helper:${batch}`]) {
      box.env.GSAC_STORE = store;
      await box.signIn();
      await box.good(['refresh']);
      await box.good(['accounts', 'remove', 'tester@example.com', '--yes']);
    }
    box.env.GSAC_STORE = 'helper:nowhere';
    assert.equal((await box.run(['exchange', await box.code()])).exitCode, 5);
  },

  async 'exec takes its command without the -- that PowerShell takes away'(box) {
    await box.signIn();
    const script = box.file('tell.cjs', teller);
    const ran = await box.run(['exec', process.execPath, script, '--version', '--json']);
    assert.deepEqual([ran.exitCode, JSON.parse(ran.stdout)], [5, ['--version', '--json']]);
  },

  async 'no program of the current folder is started'(box) {
    await box.signIn();
    const marker = join(box.folder, 'marker');
    const system = join(process.env.SystemRoot ?? 'C:\\windows', 'system32');
    copyFileSync(join(system, 'whoami.exe'), join(box.folder, 'planted.exe'));
    assert.equal((await box.run(['exec', '--', 'planted'])).exitCode, 127);
    await box.good(['exec', '--', '.\\planted']);
    // Node under other names: what they are asked to run is a file of the folder, too.
    for (const name of ['rundll32.exe', 'git.exe']) {
      copyFileSync(process.execPath, join(box.folder, name));
    }
    const trap = `require('node:fs').writeFileSync(${JSON.stringify(marker)}, '')`;
    box.file('url.dll,FileProtocolHandler', trap);
    await box.good(['check', '.']);
    const login = await box.run(['login', '--timeout', '3', '--no-input'], { killAfterMs: 4_000 });
    assert.match(login.stderr, /https?:/);
    assert.equal(existsSync(marker), false);
  },

  async 'a held token file costs neither the exit code nor a crash'(box) {
    await box.signIn();
    const child = `
      const file = process.env.GSAC_ACCESS_TOKEN_FILE;
      const hold = 'require("node:fs").openSync(process.argv[1]); setTimeout(() => {}, 8000)';
      const held = require('node:child_process').spawn(process.execPath, ['-e', hold, file],
        { detached: true, stdio: 'ignore' });
      held.unref();
      console.log(file);
      setTimeout(() => process.exit(3), 1500);`;
    const script = box.file('child.cjs', child);
    const ran = await box.run(['exec', '--token-file', '--', process.execPath, script]);
    assert.equal(ran.exitCode, 3, ran.stderr);
    assert.doesNotMatch(ran.stderr, /bug in gsac/);
    const path = ran.stdout.trim();
    if (existsSync(path)) assert.match(ran.stderr, /another program has it open/);
  },

  async 'a store that another program holds for a second takes the token all the same'(box) {
    await box.signIn();
    const [sealed = ''] = readdirSync(join(box.home, 'vault')).filter((name) =>
      name.endsWith('.sealed'),
    );
    // cmd does not share what it reads.
    const reader = spawn(
      'cmd',
      ['/d', '/c', `ping -n 3 127.0.0.1 < "${join(box.home, 'vault', sealed)}"`],
      { stdio: 'ignore', windowsVerbatimArguments: true },
    );
    try {
      const ran = await box.run(['exchange', '-'], { stdin: await box.code() });
      assert.equal(ran.exitCode, 0, ran.stderr);
      await box.good(['accounts', 'remove', 'tester@example.com', '--yes']);
    } finally {
      reader.kill();
    }
  },

  async 'an exported file is for this user only, as far as it says so'(box) {
    await box.signIn();
    const file = join(box.folder, 'a d c.json');
    const ran = await box.good(['export', '-o', file]);
    assert.match(ran.stderr, /only this user can read it|does not keep other users/);
    await box.good(['accounts', 'import', file]);
    const out = openSync(join(box.folder, 'out.json'), 'w');
    const redirected = await box.run(['export'], { stdout: out });
    closeSync(out);
    assert.equal(redirected.exitCode, 2);
    assert.match(redirected.stderr, /cannot tell who may read it/);
  },

  async 'UTF-16 is read from files and from standard input'(box) {
    const utf16 = (text) => Buffer.from(`\ufeff${text}\r\n`, 'utf16le');
    await box.good(['exchange', '-'], { stdin: utf16(await box.code()) });
    const adc = join(box.folder, 'adc.json');
    writeFileSync(adc, utf16((await box.good(['export'])).stdout));
    await box.good(['accounts', 'import', adc]);
    const client = join(box.folder, 'client16.json');
    writeFileSync(client, utf16(readFileSync(box.env.GSAC_CLIENT, 'utf8')));
    await box.good(['exchange', '-', '--client', client], { stdin: await box.code() });
  },

  async 'two reports of one file are refused, whatever the case'(box) {
    await box.signIn();
    const [one, two] = [join(box.folder, 'out.xml'), join(box.folder, 'OUT.XML')];
    const ran = await box.run(['verify', '--report', `junit=${one}`, '--report', `json=${two}`]);
    assert.equal(ran.exitCode, 2);
    assert.match(ran.stderr, /would write to one file/);
  },

  async 'names of devices become no files'(box) {
    await box.signIn();
    for (const name of ['CON', 'aux', 'com1.txt']) {
      const ran = await box.run(['export', '-o', name]);
      assert.equal(ran.exitCode, 2, name);
      assert.match(ran.stderr, /name of a device/);
    }
    await box.good(['export', '-o', 'NUL']);
    assert.deepEqual(
      readdirSync(box.folder).filter((name) => /^(con|aux|com1|nul)/i.test(name)),
      [],
    );
  },

  async 'hints can be pasted into cmd'(box) {
    await box.signIn();
    box.env.GSAC_HOME = join(box.folder, 'ho me');
    await box.signIn();
    box.env.GSAC_FILE_KEY = Buffer.alloc(32, 1).toString('base64');
    const ran = await box.run(['token', '--json']);
    assert.equal(ran.exitCode, 5);
    const { hint } = JSON.parse(ran.stderr).error;
    const command = /`(move [^`]+)`/.exec(hint)?.[1] ?? '';
    execFileSync('cmd', ['/d', '/s', '/c', `"${command}"`], { windowsVerbatimArguments: true });
    assert.equal(existsSync(join(box.env.GSAC_HOME, 'vault.old')), true);
  },

  async 'odd paths and names of files are kept apart'(box) {
    box.env.GSAC_HOME = join(box.folder, 'spaß mit Müller', 'x'.repeat(120), 'y'.repeat(120));
    await box.signIn();
    const file = box.file('up.txt', 'text\x1a\r\n');
    for (const name of ['a:b', 'CON', 'ü.txt'])
      await box.good(['files', 'put', file, '--name', name]);
    for (const name of ['a:b', 'CON', 'ü.txt']) await box.good(['files', 'get', name]);
    const got = readdirSync(box.folder);
    for (const name of ['a_b', '_CON', 'ü.txt']) assert.equal(got.includes(name), true, name);
    assert.equal(readFileSync(join(box.folder, 'a_b'), 'utf8'), 'text\x1a\r\n');
  },

  async 'doctor tells of folders outside the profile'(box) {
    const ran = await box.run(['doctor', '--json']);
    const found = JSON.parse(ran.stdout).checks.find(({ id }) => id === 'file-modes');
    assert.equal(found.state, 'warning');
  },
};
