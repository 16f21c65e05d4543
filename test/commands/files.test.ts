import { beforeEach, describe, expect, it } from 'vitest';
import { type Fetch, toRequest, useDesk } from '../support/run.js';
import { deadFetch, expectFailure, expectHumanFailure } from './support.js';

type DriveFile = { id: string; name: string; size: string; modifiedTime: string };
const listPath = '/drive/v3/files';

describe('gsac files', () => {
  const desk = useDesk({ seedFiles: 2_497 });
  beforeEach(async () => {
    await desk.exchange();
    desk.emulator.requests.clear();
  });

  const files = (...flags: string[]) => desk.run(['files', ...flags]);
  const listed = async (...flags: string[]) => {
    const ran = await files('list', '--json', ...flags);
    expect(ran, ran.stderr).toMatchObject({ exitCode: 0, stderr: '' });
    return ran.json<DriveFile[]>();
  };
  const asked = () => desk.emulator.requests.list(listPath).map(({ query }) => query);

  it('pages through all of them, each once, always in the application’s own space', async () => {
    const all = await listed();
    expect(all).toHaveLength(2_500);
    expect(new Set(all.map(({ id }) => id)).size).toBe(2_500);
    expect(asked().map(({ spaces }) => spaces)).toEqual(Array(3).fill('appDataFolder'));
    expect(asked().map(({ pageSize }) => pageSize)).toEqual(['1000', '1000', '1000']);
  });

  it('gives Drive’s own file resources', async () => {
    const [file] = await listed('--query', "name = 'settings.json'");
    expect(file).toMatchObject({
      id: expect.any(String),
      name: 'settings.json',
      mimeType: 'application/json',
      size: expect.stringMatching(/^\d+$/),
      createdTime: '2024-11-02T09:15:22.104Z',
      modifiedTime: '2025-05-18T17:41:03.550Z',
      md5Checksum: expect.stringMatching(/^[\da-f]{32}$/),
      spaces: ['appDataFolder'],
    });
  });

  it.each([
    [1, ['1']],
    [999, ['999']],
    [1_000, ['1000']],
    [1_001, ['1000', '1']],
    [2_300, ['1000', '1000', '300']],
    [9_999, ['1000', '1000', '1000']],
  ])('--limit %i asks for no more than it takes', async (limit, sizes) => {
    expect(await listed('--limit', String(limit))).toHaveLength(Math.min(limit, 2_500));
    expect(asked().map(({ pageSize }) => pageSize)).toEqual(sizes);
  });

  it('orders as asked, over all pages', async () => {
    const names = (await listed('--order-by', 'name desc')).map(({ name }) => name);
    expect(names).toEqual(names.toSorted().reverse());
    const times = (await listed('--order-by', 'modifiedTime', '--limit', '1500')).map(
      ({ modifiedTime }) => modifiedTime,
    );
    expect(times).toEqual(times.toSorted());
  });

  it('finds what the query says', async () => {
    const found = await listed('--query', "name contains 'backup-00000' and trashed = false");
    expect(found).toHaveLength(10);
  });

  it('writes a valid array for none, for one and for many', async () => {
    expect((await files('--json', '--query', "name = 'no'")).stdout).toBe('[]\n');
    const one = await files('--json', '--limit', '1');
    expect(one.stdout).toMatch(/^\[\n {2}\{"[^\n]+\}\n\]\n$/);
    expect((await files('--json', '--limit', '3')).stdout.split('\n')).toHaveLength(6);
  });

  it('streams: a page is written before the next is asked for', async () => {
    const seen: number[] = [];
    const ran = await desk.run(['files', '--json'], {
      fetch: async (url, init) => {
        seen.push(desk.emulator.requests.count(listPath));
        return desk.emulator.fetch(new Request(url, init));
      },
    });
    expect(seen).toEqual([0, 1, 2]);
    expect(ran.json<DriveFile[]>()).toHaveLength(2_500);
  });

  it('prints a table for people: whole names in a pipe, cut ones in a window', async () => {
    const flags = ['--order-by', 'createdTime', '--limit', '3'];
    const piped = await files(...flags);
    expect(piped.stdout).toMatch(/^\d{4}-\d\d-\d\d \d\d:\d\d +46 B +settings\.json +1[\w-]{43}\n/);
    expect(piped.stdout).not.toContain('MODIFIED');
    expect(piped.stderr).toMatch(/^gsac: 3 files, /);
    const window = await desk.run(['files', ...flags], { tty: true, columns: 90 });
    expect(window.stdout).toContain('MODIFIED');
  });

  it('tries a rate limit again', async () => {
    desk.emulator.inject({ name: 'rate-limit', retryAfter: 0, times: 2 });
    desk.emulator.inject({ name: 'rate-limit', retryAfter: 0, status: 429 });
    expect(await listed('--limit', '1')).toHaveLength(1);
    expect(asked()).toHaveLength(4);
  });

  describe('tells apart', () => {
    it('an empty folder, which is no failure', async () => {
      await desk.exchange({ user: 'newcomer@example.com' });
      const ran = await files('-a', 'newcomer@example.com');
      expect(ran).toMatchObject({ exitCode: 0, stdout: '' });
      expect(ran.stderr).toMatch(
        /is empty, although access is granted\..*uninstalled the app from Drive/,
      );
      const json = await files('-a', 'newcomer@example.com', '--json');
      expect(json).toMatchObject({ exitCode: 0, stdout: '[]\n', stderr: '' });
    });

    it('the folder of another project’s client, which is another folder', async () => {
      const id = '816263040977-webserver0emulator0client0000002.apps.googleusercontent.com';
      const client = desk.file('other.json', JSON.stringify(desk.emulator.clientFile(id)));
      await desk.run(['exchange', desk.code({ clientId: id }), '--client', client]);
      const ran = await files('--client', client);
      expect(ran).toMatchObject({ exitCode: 0, stdout: '' });
      expect(ran.stderr).toContain('Another project');
    });

    it('a query that finds nothing', async () => {
      const ran = await files('--query', "name = 'no'");
      expect(ran).toMatchObject({ exitCode: 0, stdout: '' });
      expect(ran.stderr).toContain('No file of tester@example.com matches the query.');
    });

    it('a scope that was not granted', async () => {
      await desk.exchange({ user: 'qa@example.org', scopes: ['openid', 'email'] });
      const error = expectFailure(await files('-a', 'qa@example.org', '--json'), 'scope_missing');
      expect(error.hint).toContain('https://www.googleapis.com/auth/drive.appdata');
      expectHumanFailure(await files('info', '-a', 'qa@example.org'), 'scope_missing');
    });

    it.each([
      ['api-disabled', {}, 'api_disabled'],
      ['insufficient-scope', {}, 'scope_missing'],
      ['access-token-invalid', {}, 'access_token_refused'],
      ['rate-limit', { retryAfter: 4000 }, 'rate_limited'],
      ['status', { status: 503, retryAfter: 4000 }, 'google_unavailable'],
      ['status', { status: 403, message: 'For reasons of our own' }, 'request_refused'],
      ['html', { status: 200 }, 'answer_unreadable'],
      ['html', { status: 404 }, 'answer_unreadable'],
      ['torn-body', {}, 'answer_unreadable'],
      ['torn-body', { keep: 0 }, 'answer_unreadable'],
      ['huge-body', { bytes: 34_000_000 }, 'answer_unreadable'],
      ['redirect', {}, 'answer_unreadable'],
    ] as const)('%s %j', async (name, parameters, code) => {
      desk.emulator.inject({ name, path: '/drive/v3/*', times: 'always', ...parameters });
      for (const command of [
        ['files', 'list'],
        ['files', 'info'],
      ]) {
        const error = expectFailure(await desk.run([...command, '--json']), code);
        if (code === 'api_disabled') {
          expect(error.hint).toContain('drive.googleapis.com/overview?project=407408718192 ');
        }
      }
    });

    it('a dead network', async () => {
      const fetch = deadFetch(desk);
      expectFailure(await desk.run(['files', '--json'], { fetch }), 'network_unreachable');
    });
  });

  it.each([
    ['nothing at all', '', 204],
    ['an error inside a 200', '{"error":{"code":404,"errors":[{"reason":"notFound"}]}}', 200],
    ['an empty object', '{}', 200],
    ['another type', '{"files":"x","id":7,"ids":"x"}', 200],
    ['no files', '{"files":[null,5],"ids":[null,5]}', 200],
    ['a list', '[]', 200],
    [
      'a refusal of endless words',
      `{"error":{"errors":[{"reason":"${'A'.repeat(200_000)}"}]}}`,
      200,
    ],
  ])('takes %s for no answer of Drive’s', async (_what, text, status) => {
    desk.file('save.json', '{}');
    const commands = [
      ['files'],
      ['files', 'info'],
      ['files', 'get', 'save.json', '-o', '-'],
      ['files', 'get', '1'.repeat(33)],
      ['files', 'put', '-', '--name', 'save.json'],
      ['files', 'put', '-', '--name', 'save.json', '--replace'],
      ['files', 'delete', 'save.json', '--yes'],
      ['files', 'delete', '--all', '--yes'],
    ];
    const fetch: Fetch = async (url, init) =>
      url.includes('/drive/v3/')
        ? new Response(status === 204 ? null : text, { status })
        : desk.emulator.fetch(toRequest(url, init));
    for (const command of commands) {
      const json = command.at(-1) === '-' ? [] : ['--json'];
      const ran = await desk.run([...command, ...json], { stdin: '{}', fetch });
      if (json.length > 0) expectFailure(ran, 'answer_unreadable');
      else expect(ran).toMatchObject({ exitCode: 3, stdout: '' });
    }
    const verified = await desk.run(['verify', '--code', desk.code(), '--json'], { fetch });
    const [flow] = verified.json<{ flows: { checks: { id: string; outcome: string }[] }[] }>()
      .flows;
    expect(flow?.checks.find(({ id }) => id === 'appfolder.read')).toMatchObject({
      outcome: 'fail',
    });
  });

  it('ends where pages without a file follow one another for ever', async () => {
    let pages = 0;
    const ran = await desk.run(['files', '--json'], {
      async fetch() {
        pages += 1;
        return Response.json({ files: [], nextPageToken: String(pages) });
      },
    });
    expectFailure(ran, 'answer_unreadable');
    expect(pages).toBe(100);
  });

  it.each([
    ['--query', 'name like x'],
    ['--order-by', 'beauty'],
  ])('%s %s, which Drive does not understand, is 2', async (flag, value) => {
    const error = expectFailure(await files('--json', flag, value), 'usage');
    expect(error.hint).toContain('Drive says:');
  });

  it.each(['0', '-1', '1.5', 'x', ''])('--limit %j is 2, and nothing is asked', async (limit) => {
    expectFailure(await files('--json', `--limit=${limit}`), 'usage');
    expect(desk.emulator.requests.count()).toBe(0);
  });

  it('leaves the array open where a later page fails, so that it cannot pass for whole', async () => {
    let pages = 0;
    const ran = await desk.run(['files', '--json'], {
      fetch: async (url, init) => {
        pages += 1;
        if (pages > 1) throw Object.assign(new Error('x'), { code: 'EPROTO' });
        return desk.emulator.fetch(new Request(url, init));
      },
    });
    expect(ran.exitCode).toBe(3);
    expect(() => ran.json()).toThrow(SyntaxError);
    expect(ran.error()).toMatchObject({ code: 'certificate_refused' });
  });

  it.each([
    ['repeats', JSON.stringify({ nextPageToken: 'again', files: [{ id: 'a', name: 'a' }] }), 200],
    [
      'is refused later on',
      JSON.stringify({
        error: { code: 400, message: 'Invalid Value', errors: [{ reason: 'invalid' }] },
      }),
      400,
    ],
  ])(
    'a page token that %s ends the listing as an error, not in silence',
    async (_how, text, status) => {
      let pages = 0;
      const ran = await desk.run(['files', '--json'], {
        fetch: async (url, init) => {
          pages += 1;
          if (pages === 1) return desk.emulator.fetch(new Request(url, init));
          return new Response(text, { status, headers: { 'content-type': 'application/json' } });
        },
      });
      expect(ran.exitCode).toBe(3);
      expect(ran.error()).toMatchObject({ code: 'answer_unreadable' });
      expect(pages).toBeLessThan(5);
    },
  );

  it('info shows the folder itself, by its alias', async () => {
    const ran = await files('info', '--json');
    expect(ran.json()).toMatchObject({
      kind: 'drive#file',
      id: expect.any(String),
      name: 'appDataFolder',
      mimeType: 'application/vnd.google-apps.folder',
    });
    expect(desk.emulator.requests.count('/drive/v3/files/appDataFolder')).toBe(1);
    expect((await files('info')).stdout).toMatch(/^name +appDataFolder$/m);
  });

  it('refreshes a token that would not last for the listing', async () => {
    desk.now += 3_400_000;
    expect(await listed('--limit', '1')).toHaveLength(1);
    expect(desk.emulator.requests.count('/token')).toBe(1);
  });
});
