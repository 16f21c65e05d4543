import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import type { SignInRequest } from '../../src/emulator/library.js';
import { describeWith, python } from '../support/requires.js';
import { type Desk, openDesk } from './support.js';

const program = (name: string) => fileURLToPath(new URL(`python/${name}`, import.meta.url));

async function runPython(desk: Desk, name: string, request: SignInRequest, ...more: string[]) {
  const { code } = desk.google.signIn(request);
  const args = ['-B', program(name), desk.clientFile, code, desk.origin, ...more];
  const { exitCode, stdout, stderr } = await desk.run(python, args);
  return exitCode === 0 ? (JSON.parse(stdout) as Record<string, unknown>) : { stderr };
}

const SCOPES = [
  'https://www.googleapis.com/auth/drive.appdata',
  'https://www.googleapis.com/auth/userinfo.email',
  'https://www.googleapis.com/auth/userinfo.profile',
  'openid',
];

describeWith('Python with oauth2client', "Google's guide in Python (oauth2client)", () => {
  it.each([
    ['a web page, as it is', { source: 'web-popup' as const }, []],
    ['an iOS app, with an empty redirect_uri', {}, ['']],
  ])('exchanges the code of %s', async (_title, request, more) => {
    const desk = await openDesk();
    expect(await runPython(desk, 'guide.py', request, ...more)).toEqual({
      appfolder: {
        kind: 'drive#file',
        id: expect.stringMatching(/^1[\w-]{43}$/),
        name: 'appDataFolder',
        mimeType: 'application/vnd.google-apps.folder',
      },
      userid: '104729361850274916385',
      email: 'tester@example.com',
      verified: true,
      refreshed: true,
      kept_refresh_token: true,
      scopes: SCOPES,
      files: ['notes backup 2025-04.txt', 'saves/slot-1.bin', 'settings.json'],
      present_revocation: 'Invalid response 404.',
      after_revocation: 'invalid_grant: Token has been expired or revoked.',
    });
  });

  it('fails with the code of an app, as it does at Google', async () => {
    const { stderr } = await runPython(await openDesk(), 'guide.py', { source: 'ios' });
    expect(stderr).toContain('FlowExchangeError: redirect_uri_mismatch');
  });
});

describeWith('Python with oauth2client', 'A device in Python (oauth2client)', () => {
  it('waits for the person, gets tokens, is denied, and needs a client of its type', async () => {
    const desk = await openDesk();
    const device = join(desk.folder, 'device.json');
    writeFileSync(device, JSON.stringify(desk.google.deviceClientFile()));
    const args = ['-B', program('device.py'), device, desk.clientFile, desk.origin];
    const { stdout, stderr } = await desk.run(python, args);
    expect(stderr).toBe('');
    expect(JSON.parse(stdout)).toEqual({
      pending: 'authorization_pendingPrecondition Required',
      email: 'qa@example.org',
      refresh_token: true,
      denied: 'access_deniedForbidden',
      web_client: expect.stringContaining('invalid_client'),
    });
  });
});

describeWith('Python with google-auth', "Google's present libraries in Python", () => {
  it('sign in, verify, refresh, work on the appfolder and revoke', async () => {
    const desk = await openDesk();
    expect(await runPython(desk, 'modern.py', {})).toEqual({
      email: 'tester@example.com',
      email_verified: true,
      refreshed: true,
      sizes: ['5', '640000'],
      same: true,
      renamed: 'renamed.bin',
      content: 'changed',
      pages: 3,
      names: [
        'large.bin',
        'notes backup 2025-04.txt',
        'renamed.bin',
        'saves/slot-1.bin',
        'settings.json',
      ],
      gone: 404,
      without_spaces: 403,
      revoked: 200,
      after_revocation: expect.stringContaining(
        'invalid_grant: Token has been expired or revoked.',
      ),
    });
    const [exchange] = desk.google.requests.list('/token');
    expect(exchange?.auth).toBe('basic');
  });
});

describeWith('Python with google-auth', 'Google’s service accounts in Python', () => {
  it('sign in with the key, act for a user, and are refused in Google’s words', async () => {
    const desk = await openDesk();
    const key = join(desk.folder, 'key.json');
    writeFileSync(key, JSON.stringify(desk.google.serviceAccountFile()));
    const args = ['-B', program('service_account.py'), key, desk.origin];
    const { stdout, stderr } = await desk.run(python, args);
    expect(stderr).toBe('');
    expect(JSON.parse(stdout)).toEqual({
      scoped: 'refreshed',
      own_files: [],
      their_files: ['config.json', 'Übergrößen – liste.csv'],
      without_scopes: 'invalid_scope: Invalid OAuth scope or ID token audience provided.',
      consumer: 'unauthorized_client: Unauthorized client or scope in request.',
      nobody: 'invalid_grant: Not a valid email.',
      not_delegated: expect.stringContaining('client not authorized for any of the scopes'),
      identity: 'refreshed',
    });
  });
});
