import { chmodSync, existsSync, mkdirSync, readFileSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { ownSecrets } from '../../../src/core/own-secrets.js';
import { createDesk, type Desk } from '../../support/run.js';
import {
  bothIds,
  brief,
  check,
  clientFile,
  ids,
  infoPlist,
  plantTree,
  type Tree,
  withPath,
} from './support.js';

describe('gsac check where things are not as they should be', () => {
  let desk: Desk;
  let tree: Tree;
  beforeEach(() => {
    desk = createDesk();
    tree = plantTree();
    // Libraries must print nothing by themselves.
    for (const method of ['error', 'warn', 'log'] as const) {
      vi.spyOn(console, method).mockImplementation((...text) => {
        throw new Error(`printed: ${text.join(' ')}`);
      });
    }
  });
  afterEach(() => {
    vi.restoreAllMocks();
    desk.dispose();
    tree.remove();
  });

  it('refuses a folder that does not exist, and a file', async () => {
    const missing = await desk.run(['check', join(tree.path, 'none')]);
    expect(missing).toMatchObject({ exitCode: 2, stdout: '' });
    expect(missing.stderr).toContain(`There is no folder ${join(tree.path, 'none')}.`);
    tree.write('Info.plist', infoPlist(bothIds));
    const file = await desk.run(['check', join(tree.path, 'Info.plist'), '--json']);
    expect(file).toMatchObject({ exitCode: 2, stdout: '' });
    expect(file.error()).toMatchObject({ code: 'usage' });
  });

  it.each(['text', 'json', 'sarif'])(
    'refuses a folder with nothing to check and says what it looks for: %s',
    async (format) => {
      tree.write('README.md', '# Sample');
      tree.write('logo.png', 'PNG');
      tree.write('package.json', '{ "name": "sample" }');
      tree.write('node_modules/sample/index.js', 'export {};');
      const ran = await desk.run(['check', tree.path, '--format', format]);
      expect(ran).toMatchObject({ exitCode: 2, stdout: '' });
      expect(ran.stderr).toContain(`Nothing to check was found in ${tree.path}.`);
      expect(ran.stderr).toContain('gsac looks for Xcode and Gradle projects, Info.plist,');
      if (format === 'json') expect(ran.error()).toMatchObject({ code: 'usage' });
    },
  );

  it('calls an app without Google sign-in clean', async () => {
    tree.write('App/Info.plist', infoPlist('', []));
    expect(await check(desk, tree.path)).toMatchObject({ findings: [], exitCode: 0 });
    tree.remove();
    tree = plantTree();
    tree.write('app/src/main/AndroidManifest.xml', '<manifest/>');
    tree.write('app/src/main/java/com/example/Main.kt', 'class Main');
    expect(await check(desk, tree.path)).toEqual({
      findings: [],
      files_checked: 0,
      files_searched: 2,
      errors: 0,
      warnings: 0,
      silenced: 0,
      exitCode: 0,
    });
  });

  it('says of a clean search that no file was about sign-in', async () => {
    tree.write('main.go', 'package main');
    const alone = await desk.run(['check', tree.path]);
    expect(alone).toMatchObject({ exitCode: 0, stderr: '' });
    expect(alone.stdout).toBe(
      'No file about Google Sign-In; 1 file searched for secrets: nothing found\n',
    );
    tree.write('App/Info.plist', infoPlist(bothIds));
    const both = await desk.run(['check', tree.path]);
    expect(both.stdout).toBe('1 file checked, 1 searched for secrets: nothing found\n');
  });

  it('prints the same with --json and --format json, and refuses two formats', async () => {
    tree.write('Info.plist', infoPlist(bothIds, []));
    const flag = await desk.run(['check', tree.path, '--json']);
    const format = await desk.run(['check', tree.path, '--format', 'json']);
    expect(format).toMatchObject({ exitCode: 6, stdout: flag.stdout });
    const nowhere = await desk.run(['check', `${tree.path}/nowhere`, '--format', 'json']);
    expect(nowhere.exitCode).toBe(2);
    expect(JSON.parse(nowhere.stderr)).toMatchObject({ error: { code: 'usage' } });
    expect(await desk.run(['check', tree.path, '--json', '--format', 'sarif'])).toMatchObject({
      exitCode: 2,
      stdout: '',
    });
    expect((await desk.run(['check', tree.path, '--format', 'xml'])).exitCode).toBe(2);
  });

  const broken: [
    file: string,
    content: string | Uint8Array,
    reason: RegExp,
    line: number | null,
  ][] = [
    ['Info.plist', '', /it is empty/, null],
    ['Info.plist', 'bplist00', /cut off or damaged/, null],
    ['Info.plist', Buffer.from('bplist00ÿÿÿÿÿÿÿÿÿÿÿÿÿÿÿÿÿÿÿÿÿÿÿÿÿÿÿÿÿÿÿÿÿ', 'latin1'), /./, null],
    ['Info.plist', '<plist><dict><key>a</key>', /unclosed xml tag/, 1],
    [
      'Info.plist',
      '<plist>\n<dict>\n<string>a</string>\n</dict></plist>',
      /a value without a key/,
      null,
    ],
    ['Info.plist', '<plist><array></array></plist>', /no dictionary/, null],
    ['Info.plist', infoPlist(bothIds).replace('APPL', 'A & B'), /an & that is not/, 5],
    ['Info.plist', `<<<<<<< HEAD\n${infoPlist(bothIds)}`, /merge conflict/, 1],
    ['Info.plist', 'just words', /no property list/, null],
    ['Info.plist', '<plist a=b><dict></dict></plist>', /missed quot/, 1],
    ['Info.plist', '<plist><dict><key>a</key><x/></dict></plist>', /invalid PLIST tag x/, null],
    ['Info.plist', '{ a = ; }', /./, null],
    ['GoogleService-Info.plist', '<plist><dict>', /unclosed/, 1],
    ['Podfile.lock', 'PODS:\n  - GoogleSignIn (7.0.0\n\t- x: [', /no YAML/, 3],
    ['Podfile.lock', '<<<<<<< HEAD\nPODS:\n=======\n>>>>>>> main\n', /merge conflict/, 1],
    ['Podfile.lock', 'a: b\n', /no list PODS/, null],
    ['Package.resolved', '{ "pins": [', /ends in the middle/, 1],
    ['Package.resolved', '{}', /no list pins/, null],
    ['Cartfile.resolved', 'a\n<<<<<<< HEAD\n', /merge conflict/, 2],
    ['client_secret_1.json', '{\n  "web": {,}\n}', /expected/, 2],
    ['client_secret_1.json', '[]', /no JSON object/, 1],
    ['google-services.json', 'x', /./, 1],
    ['capacitor.config.json', '{ // comment\n}', /comment/, 1],
    ['app.json', '{ "expo": { "ios": ', /ends in the middle/, 1],
  ];
  it.each(broken)('%s that is broken: %j', async (file, content, reason, line) => {
    tree.write(file, content);
    const result = await check(desk, tree.path);
    expect(brief(result.findings)).toHaveLength(1);
    const [finding] = result.findings;
    expect(finding).toMatchObject({ rule: 'file-broken', file, severity: 'error' });
    expect(finding?.message).toMatch(reason);
    if (line !== null) expect(finding?.line).toBe(line);
    expect(result.exitCode).toBe(6);
  });

  it('quotes nothing of a broken file', async () => {
    tree.write('client_secret.json', `{"web":{"client_secret":"${ids.secret}"`);
    tree.write('Info.plist', `<plist>${ids.secret}<dict>&`);
    for (const format of ['text', 'json', 'sarif']) {
      const ran = await desk.run(['check', tree.path, '--format', format], { env: withPath });
      expect(ran.exitCode).toBe(6);
      expect(ran.stdout + ran.stderr).not.toContain(ids.secret);
    }
  });

  it('says which file is not what its name promises', async () => {
    tree.write('client_secret.json', '{"project_info":{}}');
    tree.write('google-services.json', clientFile());
    const { findings } = await check(desk, tree.path);
    expect(findings.map(({ rule, message }) => [rule, message])).toEqual([
      [
        'client-file-wrong-kind',
        'By its name the file is an OAuth client; it holds an Android app’s google-services.json.',
      ],
      [
        'client-file-wrong-kind',
        'By its name the file is a google-services.json; it holds a credential.',
      ],
    ]);
  });

  it('walks no loop, and leaves out what was fetched or built', async () => {
    tree.write('App/Info.plist', infoPlist(bothIds));
    for (const folder of [
      'node_modules/x',
      'Pods/x',
      'ios/build',
      '.git/x',
      'Carthage/x',
      'a.framework',
    ]) {
      tree.write(`${folder}/Info.plist`, 'broken');
    }
    symlinkSync('..', join(tree.path, 'App/loop'));
    symlinkSync('self', join(tree.path, 'self'));
    symlinkSync('nowhere', join(tree.path, 'Other-Info.plist'));
    expect(await check(desk, tree.path)).toMatchObject({ findings: [], files_checked: 1 });
  });

  it('reads a linked file', async () => {
    tree.write('real.txt', infoPlist(bothIds, []));
    symlinkSync('real.txt', join(tree.path, 'Info.plist'));
    const { findings } = await check(desk, tree.path);
    expect(brief(findings)).toEqual(['Info.plist:6 url-scheme-missing']);
  });

  it('stops at a great depth, and says so', async () => {
    mkdirSync(join(tree.path, Array.from({ length: 70 }, () => 'd').join('/')), {
      recursive: true,
    });
    const { findings } = await check(desk, tree.path);
    expect(findings).toMatchObject([{ rule: 'not-read', severity: 'warning' }]);
  });

  it('writes no control character of a file’s name', async () => {
    tree.write('a\u001B[2Jb/Info.plist', 'broken');
    for (const format of ['text', 'json', 'sarif']) {
      const ran = await desk.run(['check', tree.path, '--format', format]);
      expect(ran.exitCode).toBe(6);
      expect(ran.stdout).not.toContain('\u001B');
    }
  });

  it('reads UTF-16, a byte-order mark and OpenStep', async () => {
    const text = infoPlist(bothIds, []).replace('UTF-8', 'UTF-16');
    tree.write('a/Info.plist', Buffer.from(`\uFEFF${text}`, 'utf16le'));
    tree.write('b/Info.plist', `\uFEFF${infoPlist(bothIds, [])}`);
    tree.write(
      'c/Info.plist',
      `{\n  GIDClientID = "${ids.ios}";\n  GIDServerClientID = "${ids.web}";\n}\n`,
    );
    const { findings } = await check(desk, tree.path);
    expect(brief(findings)).toEqual([
      'a/Info.plist:6 url-scheme-missing',
      'b/Info.plist:6 url-scheme-missing',
      'c/Info.plist:2 url-scheme-missing',
    ]);
  });

  it('does without git', async () => {
    tree.write('client_secret.json', clientFile());
    tree.git('init', '--quiet');
    tree.git('add', 'client_secret.json');
    const ran = await desk.run(['check', tree.path, '--json'], { env: { PATH: tree.path } });
    expect(ran.json()).toMatchObject({ findings: [], files_checked: 1 });
  });

  it('asks git about a folder inside a repository', async () => {
    tree.write('server/keys/client_secret.json', clientFile());
    tree.git('init', '--quiet');
    tree.git('add', '.');
    const { findings } = await check(desk, join(tree.path, 'server'));
    expect(brief(findings)).toEqual(['keys/client_secret.json:5 client-secret-tracked']);
  });

  it.skipIf(process.platform === 'win32')(
    'hands git neither gsac’s own secrets nor settings of another repository',
    async () => {
      tree.write('client_secret.json', clientFile());
      tree.write('bin/git', `#!/bin/sh\n/usr/bin/env >> "${tree.path}/seen"\n`);
      chmodSync(join(tree.path, 'bin/git'), 0o755);
      const PATH = join(tree.path, 'bin');
      const ofAnother = ['GIT_DIR', 'GIT_COMMON_DIR', 'GIT_OBJECT_DIRECTORY', 'GIT_INDEX_FILE'];
      const ofGit = [
        'GIT_EXEC_PATH',
        'GIT_SSH',
        'GIT_SSH_COMMAND',
        'GIT_ASKPASS',
        'GIT_CONFIG_KEY_0',
      ];
      const hidden = Object.fromEntries(
        [...ownSecrets, ...ofAnother, ...ofGit].map((name) => [name, `hidden ${name}`]),
      );
      await desk.run(['check', tree.path, '--json'], { env: { PATH, ...hidden, KEPT: 'yes' } });
      const seen = readFileSync(join(tree.path, 'seen'), 'utf8');
      expect(seen).toContain('KEPT=yes\n');
      expect(seen).not.toContain('hidden');
    },
  );

  it('takes no program of the current folder for git', async () => {
    tree.write('client_secret.json', clientFile());
    tree.write('git', `#!/bin/sh\n/usr/bin/touch "${tree.path}/ran"\n`);
    chmodSync(join(tree.path, 'git'), 0o755);
    const here = process.cwd();
    process.chdir(tree.path);
    try {
      await desk.run(['check', '.', '--json'], { env: { PATH: '.:' } });
    } finally {
      process.chdir(here);
    }
    expect(existsSync(join(tree.path, 'ran'))).toBe(false);
  });

  it('is cancelled', async () => {
    tree.write('Info.plist', infoPlist(bothIds));
    const ran = await desk.run(['check', tree.path], { signal: AbortSignal.abort() });
    expect(ran).toMatchObject({ exitCode: 130, stdout: '' });
  });
});
