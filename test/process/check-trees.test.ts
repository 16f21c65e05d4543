import { execFileSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';

const root = fileURLToPath(new URL('../..', import.meta.url));
const trees = 'test/fixtures/check-trees';

it('judges trees after public repositories as their reviewers did', () => {
  const measured = execFileSync(
    process.execPath,
    ['test/held-apart/measure.js', '--details', '--cases', trees],
    { cwd: root, encoding: 'utf8' },
  );
  const { length } = readdirSync(`${root}/${trees}`);
  expect(measured).toContain(`trees as expected  100.0 % (${length}/${length})`);
});
