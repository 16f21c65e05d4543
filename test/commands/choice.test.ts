import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { accountFileName, stemOfClientId } from '../../src/core/account.js';
import { useDesk } from '../support/run.js';
import { expectFailure, expectHumanFailure } from './support.js';

const otherClient = '816263040977-webserver0emulator0client0000002.apps.googleusercontent.com';
const thirdClient = '407408718192-nobody00000000000000000000000000.apps.googleusercontent.com';

/** Every call that uses an account; `FILE` can be read, `OUT` be written. */
const calls: readonly (readonly string[])[] = [
  ['token'],
  ['token', '--min-ttl', '60'],
  ['exec', '--', 'true'],
  ['export'],
  ['export', '--format', 'header'],
  ['refresh'],
  ['claims'],
  ['claims', '--no-verify'],
  ['files'],
  ['files', 'info'],
  ['files', 'get', 'note.txt', '-o', 'OUT'],
  ['files', 'put', 'FILE'],
  ['files', 'delete', 'note.txt', '--yes'],
  ['verify'],
  ['api', 'drive/v3/about?fields=user'],
  ['revoke', '--yes'],
];
const servers: readonly (readonly string[])[] = [
  ['serve', '--metadata'],
  ['exec', '--metadata', '--', 'true'],
];
/** Those that take the account as argument, and those that work on all. */
const named: readonly (readonly string[])[] = [
  ['accounts', 'use', 'tester@example.com'],
  ['accounts', 'alias', 'tester@example.com', 'short'],
  ['accounts', 'remove', 'tester@example.com', '--yes'],
];
const lists: readonly (readonly string[])[] = [
  ['accounts'],
  ['accounts', 'list'],
  ['status'],
  ['status', '--online'],
  ['refresh', '--all'],
];

describe('The client that is named', () => {
  const desk = useDesk();
  let client = '';
  let other = '';
  beforeEach(async () => {
    client = desk.emulator.clientFile().web.client_id;
    other = desk.file('other.json', JSON.stringify(desk.emulator.clientFile(otherClient)));
    await desk.exchange();
  });

  const atOther = async (user = 'tester@example.com') => {
    const ran = await desk.run(['exchange', desk.code({ user, clientId: otherClient })], {
      env: { GSAC_CLIENT: other },
    });
    expect(ran.exitCode, ran.stderr).toBe(0);
  };
  const filled = (argv: readonly string[]) =>
    argv.map((word) =>
      word === 'FILE' ? desk.file('note.txt', 'x') : word === 'OUT' ? join(desk.home, 'out') : word,
    );
  /** Behind `exec --`, all belongs to the command. */
  const withFlags = (argv: readonly string[], ...flags: string[]) => {
    const [first = '', ...rest] = filled(argv);
    return [first, ...flags, ...rest];
  };
  const clientsSent = () =>
    new Set(desk.emulator.requests.list('/token').map(({ form }) => form['client_id']));

  describe.each(
    [...calls, ...servers, ...named, ...lists].map((argv) => [argv.join(' '), argv] as const),
  )('in gsac %s', (_what, argv) => {
    it('must be readable', async () => {
      const garbage = desk.file('garbage.json', 'x');
      desk.emulator.requests.clear();
      for (const [path, code] of [
        [garbage, 'client_file_invalid'],
        ['/no/such.json', 'client_file_unreadable'],
      ] as const) {
        const flag = await desk.run(withFlags(argv, '--client', path, '--json'));
        expectFailure(flag, code);
        const env = { GSAC_CLIENT: path };
        expectFailure(await desk.run(withFlags(argv, '--json'), { env }), code);
      }
      expect(desk.emulator.requests.count()).toBe(0);
    });
  });

  it.each([...calls, ...servers].map((argv) => [argv.join(' '), argv] as const))(
    'keeps gsac %s from an account of another client',
    async (_what, argv) => {
      desk.emulator.requests.clear();
      const flags = ['--client', other, '--json'];
      const none = expectFailure(await desk.run(withFlags(argv, ...flags)), 'account_unknown');
      expect(none.message).toContain(stemOfClientId(otherClient));
      expect(none.hint).toContain('tester@example.com');
      const byEnv = await desk.run(withFlags(argv, '--json', '-a', 'tester@example.com'), {
        env: { GSAC_CLIENT: undefined, GSAC_CLIENT_ID: otherClient },
      });
      const { message, ...details } = expectFailure(byEnv, 'client_mismatch');
      expect(message).toBe(
        `tester@example.com belongs to client ${stemOfClientId(client)}, but GSAC_CLIENT_ID names ${stemOfClientId(otherClient)}.`,
      );
      expect(details).toMatchObject({ account_client_id: client, client_id: otherClient });
      expect(desk.emulator.requests.count()).toBe(0);
    },
  );

  it.each(calls.map((argv) => [argv.join(' '), argv] as const))(
    'has gsac %s use its account, whatever is the default',
    async (_what, argv) => {
      await atOther();
      await desk.run(['files', 'put', ...filled(['FILE']), '--client', other]);
      await desk.run(['accounts', 'use', `${client}/104729361850274916385`]);
      desk.now += 7_200_000;
      desk.emulator.requests.clear();
      const ran = await desk.run(withFlags(argv), { env: { GSAC_CLIENT: other } });
      expect([0, 6], ran.stderr).toContain(ran.exitCode);
      expect([...clientsSent()].filter((one) => one !== otherClient)).toEqual([]);
      // What is left is the account of the first client.
      expect((await desk.run(['token', '--json'])).json()).toMatchObject({
        account: { client_id: client },
      });
    },
  );

  it.each(named.map((argv) => [argv.join(' '), argv] as const))(
    'decides whom gsac %s means',
    async (_what, argv) => {
      const refused = await desk.run([...argv, '--client', other, '--json']);
      expectFailure(refused, 'client_mismatch');
      await atOther();
      const ran = await desk.run([...argv, '--client', other, '--json']);
      expect(ran.json()).toMatchObject({ account: { client_id: otherClient } });
    },
  );

  it('decides what is listed, and a notice says that there is more', async () => {
    await atOther('qa@example.org');
    const clientsIn = async (...argv: string[]) => {
      const ran = await desk.run([...argv, '--json', '--client', other]);
      const { accounts, results } = ran.json<{
        accounts?: { client_id: string }[];
        results?: { account: { client_id: string } }[];
      }>();
      return (accounts ?? results?.map(({ account }) => account))?.map((one) => one.client_id);
    };
    for (const argv of lists) expect(await clientsIn(...argv)).toEqual([otherClient]);
    const ran = await desk.run(['accounts', '--client', other]);
    expect(ran.stderr).toBe(
      'gsac: One account of other clients is not listed, because --client names a client.\n',
    );
    const env = { GSAC_CLIENT: undefined };
    const { accounts } = (await desk.run(['accounts', '--json'], { env })).json<{
      accounts: unknown[];
    }>();
    expect(accounts).toHaveLength(2);
  });

  it('has no account in a list that is empty', async () => {
    const flags = ['--client-id', thirdClient];
    const listed = await desk.run(['accounts', ...flags]);
    expect(listed).toMatchObject({ exitCode: 0, stdout: '' });
    expect(listed.stderr).toContain(`No account of client ${stemOfClientId(thirdClient)}`);
    for (const argv of [['status'], ['refresh', '--all']]) {
      expectHumanFailure(await desk.run([...argv, ...flags]), 'account_unknown');
    }
  });

  it('keeps credentials of another client in the environment from being used', async () => {
    const { web } = desk.emulator.clientFile();
    const env = {
      GSAC_STORE: undefined,
      GSAC_CREDENTIALS: JSON.stringify({ ...web, refresh_token: '1//0x' }),
    };
    const flags = ['--client', other, '--json'];
    const error = expectFailure(await desk.run(['token', ...flags], { env }), 'client_mismatch');
    expect(error.message).toContain('The credentials in GSAC_CREDENTIALS belong to client');
    expect(error.message).toContain(`--client (${other}) names ${stemOfClientId(otherClient)}.`);
    expect((await desk.run(['accounts', ...flags], { env })).json()).toEqual({ accounts: [] });
  });

  it('keeps an import of another client’s token from being sent', async () => {
    const { web } = desk.emulator.clientFile();
    const file = desk.file('user.json', JSON.stringify({ ...web, refresh_token: '1//0x' }));
    desk.emulator.requests.clear();
    const ran = await desk.run(['accounts', 'import', file, '--client', other, '--json']);
    expectFailure(ran, 'client_mismatch');
    expect(desk.emulator.requests.count()).toBe(0);
  });

  it('is read once, so that it may come through a pipe', async () => {
    const pipe = join(desk.home, '..', 'pipe');
    execFileSync('mkfifo', [pipe]);
    const env = {
      GSAC_STORE: undefined,
      GSAC_REFRESH_TOKEN: desk.emulator.state.grants[0]?.refreshToken,
      GSAC_CLIENT: pipe,
    };
    const filled = once(spawn('sh', ['-c', `cat '${desk.clientFile}' > '${pipe}'`]), 'close');
    expect((await desk.run(['token'], { env })).exitCode).toBe(0);
    await filled;
  });

  describe('and one address at two clients', () => {
    const env = { GSAC_CLIENT: undefined };
    beforeEach(() => atOther());

    it('are told apart wherever both are named', async () => {
      const ran = await desk.run(['token', '-a', 'tester@example.com', '--json'], { env });
      const error = expectFailure(ran, 'account_ambiguous');
      const names = [
        'tester@example.com (client 4074…webser…)',
        'tester@example.com (client 8162…webser…)',
      ];
      expect(error.message).toBe(
        `tester@example.com is stored for 2 clients: ${names.join(', ')}.`,
      );
      expect(error.hint).toMatch(/^Add --client <file> or --client-id <id>\. .* accounts alias /);
      expect(error).toMatchObject({
        candidates: [{ client_id: client, alias: null }, { client_id: otherClient }],
      });
      const none = expectFailure(await desk.run(['token', '--json'], { env }), 'account_ambiguous');
      const unknown = await desk.run(['token', '-a', 'x@example.com', '--json'], { env });
      const status = await desk.run(['status'], { env });
      const all = await desk.run(['refresh', '--all'], { env });
      const { hint } = expectFailure(unknown, 'account_unknown');
      for (const text of [none.hint, hint, all.stdout]) {
        for (const name of names) expect(text).toContain(name);
      }
      expect(status.stdout).toMatch(/tester@example\.com +4074…webser… /);
    });

    it.each([50, 60, 80, 120])('have rows that differ in %i columns', async (columns) => {
      for (const argv of [['accounts'], ['status'], ['refresh', '--all']]) {
        const { stdout } = await desk.run(argv, { env, tty: true, columns });
        const rows = stdout.split('\n').filter((line) => /4074|8162/.test(line));
        expect(new Set(rows).size, stdout).toBe(2);
      }
    });

    it('have an alias each, which -a takes in any case', async () => {
      const set = ['accounts', 'alias', 'tester@example.com', 'staging'];
      const ran = await desk.run([...set, '--client', other, '--json'], { env });
      expect(ran.json()).toMatchObject({
        account: { alias: 'staging', client_id: otherClient },
        status: 'alias_set',
      });
      const token = await desk.run(['token', '-a', 'STAGING', '--json'], { env });
      expect(token.json()).toMatchObject({ account: { client_id: otherClient } });
      const listed = await desk.run(['accounts'], { env });
      expect(listed.stdout).toMatch(/ACCOUNT +ALIAS +STORE/);
      expect(listed.stdout).toMatch(/tester@example\.com +staging +file/);
      const both = await desk.run(['refresh', '-a', 'tester@example.com', '--json'], { env });
      expect(expectFailure(both, 'account_ambiguous').message).toContain(
        'tester@example.com (alias staging)',
      );
      const use = await desk.run(['accounts', 'use', 'staging'], { env });
      expect(use.stdout).toContain('Now using tester@example.com.');
    });
  });
});

describe('gsac accounts alias', () => {
  const desk = useDesk();
  const alias = (...argv: string[]) => desk.run(['accounts', 'alias', ...argv, '--json']);
  const aliases = async () => {
    const { accounts } = (await desk.run(['accounts', '--json'])).json<{
      accounts: { email: string; alias: string | null }[];
    }>();
    return accounts.map((one) => one.alias);
  };
  beforeEach(async () => {
    await desk.exchange();
    await desk.exchange({ user: 'qa@example.org' });
  });

  it('names an account, anew, and not at all any more', async () => {
    await alias('tester@example.com', 'main');
    await alias('main', 'primary');
    expect(await aliases()).toEqual([null, 'primary']);
    const shown = await desk.run(['accounts', 'alias', 'primary', 'main']);
    expect(shown.stdout).toBe('✓ main is now short for tester@example.com: --account main.\n');
    expect((await alias('main', '--remove')).json()).toMatchObject({
      account: { alias: null },
      status: 'alias_removed',
    });
    expectFailure(await desk.run(['token', '-a', 'main', '--json']), 'account_unknown');
  });

  it('is kept through refreshes, new sign-ins and imports', async () => {
    await alias('tester@example.com', 'main');
    await desk.run(['refresh', '-a', 'main']);
    await desk.exchange();
    await desk.exchange({ forceConsent: true });
    desk.emulator.inject({ name: 'rotate-refresh-token' });
    await desk.run(['refresh', '-a', 'main']);
    const file = join(desk.home, 'adc.json');
    await desk.run(['export', '-a', 'main', '-o', file]);
    expect((await desk.run(['accounts', 'import', file])).exitCode).toBe(0);
    expect(await aliases()).toEqual([null, 'main']);
    await desk.run(['accounts', 'remove', 'main', '--yes']);
    await desk.exchange();
    expect(await aliases()).toEqual([null, null]);
  });

  it('gives no name twice, nor one that something else could be meant by', async () => {
    await alias('tester@example.com', 'main');
    const taken = expectFailure(await alias('qa@example.org', 'MAIN'), 'usage');
    expect(taken.message).toMatch(/^MAIN is already the alias of 4074.*\/104729361850274916385\.$/);
    for (const name of ['', '1', 'a b', 'x@example.com', 'a/b', '.x', 'é', 'a'.repeat(41)]) {
      expectFailure(await alias('qa@example.org', name), 'usage');
    }
    expectFailure(await alias('qa@example.org'), 'usage');
    expectFailure(await alias('qa@example.org', 'x', '--remove'), 'usage');
    expectFailure(await alias('nobody@example.com', 'x'), 'account_unknown');
    expect(await aliases()).toEqual([null, 'main']);
  });

  it('is given once, also by two commands at the same time', async () => {
    const both = await Promise.all([
      alias('tester@example.com', 'main'),
      alias('qa@example.org', 'main'),
    ]);
    expect(both.map(({ exitCode }) => exitCode).sort()).toEqual([0, 2]);
    expect((await aliases()).filter((one) => one === 'main')).toHaveLength(1);
  });

  it('is passed over in a file that somebody else wrote', async () => {
    const key = `${desk.emulator.clientFile().web.client_id}/104729361850274916385`;
    const path = join(desk.home, 'accounts', `${accountFileName(key)}.json`);
    writeFileSync(path, JSON.stringify({ ...JSON.parse(readFileSync(path, 'utf8')), alias: 5 }));
    expect(await aliases()).toEqual([null, null]);
  });

  it('makes an account without an identity the one that is meant by name only', async () => {
    desk.emulator.inject({ name: 'no-id-token' });
    await desk.run(['accounts', 'remove', 'qa@example.org', '--yes']);
    const ran = await desk.exchange({ user: 'newcomer@example.com' });
    const { account } = ran.json<{ account: { key: string; sub: null } }>();
    expect(account.sub).toBeNull();
    const token = await desk.run(['token', '--json']);
    expect(token.json()).toMatchObject({ account: { email: 'tester@example.com' } });
    await alias(account.key, 'salvaged');
    const named = await desk.run(['token', '-a', 'salvaged', '--json']);
    expect(named.json()).toMatchObject({ account: { key: account.key } });
    const shown = await desk.run(['refresh', '-a', 'salvaged']);
    expect(shown.exitCode).toBe(0);
  });
});

describe('A file key', () => {
  const desk = useDesk();
  const key = (byte: number) => ({ GSAC_FILE_KEY: Buffer.alloc(32, byte).toString('base64') });

  it('is of a wrong form also while there is no account', async () => {
    for (const argv of [['token'], ['accounts'], ['status'], ['refresh', '--all']]) {
      const ran = await desk.run([...argv, '--json'], { env: { GSAC_FILE_KEY: 'abc' } });
      expect(expectFailure(ran, 'store_key_wrong').message).toContain('GSAC_FILE_KEY is not 32');
    }
  });

  it('may be another one as long as nothing is stored', async () => {
    const first = await desk.run(['exchange', `4/0A${'x'.repeat(70)}`], {
      env: key(1),
    });
    expect(first.exitCode).toBe(4);
    const second = await desk.run(['exchange', desk.code()], { env: key(2) });
    expect(second.exitCode, second.stderr).toBe(0);
    expect((await desk.run(['token'], { env: key(2) })).exitCode).toBe(0);
    const third = await desk.run(['exchange', desk.code(), '--json'], { env: key(3) });
    const { hint } = expectFailure(third, 'store_key_wrong');
    const vault = join(desk.home, 'vault');
    expect(hint).toContain(`\`mv ${vault} ${vault}.old\``);
  });

  it('may be another one again once the last account is removed', async () => {
    await desk.exchange();
    await desk.run(['accounts', 'remove', 'tester@example.com', '--yes']);
    const ran = await desk.run(['exchange', desk.code()], {
      env: { GSAC_FILE_KEY: undefined, GSAC_PASSPHRASE: 'correct horse' },
    });
    expect(ran.exitCode, ran.stderr).toBe(0);
  });
});
