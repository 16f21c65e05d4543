import {
  chmodSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { createEmulator } from '../../src/emulator/app.js';
import { createSandbox, openSignedIn, serveTo, until } from '../support/process.js';
import { describeWith, itWith, python } from '../support/requires.js';

const serviceAccount =
  'http://$GCE_METADATA_HOST/computeMetadata/v1/instance/service-accounts/default';
const ask = (path: string, more = '') =>
  `curl -s -w ' %{http_code}' -H 'Metadata-Flavor: Google' ${more} "${serviceAccount}/${path}"`;

describeWith('curl', 'gsac exec --metadata', () => {
  it('serves tokens, and keeps the refresh token and the client secret to itself', async () => {
    const { box, emulator } = await openSignedIn();
    const secret = JSON.parse(readFileSync(emulator.clientFile, 'utf8')).web.client_secret;
    const refreshToken = JSON.parse((await box.run(['export'])).stdout).refresh_token;
    const told = 'env; cat /proc/$PPID/cmdline; ls -A "$CLOUDSDK_CONFIG"';
    const ran = await box.run(
      ['exec', '--metadata', '--', 'sh', '-c', `${ask('token')}; ${told}`],
      {
        env: {
          GOOGLE_APPLICATION_CREDENTIALS: '/some/file.json',
          NO_PROXY: 'internal.example.com',
        },
      },
    );
    const token = (await box.run(['token'])).stdout.trim();
    expect(ran).toMatchObject({ exitCode: 0, stderr: '' });
    expect(ran.stdout).toContain(`{"access_token":"${token}","expires_in":`);
    expect(ran.stdout).toMatch(/^NO_PROXY=internal\.example\.com,127\.0\.0\.1$/m);
    for (const absent of [secret, refreshToken, 'GOOGLE_APPLICATION_CREDENTIALS', 'GSAC_CLIENT']) {
      expect(ran.stdout).not.toContain(absent);
    }
    expect(readdirSync(box.tmp)).toEqual([]);
  });

  it('refuses scopes that were not granted, ID tokens, and requests without the header', async () => {
    const { box } = await openSignedIn();
    const granted = ask('token?scopes=openid,https://www.googleapis.com/auth/drive.appdata');
    const other = ask('token?scopes=https://www.googleapis.com/auth/cloud-platform');
    const forwarded = ask('token', "-H 'X-Forwarded-For: 10.0.0.1'");
    const bare = `curl -s -w ' %{http_code}' "${serviceAccount}/token"`;
    const line = [granted, other, ask('identity?audience=x'), bare, forwarded].join('; echo; ');
    const { stdout } = await box.run(['exec', '--metadata', '--', 'sh', '-c', line]);
    const [good, ...refused] = stdout.trim().split('\n');
    expect(good).toMatch(/"token_type":"Bearer"} 200$/);
    expect(refused).toHaveLength(4);
    for (const answer of refused) expect(answer).toMatch(/ 403$/);
    expect(refused[0]).toContain('https://www.googleapis.com/auth/cloud-platform');
    expect(stdout.match(/ya29\./g)).toHaveLength(1);
  });

  it('serves the processes of its command, daemons among them, and nobody else', async () => {
    const { box } = await openSignedIn();
    const place = join(box.folder, 'place');
    const done = join(box.folder, 'done');
    // Whoever started it has ended before it asks.
    const daemon = `sh -c '(while [ ! -e ${place}.go ]; do sleep 0.02; done; ${ask('email').replaceAll("'", '"')} > ${place}.part; mv ${place}.part ${place}.daemon) &'; touch ${place}.go`;
    const command = `${daemon}; while [ ! -e ${place}.daemon ]; do sleep 0.02; done; echo "$GCE_METADATA_HOST" > ${place}.part; mv ${place}.part ${place}; while [ ! -e ${done} ]; do sleep 0.02; done`;
    const running = box.run(['exec', '--metadata', '--', 'sh', '-c', command]);
    await until('the command runs', () => existsSync(place));
    const GCE_METADATA_HOST = readFileSync(place, 'utf8').trim();
    const stranger = await box.shell(ask('token'), { env: { GCE_METADATA_HOST } });
    writeFileSync(done, '');
    expect((await running).exitCode).toBe(0);
    expect(stranger.stdout).toMatch(/ 403$/);
    expect(stranger.stdout).not.toContain('ya29.');
    expect(readFileSync(`${place}.daemon`, 'utf8')).toBe('tester@example.com 200');
    expect((await box.shell(ask('token'), { env: { GCE_METADATA_HOST } })).stdout).toMatch(/ 000$/);
  });

  it('renews a token that has ended while the command runs', async () => {
    const { box, emulator } = await openSignedIn();
    await emulator.inject({ name: 'short-lived-token', seconds: 1, times: 2 });
    const before = await emulator.count('/token');
    const twice = `${ask('token')}; echo; ${ask('token')}`;
    const { stdout } = await box.run([
      'exec',
      '--metadata',
      '--min-ttl',
      '3600',
      '--',
      'sh',
      '-c',
      twice,
    ]);
    const tokens = stdout
      .trim()
      .split('\n')
      .map((line) => /ya29\.[^"]+/.exec(line)?.[0]);
    expect(new Set(tokens).size).toBe(2);
    expect(await emulator.count('/token')).toBe(before + 3);
  });

  it('answers a refusal in words, tells the person once, and goes on', async () => {
    const { box, emulator } = await openSignedIn();
    const revoke = `curl -s -X POST "${emulator.origin}/revoke?token=$TOKEN"`;
    const token = (await box.run(['token'])).stdout.trim();
    const line = `${revoke}; ${ask('token')}; echo; ${ask('token')}; exit 9`;
    await emulator.inject({ name: 'short-lived-token', seconds: 1 });
    const ran = await box.run(['exec', '--metadata', '--min-ttl', '3600', '--', 'sh', '-c', line], {
      env: { TOKEN: token },
    });
    expect(ran.exitCode).toBe(9);
    expect(ran.stdout.match(/ 400$/gm)).toHaveLength(2);
    expect(ran.stderr.match(/No token was served/g)).toHaveLength(1);
  });

  it('warns of a file that Google’s libraries would take instead', async () => {
    const { box } = await openSignedIn();
    const file = join(box.env['HOME'] ?? '', '.config/gcloud/application_default_credentials.json');
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, '{}');
    const ran = await box.run(['exec', '--metadata', '--', 'true']);
    expect(ran).toMatchObject({ exitCode: 0, stdout: '' });
    expect(ran.stderr).toContain(file);
  });
});

describe('Google’s client libraries under gsac exec --metadata', () => {
  itWith('Python with google-auth', 'Python lists the appfolder', async () => {
    const { box, emulator } = await openSignedIn();
    const script = join(box.folder, 'list.py');
    writeFileSync(
      script,
      `import google.auth
from google.auth.transport.requests import AuthorizedSession
credentials, project = google.auth.default()
session = AuthorizedSession(credentials)
print(project, session.get("${emulator.origin}/drive/v3/files?spaces=appDataFolder").status_code)
`,
    );
    const ran = await box.run(['exec', '--metadata', '--', python, script]);
    expect(ran.stdout).toMatch(/^\d+ 200\n$/);
  });

  it('Node lists the appfolder', async () => {
    const { box, emulator } = await openSignedIn();
    const library = import.meta.resolve('google-auth-library');
    const script = join(box.folder, 'list.mjs');
    writeFileSync(
      script,
      `import library from ${JSON.stringify(library)};
const auth = new library.GoogleAuth();
const client = await auth.getClient();
const { status } = await client.request({ url: '${emulator.origin}/drive/v3/files?spaces=appDataFolder' });
console.log(await auth.getProjectId(), status);
`,
    );
    const ran = await box.run(['exec', '--metadata', '--', process.execPath, script]);
    expect(ran.stdout).toMatch(/^\d+ 200\n$/);
  });
});

describe('gsac serve --metadata', () => {
  itWith('curl', 'serves the same user’s processes until it is told to end', async () => {
    const { box, emulator } = await openSignedIn();
    let end = () => {};
    let first = '';
    const running = box.run(['serve', '--metadata', '--json'], {
      onStart(child) {
        end = () => child.kill('SIGINT');
        child.stdout?.on('data', (text: string) => {
          first += text;
        });
      },
    });
    onTestFinished(() => end());
    await until('it says where it is', () => first.includes('\n'));
    const { environment } = JSON.parse(first);
    const env = { GCE_METADATA_HOST: environment.GCE_METADATA_HOST };
    expect((await box.shell(ask('token'), { env })).stdout).toMatch(
      /^{"access_token":"ya29\..* 200$/,
    );
    if (process.getuid?.() === 0) {
      chmodSync(box.folder, 0o755);
      const nobody = await box.shell(ask('token'), { env, uid: 65_534 });
      expect(nobody.stdout).toMatch(/ 403$/);
    }
    expect(await emulator.count('/token')).toBe(1);
    end();
    expect((await running).exitCode).toBe(0);
  });

  itWith('curl', 'is guarded by its path on other addresses', async () => {
    const { box } = await openSignedIn();
    let end = () => {};
    let first = '';
    const running = box.run(['serve', '--metadata', '--host', '::1', '--format', 'json'], {
      onStart(child) {
        end = () => child.kill('SIGTERM');
        child.stdout?.on('data', (text: string) => {
          first += text;
        });
      },
    });
    onTestFinished(() => end());
    await until('it says where it is', () => first.trimEnd().endsWith('}'));
    const address: string = JSON.parse(first).GCE_METADATA_HOST;
    const [host = ''] = address.split('/');
    const on = async (GCE_METADATA_HOST: string) =>
      (await box.shell(ask('email', '-g'), { env: { GCE_METADATA_HOST } })).stdout;
    expect(await on(address)).toBe('tester@example.com 200');
    expect(await on(host)).toMatch(/ 403$/);
    end();
    await running;
  });

  it('ends before it serves if there is no account', async () => {
    const box = await createSandbox();
    await serveTo(box, createEmulator());
    const ran = await box.run(['serve', '--metadata', '--json']);
    expect(ran).toMatchObject({ exitCode: 4, stdout: '' });
    expect(ran.error().code).toBe('account_unknown');
  });
});
