import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { networkInterfaces } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { createSandbox, type Sandbox, startEmulator, until } from '../support/process.js';
import { itWith } from '../support/requires.js';

const certs = 'https://www.googleapis.com/oauth2/v3/certs';

async function interceptEnv(box: Sandbox, format: string): Promise<string> {
  const ran = await box.run(['emulator', 'env', '--intercept', '--format', format]);
  expect(ran).toMatchObject({ exitCode: 0, stderr: '' });
  return ran.stdout;
}

describe('gsac emulator start --intercept', () => {
  itWith('curl', 'leads the programs of a shell to it', async () => {
    const box = await createSandbox();
    const emulator = await startEmulator(box, ['--intercept']);
    const line = `eval "$(gsac emulator env --intercept)"; curl -sS ${certs}; node -p 'fetch("${certs}").then(({ status }) => console.error(status)); ""'`;
    const ran = await box.shell(line);
    expect(ran.stdout).toContain('"keys"');
    expect(ran.stderr).toBe('200\n');
    expect(await emulator.count('/oauth2/v3/certs')).toBe(2);
    await emulator.stop();
    expect(readdirSync(box.tmp).filter((name) => name.startsWith('gsac-'))).toEqual([]);
  });

  it('prints its variables in the notations of shells, IDEs and containers', async () => {
    const box = await createSandbox();
    const emulator = await startEmulator(box, ['--intercept']);
    const env = JSON.parse(await interceptEnv(box, 'json'));
    expect(env).toMatchObject({ GSAC_EMULATOR: emulator.origin, HTTPS_PROXY: env.https_proxy });
    expect(existsSync(env.SSL_CERT_FILE)).toBe(true);
    expect(await interceptEnv(box, 'fish')).toContain(`set -gx https_proxy '${env.https_proxy}'`);
    expect(await interceptEnv(box, 'powershell')).toContain(
      `$env:https_proxy = '${env.https_proxy}'`,
    );
    const file = join(box.folder, '.env');
    writeFileSync(file, await interceptEnv(box, 'dotenv'));
    const read = await box.spawn(process.execPath, [
      `--env-file=${file}`,
      '-p',
      'process.env.SSL_CERT_FILE',
    ]);
    expect(read.stdout.trim()).toBe(env.SSL_CERT_FILE);
    const docker = await interceptEnv(box, 'docker');
    expect(docker).toMatch(/^# docker run .*--network host/);
    expect(docker).toContain(`\nHTTPS_PROXY=${env.HTTPS_PROXY}\n`);
  });

  it('asks other machines for a password, and serves them Google’s hosts only', async () => {
    const box = await createSandbox();
    const emulator = await startEmulator(box, ['--intercept', '--host', '0.0.0.0']);
    const docker = await interceptEnv(box, 'docker');
    const [, password = '', port = ''] =
      /^https_proxy=http:\/\/gsac:([^@]+)@host\.docker\.internal:(\d+)$/m.exec(docker) ?? [];
    // From this machine's address, a connection looks as one from another machine.
    const [outside] = Object.values(networkInterfaces())
      .flatMap((all = []) => all)
      .filter(({ internal, family }) => !internal && family === 'IPv4');
    if (outside === undefined) return;
    const address = outside.address;
    const ask = async (user: string, url: string) =>
      (
        await box.spawn('curl', [
          ...['-s', '-k', '--noproxy', '', '-o', '/dev/null', '-w', '%{http_connect} %{http_code}'],
          ...['-x', `http://${user}${address}:${port}`, url],
        ])
      ).stdout;
    expect(await ask('', certs)).toBe('407 000');
    expect(await ask('gsac:wrong@', certs)).toBe('407 000');
    expect(await ask(`gsac:${password}@`, certs)).toBe('200 200');
    expect(await ask(`gsac:${password}@`, 'https://example.org/')).toBe('403 000');
    const admin = emulator.origin.replace('127.0.0.1', address);
    expect((await fetch(`${admin}/_emulator/faults`)).status).toBe(403);
    const authorization = `Basic ${Buffer.from(`gsac:${password}`).toString('base64')}`;
    expect((await fetch(`${admin}/_emulator/faults`, { headers: { authorization } })).status).toBe(
      200,
    );
    const signedIn = await box.run(['emulator', 'sign-in'], {
      env: { GSAC_EMULATOR: admin.replace('//', `//gsac:${password}@`), GSAC_CLIENT: undefined },
    });
    expect(signedIn.stdout).toMatch(/^4\/0/);
  });

  it('says that nothing answers for Google, and how to change that', async () => {
    const box = await createSandbox();
    const ran = await box.run(['emulator', 'env', '--intercept', '--json']);
    expect(ran.exitCode).toBe(2);
    expect(ran.error()).toMatchObject({ code: 'usage' });
    expect(ran.error().hint).toContain('gsac emulator start --intercept');
    expect((await box.run(['emulator', 'start', '--proxy-port', '1'])).exitCode).toBe(2);
    expect((await box.run(['emulator', 'env', '--format', 'json'])).exitCode).toBe(2);
  });
});

describe('intercept() of gsac/emulator', () => {
  it('leads a process to the emulator of another', async () => {
    const box = await createSandbox();
    const program = join(box.gsac.prefix, 'intercept.mjs');
    writeFileSync(
      program,
      `import { execFile } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { promisify } from 'node:util';
import { createEmulator } from 'gsac/emulator';
const google = createEmulator();
const { env, caFile, close } = await google.intercept();
const ask = "fetch('${certs}').then(({ status }) => console.log(status))";
const { stdout } = await promisify(execFile)(process.execPath, ['-e', ask], { env: { ...process.env, ...env } });
const ca = readFileSync(caFile, 'utf8').split('\\n')[0];
await google.close();
await close();
console.log(JSON.stringify({ stdout, ca, asked: google.requests.count('/oauth2/v3/certs'), left: existsSync(caFile) }));
`,
    );
    const ran = await box.spawn(process.execPath, [program]);
    expect(ran.stderr).toBe('');
    expect(ran.json()).toEqual({
      stdout: '200\n',
      ca: '-----BEGIN CERTIFICATE-----',
      asked: 1,
      left: false,
    });
  });
});

describe('gsac doctor', () => {
  it('removes what a killed emulator has left', async () => {
    const box = await createSandbox();
    const emulator = await startEmulator(box, ['--intercept']);
    const [left = ''] = readdirSync(box.tmp).filter((name) => name.startsWith('gsac-intercept-'));
    expect(readFileSync(join(box.tmp, left, 'ca.pem'), 'utf8')).toContain('CERTIFICATE');
    await box.run(['doctor']);
    expect(existsSync(join(box.tmp, left))).toBe(true);
    await emulator.stop('SIGKILL');
    await box.run(['doctor']);
    await until('it is removed', () => !existsSync(join(box.tmp, left)));
  });
});
