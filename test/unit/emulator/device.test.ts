import { describe, expect, it } from 'vitest';
import { claimsOf, deviceOf, startEmulator } from './support.js';

const DRIVE = 'https://www.googleapis.com/auth/drive.file';
const EMAIL = 'https://www.googleapis.com/auth/userinfo.email';

function startDesk(...options: Parameters<typeof startEmulator>) {
  const desk = startEmulator(...options);
  return { ...desk, device: deviceOf(desk) };
}

describe('a device', () => {
  it('gets codes, waits for the person, and gets tokens that last', async () => {
    const { device, clock, emulator, send, post } = startDesk();
    const codes = await device.start();
    expect(codes).toEqual({
      device_code: expect.stringMatching(/^AH-1Ng[\w-]{76}$/),
      user_code: expect.stringMatching(/^[B-Z]{4}-[B-Z]{4}$/),
      expires_in: 1800,
      interval: 5,
      verification_url: `${emulator.origin}/device`,
    });
    const pending = { error: 'authorization_pending', error_description: 'Precondition Required' };
    expect(await device.poll()).toMatchObject({ status: 428, json: pending });
    clock.advance(4.9);
    const hasty = { error: 'slow_down', error_description: 'Forbidden' };
    expect(await device.poll()).toMatchObject({ status: 403, json: hasty });
    clock.advance(5);
    expect(await device.poll()).toMatchObject({ status: 428 });

    expect((await device.decide('allow')).text).toContain('Your device has access');
    const { status, json } = await device.poll();
    expect(status).toBe(200);
    expect(json).toMatchObject({
      expires_in: 3599,
      refresh_token: expect.stringMatching(/^1\/\//),
      scope: `openid ${EMAIL} ${DRIVE}`,
      token_type: 'Bearer',
    });
    expect(claimsOf(json['id_token'])).toMatchObject({ email: 'tester@example.com' });
    const headers = { authorization: `Bearer ${json['access_token']}` };
    expect((await send('/drive/v3/files', { headers })).status).toBe(200);
    const { client_id, client_secret } = emulator.deviceClientFile().installed;
    const refreshed = await post('/token', {
      client_id,
      client_secret,
      grant_type: 'refresh_token',
      refresh_token: String(json['refresh_token']),
    });
    expect(refreshed.status).toBe(200);
    // It was claimed.
    expect(await device.poll()).toMatchObject({ status: 400, json: { error: 'invalid_grant' } });
  });

  it('gets what the person ticked', async () => {
    const { device } = startDesk();
    await device.start();
    await device.decide('allow', { _grant: '' });
    expect((await device.poll()).json['scope']).toBe(`openid ${EMAIL}`);
  });

  it('is denied, and comes too late', async () => {
    const { device, clock } = startDesk();
    await device.start();
    expect((await device.decide('cancel')).text).toContain('Access denied');
    const denied = { error: 'access_denied', error_description: 'Forbidden' };
    expect(await device.poll()).toMatchObject({ status: 403, json: denied });
    await device.start();
    clock.advance(1800);
    expect(await device.poll()).toMatchObject({ status: 400, json: { error: 'expired_token' } });
    expect((await device.decide('allow')).text).toContain('role="alert"');
  });

  it('may use the grant of the draft', async () => {
    const { device } = startDesk();
    const { device_code: code } = await device.start();
    await device.decide('allow');
    const draft = { grant_type: 'http://oauth.net/grant_type/device/1.0', code: String(code) };
    expect((await device.poll({ ...draft, device_code: '' })).status).toBe(200);
  });

  it('is never hurried by a clock that stands still', async () => {
    const { device } = startDesk();
    await device.start();
    for (const _ of [1, 2]) expect((await device.poll()).status).toBe(428);
  });

  it.each<[string, Record<string, string>, number, string, unknown]>([
    [
      'without a client',
      { client_id: '' },
      400,
      'invalid_request',
      'Missing required parameter: client_id',
    ],
    [
      'of no client',
      { client_id: 'nobody' },
      401,
      'invalid_client',
      'The OAuth client was not found.',
    ],
    [
      'of a web client',
      { client_id: startEmulator().emulator.clientFile().web.client_id },
      401,
      'invalid_client',
      expect.stringMatching(
        /^Only clients of type &#39;TVs and Limited Input devices&#39; can use/,
      ),
    ],
    [
      'of a desktop client',
      { client_id: startEmulator().emulator.desktopClientFile().installed.client_id },
      401,
      'invalid_client',
      expect.stringMatching(/^Only clients of type/),
    ],
    ['without a scope', { scope: '' }, 400, 'invalid_request', 'Missing required parameter: scope'],
    [
      'for all of Drive',
      { scope: 'email https://www.googleapis.com/auth/drive' },
      400,
      'invalid_scope',
      'Invalid device flow scope: https://www.googleapis.com/auth/drive',
    ],
    [
      'for the app folder',
      { scope: 'https://www.googleapis.com/auth/drive.appdata' },
      400,
      'invalid_scope',
      'Invalid device flow scope: https://www.googleapis.com/auth/drive.appdata',
    ],
    [
      'for a bare name',
      { scope: 'drive.file' },
      400,
      'invalid_scope',
      'Invalid device flow scope: drive.file',
    ],
  ])('%s gets no codes', async (_title, form, status, error, description) => {
    const answer = await startDesk().device.askCodes(form);
    expect(answer.status).toBe(status);
    expect(answer.json).toEqual({ error, error_description: description });
  });

  it('may ask for the app folder if a switch says so, as Google’s list does', async () => {
    const { device } = startDesk({ switches: { deviceAppdata: true } });
    const scope = 'https://www.googleapis.com/auth/drive.appdata';
    expect((await device.askCodes({ scope })).status).toBe(200);
  });

  it('is refused without its secret, without a code, and with another client’s code', async () => {
    const { device, credentials } = startDesk();
    await device.start();
    const missing = await device.poll({ client_secret: '' });
    expect(missing.json['error_description']).toBe('client_secret is missing.');
    const { json } = await device.poll({ device_code: '' });
    expect(json['error_description']).toBe('Missing required parameter: device_code');
    expect((await device.poll({ ...credentials })).json['error']).toBe('invalid_grant');
  });
});

describe('the page of devices', () => {
  it('asks for the code, the account and the consent', async () => {
    const { device, send, post } = startDesk();
    const { user_code: code } = await device.start();
    expect((await send('/device')).text).toContain('name="user_code"');
    const typed = String(code).toLowerCase().replace('-', ' ');
    const accounts = await post('/device', { user_code: typed });
    expect(accounts.text).toContain('Choose an account');
    expect(accounts.text).toContain(`name="user_code" value="${code}"`);
    const consent = await post('/device', { user_code: typed, _user: 'tester@example.com' });
    expect(consent.text).toContain(`name="_grant" value="${DRIVE}"`);
    expect((await send(`/device?user_code=${code}`)).text).toContain('Choose an account');
  });

  it('says that no device waits with a code, and runs nothing of it', async () => {
    const { text } = await startDesk().post('/device', { user_code: '<script>alert(1)</script>' });
    expect(text).toContain('No device waits with the code &lt;script&gt;');
    expect(text).not.toContain('<script');
  });
});
