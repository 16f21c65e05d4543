import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { createSandbox } from '../support/process.js';

const wrappers = [
  ['emulator run', ['emulator', 'run']],
  ['watch', ['watch']],
] as const;

describe.each(wrappers)('what gsac %s writes when its command has ended', (_name, argv) => {
  const line = (flags: readonly string[], command: string) => [
    ...argv,
    ...flags,
    ...['--', 'sh', '-c', command],
  ];

  it('is refused before the command runs if no file can be there', async () => {
    const box = await createSandbox();
    const ran = await box.run(line(['--report', 'json=no/such/folder/x'], 'echo ran; exit 7'));
    expect(ran).toMatchObject({ exitCode: 2, stdout: '' });
    expect(ran.stderr).toContain('no/such/folder/x cannot be written: no such file or folder.');
  });

  it.skipIf(!existsSync('/dev/full'))('costs no exit code if the disk is full', async () => {
    const box = await createSandbox();
    const full = ['--report', 'json=/dev/full'];
    const ran = await box.run(line(full, 'echo ran; exit 7'));
    expect(ran).toMatchObject({ exitCode: 7, stdout: 'ran\n' });
    expect(ran.stderr).toMatch(/warning: \/dev\/full cannot be written: the disk is full\.\n/);
    const events = (await box.run(line([...full, '--json'], 'exit 7'))).stderr.trim().split('\n');
    expect(events.map((event) => JSON.parse(event))).toMatchObject([
      { event: 'summary', exit_code: 7 },
      { event: 'warning', code: 'output_failed' },
    ]);
  });

  it('replaces a long report of an earlier run', async () => {
    const box = await createSandbox();
    const report = join(box.folder, 'report.json');
    writeFileSync(report, ' '.repeat(100_000));
    await box.run(line(['--report', `json=${report}`], 'exit 7'));
    expect(JSON.parse(readFileSync(report, 'utf8'))).toMatchObject({ exit_code: 7 });
  });
});

it.skipIf(!existsSync('/dev/full'))('a lost report turns 0 into 1', async () => {
  const box = await createSandbox();
  const ran = await box.run(['watch', '--report', 'json=/dev/full', '--', 'true']);
  expect(ran.exitCode).toBe(1);
  expect(ran.stderr).toContain('exit code 1 stands for this file.');
});

it('watch keeps the exit code of its command if nobody reads its report', async () => {
  const box = await createSandbox();
  // The command ends when the reader has gone.
  const program = 'gsac watch --report json -- sh -c "read -r _ < gone; exit 7"';
  const ran = await box.shell(
    `mkfifo gone; { ${program}; echo "exit $?" >&2; } | { exec <&-; echo > gone; }`,
  );
  expect(ran.stderr).toContain('exit 7\n');
});

it('emulator run keeps the exit code of its command if the state cannot be saved', async () => {
  const box = await createSandbox();
  const state = join(box.folder, 'state.json');
  const spoil = `rm ${state}; mkdir -p ${state}/x; gsac emulator sign-in; exit 7`;
  const ran = await box.run(['emulator', 'run', '--state', state, '--', 'sh', '-c', spoil]);
  expect(ran.exitCode, ran.stderr).toBe(7);
  expect(ran.stderr).toContain(`The state was not saved to ${state}`);
});
