import { request } from 'node:http';
import { networkInterfaces } from 'node:os';
import { describe, expect, it, onTestFinished } from 'vitest';
import { createEmulator, type Emulator, type EmulatorOptions } from '../../../src/emulator/app.js';
import type { PageParts } from '../../../src/emulator/page/endpoint.js';
import { type ServeOptions, serveEmulator } from '../../../src/emulator/serve.js';
import type { PageRow } from '../../../src/page/row.js';
import { createSecretScanner } from '../../support/secret-scanner.js';

interface Asked {
  method?: string;
  headers?: Record<string, string>;
  body?: string;
}

interface Answered {
  status: number;
  headers: Record<string, unknown>;
  text: string;
}

/** Asks by socket, as fetch lets nobody choose these headers. An endless answer is left at once. */
function ask(url: string, { method = 'GET', headers = {}, body }: Asked = {}): Promise<Answered> {
  return new Promise((resolve, reject) => {
    const outgoing = request(url, { method, headers }, (incoming) => {
      const answered = { status: incoming.statusCode ?? 0, headers: incoming.headers };
      if (incoming.headers['content-type']?.startsWith('text/event-stream')) {
        outgoing.destroy();
        resolve({ ...answered, text: '' });
        return;
      }
      let text = '';
      incoming.on('data', (chunk: Buffer) => {
        text += chunk.toString();
      });
      incoming.on('end', () => resolve({ ...answered, text }));
    });
    outgoing.on('error', reject);
    outgoing.end(body);
  });
}

async function serve(
  options: EmulatorOptions = {},
  { page = {}, ...more }: ServeOptions & { page?: PageParts } = {},
) {
  const emulator = createEmulator(options, page);
  const served = await serveEmulator(emulator, more);
  onTestFinished(() => served.close());
  return { emulator, ...served };
}

interface Batch {
  run: string;
  next: number;
  rows: PageRow[];
}

/** Reads the events of a page; `find` resolves with the first one that fits, also of those before. */
function openFeed(origin: string) {
  const controller = new AbortController();
  onTestFinished(() => controller.abort());
  const seen: { name: string; data: unknown }[] = [];
  const response = fetch(`${origin}/_emulator/page/events`, { signal: controller.signal });
  async function* read(): AsyncGenerator<{ name: string; data: unknown }> {
    let text = '';
    const decoder = new TextDecoder();
    for await (const part of (await response).body ?? []) {
      text += decoder.decode(part as Uint8Array, { stream: true });
      const events = text.split('\n\n');
      text = events.pop() ?? '';
      for (const event of events) {
        const [, name = '', data = ''] = /^event: (.*)\ndata: (.*)$/.exec(event) ?? [];
        yield { name, data: JSON.parse(data) };
      }
    }
  }
  const events = read();
  return {
    close: () => controller.abort(),
    async find<T>(wanted: string, fits: (data: T) => boolean = () => true): Promise<T> {
      for (const { name, data } of seen) if (name === wanted && fits(data as T)) return data as T;
      for (;;) {
        const { value, done } = await events.next();
        if (done) throw new Error('The events have ended.');
        seen.push(value);
        if (value.name === wanted && fits(value.data as T)) return value.data as T;
      }
    },
  };
}

const isLast = (path: string) => (batch: Batch) => batch.rows.at(-1)?.path === path;

function send(emulator: Emulator, path: string, form?: Record<string, string>, headers = {}) {
  const init = form && { method: 'POST', body: new URLSearchParams(form), headers };
  return emulator.fetch(new Request(`${emulator.origin}${path}`, init ?? { headers }));
}

/** Signs in and redeems the code; returns every secret of it. */
async function redeem(emulator: Emulator) {
  const { code } = emulator.signIn();
  const { client_id, client_secret } = emulator.clientFile().web;
  const form = {
    grant_type: 'authorization_code',
    redirect_uri: '',
    code,
    client_id,
    client_secret,
  };
  const response = await send(emulator, '/token', form);
  return { form, tokens: (await response.json()) as Record<string, string> };
}

describe('the page of the emulator', () => {
  it('is a page without data, which runs nothing but its own script', async () => {
    const { origin, emulator } = await serve();
    const { status, headers, text } = await ask(`${origin}/`);
    expect(status).toBe(200);
    expect(headers['content-type']).toBe('text/html; charset=utf-8');
    const policy = String(headers['content-security-policy']);
    expect(policy).toMatch(
      /default-src 'none'; script-src 'sha256-[^']+'; style-src 'sha256-[^']+'/,
    );
    expect(policy).toContain("frame-ancestors 'none'");
    expect(policy).not.toContain('unsafe');
    expect(text).not.toContain('tester@example.com');
    expect(text).not.toMatch(/innerHTML|outerHTML|insertAdjacentHTML|document\.write/);
    // To look at it is no request.
    expect(emulator.requests.count()).toBe(0);
  });

  it('stays Google’s where a program asked Google', async () => {
    const emulator = createEmulator();
    const { status } = await emulator.fetch(new Request('https://www.google.com/'));
    expect(status).toBe(501);
    expect(emulator.requests.count()).toBe(1);
  });

  it('shows exchanges with every secret masked', async () => {
    const { origin, emulator } = await serve();
    const feed = openFeed(origin);
    await feed.find('state');
    const { form, tokens } = await redeem(emulator);
    const access = tokens['access_token'] ?? '';
    await send(emulator, `/tokeninfo?access_token=${access}`);
    await send(emulator, '/drive/v3/files?spaces=appDataFolder', undefined, {
      authorization: `Bearer ${access}`,
    });
    const { rows } = await feed.find('requests', isLast('/drive/v3/files'));
    const scanner = createSecretScanner();
    for (const name of ['code', 'client_secret'] as const) scanner.add(name, form[name]);
    for (const name of ['access_token', 'refresh_token', 'id_token']) {
      scanner.add(name, tokens[name] ?? '');
    }
    const batch = await feed.find<Batch>('requests', ({ rows: [row] }) => row?.path === '/token');
    expect(scanner.find(JSON.stringify([rows, batch]))).toEqual([]);
    const [token] = batch.rows;
    expect(token).toMatchObject({
      method: 'POST',
      status: 200,
      about: ['authorization_code', 'tester@example.com'],
      error: '',
    });
    expect(token?.request.body).toContain(`code=…(${form.code.length})`);
    expect(token?.response?.body).toContain(`"access_token": "…(${access.length})"`);
    expect(rows.at(-1)?.request.headers).toContainEqual([
      'authorization',
      `Bearer …(${access.length})`,
    ]);
    expect(rows.at(-1)?.response?.body).toContain('settings.json');
  });

  it('keeps refusals, and other responses only while somebody looks', async () => {
    const { origin, emulator } = await serve();
    await redeem(emulator);
    await send(emulator, '/token', { grant_type: 'refresh_token', refresh_token: '1//0nothing' });
    const { rows } = await openFeed(origin).find(
      'requests',
      ({ rows: some }: Batch) => some.length > 1,
    );
    expect(rows.map(({ status, response }) => [status, response !== null])).toEqual([
      [200, false],
      [400, true],
    ]);
    expect(rows[1]?.error).toMatch(/^invalid_/);
  });

  it('asks once what a refusal means, and never while nobody looks', async () => {
    const asked: string[] = [];
    const said = {
      cause: 'a-cause',
      likelihood: 'likely',
      why: 'Why.',
      evidence: ['it says 1//0aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa'],
      fix: ['Mend it.'],
      docs: '',
    };
    const explain: PageParts['explain'] = async ({ body }) => {
      asked.push(body);
      return [said];
    };
    const { origin, emulator } = await serve({}, { page: { explain } });
    const form = { grant_type: 'refresh_token', refresh_token: '1//0nothing' };
    for (let count = 0; count < 3; count += 1) await send(emulator, '/token', form);
    expect(asked).toEqual([]);
    const { rows } = await openFeed(origin).find<Batch>('requests');
    expect(rows.map(({ diagnosis }) => diagnosis[0]?.cause)).toEqual([
      'a-cause',
      'a-cause',
      'a-cause',
    ]);
    expect(rows[0]?.diagnosis[0]?.evidence).toEqual(['it says …(35)']);
    expect(asked).toHaveLength(1);
  });

  it('survives an explanation that fails', async () => {
    const explain = () => Promise.reject(new Error('no'));
    const { origin, emulator } = await serve({}, { page: { explain } });
    await send(emulator, '/token', { grant_type: 'nothing' });
    const { rows } = await openFeed(origin).find<Batch>('requests');
    expect(rows[0]).toMatchObject({ status: 400, diagnosis: [] });
  });

  it('sends what changes by whatever hand', async () => {
    const { origin, emulator } = await serve();
    const feed = openFeed(origin);
    type State = { ahead_seconds: number; faults: { name: string }[]; grants: unknown[] };
    await feed.find<State>('state', ({ faults, grants }) => faults.length + grants.length === 0);
    emulator.faults.order('latency:ms=1');
    await feed.find<State>('state', ({ faults }) => faults[0]?.name === 'latency');
    emulator.time.advance(7200);
    await feed.find<State>('state', ({ ahead_seconds: ahead }) => ahead === 7200);
    await redeem(emulator);
    const { grants } = await feed.find<State>('state', ({ grants: some }) => some.length > 0);
    expect(grants).toEqual([
      expect.objectContaining({ user: 'tester@example.com', refresh_tokens: 1 }),
    ]);
  });

  it('begins anew when the requests are forgotten', async () => {
    const { origin, emulator } = await serve();
    const feed = openFeed(origin);
    await redeem(emulator);
    const first = await feed.find<Batch>('requests', ({ next }) => next === 1);
    emulator.requests.clear();
    await redeem(emulator);
    const second = await feed.find<Batch>('requests', ({ run }) => run !== first.run);
    expect(second.next).toBeLessThanOrEqual(1);
  });

  it('holds nothing for a reader that has gone, nor for HEAD', async () => {
    const { origin, emulator } = await serve();
    await ask(`${origin}/_emulator/page/events`, { method: 'HEAD' });
    const feed = openFeed(origin);
    await feed.find('state');
    feed.close();
    // Until the connection is gone, a response may still be kept.
    await expect
      .poll(async () => {
        await send(emulator, '/oauth2/v3/certs');
        const again = openFeed(origin);
        const { rows } = await again.find<Batch>('requests');
        again.close();
        return rows.at(-1)?.response;
      })
      .toBe(null);
  });
});

describe('whoever may have the page', () => {
  const paths = ['', '_emulator/page/events', '_emulator/page/about', '_emulator/page/files'];

  it.each(
    paths.flatMap((path) => [
      [path, { host: 'evil.example' }] as const,
      [path, { origin: 'https://evil.example' }] as const,
      [path, { 'sec-fetch-site': 'cross-site' }] as const,
      [path, { host: 'evil.example', 'sec-fetch-site': 'same-origin' }] as const,
    ]),
  )('is not the web: /%s %j', async (path, headers) => {
    const { origin } = await serve();
    expect((await ask(`${origin}/${path}`, { headers })).status).toBe(403);
  });

  it('follows a link to it', async () => {
    const { origin } = await serve();
    const link = { 'sec-fetch-site': 'cross-site', 'sec-fetch-dest': 'document' };
    expect((await ask(`${origin}/`, { headers: link })).status).toBe(200);
    expect((await ask(`${origin}/_emulator/client-file`, { headers: link })).status).toBe(403);
    const frame = { 'sec-fetch-site': 'cross-site', 'sec-fetch-dest': 'iframe' };
    expect((await ask(`${origin}/`, { headers: frame })).status).toBe(403);
  });

  it('on another machine knows the path with the token', async () => {
    // From this machine's address, a connection looks as one from another machine.
    const [outside] = Object.values(networkInterfaces())
      .flatMap((all = []) => all)
      .filter(({ internal, family }) => !internal && family === 'IPv4');
    const options = { host: '0.0.0.0', pagePath: '/secret', mayAdminister: () => false };
    const { port } = await serve({}, options);
    const origin = `http://${outside?.address ?? '127.0.0.1'}:${port}`;
    expect((await ask(`${origin}/secret`)).headers['location']).toBe('/secret/');
    for (const path of [...paths, '_emulator/users']) {
      expect((await ask(`${origin}/secret/${path}`)).status, path).toBe(200);
      if (outside === undefined) continue;
      expect((await ask(`${origin}/${path}`)).status, path).toBe(403);
      expect((await ask(`${origin}/wrong/${path}`)).status, path).not.toBe(200);
    }
    const evil = { host: 'evil.example' };
    expect((await ask(`${origin}/secret/`, { headers: evil })).status).toBe(403);
    if (outside === undefined) return;
    expect((await ask(`${origin}/_emulator/%70age/about`)).status).toBe(403);
  });

  it('gets no page from another machine if there is no token', async () => {
    const [outside] = Object.values(networkInterfaces())
      .flatMap((all = []) => all)
      .filter(({ internal, family }) => !internal && family === 'IPv4');
    if (outside === undefined) return;
    const { port } = await serve({}, { host: '0.0.0.0' });
    expect((await ask(`http://${outside.address}:${port}/`)).status).toBe(403);
    expect((await ask(`http://${outside.address}:${port}/_emulator`)).status).toBe(200);
  });

  it('changes nothing by looking', async () => {
    const { origin, emulator } = await serve();
    const before = JSON.stringify(emulator.save());
    for (const path of [
      ...paths,
      '_emulator/page/files?user=newcomer@example.com&project=1',
      '_emulator/page/qr?text=a',
    ]) {
      await ask(`${origin}/${path}`);
    }
    expect(JSON.stringify(emulator.save())).toBe(before);
  });
});

describe('what the page reads', () => {
  const project = '407408718192';
  const files = (origin: string, query: Record<string, string>) =>
    ask(`${origin}/_emulator/page/files?${new URLSearchParams(query)}`).then(({ text }) =>
      JSON.parse(text),
    );

  it('is the files of a folder, and the text of one', async () => {
    const { origin } = await serve();
    const user = 'tester@example.com';
    const listed = await files(origin, { user, project });
    const settings = listed.files.find(({ name }: { name: string }) => name === 'settings.json');
    const file = await files(origin, { user, project, id: settings.id });
    expect(file).toMatchObject({
      name: 'settings.json',
      mime_type: 'application/json',
      is_cut: false,
    });
    expect(file.text).toHaveLength(settings.size);
    expect(await files(origin, { user: 'nobody@example.com', project })).toEqual({ files: [] });
  });

  it('makes no crowd of files to count them', async () => {
    const { origin, emulator } = await serve({ seedFiles: 100_000 });
    type State = { folders: { count: number }[] };
    const { folders } = await openFeed(origin).find<State>('state');
    expect(folders[0]?.count).toBe(100_003);
    const [first] = emulator.state.drive.folders();
    expect(first?.folder.crowd).toBe(100_000);
  });

  it('draws a text of bounded length', async () => {
    const { origin } = await serve();
    const draw = (text: unknown) =>
      ask(`${origin}/_emulator/page/qr`, { method: 'POST', body: JSON.stringify({ text }) });
    const { rows } = JSON.parse((await draw('4/0Acode')).text);
    expect(rows.every((row: string) => row.length === rows.length)).toBe(true);
    for (const text of ['', 7, 'x'.repeat(1_001)]) expect((await draw(text)).status).toBe(400);
  });
});
