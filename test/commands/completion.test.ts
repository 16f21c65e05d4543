import { spawnSync } from 'node:child_process';
import { dirname } from 'node:path';
import { afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Runtime } from '../../src/cli/runtime.js';
import { createProgram } from '../../src/program.js';
import {
  type CommandNode,
  flatten,
  readCommandTree,
} from '../../src/tools/completion/command-tree.js';
import { complete } from '../../src/tools/completion/complete.js';
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
  for (const shell of shells) {
    itWith(shell, `${shell} finds no fault in its script`, async () => {
      const ran = await desk.run(['completion', shell]);
      expect(ran).toMatchObject({ exitCode: 0, stderr: '' });
      const script = desk.file(`gsac.${shell}`, ran.stdout);
      const { status, stderr } = spawnSync(shell, ['-n', script], { encoding: 'utf8' });
      expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    });
  }

  it('another shell: 2', async () => {
    const error = expectFailure(await desk.run(['completion', 'tcsh', '--json']), 'usage');
    expect(error.message).toContain('bash, zsh, fish, powershell');
  });
});

/** What may follow some words: what is offered, then the words themselves. */
async function completed(...words: string[]): Promise<string[]> {
  const ran = await desk.run(['__complete', 'words', '--', ...words]);
  expect(ran).toMatchObject({ exitCode: 0, stderr: '' });
  const [kind = '', ...entries] = ran.stdout.trimEnd().split('\n');
  return [kind, ...entries.map((entry) => entry.split('\t')[0] ?? '')];
}

describe('What the scripts ask', () => {
  it('what may follow is asked for without an empty word', async () => {
    const [empty, next] = [
      await desk.run(['__complete', 'words', '--', 'files', '']),
      await desk.run(['__complete', 'next', '--', 'files']),
    ];
    expect(next).toMatchObject({ exitCode: 0, stdout: empty.stdout });
    expect(next.stdout).toMatch(/^words\n(.*\n)*put\t/);
  });

  it('knows every command, option and choice', async () => {
    const ask = (words: string[]) => complete(tree, words, async () => []);
    for (const { path, options, commands } of flatten(tree)) {
      const words = path.split(' ').slice(1);
      const offered = new Map((await ask([...words, '-'])).entries);
      for (const { names, description, value } of options) {
        for (const name of names) {
          expect(offered.get(name), `${path} ${name}`).toBe(description);
          if (value?.kind !== 'choices') continue;
          const choices = (await ask([...words, name, ''])).entries.map(([word]) => word);
          expect(choices).toEqual(value.choices);
        }
      }
      if (commands.length === 0) continue;
      const inner = (await ask([...words, ''])).entries;
      expect(inner).toEqual(commands.map(({ name, summary }) => [name, summary]));
    }
  });

  it.each<[string, string[]]>([
    ['excha', ['words', 'exchange']],
    ['files ', ['words', 'list', 'info', 'get', 'put', 'delete']],
    ['exchange --sou', ['words', '--source']],
    ['exchange --source ', ['words', 'ios', 'android', 'web-popup', 'web-redirect']],
    ['exchange --source=a', ['words', '--source=android']],
    ['--store k', ['words', 'keychain']],
    ['--json --account x files g', ['words', 'get']],
    ['completion ', ['words', ...shells, 'powershell']],
    ['files put no', ['files']],
    ['exchange --client ', ['files']],
    ['token nothing', ['words']],
    ['exec -- basena', ['program']],
    ['exec -- basename fi', ['program']],
    ['token -- x', ['files']],
  ])('%s', async (line, expected) => {
    expect(await completed(...line.split(' '))).toEqual(expected);
  });

  it('names the stores, with the credential helpers in PATH', async () => {
    const folder = dirname(desk.file('docker-credential-team', ''));
    desk.file('docker-credential-a b', '');
    desk.file('docker-compose', '');
    const env = { PATH: `${folder}:/nowhere:relative` };
    const ran = await desk.run(['__complete', 'words', '--', 'token', '--store', 'h'], { env });
    expect(ran.stdout).toBe('words\nhelper:team\t\n');
  });

  it('names the stored accounts', async () => {
    await desk.exchange();
    await desk.exchange({ user: 'qa@example.org' });
    const both = ['words', 'qa@example.org', 'tester@example.com'];
    expect((await completed('accounts', 'use', '')).sort()).toEqual(both.sort());
    expect(await completed('token', '-a', 'q')).toEqual(['words', 'qa@example.org']);
    expect(await completed('token', '--account=t')).toEqual([
      'words',
      '--account=tester@example.com',
    ]);
  });

  it('leaves out a name that a shell would take for more than a name', async () => {
    desk.dispose();
    desk = createDesk({ users: [{ email: '$(touch x)@example.com' }] });
    expect((await desk.exchange()).exitCode).toBe(0);
    expect(await completed('accounts', 'use', '')).toEqual(['words']);
  });

  it('is silent if nothing can be listed, and no help shows it', async () => {
    const file = desk.file('no-folder', '');
    const argv = ['__complete', 'words', '--', 'accounts', 'use', ''];
    const ran = await desk.run(argv, { env: { GSAC_HOME: file } });
    expect(ran).toMatchObject({ exitCode: 0, stdout: 'words\n', stderr: '' });
    expect((await desk.run(['--help'])).stdout).not.toContain('__complete');
  });
});
