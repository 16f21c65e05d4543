import { describe, expect, it } from 'vitest';
import { type Ran, type RunOptions, useDesk } from '../support/run.js';
import { hostile, liveRefreshTokens, rawControl } from './support.js';

describe('Control characters from outside', () => {
  const desk = useDesk();

  /** Runs a command for people and for scripts, and looks for anything raw in what it wrote. */
  async function expectClean(argv: readonly string[], options: RunOptions = {}): Promise<Ran[]> {
    const runs: Ran[] = [];
    for (const flags of [[], ['--json'], ['--trace'], ['--debug']]) {
      const ran = await desk.run([...argv, ...flags], options);
      expect(ran.stdout + ran.stderr).not.toMatch(rawControl);
      runs.push(ran);
    }
    return runs;
  }

  it('in a file’s name do not reach the terminal, and the JSON means the same', async () => {
    await desk.exchange();
    const [user] = desk.emulator.state.users.values();
    const [client] = desk.emulator.state.clients.values();
    if (user === undefined || client === undefined) return expect.unreachable();
    const folder = desk.emulator.state.drive.folder(user, client.project.number);
    for (const file of folder.files.values()) {
      file.name = hostile;
      file.mimeType = hostile;
    }
    const [human, json] = await expectClean(['files']);
    expect(human?.stdout).toContain(
      'a\\u{1b}[2Jb\\u{7}c\\u{d}d\\u{9b}e\\u{202e}f\\u{2066}g\\u{2028}h\\u{61c}i',
    );
    expect(json?.json<{ name: string }[]>().map(({ name }) => name)).toContain(hostile);
  });

  it('in an email address and other claims do not', async () => {
    const set = { email: hostile, name: hostile, [hostile]: hostile, hd: hostile, nonce: hostile };
    desk.emulator.inject({ name: 'odd-id-token', set });
    await desk.exchange();
    await expectClean(['accounts']);
    await expectClean(['claims', '--nonce', 'x', '--hosted-domain', 'y']);
    await expectClean(['token', '-a', hostile]);
    desk.emulator.inject({ name: 'odd-id-token', set, times: 'always' });
    await expectClean(['refresh']);
    for (const flag of ['--json', '--no-color']) {
      const ran = await desk.run(['exchange', desk.code(), flag]);
      expect(ran.stdout + ran.stderr).not.toMatch(rawControl);
    }
  });

  it('in a bidirectional email address, which is stored, do not', async () => {
    const email = 'a\u202eb\u061c@example.com';
    desk.emulator.inject({ name: 'odd-id-token', set: { email } });
    await desk.exchange();
    const [human, json] = await expectClean(['accounts']);
    expect(human?.stdout).toContain('a\\u{202e}b\\u{61c}@example.com');
    expect(json?.json<{ accounts: { email: string }[] }>().accounts[0]?.email).toBe(email);
    await expectClean(['accounts', 'use', email]);
    await expectClean(['revoke']);
  });

  it('in Google’s error do not', async () => {
    await desk.exchange();
    desk.now += 7_200_000;
    const body = { error: hostile, error_description: hostile, error_subtype: hostile };
    const drive = { error: { code: 403, message: hostile, errors: [{ reason: hostile }] } };
    for (const answer of [body, { ...body, error: 'invalid_grant' }, drive]) {
      const fetch = async () =>
        new Response(JSON.stringify(answer), { status: 400, headers: { 'x-odd': 'a\u009bb' } });
      for (const ran of await expectClean(['refresh'], { fetch })) expect(ran.exitCode).toBe(4);
    }
  });

  it('in Drive’s error, a web page and a header do not', async () => {
    await desk.exchange();
    for (const text of [
      JSON.stringify({ error: { code: 403, message: hostile, errors: [{ reason: hostile }] } }),
      JSON.stringify({ error: { code: 400, message: hostile } }),
      `<html>${hostile}`,
    ]) {
      const fetch = async () =>
        new Response(text, { status: 403, headers: { 'x-odd': 'a\u009bb' } });
      for (const ran of await expectClean(['files'], { fetch })) expect(ran.exitCode).not.toBe(0);
    }
  });

  it('in arguments, paths and files of the person do not', async () => {
    await desk.exchange();
    const user = { type: hostile, client_id: hostile, refresh_token: 'x', token_uri: hostile };
    await expectClean(['accounts', 'import', desk.file('a.json', JSON.stringify(user))]);
    await expectClean(['accounts', 'import', `/no/${hostile}`]);
    await expectClean(['exchange', hostile]);
    await expectClean(['exchange', `{"${hostile}":1}`]);
    await expectClean(['exchange', `https://x.test/?error=${encodeURIComponent(hostile)}`]);
    await expectClean(['exchange', '4/0Ax', '--client', `/no/${hostile}`]);
    await expectClean([hostile]);
    await expectClean(['token', `--${hostile}`]);
    await expectClean(['token', '--store', hostile]);
  });
});

describe('stdout', () => {
  const desk = useDesk();

  it('is one JSON document for every command with --json', async () => {
    const exchanged = await desk.exchange();
    const key = exchanged.json<{ account: { key: string } }>().account.key;
    const { web } = desk.emulator.clientFile();
    const [refreshToken] = liveRefreshTokens(desk);
    const user = {
      client_id: web.client_id,
      client_secret: web.client_secret,
      refresh_token: refreshToken,
      token_uri: web.token_uri,
    };
    const file = desk.file('user.json', JSON.stringify(user));
    for (const argv of [
      ['token'],
      ['refresh'],
      ['refresh', '--all'],
      ['claims'],
      ['files'],
      ['files', 'info'],
      ['accounts'],
      ['accounts', 'use', key],
      ['accounts', 'remove', key, '--yes'],
      ['accounts', 'import', file],
      ['revoke', '--yes'],
    ]) {
      const ran = await desk.run([...argv, '--json']);
      expect(ran, argv.join(' ')).toMatchObject({ exitCode: 0, stderr: '' });
      // Drive's own resources keep Drive's spelling.
      if (argv[0] !== 'files') expect(ran.stdout).not.toMatch(/^ *"[a-z]+[A-Z]\w*":/m);
      expect(ran.stdout.endsWith('\n')).toBe(true);
    }
  });
});
