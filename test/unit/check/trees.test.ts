import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { CheckResult } from '../../../src/tools/check/model.js';
import { type ExpectedFindings, judgeFindings, plantCase } from '../../held-apart/judge-tree.js';
import { createDesk, type Desk } from '../../support/run.js';
import { brief, check, ids, plantTree, type Tree, withPath } from './support.js';

/** What each tree of real shape must say, and nothing else. */
const trees: Record<string, string[]> = {
  xcode: [],
  cocoapods: [
    'Podfile.lock:2 app-auth-privacy-manifest',
    'Podfile.lock:8 google-sign-in-privacy-manifest',
    'Podfile.lock:12 gtm-app-auth-privacy-manifest',
    'Podfile.lock:15 gtm-session-fetcher-privacy-manifest',
    'Sample/Info.plist:24 url-scheme-missing',
    'Sample/Info.plist:26 project-mismatch',
    'Sample/client_secret_sample.json:8 client-secret-in-app',
  ],
  'swiftpm-v1': [
    'Package.resolved:10 google-sign-in-privacy-manifest',
    'Package.resolved:19 pin-without-version',
    'Package.resolved:28 gtm-session-fetcher-privacy-manifest',
  ],
  'swiftpm-v2': [
    'Sample.xcworkspace/xcshareddata/swiftpm/Package.resolved:9 google-sign-in-privacy-manifest',
    'Sample.xcworkspace/xcshareddata/swiftpm/Package.resolved:12 pin-without-version',
    'Sample.xcworkspace/xcshareddata/swiftpm/Package.resolved:26 gtm-app-auth-privacy-manifest',
  ],
  carthage: [
    'Cartfile.resolved:1 pin-without-version',
    'Cartfile.resolved:2 gtm-app-auth-privacy-manifest',
    'Cartfile.resolved:3 google-sign-in-privacy-manifest',
    'Cartfile.resolved:5 app-auth-privacy-manifest',
  ],
  flutter: [
    'android/app/google-services.json:3 project-numbers-differ',
    'assets/client_secret.json:8 client-secret-in-app',
    'ios/Runner/Info.plist:24 server-client-id-not-read',
  ],
  'react-native': [
    'ios/Sample/Info.plist:13 url-scheme-missing',
    'src/sign-in.js:3 offline-access-off',
    'src/sign-in.js:4 client-ids-equal',
  ],
  expo: ['app.json:14 url-scheme-missing'],
  capacitor: [
    'android/app/src/main/res/values/strings.xml:4 server-client-id-is-android',
    'capacitor.config.json:6 refresh-code-not-forced',
    'capacitor.config.json:8 client-id-reversed',
    'capacitor.config.json:9 client-id-malformed',
    'package.json:7 google-sign-in-privacy-manifest',
  ],
  // The Info.plist of a built app is binary, and has no lines.
  built: ['Payload/Sample.app/Info.plist client-ids-equal'],
};

describe('gsac check on trees of real shape', () => {
  let desk: Desk;
  let tree: Tree;
  beforeAll(() => {
    desk = createDesk();
  });
  afterAll(() => desk.dispose());
  afterEach(() => tree.remove());

  it.each(Object.entries(trees))('%s', async (name, expected) => {
    tree = plantTree(name);
    const result = await check(desk, tree.path);
    expect(brief(result.findings)).toEqual(expected);
    const errors = result.findings.filter(({ severity }) => severity === 'error');
    expect(result.errors).toBe(errors.length);
    expect(result.exitCode).toBe(errors.length > 0 ? 6 : 0);
    expect(result.files_checked).toBeGreaterThan(0);
    for (const { file } of result.findings) expect(file).not.toContain('\\');
  });

  it('finds the same in all of them at once, each app by itself', async () => {
    tree = plantTree('.');
    const result = await check(desk, tree.path);
    const all = Object.entries(trees).flatMap(([name, found]) =>
      found.map((each) => `${name}/${each}`),
    );
    expect(brief(result.findings).sort()).toEqual(all.sort());
  });

  it('says for people what, where and how to mend it, in 80 columns', async () => {
    tree = plantTree('cocoapods');
    const ran = await desk.run(['check', tree.path], { env: withPath });
    expect(ran.exitCode).toBe(6);
    expect(ran.stderr).toBe('');
    expect(ran.stdout).toContain(
      'Sample/Info.plist:26 error project-mismatch: GIDServerClientID is of project\n' +
        '  271828271828, GIDClientID of project 104729104729.\n' +
        '  fix: Use an iOS client and a web client of one project: both IDs start with\n' +
        '       the same number.\n',
    );
    expect(ran.stdout.endsWith('\n5 files checked: 7 errors\n')).toBe(true);
    for (const line of ran.stdout.split('\n')) expect(line.length).toBeLessThanOrEqual(80);
    expect(ran.stdout).not.toContain(ids.secret);
  });

  it('colours on a terminal alone', async () => {
    tree = plantTree('expo');
    const plain = await desk.run(['check', tree.path], { env: withPath });
    const coloured = await desk.run(['check', tree.path], { env: withPath, tty: true });
    expect(plain.stdout).not.toContain('\u001B');
    expect(coloured.stdout).toContain('\u001B[31merror\u001B[39m');
  });

  it('exits 6 on warnings only with --strict, and never on notes', async () => {
    tree = plantTree();
    tree.write('.gitignore', '');
    tree.write(
      'Cartfile.resolved',
      'github "google/GoogleSignIn-iOS" "0000000000000000000000000000000000000001"\n',
    );
    expect(await check(desk, tree.path, '--strict')).toMatchObject({ exitCode: 0, warnings: 0 });
    tree.write('client_secret.json', `{"web":{"client_id":"${ids.web}","redirect_uris":["x"]}}`);
    expect(await check(desk, tree.path)).toMatchObject({ exitCode: 0, warnings: 1 });
    expect(await check(desk, tree.path, '--strict')).toMatchObject({ exitCode: 6, warnings: 1 });
  });
});

/** After public repositories; test/held-apart/README.md says what they hold. */
const reviewed = fileURLToPath(new URL('../../fixtures/check-trees', import.meta.url));

describe('gsac check on trees after public repositories', () => {
  let desk: Desk;
  let tree: Tree;
  beforeAll(() => {
    desk = createDesk();
  });
  afterAll(() => desk.dispose());
  afterEach(() => tree.remove());

  it.each(readdirSync(reviewed))('judges %s as a reviewer did', async (name) => {
    tree = plantTree();
    const folder = join(reviewed, name);
    const expected = JSON.parse(
      readFileSync(join(folder, 'expected.json'), 'utf8'),
    ) as ExpectedFindings;
    const target = join(tree.path, 'tree');
    plantCase(folder, expected, target);
    const ran = await desk.run(['check', target, '--json'], { env: withPath });
    // Of some there is nothing to check.
    const findings = ran.exitCode === 2 ? [] : ran.json<CheckResult>().findings;
    expect(judgeFindings(expected, findings)).toMatchObject({ missed: [], wrong: [] });
  });
});
