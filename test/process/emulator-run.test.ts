import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo, createServer as createSocketServer, Socket } from 'node:net';
import { dirname, join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { createSandbox, pathOfThisNode, type Sandbox, until } from '../support/process.js';
import { itWith, python } from '../support/requires.js';

const certs = 'https://www.googleapis.com/oauth2/v3/certs';

/** Runs a line of sh between which and Google the emulator stands. */
function inRun(box: Sandbox, line: string, flags: readonly string[] = [], env = {}) {
  return box.run(['emulator', 'run', ...flags, '--', 'sh', '-c', line], {
    env: { GSAC_HOME: undefined, GSAC_STORE: undefined, GSAC_FILE_KEY: undefined, ...env },
  });
}

/** A program for node, as a file. */
function program(box: Sandbox, name: string, text: string): string {
  const path = join(box.folder, name);
  writeFileSync(path, text);
  return path;
}

describe('a program with Google’s own addresses under gsac emulator run', () => {
  itWith('curl', 'curl', async () => {
    const box = await createSandbox();
    const ran = await inRun(box, `curl -sS --fail ${certs}`);
    expect(ran.json()).toMatchObject({ keys: [{ kty: 'RSA' }] });
    expect(ran.exitCode).toBe(0);
    expect(ran.stderr).toBe('gsac: 1 request to Google: www.googleapis.com.\n');
  });

  itWith('wget', 'wget', async () => {
    const ran = await inRun(await createSandbox(), `wget -qO- ${certs}`);
    expect(ran.json()).toHaveProperty('keys');
  });

  itWith('curl', 'a device, and the person who types its code', async () => {
    const box = await createSandbox();
    const path = program(
      box,
      'device.sh',
      `set -e
client=$(node -p 'require(process.env.GSAC_CLIENT).installed.client_id')
codes=$(curl -sS --fail -d "client_id=$client&scope=email" https://oauth2.googleapis.com/device/code)
page=$(node -p 'JSON.parse(process.argv[1]).verification_url' "$codes")
user=$(node -p 'JSON.parse(process.argv[1]).user_code' "$codes")
echo "$page"
curl -sS --fail -d "user_code=$user&_user=qa@example.org&_consent=allow" "$page" | grep '<h1>'
`,
    );
    const ran = await inRun(box, `sh ${path}`, ['--client-type', 'device']);
    expect(ran.stdout).toBe('https://www.google.com/device\n<h1>Your device has access</h1>\n');
  });

  itWith(
    'Python with oauth2client',
    'Python: urllib, httplib2 and Google’s discovery',
    async () => {
      const box = await createSandbox();
      const path = program(
        box,
        'ask.py',
        `import urllib.request, httplib2
from googleapiclient.discovery import build
print(urllib.request.urlopen("${certs}").status)
print(httplib2.Http().request("https://accounts.google.com/.well-known/openid-configuration")[0].status)
print(build("drive", "v3", http=httplib2.Http(), cache_discovery=False)._baseUrl)
`,
      );
      const ran = await inRun(box, `${python} ${path}`);
      expect(ran.stdout).toBe('200\n200\nhttps://www.googleapis.com/drive/v3/\n');
    },
  );

  itWith('PHP', 'PHP: curl and streams', async () => {
    const box = await createSandbox();
    const path = program(
      box,
      'ask.php',
      `<?php
$curl = curl_init('${certs}');
curl_setopt($curl, CURLOPT_RETURNTRANSFER, true);
curl_exec($curl);
echo curl_getinfo($curl, CURLINFO_HTTP_CODE), "\\n";
foreach (['${certs}', 'https://accounts.google.com/.well-known/openid-configuration'] as $url) {
    echo json_decode(file_get_contents($url)) === null ? 'no' : 'yes', "\\n";
}
`,
    );
    expect((await inRun(box, `php ${path}`)).stdout).toBe('200\nyes\nyes\n');
  });

  itWith('Ruby', 'Ruby', async () => {
    const line = `ruby -rnet/http -e 'print Net::HTTP.get_response(URI("${certs}")).code'`;
    expect((await inRun(await createSandbox(), line)).stdout).toBe('200');
  });

  itWith('Java', 'Java: both of its clients', async () => {
    const box = await createSandbox();
    const path = program(
      box,
      'Ask.java',
      `import java.net.*; import java.net.http.*;
public class Ask { public static void main(String[] args) throws Exception {
  System.out.println(((HttpURLConnection) new URL("${certs}").openConnection()).getResponseCode());
  var request = HttpRequest.newBuilder(URI.create("${certs}")).build();
  System.out.println(HttpClient.newHttpClient().send(request, HttpResponse.BodyHandlers.ofString()).statusCode());
}}
`,
    );
    expect((await inRun(box, `java ${path}`)).stdout).toBe('200\n200\n');
  });

  it('Node: fetch, https, an agent of its own, worker threads, ES modules', async () => {
    const box = await createSandbox();
    const common = program(
      box,
      'ask.cjs',
      `const https = require('node:https');
const { Worker } = require('node:worker_threads');
const get = (agent) => new Promise((done, fail) => {
  https.get('${certs}', { agent }, (answer) => { answer.resume(); done(answer.statusCode); }).on('error', fail);
});
(async () => {
  console.log((await fetch('${certs}')).status);
  console.log(await get(undefined));
  console.log(await get(new https.Agent()));
  new Worker("fetch('${certs}').then(({ status }) => console.log(status))", { eval: true });
})();
`,
    );
    const module = program(
      box,
      'ask.mjs',
      `import { get } from 'node:https';
import { connect } from 'node:tls';
get('${certs}', (answer) => console.log(answer.resume().statusCode));
const socket = connect(443, 'oauth2.googleapis.com', { servername: 'oauth2.googleapis.com' });
socket.once('secureConnect', () => { console.log(socket.authorized); socket.end(); });
`,
    );
    const ran = await inRun(box, `node ${common} && node ${module}`, [], {
      NODE_OPTIONS: '--no-deprecation',
      // A folder whose name has to be quoted in NODE_OPTIONS.
      TMPDIR: join(box.tmp, 'a "b" \\c'),
    });
    expect(ran.stdout.split('\n').sort()).toEqual(['', '200', '200', '200', '200', '200', 'true']);
    // Node 22 may say this in a worker before anything of ours is loaded there.
    const warnings = ran.stderr.match(/^.*Warning.*$/gm) ?? [];
    expect(warnings.filter((line) => !line.includes('UNDICI-EHPA'))).toEqual([]);
    expect(ran.exitCode).toBe(0);
  });

  itWith('curl', 'a shell that starts Node that starts curl', async () => {
    const box = await createSandbox();
    const line = `node -e 'require("child_process").execFileSync("curl", ["-sS", "${certs}"], { stdio: "inherit" })'`;
    expect((await inRun(box, line)).json()).toHaveProperty('keys');
  });

  it('gsac itself, whose accounts are the run’s own', async () => {
    const box = await createSandbox();
    const user = box.env['HOME'] ?? '';
    const ran = await inRun(
      box,
      'gsac emulator sign-in | gsac exchange - --json && gsac accounts --json && gsac emulator requests --json',
    );
    expect(ran.stderr).toContain('straight to the emulator');
    expect(ran.exitCode).toBe(0);
    expect(ran.stdout).toContain('"email": "tester@example.com"');
    expect(readdirSync(user)).toEqual([]);
    expect(readdirSync(box.tmp)).toEqual([]);
  });

  it('gsac, also where its folder is not in PATH', async () => {
    const box = await createSandbox();
    const env = { PATH: pathOfThisNode() };
    const line = 'command -v gsac; printf %s "$PATH"';
    const ran = await inRun(box, line, [], env);
    expect(ran.stdout.split('\n')[0]).toBe(box.gsac.bin);
    expect(ran.stdout.split('\n')[1]).toBe(`${env.PATH}:${dirname(box.gsac.bin)}`);
  });

  itWith('curl', 'and another run in it, the innermost of which is asked', async () => {
    const box = await createSandbox();
    const ran = await inRun(box, `gsac emulator run --quiet -- curl -sS --fail ${certs}`, [
      '--json',
    ]);
    expect(ran.json()).toHaveProperty('keys');
    expect(JSON.parse(ran.stderr)).toMatchObject({ requests: { total: 0 }, exit_code: 0 });
  });

  itWith('curl', 'takes a client file of the person’s own for the app’s', async () => {
    const box = await createSandbox();
    const clientId = '111122223333-abcdefghijklmnopqrstuvwxyz012345.apps.googleusercontent.com';
    const client = program(
      box,
      'client_secret.json',
      JSON.stringify({
        web: {
          client_id: clientId,
          client_secret: 'GOCSPX-of-the-app',
          token_uri: 'https://oauth2.googleapis.com/token',
        },
      }),
    );
    const line =
      `curl -sS https://oauth2.googleapis.com/token -d grant_type=authorization_code -d redirect_uri= ` +
      `-d client_id=${clientId} -d client_secret=GOCSPX-of-the-app -d code="$(gsac emulator sign-in)"`;
    const ran = await inRun(box, `${line}; cat "$GSAC_CLIENT" >&2`, ['--client', client]);
    expect(ran.json()).toMatchObject({ token_type: 'Bearer' });
    expect(ran.stderr).toContain('"token_uri": "https://oauth2.googleapis.com/token"');
    expect(ran.stderr).toContain(clientId);
  });
});

describe('a program with the key of a service account under gsac emulator run', () => {
  const flags = ['--service-account-out', 'key.json'];
  const drive = 'https://www.googleapis.com/auth/drive.appdata';

  it('Google’s library for Node finds it, signs in and is refused in Google’s words', async () => {
    const box = await createSandbox();
    const library = import.meta.resolve('google-auth-library');
    const path = program(
      box,
      'account.mjs',
      `import { generateKeyPairSync } from 'node:crypto';
import { GoogleAuth, JWT } from ${JSON.stringify(library)};
const auth = new GoogleAuth({ scopes: ['${drive}'] });
const client = await auth.getClient();
const { data } = await client.request({ url: 'https://www.googleapis.com/drive/v3/files?spaces=appDataFolder' });
const { email, key } = client;
const own = { email, key, scopes: ['${drive}'] };
const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
const otherKey = privateKey.export({ type: 'pkcs8', format: 'pem' });
const words = async (more) => new JWT({ ...own, ...more }).authorize().then(() => 'authorized', ({ message }) => message);
console.log(JSON.stringify({
  files: data.files,
  project: await auth.getProjectId(),
  delegated: await words({ subject: 'qa@example.org' }),
  consumer: await words({ subject: 'tester@example.com' }),
  stranger: await words({ email: 'other@example.iam.gserviceaccount.com' }),
  otherKey: await words({ key: otherKey }),
}));
`,
    );
    const ran = await inRun(box, `node ${path}`, flags);
    expect(ran.json()).toEqual({
      files: [],
      project: 'emulator-demo-407408',
      delegated: 'authorized',
      consumer: expect.stringContaining('Unauthorized client or scope in request.'),
      stranger: expect.stringContaining('Invalid grant: account not found'),
      otherKey: expect.stringContaining('Invalid JWT Signature.'),
    });
  });

  itWith('Python with google-auth', 'Google’s library for Python does, too', async () => {
    const box = await createSandbox();
    const path = program(
      box,
      'account.py',
      `import google.auth
from google.auth.transport.requests import AuthorizedSession
credentials, project = google.auth.default(scopes=['${drive}'])
print(project)
print(AuthorizedSession(credentials).get('https://www.googleapis.com/drive/v3/files?spaces=appDataFolder').json()['files'])
`,
    );
    const ran = await inRun(box, `${python} ${path}`, flags);
    expect(ran.stdout).toBe('emulator-demo-407408\n[]\n');
  });
});

describe('what gsac emulator run says', () => {
  it('the exit code of the command, 127 and 128+n among them', async () => {
    const box = await createSandbox();
    expect((await inRun(box, 'exit 3')).exitCode).toBe(3);
    expect((await inRun(box, 'kill -KILL $$')).exitCode).toBe(137);
    expect((await box.run(['emulator', 'run', '--', 'no-such-program'])).exitCode).toBe(127);
    expect((await box.run(['emulator', 'run', 'true'])).exitCode).toBe(2);
    expect(readdirSync(box.tmp)).toEqual([]);
  });

  it('6 and a hint if no request came', async () => {
    const ran = await inRun(await createSandbox(), 'exit 0', ['--json']);
    expect(ran.exitCode).toBe(6);
    expect(JSON.parse(ran.stderr)).toMatchObject({
      event: 'summary',
      requests: { total: 0 },
      hint: expect.stringContaining('gsac help emulator-run'),
    });
  });

  itWith('curl', 'which certificate was not trusted, and what the emulator lacks', async () => {
    const box = await createSandbox();
    const report = join(box.folder, 'report.json');
    const pin = `sha256//${'A'.repeat(43)}=`;
    const ran = await inRun(
      box,
      `curl -sS --pinnedpubkey ${pin} ${certs}; env -u CURL_CA_BUNDLE -u SSL_CERT_FILE curl -sS ${certs}; ` +
        'curl -sS -w "%{http_code}" "https://sheets.googleapis.com/v4/x?access_token=ya29.secret"',
      ['--report', `json=${report}`],
    );
    expect(ran.stdout).toContain('501');
    expect(ran.stdout).toContain('"status": "UNIMPLEMENTED"');
    const found = JSON.parse(readFileSync(report, 'utf8'));
    expect(found).toMatchObject({
      exit_code: 0,
      not_emulated: [{ method: 'GET', host: 'sheets.googleapis.com', path: '/v4/x', count: 1 }],
      untrusted: [{ host: 'www.googleapis.com' }, { host: 'www.googleapis.com' }],
    });
    expect(ran.stderr).toContain('does not trust the certificate');
    expect(ran.stderr + readFileSync(report, 'utf8')).not.toContain('ya29');
  });

  it('that a client of HTTP/2 only was refused, by name', async () => {
    const box = await createSandbox();
    const path = program(
      box,
      'h2.cjs',
      `require('node:http2').connect('https://firestore.googleapis.com').on('error', ({ code }) => console.log(code));`,
    );
    const ran = await inRun(box, `node ${path}`);
    expect(ran.stdout).toBe('ECONNRESET\n');
    expect(ran.stderr).toMatch(/firestore\.googleapis\.com.*HTTP\/2 only/);
  });
});

describe('what gsac emulator run leaves alone', () => {
  it('a program’s own TLS server on loopback', async () => {
    const box = await createSandbox();
    const path = program(
      box,
      'own.cjs',
      `const { execFileSync } = require('node:child_process');
const { readFileSync } = require('node:fs');
const https = require('node:https');
execFileSync('openssl', ['req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-keyout', 'k.pem', '-out', 'c.pem',
  '-subj', '/CN=localhost', '-addext', 'subjectAltName=DNS:localhost'], { stdio: 'ignore' });
const cert = readFileSync('c.pem');
const server = https.createServer({ cert, key: readFileSync('k.pem') }, (_, answer) => answer.end('mine'));
server.listen(0, () => https.get({ host: 'localhost', port: server.address().port, ca: cert }, (answer) => {
  answer.on('data', (text) => console.log(String(text))).on('end', () => server.close());
  server.closeIdleConnections();
}));
`,
    );
    const ran = await inRun(box, `node ${path}`, ['--json']);
    expect(ran.stdout).toBe('mine\n');
    expect(JSON.parse(ran.stderr)).toMatchObject({ untrusted: [], passed_through: [] });
  });

  itWith('curl', 'other hosts, which are reached through the person’s own proxy', async () => {
    const box = await createSandbox();
    const asked: string[] = [];
    const web = createServer((_request, response) => response.end('from outside'));
    const port = await listening(web);
    // A proxy of the person's that has one name for everything.
    const proxy = createServer((_request, response) => response.writeHead(400).end());
    proxy.on('connect', ({ url = '' }: IncomingMessage, socket: Socket) => {
      asked.push(url);
      socket.end('HTTP/1.1 403 Forbidden\r\n\r\n');
    });
    proxy.on('request', () => undefined);
    const proxyPort = await listening(proxy);
    const ran = await inRun(
      box,
      `curl -s https://other.example.test/; curl -sS ${certs} -o /dev/null; ` +
        `curl -sS --noproxy '' http://127.0.0.1:${port}/; printenv NO_PROXY`,
      ['--json'],
      {
        HTTPS_PROXY: `http://127.0.0.1:${proxyPort}`,
        NO_PROXY: '*.corp.example,oauth2.googleapis.com,.com,10.0.0.0/8',
      },
    );
    expect(asked).toEqual(['other.example.test:443']);
    expect(ran.stdout).toBe('from outside*.corp.example,10.0.0.0/8,localhost,127.0.0.1,::1\n');
    expect(JSON.parse(ran.stderr)).toMatchObject({
      requests: { by_host: [{ host: 'www.googleapis.com', count: 1 }] },
      unreachable: [{ host: 'other.example.test' }],
    });
  });

  itWith('curl', 'memory: what is passed through is not kept', async () => {
    const box = await createSandbox();
    const chunk = Buffer.alloc(1_048_576);
    const megabytes = 400;
    const web = createServer((_request, response) => {
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
    const port = await listening(web);
    const url = `http://127.0.0.1:${port}/`;
    const get = `curl -sS --noproxy '' -o /dev/null -w '%{size_download}\\n' ${url}`;
    const ran = await inRun(box, `${get}; ${get} --proxytunnel; grep VmHWM /proc/$PPID/status`);
    const bytes = megabytes * chunk.length;
    const [, peak] = new RegExp(`^${bytes}\n${bytes}\nVmHWM:\\s+(\\d+) kB`).exec(ran.stdout) ?? [];
    expect(Number(peak)).toBeLessThan(300_000);
  });
});

describe('who may use the proxy of gsac emulator run', () => {
  const setUser = 'process.setgroups([]); process.setgid(65534); process.setuid(65534);';

  it.runIf(process.getuid?.() === 0)('nobody but the user who started it', async () => {
    const box = await createSandbox();
    const path = program(
      box,
      'stranger.cjs',
      `const { port } = new URL(process.env.HTTPS_PROXY);
${setUser}
const asked = require('node:http').request({ port, method: 'CONNECT', path: 'www.googleapis.com:443' });
asked.on('connect', ({ statusCode }) => { console.log(statusCode); process.exit(); }).end();
`,
    );
    const ran = await inRun(box, `node - < ${path}`, ['--json']);
    expect(ran.stdout).toBe('403\n');
    expect(JSON.parse(ran.stderr)).toMatchObject({ forbidden: [{ count: 1 }] });
  });

  itWith('curl', 'nobody as a way to the emulator’s own pages', async () => {
    const box = await createSandbox();
    const ask = `curl -s -o /dev/null --noproxy '' -w '%{http_code} %{http_connect}\\n'`;
    const ran = await inRun(
      box,
      `port=\${GSAC_EMULATOR##*:}; for host in 127.0.0.1 localhost 0.0.0.0 '[::ffff:127.0.0.1]'; do ` +
        `${ask} http://$host:$port/_emulator; ${ask} --proxytunnel http://$host:$port/_emulator; done; ` +
        `${ask} https://www.googleapis.com/_emulator; ` +
        `${ask} -H "Host: 127.0.0.1" https://www.googleapis.com/_emulator`,
    );
    expect(ran.stdout).not.toMatch(/^200/m);
    expect(ran.stdout.split('\n')).toHaveLength(11);
  });
});

describe('what gsac emulator run leaves behind', () => {
  it('nothing; and what a killed one left, the next one removes', async () => {
    const box = await createSandbox();
    const killed = await box.run(
      ['emulator', 'run', '--', 'sh', '-c', 'echo up; exec sleep 20 >/dev/null 2>&1'],
      {
        onStart: (gsac) => void gsac.stdout?.once('data', () => gsac.kill('SIGKILL')),
        timeoutMs: 90_000,
      },
    );
    expect(killed.signal).toBe('SIGKILL');
    const [left = ''] = readdirSync(box.tmp);
    expect(left).toMatch(/^gsac-intercept-/);
    expect((await inRun(box, 'exit 3')).exitCode).toBe(3);
    expect(existsSync(join(box.tmp, left))).toBe(false);
  });

  it('nothing either if it is ended by a signal, which the command gets', async () => {
    const box = await createSandbox();
    const ended = await box.run(
      [
        'emulator',
        'run',
        '--',
        'sh',
        '-c',
        'sleep 20 >/dev/null 2>&1 & trap "echo told; exit 9" TERM; echo up; wait',
      ],
      {
        onStart: (gsac) => void gsac.stdout?.once('data', () => gsac.kill('SIGTERM')),
      },
    );
    expect(ended).toMatchObject({ stdout: 'up\ntold\n', exitCode: 9 });
    await until('its folder is gone', () => readdirSync(box.tmp).length === 0);
  });
});

async function listening(server: ReturnType<typeof createSocketServer>): Promise<number> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void server.close());
  return (server.address() as AddressInfo).port;
}
