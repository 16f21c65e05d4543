import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { openBox } from '../support/process.js';

describe('the installed gsac and rescue files', () => {
  it('a pipe of such a name in the temporary folder stops nobody', async () => {
    const { box, emulator } = await openBox();
    await box.run(['exchange', await emulator.code()]);
    execFileSync('mkfifo', ['-m', '600', join(box.tmp, 'gsac-rescue-0123456789ab.json')]);
    await emulator.inject({ name: 'dead-refresh-token' });
    const ran = await box.run(['refresh', '--json'], { timeoutMs: 30_000 });
    expect(ran.exitCode).toBe(4);
    expect(ran.error()).toMatchObject({ code: 'invalid_grant' });
    const doctor = await box.run(['doctor', '--json'], { timeoutMs: 30_000 });
    expect(doctor.stdout).not.toContain('gsac-rescue-');
  });
});
