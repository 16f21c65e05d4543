import { afterAll, beforeAll, beforeEach, expect, it, onTestFinished } from 'vitest';
import { describeWith } from '../support/requires.js';
import { type SecretService, startSecretService } from '../support/secret-service.js';
import { type KeychainProcess, startKeychainProcess } from '../support/secret-service-store.js';
import { type CompiledScript, compileScript } from '../unit/accounts/support/compiled-script.js';
import { sampleCredential } from '../unit/accounts/support/credential.js';
import { errorOf } from '../unit/accounts/support/samples.js';

describeWith('keychain', 'a real keychain', () => {
  let script: CompiledScript;
  let service: SecretService;

  beforeAll(async () => {
    script = await compileScript(new URL('../support/secret-service-child.ts', import.meta.url));
  });
  afterAll(() => script?.remove());

  beforeEach(async () => {
    service = await startSecretService();
    return () => service.stop();
  });

  function startProcess(timeoutMs?: number, env = service.env): KeychainProcess {
    const child = startKeychainProcess(script.path, env, timeoutMs);
    onTestFinished(async () => void (await child.end()));
    return child;
  }

  async function expectEveryMethodToThrow(child: KeychainProcess, code: string, said: RegExp) {
    for (const call of [
      () => child.store.read('client/known'),
      () => child.store.read('client/unknown'),
      () => child.store.remove('client/known'),
      () => child.store.write('client/known', sampleCredential()),
      () => child.store.proveWritable(),
    ]) {
      const error = await errorOf(call());
      expect(error.code).toBe(code);
      expect(error.message).toMatch(said);
      expect(error.hint).toContain('--store file');
      expect(error.hint).toContain('GSAC_PASSPHRASE');
    }
  }

  it('locked: says so, never "no such account", and loses nothing', async () => {
    await service.start('unlocked');
    await startProcess().store.write('client/known', sampleCredential());
    await service.lock();

    await expectEveryMethodToThrow(startProcess(), 'store_locked', /keychain is locked/);

    await service.kill();
    await service.start('unlocked');
    expect(await startProcess().store.read('client/known')).toEqual(sampleCredential());
  });

  it('no bus', async () => {
    const { DBUS_SESSION_BUS_ADDRESS: _, ...env } = service.env;
    await expectEveryMethodToThrow(startProcess(undefined, env), 'store_unavailable', /D-Bus/);
  });

  it('a bus address where nobody listens', async () => {
    const env = { ...service.env, DBUS_SESSION_BUS_ADDRESS: 'unix:path=/nonexistent/bus' };
    await expectEveryMethodToThrow(startProcess(undefined, env), 'store_unavailable', /D-Bus/);
  });

  it('a bus without a keychain', async () => {
    await expectEveryMethodToThrow(startProcess(), 'store_unavailable', /no secret service/);
  });

  it('a keychain without a keyring', async () => {
    await service.start('fresh');
    await expectEveryMethodToThrow(startProcess(), 'store_unavailable', /no default keyring/);
  });

  // An ordinary exit takes 25 s and more.
  const atOnce = { timeout: 20_000 };

  it('frozen: gives up, and the process ends at once with its own exit code', atOnce, async () => {
    await service.start('unlocked');
    await startProcess().store.write('client/known', sampleCredential());
    const child = startProcess(500);
    service.freeze();

    const error = await errorOf(child.store.read('client/known'));
    expect(error.code).toBe('store_timeout');
    expect(await child.isStuck()).toBe(true);
    // The thread is taken; a further call is not put behind it.
    expect((await errorOf(child.store.proveWritable())).code).toBe('store_timeout');

    const ended = await child.end();
    expect(ended).toMatchObject({ exitCode: 5, signal: null });
    expect(ended.stderr).toBe('gsac: error: the keychain did not answer\n');
  });

  it('frozen from the start: the same', async () => {
    await service.start('unlocked');
    service.freeze();
    const child = startProcess(500);
    expect((await errorOf(child.store.proveWritable())).code).toBe('store_timeout');
    expect(await child.end()).toMatchObject({ exitCode: 5, signal: null });
  });

  it('the bus itself frozen: the process ends all the same', atOnce, async () => {
    await service.start('unlocked');
    service.freeze('bus');
    const child = startProcess(500);
    expect((await errorOf(child.store.proveWritable())).code).toBe('store_timeout');
    const ended = await child.end();
    // Nobody hangs up. GLib may notice that its socket was closed, and the call is free; or it does
    // not, and the process is ended from outside of Node, which before 22.15 costs the exit code.
    const ends =
      'execve' in process
        ? [[5, null]]
        : [
            [5, null],
            [null, 'SIGALRM'],
          ];
    expect(ends).toContainEqual([ended.exitCode, ended.signal]);
    expect(ended.stderr).toBe('gsac: error: the keychain did not answer\n');
  });

  it('thawed in time: the process is free again', async () => {
    await service.start('unlocked');
    await startProcess().store.write('client/known', sampleCredential());
    const child = startProcess(1_000);
    service.freeze();
    expect((await errorOf(child.store.read('client/known'))).code).toBe('store_timeout');
    service.thaw();
    await expect.poll(() => child.isStuck(), { timeout: 20_000 }).toBe(false);
    expect(await child.store.read('client/known')).toEqual(sampleCredential());
    expect(await child.end()).toMatchObject({ exitCode: 0 });
  });

  it('killed: an error, not a hang; a new process finds everything', async () => {
    await service.start('unlocked');
    const child = startProcess(3_000);
    await child.store.write('client/known', sampleCredential());
    await service.kill();

    const error = await errorOf(child.store.read('client/known'));
    expect(error.exitCode).toBe(5);
    expect(error.hint).toContain('--store file');

    await service.start('unlocked');
    expect(await startProcess().store.read('client/known')).toEqual(sampleCredential());
  });

  it('many processes write at once: nothing is lost', { timeout: 90_000 }, async () => {
    await service.start('unlocked');
    const children = Array.from({ length: 16 }, () => startProcess(60_000));
    const keys = [1, 2, 3, 4].map((index) => `client/${index}`);
    await Promise.all(
      children.map(async ({ store }, child) => {
        for (const key of keys) {
          await store.write(`${key}-${child}`, sampleCredential({ refreshToken: `${child}` }));
        }
      }),
    );
    const { store } = startProcess(60_000);
    for (const key of keys) {
      for (const child of children.keys()) {
        expect((await store.read(`${key}-${child}`))?.refreshToken).toBe(`${child}`);
      }
    }
  });
});
