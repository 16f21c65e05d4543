import { readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { type RunOptions, useDesk } from '../support/run.js';
import { expectFailure, expectHumanFailure } from './support.js';

const [qa, newcomer] = ['qa@example.org', 'newcomer@example.com'];

/** Two people are stored, and the file of one of them is empty. */
describe('Where an account file cannot be read', () => {
  const desk = useDesk();
  let path: string;
  beforeEach(async () => {
    await desk.exchange({ user: qa });
    await desk.exchange({ user: newcomer });
    path = fileOf(newcomer);
    desk.emulator.requests.clear();
  });

  function fileOf(email: string): string {
    const folder = join(desk.home, 'accounts');
    const found = readdirSync(folder)
      .map((name) => join(folder, name))
      .find((file) => readFileSync(file, 'utf8').includes(email));
    return found ?? '';
  }
  const empty = () => writeFileSync(path, '');

  it.each([
    ['token'],
    ['refresh'],
    ['revoke', '--yes'],
    ['claims'],
    ['files'],
    ['export', '--show-secrets'],
    ['exec', '--', 'true'],
  ])('%s takes nobody for the only one', async (command, ...rest) => {
    expectFailure(await desk.run([command, '--json', ...rest]), 'account_ambiguous');
    empty();
    const error = expectFailure(await desk.run([command, '--json', ...rest]), 'local_file_broken');
    expect(error).toMatchObject({ path, message: expect.stringContaining('it is empty') });
    expect(error.hint).toMatch(
      /^Move the file away, .*--account.*gsac accounts use.*qa@example\.org/,
    );
    expect(desk.emulator.requests.count()).toBe(0);
    expectHumanFailure(await desk.run([command, ...rest]), 'local_file_broken');
  });

  it.each<[string, string[], RunOptions]>([
    ['named by --account', ['-a', qa], {}],
    ['named by GSAC_ACCOUNT', [], { env: { GSAC_ACCOUNT: qa } }],
    ['chosen', [], {}],
  ])('an account that is %s goes on working', async (what, flags, options) => {
    if (what === 'chosen') await desk.run(['accounts', 'use', qa]);
    empty();
    const ran = await desk.run(['token', '--json', ...flags], options);
    expect(ran).toMatchObject({ exitCode: 0, stderr: '' });
    expect(ran.json()).toMatchObject({ account: { email: qa } });
    const revoked = await desk.run(['revoke', '--yes', '--json', ...flags], options);
    expect(revoked.json()).toMatchObject({ account: { email: qa } });
  });

  it('one that may be the broken one is not said to be unknown', async () => {
    empty();
    const error = expectFailure(
      await desk.run(['token', '-a', newcomer, '--json']),
      'local_file_broken',
    );
    expect(error.message).toContain(`${newcomer} may be in it`);
  });

  it('the chosen one is not replaced by the other, broken or gone', async () => {
    await desk.run(['accounts', 'use', newcomer]);
    empty();
    expectFailure(await desk.run(['token', '--json']), 'local_file_broken');
    rmSync(path);
    const error = expectFailure(await desk.run(['revoke', '--yes', '--json']), 'account_unknown');
    expect(error.hint).toContain('gsac accounts use');
    expect(desk.emulator.requests.count()).toBe(0);
    await desk.run(['accounts', 'use', qa]);
    expect((await desk.run(['token'])).exitCode).toBe(0);
  });

  const broken = () => [
    { path, reason: 'it is empty', hint: expect.stringMatching(/^Move the file away/) },
  ];

  it('refresh --all does the others, then exits 6, and says it in the JSON', async () => {
    empty();
    const ran = await desk.run(['refresh', '--all', '--json']);
    expect(ran).toMatchObject({ exitCode: 6, stderr: '' });
    expect(ran.json()).toEqual({
      results: [expect.objectContaining({ account: expect.objectContaining({ email: qa }) })],
      failed: 0,
      broken: broken(),
    });
    const human = await desk.run(['refresh', '--all']);
    expect(human.exitCode).toBe(6);
    expect(human.stdout).toContain('1 refreshed, 0 failed, 1 left out');
    expect(human.stderr).toContain(`warning: ${path} is left out: it is empty.`);
  });

  it('status shows the others, then exits 6, and says it in the JSON', async () => {
    empty();
    for (const flags of [[], ['--online']]) {
      const ran = await desk.run(['status', '--json', ...flags]);
      expect(ran).toMatchObject({ exitCode: 6, stderr: '' });
      expect(ran.json()).toMatchObject({
        accounts: [{ email: qa, verdict: 'ok' }],
        failing: 0,
        broken: broken(),
      });
      const human = await desk.run(['status', ...flags]);
      expect(human.exitCode).toBe(6);
      expect(human.stdout.split(/\s+/).join(' ')).toContain(`${path}: left out `);
      expect(human.stdout).toContain('fix: Move the file away');
    }
    expect((await desk.run(['status', '-a', qa])).exitCode).toBe(0);
  });

  it('accounts lists the others, and says it in the JSON', async () => {
    empty();
    const ran = await desk.run(['accounts', '--json']);
    expect(ran).toMatchObject({ exitCode: 0, stderr: '' });
    expect(ran.json()).toEqual({
      accounts: [expect.objectContaining({ email: qa })],
      broken: broken(),
    });
  });

  it.each([['status'], ['refresh', '--all']])('%s is 1 where none can be read', async (...argv) => {
    await desk.run(['accounts', 'remove', qa, '--yes']);
    empty();
    expectFailure(await desk.run([...argv, '--json']), 'local_file_broken');
    expectFailure(await desk.run(['token', '--json']), 'local_file_broken');
  });

  it('nobody is told to move away what only cannot be reached', async () => {
    rmSync(path);
    symlinkSync(path, path);
    const ran = await desk.run(['accounts']);
    expect(ran.stderr).toContain('hint: Mend the links');
    expect(ran.stderr).not.toMatch(/Remove|Move/);
  });
});
