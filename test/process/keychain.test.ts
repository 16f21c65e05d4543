import { existsSync, readdirSync, statSync } from 'node:fs';
import { expect, it, onTestFinished } from 'vitest';
import { type BoxEmulator, openBox, type Sandbox } from '../support/process.js';
import { describeWith } from '../support/requires.js';
import { type SecretService, startSecretService } from '../support/secret-service.js';

interface Desk {
  box: Sandbox;
  emulator: BoxEmulator;
  service: SecretService;
}

/** A sandbox whose keychain is a real one, apart from the user's own. */
async function createDesk(): Promise<Desk> {
  const service = await startSecretService();
  onTestFinished(() => service.stop());
  const { box, emulator } = await openBox();
  for (const [name, value] of Object.entries(service.env)) {
    if (/^(DBUS|XDG)_/.test(name) && value !== undefined) box.env[name] = value;
  }
  delete box.env['GSAC_STORE'];
  delete box.env['GSAC_FILE_KEY'];
  await service.start('unlocked');
  return { box, emulator, service };
}

async function exchange({ box, emulator }: Desk): Promise<void> {
  const ran = await box.run(['exchange', await emulator.code()]);
  expect(ran).toMatchObject({ exitCode: 0, stderr: '' });
}

/** Every command that needs the credential, each expected to stop with 5 before it asks anybody. */
async function expectStopped({ box, emulator }: Desk, code: string): Promise<void> {
  const posts = await emulator.count('/token');
  for (const argv of [
    ['token'],
    ['refresh'],
    ['files'],
    ['revoke', '--yes'],
    ['exchange', await emulator.code()],
  ]) {
    const ran = await box.run([...argv, '--json'], { timeoutMs: 20_000 });
    expect(ran, argv.join(' ')).toMatchObject({ exitCode: 5, stdout: '' });
    expect(ran.error(), argv.join(' ')).toMatchObject({ code });
    expect(ran.error().hint).toContain('--store file');
    expect(ran.stderr).not.toMatch(/No account|nothing for it/);
  }
  expect(await emulator.count('/token')).toBe(posts);
  expect(await emulator.count('/revoke')).toBe(0);
}

describeWith('keychain', 'the installed gsac, real keychain', () => {
  it('keeps the credential there and in no file', async () => {
    const desk = await createDesk();
    const { box, emulator } = desk;
    await exchange(desk);
    expect((await box.run(['accounts', '--json'])).json()).toMatchObject({
      accounts: [{ email: 'tester@example.com', store: 'keychain' }],
    });
    const token = await box.run(['token']);
    expect(token.stdout).toMatch(/^ya29\./);
    expect(await emulator.count('/token')).toBe(1);
    expect((await box.run(['refresh'])).exitCode).toBe(0);
    expect((await box.run(['claims', '--json'])).json()).toMatchObject({ verdict: 'valid' });
    expect(readdirSync(box.home)).not.toContain('vault');

    // A whole second sign-in replaces the entry.
    await exchange(desk);
    expect((await box.run(['revoke', '--yes'])).exitCode).toBe(0);
    expect((await box.run(['token'])).exitCode).toBe(4);
  });

  it('rotation: the next process uses the new refresh token', async () => {
    const desk = await createDesk();
    const { box, emulator } = desk;
    await exchange(desk);
    await emulator.inject({ name: 'rotate-refresh-token' });
    const rotated = await box.run(['refresh', '--json']);
    expect(rotated.json()).toMatchObject({ refresh_token: { status: 'rotated' } });
    // The emulator has killed the one before.
    expect((await box.run(['refresh', '--json'])).json()).toMatchObject({
      refresh_token: { status: 'unchanged' },
    });
  });

  it('locked: stops, says how to go on, and loses nothing', async () => {
    const desk = await createDesk();
    const { box, service } = desk;
    await exchange(desk);
    const before = await box.run(['token']);
    await service.lock();

    await expectStopped(desk, 'store_locked');
    const ran = await box.run(['token']);
    expect(ran.stderr).toMatch(/^gsac: error: the keychain is locked/im);
    expect(ran.stderr).toMatch(/^gsac: hint: /m);
    // What needs no secret goes on.
    expect((await box.run(['accounts'])).stdout).toContain('tester@example.com');

    await service.kill();
    await service.start('unlocked');
    expect((await box.run(['token'])).stdout).toBe(before.stdout);
  });

  it('no bus, no keychain: stops, with the choices', async () => {
    const desk = await createDesk();
    await exchange(desk);
    await desk.service.kill();
    await expectStopped(desk, 'store_unavailable');
    delete desk.box.env['DBUS_SESSION_BUS_ADDRESS'];
    await expectStopped(desk, 'store_unavailable');
  });

  it('frozen: gives up after the timeout, with a message, and nothing on stdout', async () => {
    const desk = await createDesk();
    const { box, service } = desk;
    await exchange(desk);
    const before = await box.run(['token']);
    service.freeze();

    const stuck = [['token'], ['exchange', await desk.emulator.code()]].map(async (argv) => {
      // An ordinary exit would take 25 s and more.
      const ran = await box.run([...argv, '--timeout', '2'], { timeoutMs: 20_000 });
      expect(ran, argv[0]).toMatchObject({ exitCode: 5, signal: null, stdout: '' });
      expect(ran.stderr).toMatch(/^gsac: error: .*keychain/m);
      expect(ran.stderr).toMatch(/^gsac: hint: /m);
    });
    await Promise.all(stuck);
    expect(await desk.emulator.count('/token')).toBe(1);

    service.thaw();
    expect((await box.run(['token'])).stdout).toBe(before.stdout);
  });

  it('killed while a code is under way: the token is rescued and imported again', async () => {
    const desk = await createDesk();
    const { box, emulator, service } = desk;
    await emulator.inject({ name: 'latency', path: '/token', ms: 1_000 });
    const code = await emulator.code();
    const running = box.run(['exchange', code, '--json'], { timeoutMs: 40_000 });
    await emulator.hit();
    await service.kill();

    const ran = await running;
    expect(ran).toMatchObject({ exitCode: 5, stdout: '' });
    const rescue = String(ran.error()['rescue_file']);
    expect(rescue.startsWith(box.home)).toBe(true);
    expect(statSync(rescue).mode & 0o777).toBe(0o600);
    expect(ran.error().message).toContain(rescue);
    expect(ran.error().hint).toContain('gsac accounts import');

    await service.start('unlocked');
    const posts = await emulator.count('/token');
    const imported = await box.run(['accounts', 'import', rescue]);
    expect(imported.exitCode).toBe(0);
    expect(existsSync(rescue)).toBe(false);
    expect(await emulator.count('/token')).toBe(posts);
    expect((await box.run(['token'])).stdout).toMatch(/^ya29\./);
  });
});
