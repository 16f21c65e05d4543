import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { OutputClosed } from '../../src/terminal/io.js';
import { createDesk, type Desk, type RunOptions } from '../support/run.js';

/** What a reader does that goes away before anything is written, as in `gsac verify … | true`. */
const gone: RunOptions = {
  onStdout() {
    throw new OutputClosed();
  },
};

describe('A reader of stdout that goes away', () => {
  let desk: Desk;
  beforeEach(async () => {
    desk = createDesk();
    await desk.exchange();
  });
  afterEach(() => desk.dispose());

  it.each<[string, readonly string[]]>([
    ['verify', ['verify', '--expect-email', 'nobody@example.com']],
    ['verify with a report', ['verify', '--expect-sub', '1', '--report', 'tap']],
    ['claims', ['claims', '--audience', 'nobody']],
    ['doctor', ['doctor', '--store', 'env']],
    ['refresh of every account', ['refresh', '--all']],
  ])('does not change the verdict of %s', async (_what, argv) => {
    const faults = argv[0] === 'refresh' ? ['dead-refresh-token'] : [];
    const run = (options?: RunOptions) => {
      for (const name of faults) desk.emulator.inject({ name });
      return desk.run(argv, options);
    };
    expect((await run()).exitCode).toBe(6);
    const ran = await run(gone);
    expect(ran.exitCode).toBe(6);
    expect(ran.stderr).not.toContain('error');
  });

  it.each(['accounts', 'claims', 'verify', 'files', '--version'])(
    'is no failure of %s',
    async (command) => {
      expect(await desk.run([command], gone)).toMatchObject({ exitCode: 0, stderr: '' });
    },
  );

  it('lets the process end although the keychain is stuck', async () => {
    const ended: number[] = [];
    const ran = await desk.run(['doctor', '--store', 'keychain', '--timeout', '0.05'], {
      ...gone,
      loadKeytar: async () => ({
        setPassword: () => new Promise<never>(() => undefined),
        getPassword: async () => null,
        deletePassword: async () => false,
      }),
      endStuckProcess: async (exitCode) => void ended.push(exitCode),
    });
    expect(ran.exitCode).toBe(6);
    expect(ended).toEqual([6]);
  });
});
