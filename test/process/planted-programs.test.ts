import { chmodSync, existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { openSignedIn } from '../support/process.js';

describe('the installed gsac in a folder with programs that others put there', () => {
  it('runs none of them, even if PATH has the current folder', async () => {
    const { box } = await openSignedIn();
    const marker = join(box.folder, 'marker');
    const cwd = join(box.folder, 'app');
    mkdirSync(cwd);
    for (const name of ['git', 'xdg-open', 'planted']) {
      writeFileSync(join(cwd, name), `#!/bin/sh\necho ${name} >> '${marker}'\n`);
      chmodSync(join(cwd, name), 0o755);
    }
    // check asks git about what looks like a secret.
    writeFileSync(join(cwd, 'client_secret.json'), '{"web":{"client_secret":"GOCSPX-0123456789"}}');
    const env = { PATH: `.${delimiter}${delimiter}${box.env['PATH']}`, DISPLAY: ':99' };
    await box.run(['check', '.'], { cwd, env });
    const login = await box.run(['login'], {
      cwd,
      env,
      onStart: (child) =>
        void child.stderr?.on('data', (text: string) => {
          // It has tried to open a browser then.
          if (text.includes('http')) child.kill();
        }),
    });
    expect(login.stderr).toContain('http');
    const ran = await box.run(['exec', '--', 'planted'], { cwd, env });
    expect(ran.exitCode).toBe(127);
    expect(existsSync(marker)).toBe(false);
    expect((await box.run(['exec', '--', './planted'], { cwd, env })).exitCode).toBe(0);
    expect(existsSync(marker)).toBe(true);
  });
});
