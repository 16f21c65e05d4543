import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { createKeychainStore, type Keytar } from '../../../src/accounts/stores/keychain.js';
import { endStuckProcess } from '../../../src/accounts/stores/keychain-exit.js';
import { sampleCredential } from './support/credential.js';
import { errorOf } from './support/samples.js';

/** A keychain in memory that writes down what it is asked, and may be changed by a test. */
function createFakeKeytar(changes: Partial<Keytar> = {}) {
  const entries = new Map<string, string>();
  const calls: string[] = [];
  const keytar: Keytar = {
    async getPassword(service, account) {
      calls.push(`get ${service}`);
      return entries.get(`${service}\0${account}`) ?? null;
    },
    async setPassword(service, account, password) {
      calls.push(`set ${service}`);
      entries.set(`${service}\0${account}`, password);
    },
    async deletePassword(service, account) {
      calls.push(`delete ${service}`);
      return entries.delete(`${service}\0${account}`);
    },
    ...changes,
  };
  return { entries, calls, keytar };
}

function createStore(
  keytar: Keytar,
  options: Partial<Parameters<typeof createKeychainStore>[0]> = {},
) {
  return createKeychainStore({
    platform: 'linux',
    interactive: false,
    load: async () => keytar,
    ...options,
  });
}

const never = () => new Promise<never>(() => {});

describe('keychain store', () => {
  it('reads a known entry with one call', async () => {
    const { keytar, calls } = createFakeKeytar();
    await createStore(keytar).write('client/1', sampleCredential());
    calls.length = 0;
    expect(await createStore(keytar).read('client/1')).toEqual(sampleCredential());
    expect(calls).toEqual(['get gsac']);
  });

  it('proves once that "none" means none, and leaves no canary', async () => {
    const { keytar, calls, entries } = createFakeKeytar();
    const store = createStore(keytar);
    expect(await store.read('client/1')).toBeUndefined();
    expect(calls).toEqual(['get gsac', 'set canary.gsac', 'get canary.gsac', 'delete canary.gsac']);
    expect(entries.size).toBe(0);
    expect(await store.read('client/1')).toBeUndefined();
    expect(await store.remove('client/1')).toBe(false);
    expect(calls.slice(4)).toEqual(['get gsac', 'delete gsac']);
  });

  it('leaves no canary where it cannot be read back', async () => {
    const getPassword = () => Promise.reject(new Error('User interaction is not allowed.'));
    const { keytar, entries } = createFakeKeytar({ getPassword });
    expect((await errorOf(createStore(keytar).proveWritable())).code).toBe('store_locked');
    expect(entries.size).toBe(0);
  });

  it('writes ASCII only, in one line', async () => {
    const { keytar, entries } = createFakeKeytar();
    const store = createStore(keytar);
    await store.write('client/1', sampleCredential({ clientSecret: 'é\u{1f511}\0\n\u007f' }));
    expect([...entries.values()].join()).toMatch(/^[\x20-\x7e]+$/);
  });

  it('refuses what Windows would not take, before it asks the keychain', async () => {
    const { keytar, calls } = createFakeKeytar();
    const store = createStore(keytar);
    const fits = sampleCredential({ refreshToken: 'x'.repeat(2_000) });
    await store.write('client/1', fits);
    calls.length = 0;
    const tooLarge = sampleCredential({ refreshToken: 'x'.repeat(2_400) });
    const error = await errorOf(store.write('client/1', tooLarge));
    expect(error).toMatchObject({ code: 'store_refused', exitCode: 5 });
    expect(error.message).toMatch(/would be 2,\d{3} bytes/);
    expect(calls).toEqual([]);
    expect(await store.read('client/1')).toEqual(fits);
  });

  it('does not trust a keychain that keeps something else, or nothing', async () => {
    const { keytar } = createFakeKeytar({ setPassword: async () => {} });
    const store = createStore(keytar);
    for (const call of [store.write('client/1', sampleCredential()), store.proveWritable()]) {
      const error = await errorOf(call);
      expect(error.code).toBe('store_refused');
      expect(error.message).toContain('did not give back');
    }
  });

  it.each(['', 'text', '{}', 'null', '{"v":2}'])(
    'refuses an entry that is not its own: %j',
    async (text) => {
      const { keytar, entries } = createFakeKeytar();
      entries.set('gsac\0client/1', text);
      const error = await errorOf(createStore(keytar).read('client/1'));
      expect(error.code).toBe('store_refused');
      expect(error.message).toContain('client/1');
    },
  );

  it.each([
    ['User interaction is not allowed.', 'store_locked'],
    ['User canceled the operation.', 'store_locked'],
    ['Prompt dismissed', 'store_locked'],
    ['Timeout was reached', 'store_timeout'],
    ['A default keychain could not be found.', 'store_unavailable'],
    ['A specified logon session does not exist.', 'store_unavailable'],
    ['Not enough memory resources are available', 'store_refused'],
  ])('tells a person what %j means', async (message, code) => {
    const setPassword = () => Promise.reject(new Error(message));
    const error = await errorOf(
      createStore(createFakeKeytar({ setPassword }).keytar).proveWritable(),
    );
    expect(error.code).toBe(code);
    expect(error.message).toContain(message);
    expect(error.hint).toContain('--store file');
  });

  it.each([
    ['linux', 'libsecret-1-0'],
    ['win32', 'Reinstall'],
  ])('names what to install where keytar does not load (%s)', async (platform, remedy) => {
    const load = () => Promise.reject(new Error('Failed to load keytar native addon'));
    const error = await errorOf(
      createStore(createFakeKeytar().keytar, { platform, load }).read('client/1'),
    );
    expect(error.code).toBe('store_unavailable');
    expect(error.hint).toContain(remedy);
  });

  it('gives up a call that hangs, and all behind it, until it returns', async () => {
    let release: (found: null) => void = () => {};
    const { keytar } = createFakeKeytar({
      getPassword: () =>
        new Promise<null>((resolve) => {
          release = resolve;
        }),
    });
    const store = createStore(keytar, { timeoutMs: 30 });
    const outcomes = [store.read('client/1'), store.remove('client/1'), store.proveWritable()];
    for (const outcome of outcomes) expect((await errorOf(outcome)).code).toBe('store_timeout');
    expect(store.stuck).toBe(true);
    release(null);
    await store.released();
    expect(store.stuck).toBe(false);
  });

  it('waits longer, and says so, where a dialog may be open', async () => {
    let said = 0;
    let answer: (found: null) => void = () => {};
    const { keytar } = createFakeKeytar();
    const readAtOnce = keytar.getPassword;
    keytar.getPassword = (service, account) =>
      service === 'gsac'
        ? new Promise<null>((resolve) => {
            answer = resolve;
          })
        : readAtOnce(service, account);
    const store = createStore(keytar, {
      interactive: true,
      timeoutMs: 1,
      slowMs: 20,
      onSlow() {
        said++;
        answer(null);
      },
    });
    expect(await store.read('client/1')).toBeUndefined();
    expect(said).toBe(1);
  });

  it('lets one call into the system at a time', async () => {
    let running = 0;
    let most = 0;
    const { keytar } = createFakeKeytar({
      async getPassword() {
        most = Math.max(most, ++running);
        await new Promise((resolve) => setTimeout(resolve, 1));
        running--;
        return null;
      },
    });
    const store = createStore(keytar);
    await Promise.allSettled(Array.from({ length: 10 }, () => store.read('client/1')));
    expect(most).toBe(1);
  });
});

describe('ending a process whose keychain call is stuck', () => {
  function createProcess() {
    const said: string[] = [];
    return {
      said,
      pid: 4_242,
      on: (signal: string) => said.push(`on ${signal}`),
      exit: (code: number) => void said.push(`exit ${code}`),
      kill: (pid: number, signal: string) => said.push(`kill ${pid} ${signal}`),
    };
  }

  it('exits in the ordinary way once the call has returned', async () => {
    const proc = createProcess();
    await endStuckProcess(5, { released: async () => {} }, proc);
    expect(proc.said).toEqual(['on SIGTERM', 'exit 5']);
  });

  it('replaces the process where it can, else ends it by a signal, within two seconds', async () => {
    const proc = createProcess();
    const execve = (file: string, args: string[]) => proc.said.push(`${file} ${args.join(' ')}`);
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    onTestFinished(() => void vi.useRealTimers());
    const ended = endStuckProcess(5, { released: never }, { ...proc, execve });
    await vi.advanceTimersByTimeAsync(2_000);
    await ended;
    expect(proc.said).toEqual([
      'on SIGTERM',
      '/bin/sh sh -c exit 5',
      'kill 4242 SIGALRM',
      'kill 4242 SIGKILL',
    ]);
  });
});
