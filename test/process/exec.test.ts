import { chmodSync, existsSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { openSignedIn, type Sandbox, until } from '../support/process.js';
import { itWith } from '../support/requires.js';
import { openTerminal } from '../support/terminal.js';

async function signedIn(): Promise<{ box: Sandbox; token: string }> {
  const { box } = await openSignedIn();
  return { box, token: (await box.run(['token'])).stdout.trim() };
}

const tell =
  'const { readFileSync } = require("node:fs");' +
  'console.log(JSON.stringify({ env: process.env, args: process.argv.slice(1),' +
  // biome-ignore lint/suspicious/noTemplateCurlyInString: it is the child that reads it
  ' lines: [process.pid, process.ppid].map((pid) => readFileSync(`/proc/${pid}/cmdline`, "utf8")) }));';

describe('the installed gsac exec', () => {
  it('hands the token over in the environment, never in the arguments', async () => {
    const { box, token } = await signedIn();
    const secrets = {
      GSAC_PASSPHRASE: 'a passphrase',
      GSAC_CLIENT_SECRET: 'GOCSPX-secret',
    };
    const args = ['--json', '--help', '-V', '--timeout', '0', '--', '', 'a b', '\'"$(id)'];
    const ran = await box.run(['exec', '--', process.execPath, '-e', tell, 'x', ...args], {
      env: { ...secrets, OTHER: 'stays' },
    });
    expect(ran).toMatchObject({ exitCode: 0, stderr: '' });
    const told = ran.json<{ env: Record<string, string>; args: string[]; lines: string[] }>();
    expect(told.env).toMatchObject({
      CLOUDSDK_AUTH_ACCESS_TOKEN: token,
      GOOGLE_OAUTH_ACCESS_TOKEN: token,
      GSAC_ACCESS_TOKEN: token,
      GSAC_HOME: box.home,
      OTHER: 'stays',
    });
    for (const name of [
      ...['GSAC_PASSPHRASE', 'GSAC_FILE_KEY', 'GSAC_CLIENT_SECRET'],
      ...['GSAC_REFRESH_TOKEN', 'GSAC_CREDENTIALS', 'GSAC_ACCESS_TOKEN_FILE'],
    ]) {
      expect(told.env, name).not.toHaveProperty(name);
    }
    expect(told.args).toEqual(['x', ...args]);
    for (const line of told.lines) expect(line).not.toContain(token.slice(0, 20));
  });

  it('takes the credentials in the environment away from the child', async () => {
    const { box } = await openSignedIn();
    const adc = (await box.run(['export'])).stdout;
    const ran = await box.run(['exec', '--store', 'env', '--', 'env'], {
      env: { GSAC_CREDENTIALS: adc, GSAC_STORE: undefined },
    });
    expect(ran.exitCode).toBe(0);
    expect(ran.stdout).not.toContain('GSAC_CREDENTIALS');
    expect(ran.stdout).toMatch(/^GSAC_ACCESS_TOKEN=ya29\./m);
  });

  it('gives back the exit code, standard input and both outputs', async () => {
    const { box } = await openSignedIn();
    const line = ['exec', '--', 'sh', '-c', 'cat; echo told >&2; exit 37'];
    expect(await box.run(line, { stdin: 'typed' })).toMatchObject({
      exitCode: 37,
      stdout: 'typed',
      stderr: 'told\n',
    });
    expect((await box.run(['exec', '--', 'sh', '-c', 'kill -KILL $$'])).exitCode).toBe(137);
  });

  for (const signal of ['SIGINT', 'SIGQUIT'] as const) {
    it(`passes ${signal} on, as often as it comes`, async () => {
      const { box } = await openSignedIn();
      const name = signal.slice(3);
      let heard = '';
      // Twice: the second one would end gsac, were the first one its own.
      const script = `trap 'n=$((n+1)); echo $n; [ $n = 2 ] && exit 9' ${name}; echo 0; while :; do sleep 0.05; done`;
      const ran = await box.run(['exec', '--', 'sh', '-c', script], {
        onStart(child) {
          child.stdout?.on('data', (text: string) => {
            heard = text.trim();
            if (heard === '0' || heard === '1') child.kill(signal);
          });
        },
      });
      expect(ran).toMatchObject({ exitCode: 9, stdout: '0\n1\n2\n', stderr: '' });
    });
  }

  for (const signal of ['SIGTERM', 'SIGHUP'] as const) {
    it(`passes ${signal} on, and kills the command with the second one`, async () => {
      const { box } = await openSignedIn();
      let heard = '';
      const script = `trap 'echo 1' ${signal.slice(3)}; echo 0; while :; do sleep 0.05; done`;
      const ran = await box.run(['exec', '--', 'sh', '-c', script], {
        onStart(child) {
          child.stdout?.on('data', (text: string) => {
            heard = text.trim();
            if (heard === '0' || heard === '1') child.kill(signal);
          });
        },
      });
      expect(ran).toMatchObject({ exitCode: 137, stdout: '0\n1\n', stderr: '' });
    });
  }

  it('says 128 and the signal where one ended the child', async () => {
    const { box } = await openSignedIn();
    const ran = await box.run(['exec', '--', 'sh', '-c', 'echo up; exec sleep 60'], {
      onStart: (child) => void child.stdout?.once('data', () => child.kill('SIGTERM')),
    });
    expect(ran).toMatchObject({ exitCode: 143, signal: null });
  });

  itWith('a terminal', 'Ctrl-C reaches the child once', async () => {
    const { box } = await openSignedIn();
    const script = `trap 'echo got-it' INT; echo ready; read line; echo "read $line"`;
    writeFileSync(join(box.folder, 'child.sh'), script);
    const terminal = openTerminal(box, 'gsac exec -- bash child.sh; echo "exit $?"');
    await terminal.shows('ready');
    terminal.type('\x03');
    await terminal.shows('got-it');
    terminal.type('on\r');
    await terminal.shows('exit 0');
    await terminal.ended();
    expect(terminal.screen.split('got-it')).toHaveLength(2);
  });

  it('127 for what is not there, 126 for what cannot be run, each with its sentence', async () => {
    const { box } = await openSignedIn();
    const missing = await box.run(['exec', '--json', '--', 'no-such-program']);
    expect(missing).toMatchObject({ exitCode: 127, stdout: '' });
    expect(missing.error()).toMatchObject({ code: 'command_not_found' });
    for (const impossible of ['', join(box.env['GSAC_CLIENT'] ?? '', 'x'), 'x'.repeat(5_000)]) {
      const ran = await box.run(['exec', '--json', '--', impossible]);
      expect(ran).toMatchObject({ exitCode: 127, stdout: '' });
      expect(ran.error()).toMatchObject({ code: 'command_not_found' });
    }
    const plain = join(box.folder, 'plain.txt');
    writeFileSync(plain, 'text');
    chmodSync(plain, 0o644);
    for (const path of [plain, box.folder]) {
      const ran = await box.run(['exec', '--', path]);
      expect(ran).toMatchObject({ exitCode: 126, stdout: '' });
      expect(ran.stderr).toMatch(/^gsac: error: .* cannot be run \(EACCES\)\.\ngsac: hint: /);
    }
  });

  it('keeps a private token file fresh while the child runs, and removes it', async () => {
    const { box } = await openSignedIn({ accessTokenLifetimeSeconds: 4 });
    const script =
      'f=$GSAC_ACCESS_TOKEN_FILE; first=$(cat "$f"); echo "$f"; stat -c %a "$f" "$(dirname "$f")";' +
      'while [ "$(cat "$f")" = "$first" ]; do sleep 0.05; done; second=$(cat "$f");' +
      'while [ "$(cat "$f")" = "$second" ]; do sleep 0.05; done; cat "$f"; echo; echo "$first"; echo "$second"';
    const ran = await box.run(['exec', '--token-file', '--', 'sh', '-c', script]);
    expect(ran).toMatchObject({ exitCode: 0, stderr: '' });
    const [path = '', fileMode, folderMode, ...tokens] = ran.stdout.trim().split('\n');
    expect([fileMode, folderMode]).toEqual(['600', '700']);
    expect(new Set(tokens).size).toBe(3);
    for (const token of tokens) expect(token).toMatch(/^ya29\.[\w.-]+$/);
    expect(path.startsWith(box.tmp)).toBe(true);
    expect(existsSync(dirname(path))).toBe(false);
  });

  it('removes the token file also where the child is ended or never runs', async () => {
    const { box } = await openSignedIn();
    let path = '';
    const ran = await box.run(
      ['exec', '--token-file', '--', 'sh', '-c', 'echo "$GSAC_ACCESS_TOKEN_FILE"; exec sleep 60'],
      {
        onStart: (child) =>
          void child.stdout?.once('data', (text: string) => {
            path = text.trim();
            expect(statSync(path).mode & 0o777).toBe(0o600);
            expect(readFileSync(path, 'utf8')).toMatch(/^ya29\.\S+$/);
            child.kill('SIGINT');
          }),
      },
    );
    expect(ran.exitCode).toBe(130);
    await until('the file is gone', () => path !== '' && !existsSync(dirname(path)));
    expect((await box.run(['exec', '--token-file', '--', 'no-such'])).exitCode).toBe(127);
    expect((await box.spawn('ls', [box.tmp])).stdout).not.toContain('gsac-exec');
  });
});

describe('the installed gsac export', () => {
  it('what adc writes, Google’s library and another home read back', async () => {
    const { box } = await openSignedIn();
    const file = join(box.folder, 'adc.json');
    expect(await box.run(['export', '-o', file])).toMatchObject({ exitCode: 0, stdout: '' });
    expect(statSync(file).mode & 0o777).toBe(0o600);
    const imported = await box.run(['accounts', 'import', file, '--json'], {
      env: { GSAC_HOME: join(box.folder, 'other') },
    });
    expect(imported.json()).toMatchObject({ account: { email: 'tester@example.com' } });
    const { UserRefreshClient } = await import('google-auth-library');
    const client = new UserRefreshClient();
    const document = JSON.parse(readFileSync(file, 'utf8')) as { token_uri: string };
    client.fromJSON(document as unknown as Parameters<typeof client.fromJSON>[0]);
    Object.assign(client.endpoints, { oauth2TokenUrl: document.token_uri });
    expect((await client.getAccessToken()).token).toMatch(/^ya29\./);
  });

  it('curl reads its config from a pipe', async () => {
    const { box } = await openSignedIn();
    const client = JSON.parse(readFileSync(box.env['GSAC_CLIENT'] ?? '', 'utf8'));
    const { origin } = new URL(client.web.token_uri);
    const ran = await box.shell(
      `gsac export --format curl | curl -sS -K - '${origin}/drive/v3/files?spaces=appDataFolder'`,
    );
    expect(ran).toMatchObject({ exitCode: 0, stderr: '' });
    expect(ran.json()).toMatchObject({ kind: 'drive#fileList' });
  });

  it('refuses a redirect into a file that others may read, not one of our own', async () => {
    const { box } = await openSignedIn();
    const open = await box.shell('umask 022; gsac export > open.json');
    expect(open.exitCode).toBe(2);
    expect(open.stderr).toContain('a file that other users may read');
    expect(await box.shell('umask 077; gsac export > own.json')).toMatchObject({ exitCode: 0 });
    expect(await box.shell('gsac export --show-secrets > open.json')).toMatchObject({
      exitCode: 0,
    });
  });

  it('sh and node read env and dotenv', async () => {
    const { box, token } = await signedIn();
    const byShell = await box.shell(
      'eval "$(gsac export --format env)"; printf %s "$GSAC_ACCESS_TOKEN"',
    );
    expect(byShell.stdout).toBe(token);
    await box.run(['export', '--format', 'dotenv', '-o', join(box.folder, '.env')]);
    const byNode = await box.spawn(process.execPath, [
      ...['--env-file=.env', '-p', 'process.env.GOOGLE_OAUTH_ACCESS_TOKEN'],
    ]);
    expect(byNode.stdout.trim()).toBe(token);
  });
});
