import { execFileSync } from 'node:child_process';
import { chmodSync, existsSync, readFileSync, statSync, symlinkSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Fetch } from '../support/run.js';
import { emulatorFetch, useDesk } from '../support/run.js';
import { expectFailure, expectHumanFailure, liveRefreshTokens, tokenRequests } from './support.js';

const desk = useDesk();

/** The emulator with another access token in its answers. */
function withAccessToken(token: string): Fetch {
  const ask = emulatorFetch(desk.emulator);
  return async (url, init) => {
    const answer = await ask(url, init);
    if (!url.endsWith('/token')) return answer;
    const body = (await new Response(answer.body as ReadableStream).json()) as object;
    return new Response(JSON.stringify({ ...body, access_token: token }), { status: 200 });
  };
}

describe('gsac export', () => {
  it('adc: the document that accounts import reads back', async () => {
    await desk.exchange();
    const ran = await desk.run(['export']);
    expect(ran).toMatchObject({ exitCode: 0, stderr: '' });
    const document = ran.json();
    expect(document).toMatchObject({
      type: 'authorized_user',
      refresh_token: liveRefreshTokens(desk)[0],
      account: 'tester@example.com',
    });
    expect(document).not.toHaveProperty('gsac_rescue');
    await desk.run(['accounts', 'remove', 'tester@example.com', '--yes']);
    const imported = await desk.run(['accounts', 'import', '-', '--json'], { stdin: ran.stdout });
    expect(imported.json()).toMatchObject({ account: { email: 'tester@example.com' } });
    expect((await desk.run(['export'])).json()).toMatchObject({
      refresh_token: document['refresh_token'],
    });
  });

  it('adc needs no network', async () => {
    await desk.exchange();
    const before = desk.emulator.requests.count();
    desk.now += 7_200_000;
    expect((await desk.run(['export'])).exitCode).toBe(0);
    expect(desk.emulator.requests.count()).toBe(before);
  });

  it('header, curl, env and dotenv carry the token', async () => {
    await desk.exchange();
    const token = (await desk.run(['token'])).stdout.trim();
    const format = async (name: string) => (await desk.run(['export', '--format', name])).stdout;
    expect(await format('header')).toBe(`Authorization: Bearer ${token}\n`);
    expect(await format('curl')).toBe(`header = "Authorization: Bearer ${token}"\n`);
    expect(await format('env')).toContain(`export GSAC_ACCESS_TOKEN=${token}\n`);
    expect(await format('dotenv')).toContain(`GOOGLE_OAUTH_ACCESS_TOKEN='${token}'\n`);
  });

  for (const hostile of [`a'b"c\\d$(id)\`id\`;&|#!*?~{}<>`, `it's`, `$'\\n'`, '"', '\\']) {
    it(`sh reads ${hostile} back from env, curl from its config`, async () => {
      const fetch = withAccessToken(hostile);
      await desk.run(['exchange', desk.code()], { fetch });
      const env = await desk.run(['export', '--format', 'env'], { fetch });
      const script = `${env.stdout}printf %s "$GSAC_ACCESS_TOKEN"`;
      expect(execFileSync('sh', ['-c', script], { encoding: 'utf8' })).toBe(hostile);
      const { stdout } = await desk.run(['export', '--format', 'curl'], { fetch });
      const quoted = /^header = "(.*)"\n$/.exec(stdout)?.[1] ?? '';
      expect(quoted.replace(/\\(.)/g, '$1')).toBe(`Authorization: Bearer ${hostile}`);
      const dotenv = await desk.run(['export', '--format', 'dotenv'], { fetch });
      if (dotenv.exitCode !== 0) return expectHumanFailure(dotenv, 'usage');
      const file = desk.file('dot.env', dotenv.stdout);
      const read = [`--env-file=${file}`, '-p', 'process.env.GSAC_ACCESS_TOKEN'];
      expect(execFileSync(process.execPath, read, { encoding: 'utf8' })).toBe(`${hostile}\n`);
    });
  }

  it('shows nothing on a terminal without --show-secrets', async () => {
    await desk.exchange();
    const before = desk.emulator.requests.count();
    for (const format of ['adc', 'env', 'dotenv', 'curl', 'header']) {
      const args = ['export', '--no-color', '--format', format];
      expectHumanFailure(await desk.run(args, { tty: true }), 'usage');
      expect((await desk.run([...args, '--show-secrets'], { tty: true })).exitCode).toBe(0);
    }
    expect(desk.emulator.requests.count()).toBe(before);
  });

  it('writes a file of mode 0600, never over another without --force', async () => {
    await desk.exchange();
    const file = join(dirname(desk.home), 'adc.json');
    const first = await desk.run(['export', '-o', file], { tty: true });
    expect(first).toMatchObject({ exitCode: 0, stdout: '' });
    expect(statSync(file).mode & 0o777).toBe(0o600);

    const other = desk.file('other.txt', 'precious');
    const before = tokenRequests(desk);
    desk.now += 7_200_000;
    expectFailure(
      await desk.run(['export', '--json', '--format', 'env', '-o', other]),
      'file_exists',
    );
    expect(tokenRequests(desk)).toBe(before);
    expect(readFileSync(other, 'utf8')).toBe('precious');

    const link = join(dirname(desk.home), 'link.json');
    symlinkSync(other, link);
    expectFailure(await desk.run(['export', '--json', '-o', link]), 'file_exists');
    expect(readFileSync(other, 'utf8')).toBe('precious');
    const forced = await desk.run(['export', '--json', '-o', link, '--force']);
    expect(forced.json()).toMatchObject({ format: 'adc', file: link, expires_at: null });
    expect(forced.stdout).not.toContain('refresh_token');
    expect(readFileSync(other, 'utf8')).toContain('"refresh_token"');
    expect(statSync(link).mode & 0o777).toBe(0o600);
  });

  it('says what keeps a file from being written', async () => {
    await desk.exchange();
    expectFailure(await desk.run(['export', '--json', '-o', '/nonexistent/x']), 'usage');
    expectFailure(await desk.run(['export', '--json', '-o', desk.home, '--force']), 'usage');
    expectFailure(await desk.run(['export', '--json', '--force']), 'usage');
    expectFailure(await desk.run(['export', '--json', '--format', 'xml']), 'usage');
  });

  it('--json says whose it is and when it ends', async () => {
    await desk.exchange();
    const ran = await desk.run(['export', '--json', '--format', 'header']);
    expect(ran.json()).toMatchObject({
      format: 'header',
      account: { email: 'tester@example.com' },
      expires_at: '2026-01-15T12:59:59.000Z',
      file: null,
      content: expect.stringMatching(/^Authorization: Bearer ya29\./),
    });
  });

  it('an account without refresh token: 4 for adc, its token for the others', async () => {
    desk.emulator.inject({ name: 'no-refresh-token' });
    await desk.exchange();
    expectFailure(await desk.run(['export', '--json']), 'refresh_token_absent');
    expect((await desk.run(['export', '--format', 'env'])).exitCode).toBe(0);
  });
});

describe('under GitHub Actions', () => {
  const env = { GITHUB_ACTIONS: 'true' };
  const masks = (stderr: string) =>
    [...stderr.matchAll(/^::add-mask::(.*)$/gm)].map(([, one]) => one);

  it('every secret that is printed is registered first', async () => {
    await desk.exchange();
    const token = (await desk.run(['token'])).stdout.trim();
    expect(masks((await desk.run(['token'], { env })).stderr)).toEqual([token]);
    const adc = await desk.run(['export'], { env });
    const { refresh_token, client_secret } = adc.json();
    expect(masks(adc.stderr).sort()).toEqual([refresh_token, client_secret].sort());
    for (const format of ['env', 'dotenv', 'curl', 'header']) {
      const ran = await desk.run(['export', '--format', format], { env });
      expect(masks(ran.stderr)).toEqual([token]);
    }
    const shown = await desk.run(['exchange', desk.code(), '--json', '--show-secrets'], { env });
    const { access_token } = shown.json<{ access_token: { value: string } }>();
    expect(masks(shown.stderr)).toEqual([access_token.value]);
    const run = await desk.run(['exec', '--', 'true'], { env });
    expect(masks(run.stderr)).toEqual([access_token.value]);
  });

  it('in the runner’s own escapes, also where nothing looks like a secret', async () => {
    const odd = '%0A%odd"';
    const fetch = withAccessToken(odd);
    await desk.run(['exchange', desk.code()], { fetch });
    const ran = await desk.run(['token'], { env, fetch });
    expect(ran.stdout).toBe(`${odd}\n`);
    expect(masks(ran.stderr)).toEqual(['%250A%25odd"']);
  });

  it('nothing is registered where nothing is printed, nor elsewhere', async () => {
    const ran = await desk.run(['exchange', desk.code()], { env });
    expect(masks(ran.stderr)).toEqual([]);
    expect((await desk.run(['token'], { env: { GITHUB_ACTIONS: 'false' } })).stderr).toBe('');
  });
});

describe('gsac export on Windows', () => {
  /** Programs of Windows that note how they were called, and how much was in the file then. */
  function windows(icacls: string): Record<string, string> {
    const folder = dirname(desk.clientFile);
    const programs = {
      whoami: `echo '"HOST\\ada","S-1-5-21-7-8-9-1001"'`,
      icacls: `(wc -c < "$1"; printf '%s\\n' "$@") >> ${folder}/calls; ${icacls}`,
    };
    for (const [name, script] of Object.entries(programs)) {
      chmodSync(desk.file(`win\\System32\\${name}.exe`, `#!/bin/sh\n${script}\n`), 0o755);
    }
    return { SystemRoot: join(folder, 'win') };
  }

  it.each([[[]], [['--force']]])('closes the file while nothing is in it (%j)', async (more) => {
    await desk.exchange();
    const file = join(dirname(desk.clientFile), 'adc.json');
    const ran = await desk.run(['export', '-o', file, ...more], {
      platform: 'win32',
      env: windows('exit 0'),
    });
    expect(ran).toMatchObject({
      exitCode: 0,
      stderr: `gsac: Wrote ${file}; only this user can read it.\n`,
    });
    const [size, path, ...rest] = readFileSync(join(dirname(file), 'calls'), 'utf8').split('\n');
    expect(Number(size)).toBe(0);
    expect(dirname(path ?? '')).toBe(dirname(file));
    expect(existsSync(path ?? '')).toBe(false);
    expect(rest).toEqual(['/inheritance:r', '/grant:r', '*S-1-5-21-7-8-9-1001:F', '']);
    expect(readFileSync(file, 'utf8')).toContain('refresh_token');
  });

  it('says so if the file stays open to others', async () => {
    await desk.exchange();
    const file = join(dirname(desk.clientFile), 'adc.json');
    const ran = await desk.run(['export', '-o', file], {
      platform: 'win32',
      env: windows('exit 1'),
    });
    expect(ran.exitCode).toBe(0);
    expect(ran.stderr).toMatch(/^gsac: warning: .*does not keep other users from reading it/);
  });
});
