import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createDesk, type Desk } from '../../support/run.js';
import { brief, check, plantTree, type Tree, withPath } from './support.js';

const packageJson = JSON.stringify({
  dependencies: { 'react-native': '0.81.0', '@react-native-google-signin/google-signin': '16.0.0' },
});
const wrong = "GoogleSignin.configure({ webClientId: 'YOUR_WEB_CLIENT_ID' });\n";
const told = 'src/auth.ts:1 client-id-placeholder';

describe('a finding that somebody silenced', () => {
  let desk: Desk;
  let tree: Tree;
  beforeAll(() => {
    desk = createDesk();
  });
  afterAll(() => desk.dispose());
  beforeEach(() => {
    tree = plantTree();
    tree.write('package.json', packageJson);
    tree.write('src/auth.ts', wrong);
  });
  afterEach(() => tree.remove());

  it.each([
    ['above the line', `// gsac:ignore client-id-placeholder: CI fills it in\n${wrong}`],
    [
      'on the line',
      wrong.replace('\n', ' // gsac:ignore offline-access-off, client-id-placeholder\n'),
    ],
  ])('by a comment %s is counted, not told', async (_where, text) => {
    tree.write('src/auth.ts', text);
    const result = await check(desk, tree.path);
    expect(result).toMatchObject({ findings: [], errors: 0, silenced: 1, exitCode: 0 });
    const ran = await desk.run(['check', tree.path], { env: withPath });
    expect(ran.stdout).toMatch(/: nothing found, 1 silenced\n$/);
  });

  it.each([
    ['of another rule', `// gsac:ignore client-id-reversed\n${wrong}`, 2],
    ['two lines above', `// gsac:ignore client-id-placeholder\n\n${wrong}`, 3],
    ['with more to its name', `// gsac:ignore client-id-placeholder-x\n${wrong}`, 2],
  ])('is told beside a comment %s', async (_which, text, line) => {
    tree.write('src/auth.ts', text);
    const { findings, silenced } = await check(desk, tree.path);
    expect(brief(findings)).toEqual([`src/auth.ts:${line} client-id-placeholder`]);
    expect(silenced).toBe(0);
  });

  it.each([
    ['client-id-placeholder', []],
    ['client-id-placeholder:src', []],
    ['client-id-placeholder:./src/auth.ts', []],
    ['client-id-placeholder:src/au', [told]],
    ['client-id-placeholder:lib', [told]],
    ['client-id-reversed', [told]],
  ])('by --ignore %s', async (ignored, found) => {
    const result = await check(desk, tree.path, '--ignore', 'not-read', '--ignore', ignored);
    expect(brief(result.findings)).toEqual(found);
    expect(result.silenced).toBe(1 - found.length);
  });

  it('by .gsac-check.json, which gives a reason', async () => {
    const ignore = [{ rule: 'client-id-placeholder', path: 'src/', reason: 'CI fills it in.' }];
    tree.write('.gsac-check.json', JSON.stringify({ ignore }));
    expect(await check(desk, tree.path)).toMatchObject({ findings: [], silenced: 1, exitCode: 0 });
  });

  it.each([
    ['{', /is no JSON/],
    ['{"ignore":{}}', /has no list "ignore"/],
    ['{"ignore":[{"rule":"not-read"}]}', /gives no reason for ignoring not-read/],
    [
      '{"ignore":[{"rule":"no-rule","reason":"x"}]}',
      /names no-rule, and gsac check has no such rule/,
    ],
  ])('refuses %s', async (text, says) => {
    tree.write('.gsac-check.json', text);
    const ran = await desk.run(['check', tree.path], { env: withPath });
    expect(ran).toMatchObject({ exitCode: 2, stdout: '' });
    expect(ran.stderr.replace(/\s+/g, ' ')).toMatch(says);
  });

  it('refuses --ignore with a rule that there is not', async () => {
    const ran = await desk.run(['check', tree.path, '--ignore', 'client-id'], { env: withPath });
    expect(ran).toMatchObject({ exitCode: 2, stdout: '' });
    expect(ran.stderr).toContain('--ignore names client-id');
  });
});
