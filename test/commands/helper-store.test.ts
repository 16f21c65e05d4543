import { existsSync, mkdirSync, readdirSync, readFileSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { writeHelper } from '../support/credential-helper.js';
import { type Ran, type RunOptions, useDesk } from '../support/run.js';
import { expectFailure, expectHumanFailure, tokenRequests } from './support.js';

/** A helper that works, unless HELPER_MODE says how it fails; it keeps a file for each entry. */
const helper = `#!/bin/sh
in=$(cat); url=\${in#*\\"ServerURL\\":\\"}; url=\${url%%\\"*}
file=$HELPER_FOLDER/$(printf %s "$url" | tr / +)
echo "$# $1 $url" >> "$HELPER_FOLDER/../calls"
env >> "$HELPER_FOLDER/../environments"
case "$HELPER_MODE $1 $url" in
  hang*) exec sleep 600 ;;
  flood*) exec yes ;;
  loud*) exec yes >&2 ;;
  die*) kill -9 $$ ;;
  garbage*) echo hello ;;
  list*) echo '[]' ;;
  refuse*) echo 'The vault is read-only' >&2; exit 3 ;;
  locked*) printf 'gpg: no luck\\r\\n\\ngpg: No pinentry\\n'; exit 2 ;;
  quiet*) exit 7 ;;
  tell*store*) printf %s "$in" >&2; exit 1 ;;
  half*store*https://gsac.invalid/4*) echo "not kept: $(printf %s "$in" | tr , '\\n' | grep 1//0 | tr -d '\\\\"' | sed s/.*:1/1/)"; exit 1 ;;
  encode*store*https://gsac.invalid/4*) printf %s "$in" | base64; exit 1 ;;
  stall*store*https://gsac.invalid/4*) exec sleep 600 ;;
  forget*store*) ;;
  forget-tokens*store*https://gsac.invalid/4*) ;;
  keep*erase*) ;;
  *agent*) sleep 600 & ;;
esac
case "$HELPER_MODE $1" in
  forget*store|keep*erase|garbage*|list*) ;;
  *store) printf %s "$in" > "$file" ;;
  *get) if [ -f "$file" ]; then cat "$file"; else echo credentials not found in native keychain; exit 1; fi ;;
  *erase) rm "$file" ;;
esac
`;

describe.runIf(process.platform !== 'win32')('A credential helper as the store', () => {
  const desk = useDesk();
  let folder: string;
  let path: string;
  beforeEach(() => {
    folder = join(desk.home, '..');
    mkdirSync(join(folder, 'entries'), { recursive: true });
    path = writeHelper(folder, helper, 'docker-credential-team');
  });

  const run = (argv: readonly string[], mode = 'work', options: RunOptions = {}): Promise<Ran> =>
    desk.run(argv, {
      ...options,
      env: {
        PATH: `${folder}:${process.env['PATH']}`,
        HELPER_FOLDER: join(folder, 'entries'),
        HELPER_MODE: mode,
        GSAC_STORE: 'helper:team',
        ...options.env,
      },
    });
  const entries = () => readdirSync(join(folder, 'entries'));
  const read = (name: string) => readFileSync(join(folder, name), 'utf8');
  const refreshTokens = () =>
    entries().map((name) => {
      const { Secret } = JSON.parse(read(`entries/${name}`)) as { Secret: string };
      return (JSON.parse(Secret) as { refresh_token: string }).refresh_token;
    });

  async function signIn(env: RunOptions['env'] = {}): Promise<void> {
    expect(await run(['exchange', desk.code(), '--json'], 'work', { env })).toMatchObject({
      exitCode: 0,
      stderr: '',
    });
  }

  it('keeps one entry for each account, by a name that people know', async () => {
    await signIn();
    const [account] = (await run(['accounts', '--json'])).json<{ accounts: { key: string }[] }>()
      .accounts;
    expect(account).toMatchObject({ store: 'helper:team', email: 'tester@example.com' });
    const [name = ''] = entries();
    expect(entries()).toEqual([`https:++gsac.invalid+${account?.key.replace('/', '+')}`]);
    expect(JSON.parse(read(`entries/${name}`))).toMatchObject({
      ServerURL: `https://gsac.invalid/${account?.key}`,
      Username: `gsac-${account?.key.replace('/', '-')}`,
    });
    expect((await run(['status'])).exitCode).toBe(0);
  });

  it('is found again by commands that name no store', async () => {
    await signIn();
    const env = { GSAC_STORE: undefined };
    const asked = tokenRequests(desk);
    expect((await run(['token'], 'work', { env })).stdout).toMatch(/^ya29\./);
    expect(tokenRequests(desk)).toBe(asked);
    expect((await run(['refresh'], 'work', { env })).exitCode).toBe(0);
    expect(
      (await run(['accounts', 'remove', 'tester@example.com', '--yes'], 'work', { env })).exitCode,
    ).toBe(0);
    expect(entries()).toEqual([]);
  });

  it('gets its action as the only argument, and none of gsac’s secrets', async () => {
    await signIn({ GSAC_PASSPHRASE: 'open-sesame', GSAC_CLIENT_SECRET: 'secret-of-a-client' });
    for (const call of read('calls').trimEnd().split('\n')) {
      expect(call).toMatch(/^1 (store|get|erase) https:\/\/gsac\.invalid\/\S+$/);
    }
    const environments = read('environments');
    expect(environments).toContain('GSAC_HOME=');
    expect(environments).not.toMatch(/open-sesame|secret-of-a-client|GSAC_FILE_KEY/);
  });

  it('is named by a path from any folder', async () => {
    await signIn({ GSAC_STORE: `helper:${path}` });
    const { accounts } = (
      await run(['accounts', '--json'], 'work', {
        env: { GSAC_STORE: undefined },
      })
    ).json<{ accounts: object[] }>();
    expect(accounts).toMatchObject([{ store: `helper:${path}` }]);
  });

  it('by another name is the same store: the token stays', async () => {
    await signIn();
    const other = join(folder, 'by-another-name');
    symlinkSync(path, other);
    await signIn({ GSAC_STORE: `helper:${other}` });
    expect(entries()).toHaveLength(1);
    expect((await run(['refresh'], 'work', { env: { GSAC_STORE: undefined } })).exitCode).toBe(0);
  });

  it('gives an account up to another store', async () => {
    await signIn();
    await signIn({ GSAC_STORE: 'file' });
    expect(entries()).toEqual([]);
  });

  it('may leave an agent behind that keeps its output open', async () => {
    expect((await run(['exchange', desk.code()], 'agent')).exitCode).toBe(0);
  });

  it.each([
    ['hang', 'store_timeout', 'did not answer `store` within 1 second'],
    ['flood', 'store_refused', 'printed more than 1 MiB'],
    ['loud', 'store_refused', 'printed more than 1 MiB'],
    ['die', 'store_refused', '(ended by SIGKILL)'],
    ['garbage', 'store_refused', 'something other than the JSON of a credential'],
    ['list', 'store_refused', 'something other than the JSON of a credential'],
    ['refuse', 'store_refused', '(exit code 3): "The vault is read-only".'],
    ['locked', 'store_locked', '(exit code 2): "gpg: no luck; gpg: No pinentry".'],
    ['quiet', 'store_refused', '(exit code 7).'],
    ['forget', 'store_refused', 'did not give back what gsac stored'],
  ] as const)('%s: the code is not sent', async (mode, code, words) => {
    const argv = ['exchange', desk.code(), '--json', '--timeout', '1'];
    const error = expectFailure(await run(argv, mode), code);
    expect(error.message).toContain('docker-credential-team');
    expect(error.message).toContain(words);
    expect(error.hint).toContain('--store file');
    expect(tokenRequests(desk)).toBe(0);
  });

  it.each([
    ['hang', 'store_timeout'],
    ['garbage', 'store_refused'],
    ['die', 'store_refused'],
    ['locked', 'store_locked'],
  ] as const)('%s: no command takes that for "no account"', async (mode, code) => {
    await signIn();
    const asked = tokenRequests(desk);
    for (const argv of [['token'], ['refresh'], ['files'], ['revoke', '--yes']]) {
      expectFailure(await run([...argv, '--json', '--timeout', '0.5'], mode), code);
    }
    expect(tokenRequests(desk)).toBe(asked);
    expectHumanFailure(await run(['token', '--timeout', '0.5'], mode), code);
    expect((await run(['token'])).exitCode).toBe(0);
  });

  it.each([
    ['helper:nowhere', 'There is no credential helper docker-credential-nowhere in PATH.'],
    ['helper:/nowhere/helper', 'The credential helper /nowhere/helper is not there.'],
    ['helper:plain', 'docker-credential-plain cannot be run (EACCES).'],
    ['helper:lost', 'docker-credential-lost is not there.'],
  ])('%s cannot be run: 5', async (store, words) => {
    desk.file('docker-credential-plain', helper);
    writeHelper(folder, '#!/nowhere/sh\n', 'docker-credential-lost');
    const env = { GSAC_STORE: store };
    const ran = await run(['exchange', desk.code(), '--json'], 'work', { env });
    expect(expectFailure(ran, 'store_unavailable').message).toContain(words);
    expect(tokenRequests(desk)).toBe(0);
  });

  it.each(['helper:', 'helper', 'helper:\u0007'])('%j is no store: 2', async (store) => {
    const ran = await run(['token', '--json'], 'work', { env: { GSAC_STORE: store } });
    expect(expectFailure(ran, 'usage').hint).toContain('helper:<name|path>');
  });

  it.each([
    ['half', 'store_refused'],
    ['encode', 'store_refused'],
    ['forget-tokens', 'store_refused'],
    ['stall', 'store_timeout'],
  ] as const)(
    '%s: a rotated token that it does not keep is rescued, and shown nowhere',
    async (mode, code) => {
      await signIn();
      desk.emulator.inject({ name: 'rotate-refresh-token' });
      const before = refreshTokens();
      const ran = await run(['refresh', '--json', '--timeout', '1'], mode);
      const error = expectFailure(ran, code);
      const rescue = String(error['rescue_file']);
      const { refresh_token: token } = JSON.parse(readFileSync(rescue, 'utf8')) as {
        refresh_token: string;
      };
      expect(before).not.toContain(token);
      expect(ran.stderr).not.toContain(token);
      const [told = ''] = error.message.split(' It was saved');
      expect(told).not.toMatch(/[A-Za-z\d+/=]{24}/);

      expect((await run(['accounts', 'import', rescue])).exitCode).toBe(0);
      expect(existsSync(rescue)).toBe(false);
      expect(refreshTokens()).toEqual([token]);
      expect((await run(['refresh'])).exitCode).toBe(0);
    },
  );

  it('that prints an entry is not quoted', async () => {
    const ran = await run(['exchange', desk.code(), '--json'], 'tell');
    expect(expectFailure(ran, 'store_refused').message).toContain('is not shown');
  });

  it('that erases nothing keeps the account in the list', async () => {
    await signIn();
    const ran = await run(['accounts', 'remove', 'tester@example.com', '--yes', '--json'], 'keep');
    expect(expectFailure(ran, 'store_refused').message).toContain('that gsac erased');
    expect((await run(['accounts'])).stdout).toContain('tester@example.com');
  });

  it('gsac doctor tries each that is in use', async () => {
    const check = async (mode: string, env: RunOptions['env'] = {}) => {
      const ran = await run(['doctor', '--json', '--timeout', '1'], mode, { env });
      const { checks } = ran.json<{ checks: { id: string; state: string }[] }>();
      return checks.find(({ id }) => id === 'helper-store');
    };
    const env = { GSAC_STORE: undefined };
    expect(await check('work', env)).toMatchObject({ state: 'skipped' });
    expect(await check('work')).toMatchObject({ state: 'ok' });
    await signIn();
    expect(await check('work', env)).toMatchObject({ state: 'ok' });
    expect(await check('locked', env)).toMatchObject({
      state: 'error',
      error_code: 'store_locked',
      fix: expect.stringMatching(/^Unlock/),
    });
    expect(entries()).toHaveLength(1);
  });
});
