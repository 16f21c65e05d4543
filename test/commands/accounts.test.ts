import { describe, expect, it } from 'vitest';
import { type Desk, useDesk } from '../support/run.js';
import { expectFailure, expectHumanFailure, tokenRequests } from './support.js';

interface Listed {
  accounts: { key: string; email: string; default: boolean; last_used_at: string | null }[];
}

describe('gsac accounts', () => {
  const desk = useDesk();

  const list = async () => (await desk.run(['accounts', '--json'])).json<Listed>().accounts;
  const emailOf = async (...argv: string[]) => {
    const ran = await desk.run(['token', '--json', ...argv]);
    expect(ran.exitCode, ran.stderr).toBe(0);
    return ran.json<{ account: { email: string } }>().account.email;
  };
  const both = async () => {
    await desk.exchange();
    await desk.exchange({ user: 'qa@example.org' });
  };

  it('lists what is stored, without secrets and without a network', async () => {
    await desk.exchange();
    const requests = desk.emulator.requests.count();
    const ran = await desk.run(['accounts', 'list', '--json']);
    expect(ran.json()).toEqual({
      accounts: [
        {
          key: expect.stringMatching(/\/104729361850274916385$/),
          alias: null,
          sub: '104729361850274916385',
          email: 'tester@example.com',
          client_id: desk.emulator.clientFile().web.client_id,
          scopes: expect.arrayContaining(['openid']),
          store: 'file',
          issued_at: new Date(desk.now).toISOString(),
          last_used_at: null,
          default: false,
        },
      ],
    });
    desk.now += 7_200_000;
    await desk.run(['refresh']);
    expect((await list())[0]?.last_used_at).toBe(new Date(desk.now).toISOString());
    expect(desk.emulator.requests.count()).toBe(requests + 1);
    const human = await desk.run(['accounts']);
    expect(human.stdout).toMatch(
      /^ +ACCOUNT +STORE +ISSUED +LAST USED +CLIENT\n +tester@example\.com +file +2h ago +now +/,
    );
  });

  it('says that there is none on stderr, and where the first one comes from', async () => {
    const ran = await desk.run(['accounts']);
    expect(ran).toMatchObject({ exitCode: 0, stdout: '' });
    expect(ran.stderr).toContain('gsac exchange');
    expect((await desk.run(['accounts', '--json'])).stdout).toBe('{\n  "accounts": []\n}\n');
  });

  it('cuts nothing in a pipe', async () => {
    await desk.exchange();
    const [client = ''] = desk.emulator.clientFile().web.client_id.split('.apps.');
    expect((await desk.run(['accounts'])).stdout).toContain(client);
    expect((await desk.run(['accounts'], { tty: true })).stdout).not.toContain(client);
  });

  it('updates the same person in place instead of adding another', async () => {
    await desk.exchange();
    await desk.exchange();
    expect(await list()).toHaveLength(1);
  });

  describe('choosing one', () => {
    it('needs no word where there is only one', async () => {
      await desk.exchange();
      expect(await emailOf()).toBe('tester@example.com');
    });

    it('is 4 where there is none, and says what to do', async () => {
      expectHumanFailure(await desk.run(['token']), 'account_unknown');
    });

    it('is 2 where there are several, with the candidates', async () => {
      await both();
      const error = expectFailure(await desk.run(['token', '--json']), 'account_ambiguous');
      expect(error['candidates']).toMatchObject([
        { email: 'qa@example.org' },
        { email: 'tester@example.com' },
      ]);
      expect(error.hint).toContain('qa@example.org, tester@example.com');
    });

    it('works by email address in any case, by sub and by key', async () => {
      await both();
      const key = (await list())[0]?.key ?? '';
      for (const selector of ['qa@example.org', 'QA@Example.ORG', '117208453961027584639', key]) {
        expect(await emailOf('-a', selector)).toBe('qa@example.org');
        expect(await emailOf('--account', selector)).toBe('qa@example.org');
        const ran = await desk.run(['token', '--json'], { env: { GSAC_ACCOUNT: selector } });
        expect(ran.json()).toMatchObject({ account: { email: 'qa@example.org' } });
      }
    });

    it('takes the flag before the variable', async () => {
      await both();
      const env = { GSAC_ACCOUNT: 'qa@example.org' };
      const ran = await desk.run(['token', '-a', 'tester@example.com', '--json'], { env });
      expect(ran.json()).toMatchObject({ account: { email: 'tester@example.com' } });
    });

    it.each(['nobody@example.com', 'qa@example', '11720845396102758463', 'a/b'])(
      'is 4 for %s, whom nobody knows',
      async (selector) => {
        await both();
        expectFailure(await desk.run(['token', '-a', selector, '--json']), 'account_unknown');
        const use = await desk.run(['accounts', 'use', selector, '--json']);
        expectFailure(use, 'account_unknown');
      },
    );

    it('keeps two people apart: neither gets the other’s token', async () => {
      await both();
      const tokens = new Set<string>();
      for (const email of ['tester@example.com', 'qa@example.org']) {
        const { access_token: value } = (await desk.run(['token', '-a', email, '--json'])).json<{
          access_token: string;
        }>();
        expect(desk.emulator.state.findAccessToken(value, desk.now)?.user.email).toBe(email);
        tokens.add(value);
      }
      expect(tokens.size).toBe(2);
    });
  });

  describe('use', () => {
    it('makes one the default, until another is named', async () => {
      await both();
      const ran = await desk.run(['accounts', 'use', 'QA@example.org', '--json']);
      expect(ran.json()).toMatchObject({ account: { default: true }, status: 'default' });
      expect(await emailOf()).toBe('qa@example.org');
      expect(await emailOf('-a', 'tester@example.com')).toBe('tester@example.com');
      expect((await list()).map((account) => account.default)).toEqual([true, false]);
      expect((await desk.run(['accounts'])).stdout).toMatch(/^\* +qa@example\.org/m);
    });
  });

  describe('remove', () => {
    it('forgets the account and its tokens here, and asks Google nothing', async () => {
      await both();
      await desk.run(['accounts', 'use', 'tester@example.com']);
      const requests = desk.emulator.requests.count();
      const ran = await desk.run(['accounts', 'remove', 'tester@example.com', '--yes', '--json']);
      expect(ran.json()).toMatchObject({ account: { default: false }, status: 'removed' });
      expect(await list()).toMatchObject([{ email: 'qa@example.org', default: false }]);
      const gone = await desk.run(['token', '-a', 'tester@example.com', '--json']);
      expectFailure(gone, 'account_unknown');
      expect(await emailOf()).toBe('qa@example.org');
      expect(desk.emulator.requests.count()).toBe(requests);
    });

    it('removes nothing if there is nobody to ask', async () => {
      await desk.exchange();
      const argv = ['accounts', 'remove', 'tester@example.com', '--json'];
      for (const ran of [
        await desk.run(argv),
        await desk.run([...argv, '--no-input'], { tty: true }),
      ]) {
        expect(expectFailure(ran, 'input_required').hint).toContain('gsac revoke');
      }
      expect(await list()).toHaveLength(1);
    });

    it('is 4 for an account that was removed before', async () => {
      await desk.exchange();
      await desk.run(['accounts', 'remove', 'tester@example.com', '--yes']);
      const again = await desk.run(['accounts', 'remove', 'tester@example.com', '--yes', '--json']);
      expectFailure(again, 'account_unknown');
    });
  });

  it('leaves a broken file of the index out, says which, and goes on', async () => {
    await both();
    const path = desk.file('home/accounts/0000.json', '{');
    const ran = await desk.run(['accounts']);
    expect(ran.stdout.match(/@example/g)).toHaveLength(2);
    expect(ran.stderr).toContain(`${path} is left out: it is not JSON.`);
    expect(ran.stderr).not.toContain('..');
    expect(ran.stderr).toContain('hint: Move the file away, ');
    expect(await list()).toHaveLength(2);
  });

  it('refresh --all does all of them, and one that fails does not end the others', async () => {
    await both();
    await desk.exchange({ user: 'newcomer@example.com' });
    desk.emulator.inject({ name: 'dead-refresh-token', user: 'qa@example.org', times: 'always' });
    const before = tokenRequests(desk);
    const ran = await desk.run(['refresh', '--all', '--json']);
    expect(ran).toMatchObject({ exitCode: 6, stderr: '' });
    expect(ran.json()).toMatchObject({
      failed: 1,
      results: [
        { account: { email: 'newcomer@example.com' }, refresh_token: { status: 'unchanged' } },
        { account: { email: 'qa@example.org' }, error: { code: 'invalid_grant' } },
        { account: { email: 'tester@example.com' }, access_token: { value: /^ya29\.…/ } },
      ].map((one) => expect.objectContaining({ account: expect.objectContaining(one.account) })),
    });
    expect(ran.stdout).toMatch(/"code": "invalid_grant"/);
    expect(tokenRequests(desk) - before).toBe(3);
    const human = await desk.run(['refresh', '--all']);
    expect(human.exitCode).toBe(6);
    expect(human.stdout).toContain('2 refreshed, 1 failed');
    expect(human.stdout).toMatch(
      /✗ qa@example\.org: .*\n {2}likely cause: access-revoked-by-user: The person/,
    );
  });

  it.each([1, 2, 3])('refresh --all keeps to --concurrency %i', async (most) => {
    await both();
    await desk.exchange({ user: 'newcomer@example.com' });
    let now = 0;
    let peak = 0;
    let reached = () => {};
    const allThere = new Promise<void>((resolve) => {
      reached = resolve;
    });
    const fetch: NonNullable<Parameters<Desk['run']>[1]>['fetch'] = async (url, init) => {
      now += 1;
      peak = Math.max(peak, now);
      if (now === most) reached();
      // As many as may come do come; one too many gets the time to.
      await allThere;
      for (let turn = 0; turn < 50; turn += 1) await new Promise(setImmediate);
      now -= 1;
      return desk.emulator.fetch(new Request(url, init));
    };
    const argv = ['refresh', '--all', '--json', '--concurrency', String(most)];
    const ran = await desk.run(argv, { fetch });
    expect(ran.json()).toMatchObject({ failed: 0 });
    expect(peak).toBe(most);
  });

  it('refresh --all contradicts an account, and --concurrency belongs to it', async () => {
    await both();
    for (const argv of [
      ['refresh', '--all', '-a', 'qa@example.org'],
      ['refresh', '--concurrency', '3', '-a', 'qa@example.org'],
      ['refresh', '--all', '--concurrency', '0'],
      ['refresh', '--all', '--concurrency', '1.5'],
    ]) {
      expectFailure(await desk.run([...argv, '--json']), 'usage');
    }
  });
});
