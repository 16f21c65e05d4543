import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect } from 'vitest';
import { openBox } from '../support/process.js';
import { itWith } from '../support/requires.js';
import { openTerminal } from '../support/terminal.js';

/** How each shell is started with the completion loaded, to say what it runs. */
const shells: { shell: 'bash' | 'zsh' | 'fish'; start: string; rc: string }[] = [
  {
    shell: 'bash',
    start: 'bash --rcfile rc -i',
    rc: `PS1='ready> '
eval "$(gsac completion bash)"
trap 'echo "runs <$BASH_COMMAND>"' DEBUG`,
  },
  {
    shell: 'zsh',
    start: 'ZDOTDIR=. zsh -i',
    rc: `PS1='ready> '
autoload -Uz compinit && compinit -u -D
eval "$(gsac completion zsh)"
preexec() { print -r -- "runs <$1>" }`,
  },
  {
    shell: 'fish',
    start: "fish --no-config -C 'source rc'",
    rc: `function fish_prompt; echo 'ready> '; end
gsac completion fish | source
function say --on-event fish_preexec; echo "runs <$argv>"; end`,
  },
];

describe('Completion in a real terminal', () => {
  for (const { shell, start, rc } of shells) {
    itWith(
      ['a terminal', shell],
      `${shell} completes commands, flags, choices, accounts and programs`,
      async () => {
        const { box, emulator } = await openBox();
        for (const user of ['tester@example.com', 'qa@example.org']) {
          expect((await box.run(['exchange', await emulator.code({ user })])).exitCode).toBe(0);
        }
        writeFileSync(join(box.folder, 'rc'), `${rc}\n`);
        writeFileSync(join(box.folder, '.zshrc'), `${rc}\n`);
        writeFileSync(join(box.folder, 'notes.txt'), '');
        mkdirSync(join(box.folder, 'my app'));
        writeFileSync(join(box.folder, 'my app/client.json'), '');
        const terminal = openTerminal(box, start);
        let prompts = 0;
        const types = async (keys: string, line: RegExp) => {
          prompts += 1;
          const already = terminal.screen.length;
          await terminal.shows(new RegExp(`(ready> [^]*?){${prompts}}`));
          terminal.type(`${keys}\r`);
          await terminal.shows(new RegExp(`^[^]{${already},}runs <${line.source} *>[^]*ready> `));
        };
        await types('gsac accoun\tlis\t--js\t', /gsac accounts +list +--json/);
        await types('gsac accounts --store=fi\t', /gsac accounts +--store=file/);
        await types('gsac accounts use tester@e\t', /gsac accounts use tester@example\.com/);
        await types('gsac accounts use q\t', /gsac accounts use qa@example\.org/);
        await types('gsac token --account=tester@\t', /gsac token --account=tester@example\.com/);
        await types('gsac exchange --client=no\t', /gsac exchange --client=notes\.txt/);
        await types(
          'gsac exchange --client "my app/cl\t',
          /gsac exchange --client "my app\/client\.json"/,
        );
        await types(
          'gsac exchange --client my\\ app/cl\t',
          /gsac exchange --client my\\ app\/client\.json/,
        );
        await types('gsac accounts use "tester@e\t', /gsac accounts use "tester@example\.com"/);
        await types('gsac token --format he\t', /gsac token --format header/);
        await types('gsac files put no\t--na\tx', /gsac files put notes\.txt +--name +x/);
        await types('gsac exec -- basena\ta/b', /gsac exec -- basename +a\/b/);
        terminal.type('exit\r');
        expect(await terminal.ended()).not.toBeNull();
        expect(terminal.screen).not.toMatch(/command not found|syntax error|unknown/i);
      },
    );
  }
});
