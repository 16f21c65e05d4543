import { beforeEach, describe, expect, it } from 'vitest';
import { emulatorFetch, useDesk } from '../support/run.js';
import { deadFetch, expectFailure, expectHumanFailure, tokenRequests } from './support.js';

describe('gsac api', () => {
  const desk = useDesk({ seedFiles: 1_100 });
  beforeEach(async () => {
    await desk.exchange();
    desk.emulator.requests.clear();
  });

  const api = (...args: string[]) => desk.run(['api', ...args]);
  const created = async (name: string) => {
    const body = JSON.stringify({ name, parents: ['appDataFolder'] });
    const ran = await desk.run(['api', 'drive/v3/files', '--input', '-'], { stdin: body });
    expect(ran, ran.stderr).toMatchObject({ exitCode: 0 });
    return ran.json<{ id: string; name: string }>();
  };

  it.each(['drive/v3/about', '/drive/v3/about', 'drive.about.get', 'drive:v3.about.get'])(
    'reads %s',
    async (target) => {
      const ran = await api(target, '-f', 'fields=user');
      expect(ran, ran.stderr).toMatchObject({ exitCode: 0, stderr: '' });
      expect(ran.json()).toMatchObject({ user: { emailAddress: 'tester@example.com' } });
    },
  );

  it('sends a body from standard input, and fields as a JSON body', async () => {
    const { id } = await created('a.json');
    const renamed = await api('-X', 'patch', `drive/v3/files/${id}`, '-f', 'name=b=c.json');
    expect(renamed.json()).toMatchObject({ id, name: 'b=c.json' });
    const one = ['-f', `fileId=${id}`];
    expect((await api('drive.files.get', ...one)).json()).toMatchObject({ name: 'b=c.json' });
    expect((await api('drive.files.update', ...one, '-f', 'name=d')).json()).toMatchObject({
      name: 'd',
    });
    expect(await api('drive.files.delete', ...one)).toMatchObject({ exitCode: 0, stdout: '' });
    expectHumanFailure(await api('drive.files.get', ...one), 'request_refused');
  });

  it('puts fields into lists and objects of the body', async () => {
    const fields = [
      'parents[]=appDataFolder',
      'appProperties[a]=1',
      'appProperties[b]=2',
      'name=x',
    ];
    const flags = fields.flatMap((field) => ['-f', field]);
    const ran = await api('drive.files.create', ...flags);
    const get = [
      '-f',
      `fileId=${ran.json<{ id: string }>().id}`,
      '-f',
      'fields=appProperties,parents',
    ];
    expect((await api('drive.files.get', ...get)).json()).toMatchObject({
      appProperties: { a: '1', b: '2' },
      parents: [expect.any(String)],
    });
  });

  it('follows the pages, as documents or as one array', async () => {
    const list = ['drive.files.list', '-f', 'spaces=appDataFolder', '-f', 'pageSize=1000'];
    const ran = await api(...list, '--paginate', '--json');
    const pages = ran.json<{ files: unknown[] }[]>();
    expect(pages.map(({ files }) => files.length)).toEqual([1_000, 103]);
    const plain = await api(...list, '--paginate', '-f', 'fields=nextPageToken');
    expect(plain.stdout.match(/nextPageToken/g)).toHaveLength(1);
    expect((await api(...list)).json<{ files: unknown[] }>().files).toHaveLength(1_000);
  });

  it('shows the control characters of a file on a terminal, and keeps them elsewhere', async () => {
    const { id } = await created('a.txt');
    const input = desk.file('a.txt', 'a\u001b]0;b\u0007\n');
    await desk.run(['files', 'put', input, '--name', 'a.txt', '--replace']);
    const media = ['api', `drive/v3/files/${id}`, '-f', 'alt=media'];
    expect((await desk.run(media)).stdout).toBe('a\u001b]0;b\u0007\n');
    expect((await desk.run(media, { tty: true })).stdout).toBe('a\\u{1b}]0;b\\u{7}\n');
  });

  it('prints the status and headers on demand', async () => {
    const { stdout } = await api('drive/v3/about', '-f', 'fields=user', '--include');
    expect(stdout).toMatch(/^HTTP\/1\.1 200\n[\s\S]*content-type: application\/json[\s\S]*\n\n{/);
  });

  it.each([
    ['https://www.googleapis.com.example.com/drive/v3/about'],
    ['http://www.googleapis.com/drive/v3/about'],
    ['https://www.googleapis.com:8443/drive/v3/about'],
    ['https://user@www.googleapis.com/drive/v3/about'],
    ['https://evilgoogleapis.com/'],
    ['//example.com/x'],
    // It is an account of the emulator.
    ['https://www.googleapis.com/drive/v3/about'],
    // What is no address at all is no path either.
    ['https://[x'],
    ['https://www.googleapis.com:99999/x'],
    ['http://'],
    ['https:example.com'],
  ])('sends no token to %s', async (target) => {
    const ran = await api(target, '--json');
    if (target.startsWith('//')) expect(ran.exitCode).toBe(4);
    else expectFailure(ran, 'usage');
    expect(desk.emulator.requests.list().every(({ path }) => path === '/example.com/x')).toBe(true);
  });

  it('sends the token of an account of Google’s to Google only', async () => {
    const adc = JSON.parse((await desk.run(['export'])).stdout);
    adc.token_uri = 'https://oauth2.googleapis.com/token';
    const env = { GSAC_CREDENTIALS: JSON.stringify(adc), GSAC_STORE: 'env', GSAC_CLIENT: '' };
    const asked: string[] = [];
    const ask = emulatorFetch(desk.emulator);
    const fetch: typeof ask = (url, init) => {
      asked.push(new URL(url).host);
      const path = new URL(url).pathname + new URL(url).search;
      return ask(`${desk.emulator.origin}${path}`, init);
    };
    const on = (target: string) => desk.run(['api', target, '--json'], { env, fetch });
    for (const target of [
      'http://127.0.0.1:1/x',
      'https://example.com/',
      'https://google.com.ru/',
    ]) {
      expectFailure(await on(target), 'usage');
    }
    expect(asked).toEqual([]);
    for (const target of [
      'drive/v3/about?fields=user',
      'https://people.googleapis.com/drive/v3/about?fields=user',
    ]) {
      const ran = await on(target);
      expect(ran.exitCode, ran.stderr).toBe(0);
    }
    expect(new Set(asked)).toEqual(
      new Set(['oauth2.googleapis.com', 'www.googleapis.com', 'people.googleapis.com']),
    );
  });

  it.each([
    ['-f', 'fields'],
    ['-f', 'a[=x'],
    ['-X', 'POST', '-f', 'a=x', '-f', 'a[]=x'],
    ['-X', 'POST', '-f', 'a[]=x', '-f', 'a[b]=x'],
    ['-X', 'POST', '-f', 'a[][b]=x'],
    ['-H', 'nonsense'],
    ['-H', 'Authorization: Bearer x'],
    ['-X', 'POST', '--paginate'],
    ['-X', 'DELTE'],
    ['-X', ''],
  ])('refuses %s %s %s %s %s', async (...flags) => {
    expectFailure(await api('drive/v3/about', ...flags, '--json'), 'usage');
    expect(desk.emulator.requests.count('/drive/v3/about')).toBe(0);
  });

  it.each([
    ['drive.files.lst', 'list'],
    ['drive.files.get', 'fileId'],
    ['drive.nothing.get', 'drive.files.list'],
    ['nothing.get', 'drive.files.list'],
    ['drive:v9.files.list', 'drive.files.list'],
  ])('says what is wrong with %s', async (target, told) => {
    const ran = await api(target, '--json');
    expect(ran.exitCode).toBe(2);
    expect(ran.error().hint).toContain(told);
  });

  it.each([
    [{ name: 'status', status: 400, path: '/drive/v3/about' }, 'request_refused'],
    [
      { name: 'status', status: 500, path: '/drive/v3/about', times: 'always' },
      'google_unavailable',
    ],
    [{ name: 'status', status: 429, path: '/drive/v3/about', times: 'always' }, 'rate_limited'],
    [{ name: 'api-disabled' }, 'api_disabled'],
  ] as const)('gives the response of a refusal with %o', async (fault, code) => {
    desk.emulator.inject(fault as never);
    const ran = await api('drive/v3/about', '--json');
    expectFailure(ran, code);
    expect(ran.error()).toHaveProperty('response', expect.any(String));
  });

  it('writes the response of a refusal to stderr for people, with the diagnosis below', async () => {
    const ran = await api('drive/v3/files/none');
    expectHumanFailure(ran, 'request_refused');
    expect(ran.stderr).toMatch(/^{\n {2}"error": {\n[\s\S]*\n}\ngsac: error: /);
  });

  it('renews a token that Google refuses, once', async () => {
    desk.emulator.inject({ name: 'access-token-invalid' });
    const before = tokenRequests(desk);
    expect((await api('drive/v3/about', '-f', 'fields=user')).exitCode).toBe(0);
    expect(tokenRequests(desk)).toBe(before + 1);
  });

  it('sends what writes once, whatever becomes of it', async () => {
    desk.emulator.inject({ name: 'status', status: 503, path: '/drive/v3/files', times: 'always' });
    const ran = await desk.run(['api', 'drive/v3/files', '--input', '-'], { stdin: '{}' });
    expectHumanFailure(ran, 'google_unavailable');
    expect(desk.emulator.requests.count('/drive/v3/files')).toBe(1);
  });

  it('says that the network is gone', async () => {
    const ran = await desk.run(['api', 'drive/v3/about', '--json'], { fetch: deadFetch(desk) });
    expectFailure(ran, 'network_unreachable');
  });
});
