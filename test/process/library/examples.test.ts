import { spawnSync } from 'node:child_process';
import {
  copyFileSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { installGsac, pathOfThisNode } from '../../support/process.js';

const root = fileURLToPath(new URL('../../..', import.meta.url));
const here = fileURLToPath(new URL('.', import.meta.url));
let folder: string;

// A project of somebody else's: the packed gsac, and what they test with.
beforeAll(async () => {
  const { prefix } = await installGsac();
  folder = mkdtempSync(join(tmpdir(), 'gsac-library-'));
  mkdirSync(join(folder, 'node_modules'));
  symlinkSync(join(prefix, 'node_modules/gsac'), join(folder, 'node_modules/gsac'));
  for (const file of readdirSync(here)) {
    if (/\.[cm]js$/.test(file)) copyFileSync(join(here, file), join(folder, file));
  }
});

afterAll(() => rmSync(folder, { recursive: true, force: true }));

function node(...args: string[]) {
  const { PATH: _, ...inherited } = process.env;
  const proxies = Object.keys(inherited).filter((name) => /_proxy$|^NODE_|^VITEST/i.test(name));
  const env = { ...inherited, PATH: pathOfThisNode(), NO_COLOR: '1' };
  for (const name of proxies) delete env[name as keyof typeof env];
  const { status, stdout, stderr } = spawnSync(process.execPath, args, {
    cwd: folder,
    env,
    encoding: 'utf8',
    timeout: 60_000,
  });
  return { status, output: `${stdout}${stderr}` };
}

function addPackage(name: string): void {
  symlinkSync(join(root, 'node_modules', name), join(folder, 'node_modules', name));
}

describe('the library', () => {
  // First, while nothing else is installed: no types of Node, none of what is bundled.
  it.each([
    ['nodenext', 'nodenext'],
    ['esnext', 'bundler'],
  ])('has types that need nothing else: %s, %s', (module, moduleResolution) => {
    const files = ['consumer.mts', 'consumer.cts'];
    for (const file of files) writeFileSync(join(folder, file), CONSUMER);
    const flags = ['--module', module, '--moduleResolution', moduleResolution];
    const tsc = join(root, 'node_modules/typescript/bin/tsc');
    const strict = ['--strict', '--exactOptionalPropertyTypes', '--skipLibCheck', 'false'];
    // What comes with TypeScript need not be checked.
    const quick = ['--noEmit', '--skipDefaultLibCheck'];
    expect(node(tsc, ...quick, ...strict, ...flags, ...files)).toEqual({ status: 0, output: '' });
  });

  it('loads the emulator alone, at the first and the second import', () => {
    const { output } = node(
      '-p',
      'require("gsac/emulator"); Object.keys(require.cache).map((path) => path.replace(/.*gsac./, ""))',
    );
    expect(output).toMatch(/dist\/emulator\.cjs/);
    expect(output).not.toMatch(/main|commands|commander|token\.cjs|domain/);
    const both = `import { createEmulator } from 'gsac/emulator';
      import { createRequire } from 'node:module';
      const again = createRequire(import.meta.url)('gsac/emulator');
      console.log(again.createEmulator === createEmulator);`;
    expect(node('--input-type=module', '-e', both).output).toBe('true\n');
  });

  it('tests a backend under node:test', () => {
    addPackage('google-auth-library');
    const { status, output } = node('--test', 'node-test.example.mjs');
    expect(output).toMatch(/\b(pass) 1\b/);
    expect(status).toBe(0);
  });

  // jest's functions are vitest's; that `require` finds the package in CommonJS is what counts.
  it('tests a backend under vitest, and CommonJS with the functions of jest', () => {
    addPackage('vitest');
    const config = "export default { test: { include: ['*.example.*'], globals: true } };\n";
    writeFileSync(join(folder, 'vitest.config.mjs'), config.replace('*.example.*', NO_NODE_TEST));
    const { status, output } = node(
      join(root, 'node_modules/vitest/vitest.mjs'),
      'run',
      '--reporter=verbose',
    );
    expect(output).toMatch(/Tests +6 passed \(6\)/);
    expect(status).toBe(0);
  });

  it('is in the manual as it is tested here', () => {
    const page = readFileSync(join(root, 'src/manual/library.md'), 'utf8');
    for (const file of ['vitest.example.mjs', 'jest.example.cjs']) {
      expect(page.includes(readFileSync(join(here, file), 'utf8')), file).toBe(true);
    }
  });
});

const NO_NODE_TEST = '{vitest,jest}.example.*';

const CONSUMER = `import { createEmulator, type Emulator, type SignInRequest } from 'gsac/emulator';

const wish: SignInRequest = { user: 'qa@example.org', source: 'ios' };

export async function use(): Promise<number> {
  const google: Emulator = await createEmulator({ seed: 'a' }).listen({ port: 0 });
  const { code } = google.signIn(wish);
  google.inject({ name: 'status', status: 503 });
  const { status } = await google.fetch(google.endpoints.oauth2TokenUrl, {
    method: 'POST',
    body: new URLSearchParams({ code }),
  });
  const replacement: typeof fetch = google.fetch;
  globalThis.fetch = replacement;
  const sizes = google.files().map(({ content }) => content.length);
  const { browser } = await google.intercept();
  const args: string[] = [...browser.playwright.args, ...browser.puppeteer.args];
  const { server }: { server: string } = browser.playwright.proxy;
  await google[Symbol.asyncDispose]();
  if (args.includes(server)) return Number(browser.credentials?.password);
  return status + google.requests.list('/token').length + sizes.length;
}

// Where nothing were checked, this would be no error, and the comment one.
// @ts-expect-error a user is named by a string
createEmulator().signIn({ user: 1 });
`;
