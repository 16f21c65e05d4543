import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { describeWith } from '../support/requires.js';
import { type Desk, openDesk } from './support.js';

type Fields = Readonly<Record<string, unknown>>;

async function curl(desk: Desk, ...args: string[]): Promise<string> {
  const { exitCode, stdout, stderr } = await desk.run('curl', ['-sS', ...args]);
  if (exitCode !== 0) throw new Error(stderr);
  return stdout;
}

async function redeem(desk: Desk): Promise<Fields> {
  const { client_id, client_secret, token_uri } = desk.google.clientFile().web;
  const { code } = desk.google.signIn();
  const form = { grant_type: 'authorization_code', client_id, client_secret, code };
  const fields = Object.entries({ ...form, redirect_uri: '' });
  const data = fields.flatMap(([name, value]) => ['--data-urlencode', `${name}=${value}`]);
  return JSON.parse(await curl(desk, ...data, token_uri)) as Fields;
}

describeWith('curl', 'curl', () => {
  it('redeems, asks, and revokes', async () => {
    const desk = await openDesk();
    const { origin } = desk;
    const { access_token, refresh_token, expires_in } = await redeem(desk);
    expect(expires_in).toBe(3599);
    const bearer = ['-H', `Authorization: Bearer ${access_token}`];
    const info = await curl(desk, `${origin}/tokeninfo?access_token=${access_token}`);
    expect(JSON.parse(info)).toMatchObject({ email_verified: 'true', access_type: 'offline' });
    const posted = await curl(desk, '-X', 'POST', ...bearer, `${origin}/tokeninfo`);
    expect(JSON.parse(posted)).toMatchObject({ email: 'tester@example.com' });
    const person = await curl(desk, ...bearer, `${origin}/v1/userinfo`);
    expect(JSON.parse(person)).toMatchObject({ name: 'Terry Tester', email_verified: true });
    const status = ['-o', '/dev/null', '-w', '%{http_code}'];
    const revoke = [...status, '-d', `token=${refresh_token}`, `${origin}/revoke`];
    expect(await curl(desk, ...revoke)).toBe('200');
    expect(await curl(desk, ...revoke)).toBe('400');
    expect(await curl(desk, ...status, ...bearer, `${origin}/v1/userinfo`)).toBe('401');
  });

  it('sends a file in pieces, asks how far it came, and fetches it', async () => {
    const desk = await openDesk();
    const { access_token } = await redeem(desk);
    const bearer = ['-H', `Authorization: Bearer ${access_token}`];
    const content = Buffer.alloc(600_000, 'piece ');
    const size = content.length;
    const half = 262_144;
    writeFileSync(join(desk.folder, 'first'), content.subarray(0, half));
    writeFileSync(join(desk.folder, 'second'), content.subarray(half));
    const headers = await curl(
      desk,
      ...[...bearer, '-D', '-', '-o', '/dev/null'],
      ...['-H', 'Content-Type: application/json; charset=UTF-8'],
      ...['-H', 'X-Upload-Content-Type: text/plain', '-H', `X-Upload-Content-Length: ${size}`],
      ...['-d', '{"name":"large.txt","parents":["appDataFolder"]}'],
      `${desk.origin}/upload/drive/v3/files?uploadType=resumable`,
    );
    const location = /^location: (\S+)/im.exec(headers)?.[1] ?? '';
    const put = (...args: string[]) => curl(desk, ...bearer, '-X', 'PUT', ...args, location);
    const range = (text: string) => ['-H', `Content-Range: bytes ${text}`];
    const first = await put(
      '-D',
      '-',
      ...range(`0-${half - 1}/${size}`),
      '--data-binary',
      '@first',
    );
    expect(first).toMatch(/^HTTP\/1\.1 308 /);
    expect(first).toMatch(/^range: bytes=0-262143\r$/im);
    const asked = await put('-D', '-', ...range(`*/${size}`), '-H', 'Content-Length: 0');
    expect(asked).toMatch(/^range: bytes=0-262143\r$/im);
    const last = await put(...range(`${half}-${size - 1}/${size}`), '--data-binary', '@second');
    const { id } = JSON.parse(last) as { id: string };
    const file = `${desk.origin}/drive/v3/files/${id}`;
    expect(await curl(desk, ...bearer, `${file}?alt=media`)).toBe(content.toString());
    expect(await curl(desk, ...bearer, '-r', '6-10', `${file}?alt=media`)).toBe('piece');
    const described = await curl(desk, ...bearer, `${file}?fields=size,mimeType`);
    expect(JSON.parse(described)).toEqual({ size: String(size), mimeType: 'text/plain' });
  });
});
