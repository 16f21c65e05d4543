// Scripts for browsers are handed out as they are written: a module of theirs is their text.
import { readFile } from 'node:fs/promises';

/** A plugin of the bundler and of the tests. */
export const textModules = {
  name: 'text-modules',
  // Before what would read it as a module.
  enforce: 'pre',
  load: {
    filter: { id: /\.browser\.js$/ },
    handler: async (id) => `export const text = ${JSON.stringify(await readFile(id, 'utf8'))};`,
  },
};
