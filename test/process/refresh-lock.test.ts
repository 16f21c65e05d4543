import { spawn } from 'node:child_process';
import {
  chmodSync,
  existsSync,
  readdirSync,
  readFileSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import type { RefreshLock } from '../../src/accounts/refresh-lock.js';
import { createRefreshLock } from '../../src/accounts/refresh-lock.js';
import { GsacError } from '../../src/core/errors.js';
import { type CompiledScript, compileScript } from '../unit/accounts/support/compiled-script.js';
import {
  asOrdinaryUser,
  contentsBelow,
  errorOf,
  temporaryFolder,
} from '../unit/accounts/support/samples.js';

const sleep = (milliseconds: number) =>
  new Promise<void>((resolve) => setTimeout(resolve, milliseconds));
const failure = new GsacError('invalid_grant', 'the token is dead', { hint: 'Sign in again.' });

function createLock(now: () => number = Date.now) {
  const directory = join(temporaryFolder(), 'locks');
  return { directory, lock: createRefreshLock({ directory, now, sleep }) };
}

/** A gate: what waits at it goes on when it is opened. */
function createGate() {
  let open: () => void = () => {};
  const opened = new Promise<void>((resolve) => {
    open = resolve;
  });
  return { open, opened };
}

const unsettled = async () => undefined;

/** Takes the lock of an account, and holds it until it is told to let go. */
async function startHolder(lock: RefreshLock, key: string) {
  const held = createGate();
  const gate = createGate();
  const done = lock.share(key, {
    waitMs: 0,
    settled: unsettled,
    async refresh() {
      held.open();
      await gate.opened;
      return 'first';
    },
  });
  await held.opened;
  return { letGo: gate.open, done };
}

describe('refresh lock in one process', () => {
  it('refreshes, and leaves no lock behind', async () => {
    const { directory, lock } = createLock();
    const answer = await lock.share('client/1', {
      waitMs: 1_000,
      settled: unsettled,
      refresh: async () => {
        expect(readdirSync(directory)).toHaveLength(1);
        return 'new';
      },
    });
    expect(answer).toBe('new');
    expect(readdirSync(directory)).toEqual([]);
  });

  it('asks whether it is settled once it holds the lock', async () => {
    const { lock } = createLock();
    const refresh = async () => expect.unreachable('settled');
    expect(await lock.share('a/1', { waitMs: 0, settled: async () => 'old', refresh })).toBe('old');
    // And gave the lock back.
    const again = { waitMs: 0, settled: unsettled, refresh: async () => 'new' };
    expect(await lock.share('a/1', again)).toBe('new');
  });

  it('lets callers of one account in one after the other, of several at once', async () => {
    const { lock } = createLock();
    const running = new Map<string, number>();
    let most = 0;
    let refreshes = 0;
    const work = async (key: string) => {
      const now = (running.get(key) ?? 0) + 1;
      running.set(key, now);
      expect(now).toBe(1);
      most = Math.max(
        most,
        [...running.values()].reduce((sum, count) => sum + count),
      );
      await sleep(5);
      running.set(key, now - 1);
      refreshes++;
    };
    const keys = ['a/1', 'a/1', 'a/1', 'b/1', 'b/1', 'c/1'];
    await Promise.all(
      keys.map((key) =>
        lock.share(key, { waitMs: 20_000, settled: unsettled, refresh: () => work(key) }),
      ),
    );
    expect(refreshes).toBe(keys.length);
    expect(most).toBeGreaterThan(1);
  });

  it('shares a failure with those that waited, and only with those', async () => {
    // A clock that stands still: everything happens in the same millisecond.
    const { directory, lock } = createLock(() => 1_000);
    const gate = createGate();
    let tries = 0;
    const fail = async () => {
      tries++;
      await gate.opened;
      throw failure;
    };
    // Each of the five has begun once each has asked.
    const asked = new Set<number>();
    const outcomes = await Promise.all(
      Array.from({ length: 5 }, (_, caller) => {
        const settled = async () => {
          if (asked.add(caller).size === 5) gate.open();
          return undefined;
        };
        return errorOf(lock.share('a/1', { waitMs: 20_000, settled, refresh: fail }));
      }),
    );
    expect(tries).toBe(1);
    for (const error of outcomes) {
      expect(error).toMatchObject({ code: 'invalid_grant', message: failure.message });
      expect(error.hint).toBe(failure.hint);
    }
    expect(readdirSync(directory)).toEqual([expect.stringMatching(/\.failure\.json$/)]);

    // Later in the same millisecond: it did not wait, so it asks Google itself.
    const again = { waitMs: 0, settled: unsettled, refresh: async () => 'new' };
    expect(await lock.share('a/1', again)).toBe('new');
    expect(readdirSync(directory)).toEqual([]);
  });

  it('does not share a failure from before the wait', async () => {
    let time = 1_000;
    const { lock } = createLock(() => time);
    const refresh = async () => {
      throw failure;
    };
    await errorOf(lock.share('a/1', { waitMs: 0, settled: unsettled, refresh }));
    time = 1_001;
    const holder = await startHolder(lock, 'a/1');
    let asked = 0;
    const waiter = lock.share('a/1', {
      waitMs: 20_000,
      async settled() {
        if (++asked === 2) holder.letGo();
        return undefined;
      },
      refresh: async () => 'second',
    });
    expect(await Promise.all([holder.done, waiter])).toEqual(['first', 'second']);
  });

  it.each([
    new GsacError('cancelled', 'c'),
    new GsacError('store_key_wrong', 'k'),
    new TypeError('bug'),
  ])('does not share what concerns one process alone: %s', async (thrown) => {
    const { directory, lock } = createLock();
    const refresh = async () => {
      throw thrown;
    };
    const shared = { waitMs: 0, settled: unsettled, refresh };
    await expect(lock.share('a/1', shared)).rejects.toBe(thrown);
    expect(readdirSync(directory)).toEqual([]);
  });

  it.each(['', '{', 'null', '{"v":1,"at":9e99,"code":"no_such","message":"m"}'])(
    'takes a broken record of a failure for none: %s',
    async (content) => {
      const { directory, lock } = createLock();
      await errorOf(
        lock.share('a/1', {
          waitMs: 0,
          settled: unsettled,
          refresh: async () => {
            throw failure;
          },
        }),
      );
      writeFileSync(join(directory, readdirSync(directory)[0] ?? ''), content);
      const holder = await startHolder(lock, 'a/1');
      const settled = async () => {
        holder.letGo();
        return undefined;
      };
      const refresh = async () => 'new';
      expect(await lock.share('a/1', { waitMs: 20_000, settled, refresh })).toBe('new');
      await holder.done;
    },
  );

  it.each([
    ['a clock that runs', (elapsed: number) => elapsed],
    ['a clock that stands still', () => 0],
  ])('waits no longer than it is told, by %s', async (_, now) => {
    const { directory, lock } = createLock();
    const holder = await startHolder(lock, 'a/1');
    let elapsed = 0;
    const waiter = createRefreshLock({
      directory,
      now: () => now(elapsed),
      async sleep(milliseconds) {
        elapsed += milliseconds;
      },
    });
    const refresh = async () => undefined;
    const error = await errorOf(
      waiter.share('a/1', { waitMs: 5_000, settled: unsettled, refresh }),
    );
    expect(error.code).toBe('refresh_wait_timeout');
    expect(Math.round(elapsed / 1_000)).toBe(5);
    holder.letGo();
    await holder.done;
  });

  describe('for writes', () => {
    it('lets one in after the other, whatever became of the one before', async () => {
      const directory = join(temporaryFolder(), 'locks');
      const held = createGate();
      const gate = createGate();
      // The first goes on once the second has found the lock taken.
      const wait = (milliseconds: number) => {
        gate.open();
        return sleep(milliseconds);
      };
      const lock = createRefreshLock({ directory, now: Date.now, sleep: wait });
      const order: string[] = [];
      const first = errorOf(
        lock.exclusively('a/1', 5_000, async () => {
          held.open();
          await gate.opened;
          order.push('first');
          throw failure;
        }),
      );
      await held.opened;
      const second = lock.exclusively('a/1', 5_000, async () => {
        order.push('second');
        gate.open();
        return 'written';
      });
      expect(await first).toBe(failure);
      expect(await second).toBe('written');
      expect(order).toEqual(['first', 'second']);
      expect(readdirSync(directory).filter((name) => name.endsWith('.lock'))).toEqual([]);
    });

    it('waits for no refresh, and no longer than it is told', async () => {
      const { lock } = createLock();
      const holder = await startHolder(lock, 'a/1');
      expect(await lock.exclusively('a/1', 0, async () => 'written')).toBe('written');
      const inside = lock.exclusively('a/1', 0, () =>
        errorOf(lock.exclusively('a/1', 100, async () => 'never')),
      );
      expect((await inside).message).toContain('is writing this account');
      holder.letGo();
      await holder.done;
    });
  });

  it('runs without a lock where the folder cannot be written', async () => {
    const { directory, lock } = createLock();
    const shared = { waitMs: 0, settled: unsettled, refresh: async () => 'new' };
    await lock.share('a/1', shared);
    chmodSync(join(directory, '..'), 0o755);
    chmodSync(directory, 0o555);
    await asOrdinaryUser(async () => {
      expect(await lock.share('a/1', shared)).toBe('new');
      const refresh = async () => {
        throw failure;
      };
      expect(await errorOf(lock.share('a/1', { ...shared, refresh }))).toBe(failure);
    });
  });

  it('does nothing where it is not known whether another holds the lock', async () => {
    const { directory, lock } = createLock();
    symlinkSync(directory, directory);
    const work = async () => expect.unreachable('it ran without a lock');
    const shared = { waitMs: 0, settled: unsettled, refresh: work };
    const errors = [
      await errorOf(lock.share('a/1', shared)),
      await errorOf(lock.exclusively('a/1', 0, work)),
    ];
    for (const error of errors) {
      expect(error).toMatchObject({
        code: 'local_file_broken',
        details: { system_code: 'ELOOP' },
      });
    }
  });

  it('runs without a lock where a file stands in the place of the folder', async () => {
    const { directory, lock } = createLock();
    writeFileSync(directory, '');
    const shared = { waitMs: 0, settled: unsettled, refresh: async () => 'new' };
    expect(await lock.share('a/1', shared)).toBe('new');
  });
});

describe('refresh lock among processes', { timeout: 60_000 }, () => {
  const many = 16;
  let script: CompiledScript;
  beforeAll(async () => {
    script = await compileScript(
      new URL('../unit/accounts/support/lock-child.ts', import.meta.url),
    );
  });
  afterAll(() => script?.remove());

  /** A child that says lines; `heard` resolves when it has said one that begins so. */
  function startChild(folder: string, outcome: 'success' | 'failure') {
    const child = spawn(process.execPath, [script.path, folder, outcome]);
    onTestFinished(() => void child.kill('SIGKILL'));
    const lines: string[] = [];
    const listeners = new Set<() => void>();
    const ended = new Promise<void>((resolve) => child.once('close', () => resolve()));
    createInterface({ input: child.stdout }).on('line', (line) => {
      lines.push(line);
      for (const listener of listeners) listener();
    });
    return {
      say: (line: string) => child.stdin.write(`${line}\n`),
      async kill() {
        child.kill('SIGKILL');
        await ended;
      },
      heard: (beginning: string) =>
        new Promise<string>((resolve) => {
          const look = () => {
            const line = lines.find((said) => said.startsWith(beginning));
            if (line === undefined) return;
            listeners.delete(look);
            resolve(line.slice(beginning.length).trim());
          };
          listeners.add(look);
          look();
        }),
    };
  }

  async function startChildren(
    count: number,
    folder: string,
    outcome: 'success' | 'failure' = 'success',
  ) {
    const children = Array.from({ length: count }, () => startChild(folder, outcome));
    await Promise.all(children.map((child) => child.heard('ready')));
    return children;
  }

  function refreshesIn(folder: string): number {
    return readFileSync(join(folder, 'refreshes'), 'utf8').trim().split('\n').length;
  }

  it.each([
    ['answer', 'success', 'an answer'],
    [
      'failure',
      'failure',
      '{"code":"invalid_grant","message":"the token is dead","hint":"Sign in again.","details":{"subtype":"invalid_rapt"}}',
    ],
  ] as const)('many processes, one refresh, one %s for all', async (_, outcome, result) => {
    const folder = temporaryFolder();
    const children = await startChildren(many, folder, outcome);
    for (const child of children) child.say('go');
    await Promise.all(children.map((child) => child.heard('asked')));
    for (const child of children) child.say('finish');
    const results = await Promise.all(children.map((child) => child.heard('result')));
    expect(new Set(results)).toEqual(new Set([result]));
    expect(refreshesIn(folder)).toBe(1);
    const left = outcome === 'failure' ? 1 : 0;
    expect(contentsBelow(join(folder, 'locks'))).toHaveLength(left);
  });

  it('one of many that wait takes over from a holder that was killed', async () => {
    const folder = temporaryFolder();
    const [holder] = await startChildren(1, folder);
    holder?.say('go');
    await holder?.heard('refreshing');
    const waiters = await startChildren(many, folder);
    for (const waiter of waiters) waiter.say('go');
    await Promise.all(waiters.map((waiter) => waiter.heard('asked')));
    await holder?.kill();
    expect(refreshesIn(folder)).toBe(1);

    const locks = readdirSync(join(folder, 'locks')).filter((name) => name.endsWith('.lock'));
    expect(locks).toHaveLength(1);
    // Ten seconds pass.
    const past = Date.now() / 1_000 - 11;
    utimesSync(join(folder, 'locks', locks[0] ?? ''), past, past);
    await Promise.race(waiters.map((waiter) => waiter.heard('refreshing')));
    for (const waiter of waiters) waiter.say('finish');
    const results = await Promise.all(waiters.map((waiter) => waiter.heard('result')));
    expect(new Set(results)).toEqual(new Set(['an answer']));
    expect(refreshesIn(folder)).toBe(2);
  });

  it('takes over in time from a holder that was killed, with nobody near', async () => {
    const folder = temporaryFolder();
    const locks = join(folder, 'locks');
    const [holder] = await startChildren(1, folder);
    holder?.say('go');
    await holder?.heard('refreshing');
    await holder?.kill();
    expect(existsSync(locks)).toBe(true);

    const lock = createRefreshLock({ directory: locks, now: Date.now, sleep, staleMs: 2_000 });
    const shared = { waitMs: 30_000, settled: unsettled, refresh: async () => 'new' };
    expect(await lock.share('client/1', shared)).toBe('new');
    expect(readdirSync(locks)).toEqual([]);
  });
});
