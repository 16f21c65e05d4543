import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { createSandbox, type Sandbox } from '../support/process.js';
import { describeWith, itWith } from '../support/requires.js';

const noStore = { GSAC_HOME: undefined, GSAC_STORE: undefined, GSAC_FILE_KEY: undefined };

/** What a line of sh needs to be an app and its backend. */
const backend = `
field() { sed -n "s/.*\\"$1\\": *\\"\\([^\\"]*\\)\\".*/\\1/p" | head -n 1; }
id=$(field client_id < "$GSAC_CLIENT"); secret=$(field client_secret < "$GSAC_CLIENT")
www=https://www.googleapis.com
send() { curl -s https://oauth2.googleapis.com/token -d "client_id=$id" -d "client_secret=$secret" "$@"; }
send_code() { send -d grant_type=authorization_code -d "redirect_uri=$2" --data-urlencode "code=$1"; }
fault() { curl -s -o /dev/null -H 'content-type: application/json' "$GSAC_EMULATOR/_emulator/faults" -d "{\\"name\\":\\"$1\\"}"; }
get() { curl -s -H "Authorization: Bearer $access" "$@"; }
`;

/** Watches a line of sh in front of the emulator. */
function watch(box: Sandbox, line: string, flags: readonly string[] = [], env = {}) {
  const inner = ['gsac', 'watch', ...flags, '--', 'sh', '-c', `${backend}\n${line}`];
  return box.run(['emulator', 'run', '--quiet', '--', ...inner], { env: { ...noStore, ...env } });
}

async function listening(server: Server): Promise<number> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return (server.address() as AddressInfo).port;
}

const events = (stderr: string) =>
  stderr
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Record<string, unknown> & { event: string });

it.each(['SSL_CERT_FILE', 'SYSTEM_WGETRC'])('starts if %s names a pipe', async (variable) => {
  const box = await createSandbox();
  const pipe = join(box.folder, 'pipe');
  execFileSync('mkfifo', [pipe]);
  const ran = await box.run(['watch', '--', 'sh', '-c', 'exit 7'], { env: { [variable]: pipe } });
  expect(ran.exitCode, ran.stderr).toBe(7);
});

describeWith('curl', 'what gsac watch tells', () => {
  it('each refusal with its cause, evidence and what was seen, once; the rest at the end', async () => {
    const box = await createSandbox();
    const ran = await watch(
      box,
      `echo mine; echo mine too >&2
code=$(gsac emulator sign-in)
send_code "$code" postmessage > /dev/null; send_code "$code" postmessage > /dev/null
access=$(send_code "$code" '' | field access_token)
get "$www/drive/v3/files?spaces=appDataFolder" > /dev/null
get https://firestore.googleapis.com/v1/projects/x > /dev/null
exit 3`,
    );
    expect(ran).toMatchObject({ exitCode: 3, stdout: 'mine\n' });
    const own = ran.stderr.split('\n').filter((line) => line !== '');
    expect(own.filter((line) => !line.startsWith('gsac:'))).toEqual(['mine too']);
    expect(ran.stderr.match(/400 redirect_uri_mismatch \(Bad Request\)/g)).toHaveLength(1);
    expect(ran.stderr).toContain('likely cause: redirect-uri-must-be-empty\n');
    expect(ran.stderr).toContain('evidence: it says "redirect_uri_mismatch"');
    expect(ran.stderr).toContain('seen: redirect_uri=postmessage was sent\n');
    expect(ran.stderr).toMatch(
      /400 redirect_uri_mismatch \(2 times\): redirect-uri-must-be-empty\n/,
    );
    expect(ran.stderr).toMatch(/was granted .*drive\.appdata.*; all were used\./);
    expect(readdirSync(box.tmp)).toEqual([]);
  });

  it('with --quiet, only what someone must act on', async () => {
    const box = await createSandbox();
    const ran = await watch(box, 'send_code 4/0Aabc "" > /dev/null', ['--quiet']);
    expect(ran.stderr).toContain('400 invalid_grant');
    expect(ran.stderr).not.toContain('1 request to Google');
  });

  it('6 with --fail if anything was refused, else the exit code of the command', async () => {
    const box = await createSandbox();
    const good = 'curl -sf -o /dev/null $www/oauth2/v3/certs';
    const bad = 'send_code 4/0Aabc "" > /dev/null';
    expect((await watch(box, good, ['--fail'])).exitCode).toBe(0);
    expect((await watch(box, bad, ['--fail'])).exitCode).toBe(6);
    expect((await watch(box, `${bad}; exit 4`, ['--fail'])).exitCode).toBe(4);
    expect((await watch(box, bad)).exitCode).toBe(0);
  });

  it('which scopes were granted and not used', async () => {
    const box = await createSandbox();
    const ran = await watch(
      box,
      `scope='openid https://www.googleapis.com/auth/drive.appdata'
access=$(send_code "$(gsac emulator sign-in --scope "$scope")" '' | field access_token)
get $www/oauth2/v3/userinfo > /dev/null`,
      ['--json'],
    );
    expect(events(ran.stderr).at(-1)).toMatchObject({
      event: 'summary',
      requests: { total: 2 },
      scopes: [
        {
          granted: expect.arrayContaining(['https://www.googleapis.com/auth/drive.appdata']),
          used: ['openid'],
          unused: ['https://www.googleapis.com/auth/drive.appdata'],
        },
      ],
    });
  });

  it('that a redirect URI is not the one that the code was asked for with, and a token in a URL', async () => {
    const box = await createSandbox();
    const ran = await watch(
      box,
      `uri=http://localhost:8080/oauth2callback
gsac emulator sign-in > /dev/null # from now on the person has consented
code=$(curl -s -o /dev/null -w '%{redirect_url}' -G https://accounts.google.com/o/oauth2/v2/auth \
  -d "client_id=$id" -d response_type=code -d scope=openid -d prompt=none \
  -d login_hint=tester@example.com --data-urlencode "redirect_uri=$uri" | sed 's/.*code=\\([^&]*\\).*/\\1/; s/%2F/\\//g')
send_code "$code" '' > /dev/null
access=$(send_code "$code" "$uri" | field access_token)
curl -s -o /dev/null "$www/drive/v3/files?access_token=$access"`,
      ['--json'],
    );
    const found = events(ran.stderr);
    expect(found.find(({ event }) => event === 'refusal')).toMatchObject({
      error: 'redirect_uri_mismatch',
      seen: expect.arrayContaining([
        'the code was requested with redirect_uri=http://localhost:8080/oauth2callback',
      ]),
    });
    const findings = found.filter(({ event }) => event === 'finding');
    expect(findings).toMatchObject([
      {
        code: 'redirect_uri_contradicts_source',
        hint: expect.stringContaining('redirect_uri=http://localhost:8080/oauth2callback'),
      },
      { code: 'refresh_token_absent' },
      { code: 'secret_in_url', message: 'The URL of a request holds access_token.' },
    ]);
  });

  it('the history of an account that gsac holds, and when a refresh token ends', async () => {
    const box = await createSandbox();
    const ran = await watch(
      box,
      `fault expiring-grant
gsac emulator sign-in | gsac exchange - --quiet > /dev/null
refresh=$(gsac export | field refresh_token)
fault user-revoked
send -d grant_type=refresh_token -d "refresh_token=$refresh" > /dev/null`,
      ['--json'],
    );
    const found = events(ran.stderr);
    expect(found.find(({ event }) => event === 'refusal')).toMatchObject({
      error: 'invalid_grant',
      seen: expect.arrayContaining([
        expect.stringContaining('gsac’s account tester@example.com, issued'),
      ]),
    });
  });

  it('that a refresh token of this run ends soon', async () => {
    const ran = await watch(
      await createSandbox(),
      'fault expiring-grant; send_code "$(gsac emulator sign-in)" "" > /dev/null',
    );
    expect(ran.stderr).toMatch(/A refresh token of client \S+ expires in \d+ days\./);
  });
});

describe('what gsac watch refuses, before anything runs', () => {
  it.each([
    [['watch', 'true']],
    [['watch', '--report', 'pdf', '--', 'true']],
    [['watch', '--report', 'html=', '--', 'true']],
    [['watch', '--har', '', '--', 'true']],
    [['watch', '--har', 'x', '--report', 'json=x', '--', 'true']],
  ])('%j', async (argv) => {
    const ran = await (await createSandbox()).run(argv);
    expect(ran).toMatchObject({ exitCode: 2, stdout: '' });
  });

  it('a report that cannot be written, and a command that is not there', async () => {
    const box = await createSandbox();
    const line = ['watch', '--report', 'html=no/such/folder/x', '--', 'sh', '-c', 'echo ran'];
    const unwritable = await box.run(line);
    expect(unwritable.exitCode).not.toBe(0);
    expect(unwritable.stdout).toBe('');
    expect((await box.run(['watch', '--', 'no-such-program'])).exitCode).toBe(127);
    expect(readdirSync(box.tmp)).toEqual([]);
  });
});

describeWith('curl', 'what gsac watch leaves alone', () => {
  it('other hosts and HTTP/2 only, which it names, and says that it saw nothing', async () => {
    const box = await createSandbox();
    const h2 = join(box.folder, 'h2.cjs');
    writeFileSync(
      h2,
      `require('node:http2').connect('https://firestore.googleapis.com').on('error', () => undefined);`,
    );
    const web = createServer((_request, response) => response.end('from outside'));
    const url = `http://127.0.0.1:${await listening(web)}/`;
    const proxy = createServer();
    const asked: string[] = [];
    proxy.on('connect', ({ url = '' }: IncomingMessage, socket: Socket) => {
      asked.push(url);
      socket.write('HTTP/1.1 200 OK\r\n\r\n');
      socket.once('data', () => socket.destroy());
    });
    const HTTPS_PROXY = `http://127.0.0.1:${await listening(proxy)}`;
    const line = `node ${h2}; curl -sS --noproxy '' ${url}`;
    const ran = await box.run(['watch', '--json', '--', 'sh', '-c', line], {
      env: { HTTPS_PROXY },
    });
    expect(ran.stdout).toBe('from outside');
    expect(asked).toEqual(['firestore.googleapis.com:443']);
    expect(events(ran.stderr)).toMatchObject([
      {
        event: 'summary',
        requests: { total: 0 },
        tunnelled: expect.arrayContaining([
          expect.objectContaining({ host: 'firestore.googleapis.com', why: 'http2' }),
          expect.objectContaining({ host: '127.0.0.1', why: 'other' }),
        ]),
      },
    ]);
    const bare = await box.run(['watch', '--', 'true']);
    expect(bare).toMatchObject({ exitCode: 0, stdout: '' });
    expect(bare.stderr).toContain('gsac saw no request to Google.');
  });

  it('the person’s own proxy, through which it goes to Google', async () => {
    const box = await createSandbox();
    const asked: string[] = [];
    const proxy = createServer();
    proxy.on('connect', ({ url = '' }: IncomingMessage, socket: Socket) => {
      asked.push(url);
      socket.end('HTTP/1.1 502 Bad Gateway\r\n\r\n');
    });
    const HTTPS_PROXY = `http://127.0.0.1:${await listening(proxy)}`;
    const line = ['sh', '-c', 'curl -sS https://www.googleapis.com/oauth2/v3/certs; echo $?'];
    const ran = await box.run(['watch', '--', ...line], { env: { HTTPS_PROXY } });
    expect(asked).toEqual(['www.googleapis.com:443']);
    expect(ran.stdout).toMatch(/^[1-9]\d*\n$/);
    expect(ran.stderr).toMatch(/certs: no response \(the proxy \S+ answers 502\)/);
  });

  itWith('curl', 'bodies: a large download takes no memory, and arrives whole', async () => {
    const box = await createSandbox();
    const chunk = Buffer.alloc(1_048_576, 7);
    const megabytes = 400;
    const proxy = createServer((_request, response) => {
      let left = megabytes;
      const send = () => {
        while (left > 0) {
          left -= 1;
          if (!response.write(chunk)) return void response.once('drain', send);
        }
        return void response.end();
      };
      send();
    });
    const http_proxy = `http://127.0.0.1:${await listening(proxy)}`;
    const get = `curl -sS -o /dev/null -w '%{size_download}\\n' http://storage.googleapis.com/large`;
    const line = `${get}; grep VmHWM /proc/$PPID/status`;
    const ran = await box.run(['watch', '--', 'sh', '-c', line], { env: { http_proxy } });
    const bytes = megabytes * chunk.length;
    const [, peak] = new RegExp(`^${bytes}\nVmHWM:\\s+(\\d+) kB`).exec(ran.stdout) ?? [];
    expect(Number(peak)).toBeLessThan(300_000);
    expect(ran.stderr).toContain('1 request to Google: storage.googleapis.com. None failed.');
  });
});

describeWith('curl', 'the documents of gsac watch', () => {
  it('go to stdout after what the command printed, or to files of mode 0600', async () => {
    const box = await createSandbox();
    const har = join(box.folder, 'x.har');
    const ran = await watch(box, 'echo mine; send_code 4/0Aabc "" > /dev/null', [
      '--quiet',
      '--report',
      'junit',
      '--har',
      har,
    ]);
    expect(ran.stdout).toMatch(/^mine\n<\?xml .*<failure type="[a-z-]+".*<\/testsuites>\n$/s);
    expect(JSON.parse(readFileSync(har, 'utf8'))).toMatchObject({
      log: { entries: [{ request: { method: 'POST' }, response: { status: 400 } }] },
    });
  });
});
