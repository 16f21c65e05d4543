import { describe, expect, it } from 'vitest';
import { type InstalledGsac, openBox } from './process.js';

/** The main job with the file store, from the sign-in to the end of the access. */
export function describeStory(title: string, install: () => Promise<InstalledGsac>): void {
  const open = () => openBox({}, install);

  describe(title, () => {
    it('signs in, exchanges, uses and ends the access', async () => {
      const { box, emulator } = await open();

      const signedIn = await box.run(['emulator', 'sign-in']);
      expect(signedIn).toMatchObject({ exitCode: 0, stderr: '' });
      const exchanged = await box.run(['exchange', '-'], { stdin: signedIn.stdout });
      expect(exchanged).toMatchObject({ exitCode: 0, stderr: '' });
      expect(exchanged.stdout).toMatch(/^account +tester@example\.com$/m);
      expect(exchanged.stdout).toMatch(/^refresh token +stored in the encrypted file store$/m);
      expect(await emulator.count('/token')).toBe(1);

      const { accounts } = (await box.run(['accounts', '--json'])).json<{
        accounts: { email: string; store: string }[];
      }>();
      expect(accounts).toMatchObject([{ email: 'tester@example.com', store: 'file' }]);

      const claims = (await box.run(['claims', '--json'])).json();
      expect(claims).toMatchObject({ verdict: 'valid', claims: { email: 'tester@example.com' } });

      const token = await box.run(['token']);
      expect(token).toMatchObject({ exitCode: 0, stderr: '' });
      expect(token.stdout).toMatch(/^ya29\.[\w.-]+\n$/);
      // Warm: nobody was asked.
      expect(await emulator.count('/token')).toBe(1);

      const refreshed = await box.run(['refresh', '--json']);
      expect(refreshed.json()).toMatchObject({ refresh_token: { status: 'unchanged' } });
      expect(await emulator.count('/token')).toBe(2);
      expect((await box.run(['token'])).stdout).not.toBe(token.stdout);

      const files = (await box.run(['files', '--json'])).json<{ name: string }[]>();
      expect(files.map(({ name }) => name)).toContain('settings.json');
      expect((await box.run(['files', 'info', '--json'])).json()).toMatchObject({
        name: 'appDataFolder',
      });

      const unasked = await box.run(['revoke']);
      expect(unasked).toMatchObject({ exitCode: 2, stdout: '' });
      expect(await emulator.count('/revoke')).toBe(0);
      expect((await box.run(['revoke', '--yes'])).exitCode).toBe(0);
      expect(await emulator.count('/revoke')).toBe(1);
      const afterwards = await box.run(['token']);
      expect(afterwards).toMatchObject({ exitCode: 4, stdout: '' });
      expect(afterwards.stderr).toMatch(/^gsac: error: No account is stored/);
    });

    it('says why a spent code is refused, and keeps what it has', async () => {
      const { box, emulator } = await open();
      const code = await emulator.code();
      expect((await box.run(['exchange', code])).exitCode).toBe(0);
      const before = await box.run(['token']);

      const again = await box.run(['exchange', code, '--json']);
      expect(again).toMatchObject({ exitCode: 4, stdout: '' });
      expect(again.error()).toMatchObject({ code: 'invalid_grant' });
      expect((await box.run(['token'])).stdout).toBe(before.stdout);
    });

    it('talks to loopback past a dead proxy', async () => {
      const { box, emulator } = await open();
      for (const name of ['HTTP_PROXY', 'HTTPS_PROXY', 'ALL_PROXY']) {
        // The discard port: nobody listens there.
        box.env[name] = 'http://127.0.0.1:9';
        box.env[name.toLowerCase()] = 'http://127.0.0.1:9';
      }
      const exchanged = await box.run(['exchange', await emulator.code()]);
      expect(exchanged).toMatchObject({ exitCode: 0, stderr: '' });
      expect((await box.run(['files'])).exitCode).toBe(0);
      expect((await box.run(['claims', '--refresh'])).exitCode).toBe(0);
    });

    it('opens the store with a passphrase, and with no other', async () => {
      const { box, emulator } = await open();
      const env = { GSAC_FILE_KEY: undefined, GSAC_PASSPHRASE: 'correct horse battery staple' };
      expect((await box.run(['exchange', await emulator.code()], { env })).exitCode).toBe(0);
      expect((await box.run(['token'], { env })).stdout).toMatch(/^ya29\./);

      const wrong = await box.run(['token', '--json'], {
        env: { ...env, GSAC_PASSPHRASE: 'wrong' },
      });
      expect(wrong).toMatchObject({ exitCode: 5, stdout: '' });
      expect(wrong.error()).toMatchObject({ code: 'store_key_wrong' });
      const none = await box.run(['token', '--json'], { env: { GSAC_FILE_KEY: undefined } });
      expect(none).toMatchObject({ exitCode: 5, stdout: '' });
      expect(none.error()).toMatchObject({ code: 'store_key_required' });
      expect((await box.run(['token'], { env })).exitCode).toBe(0);
    });
  });
}
