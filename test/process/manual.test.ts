import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { errorExitCodes } from '../../src/core/errors.js';
import type { CommandNode } from '../../src/tools/completion/command-tree.js';
import { createSandbox, installGsac, type Sandbox } from '../support/process.js';
import { itWith } from '../support/requires.js';
import { openTerminal } from '../support/terminal.js';
import { runTour } from '../support/tour.js';

const root = fileURLToPath(new URL('../..', import.meta.url));

function distOf(box: Sandbox): string {
  return join(box.gsac.prefix, 'node_modules/gsac/dist');
}

async function treeOf(box: Sandbox): Promise<CommandNode> {
  return (await box.run(['__complete', 'tree'])).json<CommandNode & Record<string, unknown>>();
}

describe('gsac help', () => {
  it('prints the pages that the build has set in 80 columns, code excepted', async () => {
    const box = await createSandbox();
    const folder = join(distOf(box), 'help');
    const pageOf = (name: string) => readFileSync(join(folder, `${name}.txt`), 'utf8');
    const names = readFileSync(join(folder, 'names'), 'utf8').trimEnd().split('\n');
    const sources = readdirSync(join(root, 'src/manual')).map((name) => name.replace('.md', ''));
    expect(names).toEqual(expect.arrayContaining(sources));
    for (const name of names) {
      expect(pageOf(name), name).toMatch(/^[A-Z ,-]+\n\n[A-Z]/);
      for (const line of pageOf(name).split('\n')) {
        if (!line.startsWith('    ')) expect([...line].length, line).toBeLessThanOrEqual(80);
        expect(line, name).not.toMatch(/\]\([\w-]+\.md|\*\*|^```|^#|^\|/);
      }
    }
    const { stdout } = await box.shell(`for name in ${names.join(' ')}; do gsac help $name; done`);
    expect(stdout).toBe(names.map(pageOf).join(''));
  });

  it('lists the topics below the commands', async () => {
    const box = await createSandbox();
    const [all, whole] = [await box.run(['help']), await box.run(['--help'])];
    expect(all.stdout.startsWith(whole.stdout)).toBe(true);
    const topics = all.stdout.slice(whole.stdout.length);
    for (const name of ['stores', 'ci', 'plans', 'exit-codes']) {
      expect(topics).toMatch(new RegExp(`^  ${name} +[A-Z]`, 'm'));
    }
    // At another width, too, where the help is not that of the build.
    expect((await box.shell('COLUMNS=100 gsac help')).stdout).toContain(topics);
  });

  it('takes the words of a topic, the command of a part, and the help of a subcommand', async () => {
    const box = await createSandbox();
    expect((await box.run(['help', 'exit', 'codes'])).stdout).toMatch(/^EXIT CODES\n/);
    const exec = await box.run(['help', 'exec']);
    expect(exec.stdout).toMatch(/^GSAC EXEC\n/);
    expect(exec.stdout).not.toContain('GSAC EXPORT');
    expect((await box.run(['help', 'files', 'get'])).stdout).toMatch(/^Usage: gsac files get /);
  });

  it('names the nearest where there is no such page', async () => {
    const box = await createSandbox();
    const near = await box.run(['help', 'store', '--json']);
    expect(near).toMatchObject({ exitCode: 2, stdout: '' });
    expect(near.error()).toMatchObject({ code: 'usage' });
    expect(near.error().hint).toContain('`gsac help stores`');
    for (const name of ['../help', 'topics', 'qqqqqqqqqqqqqqq']) {
      const none = await box.run(['help', name, '--json']);
      expect(none).toMatchObject({ exitCode: 2, stdout: '' });
    }
  });

  itWith('a terminal', 'has bold headings on a terminal, and goes through a pager', async () => {
    const box = await createSandbox();
    const bold = (text: string) => `\u001B[1m${text}\u001B[22m`;
    const cat = openTerminal(box, 'gsac help stores', { PAGER: 'sed s/^/:/' });
    expect(await cat.ended()).toBe(0);
    expect(cat.screen).toContain(`:${bold('STORES')}`);
    expect(cat.screen).toContain(`with ${bold('--store')} or`);
    // Without one it is printed all the same, and no secret of ours reaches it.
    const none = openTerminal(box, 'gsac help stores', { PAGER: 'no-such-pager', NO_COLOR: '1' });
    expect(await none.ended()).toBe(0);
    expect(none.screen).toContain('\nSTORES\r\n');
    expect(none.screen).toContain('with `--store` or');
    const env = openTerminal(box, 'gsac help stores', { PAGER: 'env', GSAC_PASSPHRASE: 'hunter2' });
    expect(await env.ended()).toBe(0);
    expect(env.screen).toContain('GSAC_HOME=');
    expect(env.screen).not.toContain('hunter2');
  });
});

describe('the man pages', () => {
  it('have every command, option, example and exit code', async () => {
    const box = await createSandbox();
    const dist = distOf(box);
    const { man } = JSON.parse(readFileSync(join(dist, '../package.json'), 'utf8')) as {
      man: string[];
    };
    const files = readdirSync(join(dist, 'man'));
    expect(man.map((path) => path.replace('dist/man/', '')).sort()).toEqual(files.sort());
    const plainOf = (file: string) =>
      readFileSync(join(dist, 'man', file), 'utf8')
        .replaceAll('\\-', '-')
        .replaceAll('\\(dq', '"')
        .replaceAll('\\e', '\\')
        .replace(/\\\[u([0-9A-F]{4})\]/g, (_all, hex) => String.fromCodePoint(parseInt(hex, 16)));
    const tree = await treeOf(box);
    const main = plainOf('gsac.1');
    for (const { flags } of tree.options) expect(main).toContain(`\\fB${flags}\\fR`);
    for (const code of new Set<number>([0, 6, ...Object.values(errorExitCodes)])) {
      expect(main).toMatch(new RegExp(`^\\.TP\\n\\\\fB[\\d, ]*${code}[\\d, ]*\\\\fR$`, 'm'));
    }
    for (const command of tree.commands) {
      expect(main).toContain(`gsac-${command.name}(1)`);
      const page = plainOf(`gsac-${command.name}.1`);
      for (const node of [command, ...command.commands]) {
        const own = node.options.filter(
          ({ isGlobal, flags }) => !isGlobal && !/--help/.test(flags),
        );
        for (const { flags } of own) expect(page).toContain(`\\fB${flags}\\fR`);
        if (node !== command) expect(page).toContain(`.SS "${node.path}`);
        const [, example = ''] = /^ {2}(\$ gsac [\w ]+)/m.exec(node.epilogue) ?? [];
        expect(page).toContain(example);
      }
    }
    for (const file of files) {
      const roff = readFileSync(join(dist, 'man', file), 'utf8');
      expect(roff).toMatch(/^\.TH "GSAC/);
      // Every request is one that man knows, and no line of text passes for one.
      for (const line of roff.split('\n').filter((each) => each.startsWith('.'))) {
        expect(line).toMatch(/^\.(TH|SH|SS|TP|IP|PP|RS|RE|nf|fi|nh|ad)\b/);
      }
      expect(roff).not.toMatch(/^'|[^\n -~]/m);
      expect(roff.match(/^\.nf$/gm)?.length).toBe(roff.match(/^\.fi$/gm)?.length);
    }
  });

  itWith('groff', 'are set by groff without a warning', async () => {
    const { prefix } = await installGsac();
    const folder = join(prefix, 'node_modules/gsac/dist/man');
    for (const file of readdirSync(folder)) {
      const args = ['-man', '-ww', '-Tutf8', join(folder, file)];
      const { status, stderr, stdout } = spawnSync('groff', args, { encoding: 'utf8' });
      expect({ file, status, stderr }).toEqual({ file, status: 0, stderr: '' });
      // Bold is a letter struck over itself.
      expect(stdout.replace(/.[\b]/g, '')).toContain('\nNAME\n');
    }
  });
});

describe('the commands of the README’s first lines', () => {
  it('run as they stand, and once more', async () => {
    const box = await createSandbox();
    const folder = join(box.folder, 'trial');
    for (let run = 0; run < 2; run += 1) await runTour(box, folder);
    // Nothing of it lies elsewhere.
    expect(readdirSync(folder).sort()).toEqual(['client_secret.json', 'gsac.key', 'home']);
  });
});
