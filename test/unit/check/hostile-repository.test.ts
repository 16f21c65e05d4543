import { execFileSync } from 'node:child_process';
import { existsSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createDesk, type Desk } from '../../support/run.js';
import { brief, check, ids, plantTree, type Tree } from './support.js';

/**
 * How a repository's own configuration names a program. `asks` is what a careless caller would ask
 * git for, to see that the trap works.
 */
interface Trap {
  settings(run: string, tree: Tree): Record<string, string>;
  asks: string[];
}

const listed = ['ls-files', '--', 'b/config.js'];
const promisor = { 'remote.o.promisor': 'true', 'extensions.partialClone': 'o' };
const traps: Record<string, Trap> = {
  'a lazy fetch over ssh': {
    settings: (run) => ({
      ...promisor,
      'remote.o.url': 'ssh://127.0.0.1/x',
      'core.sshCommand': run,
    }),
    asks: listed,
  },
  'a lazy fetch from a folder': {
    settings: (run, { path }) => ({
      ...promisor,
      'remote.o.url': `file://${path}`,
      'remote.o.uploadpack': run,
    }),
    asks: listed,
  },
  'a lazy fetch by a program': {
    settings: (run) => ({
      ...promisor,
      'remote.o.url': `ext::${run.split(';')[0]}`,
      'protocol.ext.allow': 'always',
    }),
    asks: listed,
  },
  'a lazy fetch through a proxy': {
    settings: (run, tree) => {
      tree.write('proxy', `#!/bin/sh\n${run}\n`);
      execFileSync('chmod', ['+x', join(tree.path, 'proxy')]);
      return {
        ...promisor,
        'remote.o.url': 'git://127.0.0.1/x',
        'core.gitProxy': join(tree.path, 'proxy'),
      };
    },
    asks: listed,
  },
  'settings of another file': {
    settings: (run, tree) => {
      tree.write('settings', `[core]\n\tsshCommand = ${run}\n`);
      return {
        ...promisor,
        'remote.o.url': 'ssh://127.0.0.1/x',
        'include.path': join(tree.path, 'settings'),
      };
    },
    asks: listed,
  },
  'a monitor of the file system': {
    settings: (run) => ({ 'core.fsmonitor': run }),
    asks: ['status'],
  },
  'a hook': {
    settings: (run, tree) => {
      tree.write('hooks/post-index-change', `#!/bin/sh\n${run}\n`);
      execFileSync('chmod', ['+x', join(tree.path, 'hooks/post-index-change')]);
      return { 'core.hooksPath': join(tree.path, 'hooks') };
    },
    asks: ['update-index', '--force-write-index'],
  },
  'a filter': {
    settings: (run, tree) => {
      tree.write('.gitattributes', '* filter=x\n');
      return { 'filter.x.clean': run };
    },
    asks: ['hash-object', '--path', 'a/config.js', 'a/config.js'],
  },
  'a converter for comparing': {
    settings: (run, tree) => {
      tree.write('.gitattributes', '* diff=x\n');
      return { 'diff.x.textconv': run };
    },
    asks: ['cat-file', '--textconv', 'HEAD:a/config.js'],
  },
  'another name': {
    settings: (run) => ({ 'alias.ls-files': `!${run}`, 'alias.x': `!${run}` }),
    asks: ['x'],
  },
};

describe.skipIf(process.platform === 'win32')('gsac check runs nothing of a repository:', () => {
  let desk: Desk;
  let tree: Tree;
  beforeEach(() => {
    desk = createDesk();
    tree = plantTree();
  });
  afterEach(() => {
    desk.dispose();
    tree.remove();
  });

  /** A sparse index without one of its trees: git fetches what it lacks, if it is let. */
  function plantRepository(): void {
    tree.write('a/config.js', `const secret = '${ids.secret}';`);
    tree.write('b/file', 'x');
    tree.git('init', '--quiet');
    tree.git('add', '.');
    tree.git('commit', '--quiet', '--message', 'x');
    tree.git('sparse-checkout', 'init', '--cone', '--sparse-index');
    tree.git('sparse-checkout', 'set', 'a');
    const missing = execFileSync('git', ['-C', tree.path, 'rev-parse', 'HEAD:b'], {
      encoding: 'utf8',
    }).trim();
    rmSync(join(tree.path, '.git/objects', missing.slice(0, 2), missing.slice(2)));
    tree.write('b/config.js', `const secret = '${ids.secret}';`);
    tree.git('config', 'core.repositoryFormatVersion', '1');
  }

  it.each(Object.entries(traps))('%s', async (_what, { settings, asks }) => {
    plantRepository();
    const ran = join(tree.path, '.git', 'ran');
    const all = settings(`touch ${ran}; false`, tree);
    for (const [name, value] of Object.entries(all)) tree.git('config', name, value);
    const { findings } = await check(desk, tree.path);
    expect(existsSync(ran)).toBe(false);
    expect(brief(findings).map((text) => text.split(' ')[0])).toContain('a/config.js:1');
    try {
      tree.git(...asks);
    } catch {
      // The program fails, and git with it.
    }
    expect(existsSync(ran)).toBe(true);
  });
});
