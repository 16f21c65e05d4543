// Makes .github/report.png, the picture of the HTML report in the README: `node test/demo/picture.js`.
// The report is a real one, of a flow on the emulator; Chromium takes the picture.
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { chromium } from 'playwright-core';

const root = fileURLToPath(new URL('../..', import.meta.url));
const gsac = join(root, 'bin', 'gsac.js');
const picture = join(root, '.github', 'report.png');
const folder = mkdtempSync(join(tmpdir(), 'gsac-picture-'));
const env = {
  PATH: process.env.PATH,
  GSAC_HOME: join(folder, 'home'),
  GSAC_CLIENT: 'client_secret.json',
  GSAC_STORE: 'file',
  GSAC_FILE_KEY: Buffer.alloc(32).toString('base64'),
};

function run(argv, input = '') {
  const options = { cwd: folder, env, input, encoding: 'utf8', timeout: 60_000 };
  const { status, stdout, stderr } = spawnSync(process.execPath, [gsac, ...argv], options);
  if (status !== 0 && status !== 6) throw new Error(`gsac ${argv.join(' ')}: ${stderr}`);
  return stdout;
}

const start = ['emulator', 'start', '--quiet', '--client-out', 'client_secret.json'];
const emulator = spawn(process.execPath, [gsac, ...start], {
  cwd: folder,
  env,
  stdio: ['ignore', 'pipe', 'inherit'],
});
let browser;
try {
  await once(emulator.stdout, 'data');
  run(['emulator', 'fault', 'replay-accepted']);
  const expected = ['--expect-scope', 'openid email profile drive.appdata', '--replay', '--revoke'];
  run(
    ['verify', '--code', '-', ...expected, '--report', 'html=report.html'],
    run(['emulator', 'sign-in']),
  );
  browser = await chromium.launch({
    executablePath: '/usr/bin/chromium',
    env: { HOME: folder, PATH: process.env.PATH ?? '', LANG: 'C.UTF-8', TMPDIR: folder },
    args: ['--no-sandbox', '--disable-gpu', '--no-first-run', '--no-proxy-server'],
  });
  const page = await browser.newPage({ viewport: { width: 1000, height: 1035 } });
  await page.goto(pathToFileURL(join(folder, 'report.html')).href);
  mkdirSync(join(root, '.github'), { recursive: true });
  await page.screenshot({ path: picture });
  process.stdout.write(`${picture}: ${statSync(picture).size} bytes\n`);
} finally {
  await browser?.close();
  const ended = once(emulator, 'exit');
  emulator.kill();
  await ended;
  rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
}
