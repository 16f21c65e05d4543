import { spawnSync } from 'node:child_process';
import { chmodSync, mkdirSync, writeFileSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';
import { afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Runtime } from '../../src/cli/runtime.js';
import { createProgram } from '../../src/program.js';
import {
  type CommandNode,
  flatten,
  readCommandTree,
} from '../../src/tools/completion/command-tree.js';
import { itWith } from '../support/requires.js';
import { createDesk, type Desk } from '../support/run.js';
import { expectFailure } from './support.js';

const shells = ['bash', 'zsh', 'fish'] as const;

const runtime: Runtime = {
  calling: () => undefined,
  version: () => '0.0.0-test',
  columns: () => 80,
  argv: () => [],
  run: async () => undefined,
  stream: async () => undefined,
};

let desk: Desk;
let tree: CommandNode;
beforeAll(async () => {
  tree = readCommandTree(await createProgram(runtime, [], () => undefined));
});
beforeEach(() => {
  desk = createDesk();
});
afterEach(() => desk.dispose());

async function scriptOf(shell: string): Promise<string> {
  const ran = await desk.run(['completion', shell]);
  expect(ran).toMatchObject({ exitCode: 0, stderr: '' });
  return ran.stdout;
}

/** A `gsac` on the path that knows two accounts. */
function fakeGsac(): string {
  const bin = join(dirname(desk.home), 'bin');
  mkdirSync(bin);
  const gsac = join(bin, 'gsac');
  writeFileSync(gsac, '#!/bin/sh\nprintf "%s\\n" qa@example.org tester@example.com\n');
  chmodSync(gsac, 0o755);
  return bin;
}

describe('Every command', () => {
  it('has a summary, a description and a worked example in its help', () => {
    for (const { path, summary, epilogue } of flatten(tree)) {
      expect(summary, path).not.toBe('');
      expect(epilogue, path).toMatch(/^Examples?:\n {2}\$ /m);
      expect(epilogue, path).toContain(path);
    }
  });

  it('has a word on each of its options', () => {
    for (const { path, options } of flatten(tree)) {
      for (const { flags, description } of options) {
        expect(description, `${path} ${flags}`).not.toBe('');
      }
    }
  });
});

describe('gsac completion', () => {
  it.each(shells)('%s knows every command, option and choice', async (shell) => {
    const script = await scriptOf(shell);
    for (const { path, options } of flatten(tree)) {
      expect(script).toContain(path);
      for (const { names, value } of options) {
        for (const name of names) expect(script).toContain(name.replace(/^-+/, ''));
        if (value?.kind === 'choices') {
          for (const choice of value.choices) expect(script).toContain(choice);
        }
      }
    }
    expect(script).not.toContain('undefined');
  });

  for (const shell of shells) {
    itWith(shell, `${shell} finds no fault in its script`, async () => {
      const script = desk.file(`gsac.${shell}`, await scriptOf(shell));
      const { status, stderr } = spawnSync(shell, ['-n', script], { encoding: 'utf8' });
      expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    });
  }

  it.each(['zsh', 'fish'])('%s gets a script whose quotes are closed', async (shell) => {
    const quotes = (await scriptOf(shell)).replaceAll(/'\\''|\\'/g, '').match(/'/g) ?? [];
    expect(quotes.length % 2).toBe(0);
  });

  it('another shell: 2', async () => {
    const error = expectFailure(await desk.run(['completion', 'tcsh', '--json']), 'usage');
    expect(error.message).toContain('bash, zsh, fish');
  });

  it.each<[string, string[]]>([
    ['gsac excha', ['exchange']],
    ['gsac files ', ['list', 'info', 'get', 'put', 'delete']],
    ['gsac exchange --sou', ['--source']],
    ['gsac exchange --source ', ['ios', 'android', 'web-popup', 'web-redirect']],
    ['gsac exchange --source=a', ['android']],
    ['gsac --store k', ['keychain']],
    ['gsac --json --account x files g', ['get']],
    ['gsac completion ', [...shells]],
    ['gsac accounts use ', ['qa@example.org', 'tester@example.com']],
    ['gsac accounts use te', ['tester@example.com']],
    // bash breaks words before the @, and wants what follows from there on.
    ['gsac accounts use tester@e', ['@example.com']],
    ['gsac token -a q', ['qa@example.org']],
    ['gsac token --account=q', ['qa@example.org']],
    ['gsac token --account=tester@', ['@example.com']],
    ['gsac token nothing', []],
    ['gsac exec -- basena', ['basename']],
    ['gsac exec -- basename fi', []],
  ])('bash: %s', async (line, expected) => {
    const script = desk.file('gsac.bash', await scriptOf('bash'));
    const ask = `
      . "$1"
      COMP_LINE="$2" COMP_POINT=\${#2}
      # As readline breaks words: the @ stays with what follows it.
      word="\${2##*[ =]}"
      case "$word" in *@*) word="@\${word##*@}" ;; esac
      _gsac gsac "$word"
      printf '%s\\n' "\${COMPREPLY[@]}"`;
    const { stdout, stderr } = spawnSync('bash', ['--norc', '-c', ask, 'bash', script, line], {
      encoding: 'utf8',
      env: { PATH: `${fakeGsac()}${delimiter}${process.env['PATH']}` },
    });
    expect(stderr).toBe('');
    const words = new Set(stdout.split('\n').filter((word) => word !== ''));
    expect([...words]).toEqual(expected);
  });

  itWith('fish', 'fish completes commands and accounts', async () => {
    const script = desk.file('gsac.fish', await scriptOf('fish'));
    const ask = (line: string) =>
      spawnSync('fish', ['--no-config', '-c', `source ${script}; complete -C '${line}'`], {
        encoding: 'utf8',
        env: { PATH: `${fakeGsac()}${delimiter}${process.env['PATH']}`, HOME: desk.home },
      }).stdout;
    expect(ask('gsac accounts use te')).toContain('tester@example.com');
  });
});

describe('What the scripts ask', () => {
  it('are the stored accounts, a line each', async () => {
    await desk.exchange();
    await desk.exchange({ user: 'qa@example.org' });
    const ran = await desk.run(['__complete', 'accounts']);
    expect(ran).toMatchObject({ exitCode: 0, stderr: '' });
    expect(ran.stdout.split('\n').sort()).toEqual(['', 'qa@example.org', 'tester@example.com']);
  });

  it('leaves out a name that a shell would take for more than a name', async () => {
    desk.dispose();
    desk = createDesk({ users: [{ email: '$(touch x)@example.com' }] });
    expect((await desk.exchange()).exitCode).toBe(0);
    expect(await desk.run(['__complete', 'accounts'])).toMatchObject({ exitCode: 0, stdout: '' });
  });

  it('is silent where nothing can be listed, and no help shows it', async () => {
    const file = desk.file('no-folder', '');
    const ran = await desk.run(['__complete', 'accounts'], { env: { GSAC_HOME: file } });
    expect(ran).toMatchObject({ exitCode: 0, stdout: '', stderr: '' });
    expect((await desk.run(['--help'])).stdout).not.toContain('__complete');
  });
});
