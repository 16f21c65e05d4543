import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createDesk, type Desk } from '../support/run.js';

describe('gsac exchange', () => {
  let desk: Desk;
  beforeEach(() => {
    desk = createDesk();
  });
  afterEach(() => desk.dispose());

  it('stores the refresh token, judges the ID token and shows no secret', async () => {
    const ran = await desk.run(['exchange', desk.code(), '--json']);
    expect(ran.exitCode).toBe(0);
    expect(ran.stderr).toBe('');
    const result = ran.json<{ access_token: { value: string }; id_token: { verdict: string } }>();
    expect(result).toMatchObject({
      account: { email: 'tester@example.com' },
      refresh_token: { status: 'stored', store: 'file' },
      sent: { redirect_uri: '', code_changes: [] },
      warnings: [],
    });
    expect(result.access_token.value).toMatch(/^ya29\.…\(\d+\)$/);
    expect(result.id_token.verdict).toBe('valid');
    expect(desk.emulator.requests.count('/token')).toBe(1);
  });

  it('sends the code once, even when the connection breaks after it was taken', async () => {
    desk.emulator.inject({ name: 'reset', path: '/token' });
    const ran = await desk.run(['exchange', desk.code(), '--json']);
    expect(ran).toMatchObject({ exitCode: 3, stdout: '' });
    expect(ran.error()).toMatchObject({ code: 'connection_lost', code_sent: true });
    expect(desk.emulator.requests.count('/token')).toBe(1);
  });
});
