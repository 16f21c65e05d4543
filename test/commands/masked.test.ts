import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { FAULTS } from '../../src/emulator/faults/faults.js';
import type { Fetch } from '../support/run.js';
import { emulatorFetch, toRequest, useDesk } from '../support/run.js';
import { createSecretScanner } from '../support/secret-scanner.js';

// Nobody waits for the latency fault.
const desk = useDesk({ sleep: async () => {} });

const tail = 'aB3_dE5-fG7hI9jK1lM3nO5pQ7rS9tU1vW3xY5z';
const accessToken = `ya29.a0${tail}`;

describe('what only looks like a secret is shown', () => {
  it('in the path of a home', async () => {
    const home = join(dirname(desk.clientFile), 'app4');
    const broken = join(home, 'accounts', `${'0'.repeat(64)}.json`);
    mkdirSync(dirname(broken), { recursive: true });
    writeFileSync(broken, '{');
    const { stdout } = await desk.run(['doctor', '--json'], { env: { GSAC_HOME: home } });
    expect(stdout).toContain(join(home, 'accounts'));
    expect(stdout).not.toContain('…(');
  });

  it.each(['ubuntu24/androidd', 'x64/androidx', 'python3.14/adapters'])(
    'in the path %s',
    async (path) => {
      expect((await desk.run(['check', path])).stderr).toContain(path);
    },
  );
});

describe('a secret in a plan', () => {
  const flows = [
    `  - code: {file: "${accessToken}"}`,
    `  - account: "${accessToken}"`,
    `  - sign_in: {user: "${accessToken}"}`,
    `  - name: "of ${accessToken}"`,
    '    sign_in: {}',
  ].join('\n');
  const run = (...flags: string[]) => {
    const plan = `version: 1\nclient: client_secret_test.json\nflows:\n${flows}\n`;
    return desk.run(['verify', '--plan', desk.file('plan.yaml', plan), ...flags]);
  };

  it.each([[], ['--json'], ['--report', 'junit'], ['--report', 'tap'], ['--report', 'html']])(
    'is in no report: %j',
    async (...flags) => {
      await desk.exchange();
      const ran = await run(...flags);
      expect(ran.exitCode).toBe(6);
      expect(ran.stdout).toContain(`of ya29.…(${accessToken.length})`);
      expect(ran.stdout + ran.stderr).not.toContain(tail);
    },
  );

  it('leaves no cause in the text that says what the message says', async () => {
    await desk.exchange();
    const { stdout } = await run();
    expect(stdout.replace(/\s+/g, ' ')).toContain(`ya29.…(${accessToken.length}) does not exist`);
    expect(stdout).not.toMatch(/^ +(certain|likely)/m);
  });
});

describe('secrets without a shape that a server repeats', () => {
  const clientSecret = 'd-FL95Q19q/7MQ mFpd7hHD0Ty';
  const verifier = 'verifier-of-forty-three-characters-or-more-0';
  const echo: Fetch = async (_url, { body }) => {
    const form = new URLSearchParams(String(body));
    const values = ['client_secret', 'code', 'code_verifier', 'refresh_token', 'token']
      .map((name) => form.get(name) ?? '-')
      .join(' | ');
    const error = { error: 'invalid_thing', error_description: `You sent ${values} | ${body}` };
    return new Response(JSON.stringify(error), { status: 400 });
  };
  const expectNone = (text: string) => {
    expect(text).not.toMatch(/FL95Q19q|mFpd7hHD0Ty/);
    expect(text).not.toContain('forty-three-characters');
  };
  let client: string[];
  beforeEach(() => {
    const web = { ...desk.emulator.clientFile().web, client_secret: clientSecret };
    client = ['--client', desk.file('old.json', JSON.stringify({ web }))];
  });

  it.each([[], ['--json'], ['--trace'], ['--debug']])('are in no error: %j', async (...flags) => {
    const argv = ['exchange', desk.code(), '--code-verifier', verifier, ...client, ...flags];
    const ran = await desk.run(argv, { fetch: echo });
    expect(ran.exitCode).toBe(4);
    expect(ran.stderr).toContain(`You sent …(${clientSecret.length})`);
    expectNone(ran.stdout + ran.stderr);
  });

  it.each(['json', 'junit', 'tap', 'html', 'har'])('are in no report: %s', async (format) => {
    const path = join(dirname(desk.clientFile), `report.${format}`);
    const code = ['--code', desk.code(), '--code-verifier', verifier];
    const wish = format === 'har' ? ['--har', path] : ['--report', `${format}=${path}`];
    const argv = ['verify', ...code, ...client, ...wish];
    const ran = await desk.run(argv, { fetch: echo });
    expect(ran.exitCode).toBe(6);
    const report = readFileSync(path, 'utf8');
    expect(report).toContain('You sent …(');
    expectNone(report + ran.stdout + ran.stderr);
  });

  it.each([['refresh'], ['revoke', '--yes']])('are in no error of %j', async (...argv) => {
    const refreshToken = 'opaque-refresh-token-of-another-kind';
    const credential = {
      type: 'authorized_user',
      client_id: desk.emulator.clientFile().web.client_id,
      client_secret: clientSecret,
      refresh_token: refreshToken,
      token_uri: desk.emulator.clientFile().web.token_uri,
    };
    const env = { GSAC_STORE: 'env', GSAC_CREDENTIALS: JSON.stringify(credential) };
    const ran = await desk.run([...argv, '--json'], { fetch: echo, env });
    expect(ran.exitCode).toBe(4);
    expect(ran.error().message).toContain('You sent ');
    expect(ran.stderr).not.toContain(refreshToken);
    expectNone(ran.stderr);
  });
});

describe('whatever fails at Google’s end', () => {
  it.each([[], ['--json']])('no secret is shown or left behind: %j', async (...flags) => {
    const scanner = createSecretScanner();
    const { client_secret: secret } = desk.emulator.clientFile().web;
    scanner.add('client secret', secret);
    const tokens = /"(access_token|refresh_token|id_token)":\s*"([^"]+)"/g;
    const fetch: Fetch = async (url, init) => {
      const answer = await desk.emulator.fetch(toRequest(url, init)).finally(() => {
        // Late enough that nothing is tried again.
        desk.now += 600_000;
      });
      const text = await answer
        .clone()
        .text()
        .catch(() => '');
      for (const [, name = '', value = ''] of text.matchAll(tokens)) scanner.add(name, value);
      return answer;
    };
    const runSecretly = async (...argv: string[]) => {
      const ran = await desk.run([...argv, '--trace', '--debug', ...flags], { fetch });
      expect(scanner.find(ran.stdout + ran.stderr), argv.join(' ')).toEqual([]);
      return ran.exitCode;
    };
    const code = () => {
      const fresh = desk.code();
      scanner.add('code', fresh);
      return fresh;
    };
    expect(await runSecretly('exchange', code())).toBe(0);
    const failed = new Set<string>();
    for (const { name, families } of FAULTS) {
      desk.emulator.inject({ name, times: 'always' });
      const calls: string[][] = [];
      if (families?.includes('token') ?? true) calls.push(['exchange', code()], ['refresh']);
      if (families?.includes('drive') ?? true) calls.push(['files']);
      for (const argv of calls) if ((await runSecretly(...argv)) !== 0) failed.add(name);
      desk.emulator.faults.clear();
    }
    expect(failed.size).toBeGreaterThan(30);
    expect(scanner.findInFiles(dirname(desk.clientFile))).toEqual([
      `${desk.clientFile}: client secret`,
    ]);
  });
});

describe('an access token without a shape', () => {
  it('is in no trace where a server repeats it', async () => {
    const opaque = 'Opaque-7vKq2LmX9wZt4RbNc8Yd';
    const fetch: Fetch = async (url, init) => {
      if (!url.endsWith('/token'))
        return new Response(JSON.stringify(init.headers), { status: 404 });
      const answer = await emulatorFetch(desk.emulator)(url, init);
      const tokens = await new Response(answer.body as ReadableStream).json();
      return Response.json({ ...(tokens as object), access_token: opaque, id_token: undefined });
    };
    await desk.run(['exchange', desk.code()], { fetch });
    const ran = await desk.run(['files', '--trace'], { fetch });
    expect(ran.stderr).toContain(`> authorization: Bearer …(${opaque.length})`);
    expect(ran.stderr).toContain(`Bearer …(${opaque.length})"`);
    expect(ran.stderr).not.toContain(opaque);
  });
});

describe('gsac emulator requests', () => {
  it('shows no token that is in a path or in a search', async () => {
    const { emulator } = desk;
    const search = new URLSearchParams({ q: `name = '${accessToken}'`, upload_id: 'a-permission' });
    const paths = [
      `/drive/v3/files/${accessToken}`,
      `/drive/v3/files/4/0A${tail}${tail}`,
      `/drive/v3/files/${encodeURIComponent(`1//0${tail}`)}?${search}`,
      `/drive/v3/files?${accessToken}`,
    ];
    for (const path of paths) await emulator.fetch(new Request(`${emulator.origin}${path}`));
    for (const flags of [[], ['--json']]) {
      const { stdout } = await desk.run(['emulator', 'requests', ...flags]);
      expect(stdout).toContain(`/drive/v3/files/…(${accessToken.length})`);
      expect(stdout).not.toContain(tail);
      expect(stdout).not.toContain('a-permission');
    }
    // Whoever tests with the emulator sees what came.
    expect(emulator.requests.list(paths[0])).toHaveLength(1);
    expect(emulator.requests.list().some(({ query }) => query['q']?.includes(accessToken))).toBe(
      true,
    );
  });
});

describe('gsac explain', () => {
  const secret = 'oldStyleSecret24charsXXX';

  it.each([
    `{"flux":"capacitor","client_secret":"${secret}"}`,
    `{"flux":{"clientSecret": "${secret}"}}`,
    `flux ${JSON.stringify(JSON.stringify({ refresh_token: secret }))}`,
    `flux=capacitor&client_secret=${secret}&code_verifier=${secret}`,
    `flux at https://flux.test/cb?state=1&code=${secret}`,
    `{ flux: 1, client_secret: '${secret}' }`,
    `flux: Authorization: Bearer ${secret}`,
  ])('shows no value of a secret’s name: %s', async (text) => {
    for (const flags of [[], ['--json']]) {
      const ran = await desk.run(['explain', text, ...flags], { env: { GSAC_CLIENT: undefined } });
      expect(ran.stdout).not.toContain('oldStyle');
      expect(ran.stdout).toContain(`…(${secret.length})`);
    }
  });

  it('shows nothing of it as evidence either', async () => {
    const text = `{"error":"invalid_client","client_secret":"${secret}"}`;
    for (const flags of [[], ['--json']]) {
      expect((await desk.run(['explain', text, ...flags])).stdout).not.toContain('oldStyle');
    }
  });
});
