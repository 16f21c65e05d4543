import { chmodSync, existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { createSandbox, openSignedIn, startEmulator } from '../support/process.js';

describe('the installed gsac in a folder with programs that others put there', () => {
  it('runs none of them, even if PATH has the current folder', async () => {
    const { box } = await openSignedIn();
    // A desktop client's redirect takes any port, a web client's the one that is registered.
    const desktop = await startEmulator(await createSandbox(), ['--client-type', 'desktop']);
    const marker = join(box.folder, 'marker');
    const cwd = join(box.folder, 'app');
    mkdirSync(cwd);
    for (const name of ['git', 'xdg-open', 'planted', 'docker-credential-planted']) {
      writeFileSync(join(cwd, name), `#!/bin/sh\necho ${name} >> '${marker}'\n`);
      chmodSync(join(cwd, name), 0o755);
    }
    // check asks git about what looks like a secret.
    writeFileSync(join(cwd, 'client_secret.json'), '{"web":{"client_secret":"GOCSPX-0123456789"}}');
    const env = { PATH: `.${delimiter}${delimiter}${box.env['PATH']}`, DISPLAY: ':99' };
    await box.run(['check', '.'], { cwd, env });
    const login = await box.run(['login'], {
      cwd,
      env: { ...env, GSAC_CLIENT: desktop.clientFile },
      onStart: (child) =>
        void child.stderr?.on('data', (text: string) => {
          // It has tried to open a browser then.
          if (text.includes('http')) child.kill();
        }),
    });
    expect(login.stderr).toContain('http');
    const doctor = await box.run(['doctor', '--store', 'helper:planted'], { cwd, env });
    expect(doctor.stdout).toContain('There is no credential helper docker-credential-planted');
    const ran = await box.run(['exec', '--', 'planted'], { cwd, env });
    expect(ran.exitCode).toBe(127);
    expect(existsSync(marker)).toBe(false);
    expect((await box.run(['exec', '--', './planted'], { cwd, env })).exitCode).toBe(0);
    expect(existsSync(marker)).toBe(true);
  });
});
