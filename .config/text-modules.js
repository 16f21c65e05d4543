// What is for browsers is handed out as it is written: a module of it is its text.
import { readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';

/** Before an ID of a text; the end keeps others from reading it as a script or a style. */
const begin = '\0text:';
const end = '.txt';

/** A plugin of the bundler and of the tests. */
export const textModules = {
  name: 'text-modules',
  enforce: 'pre',
  resolveId: {
    filter: { id: /\.browser\.(js|css|html)$/ },
    handler: (id, importer) => `${begin}${join(dirname(importer), id)}${end}`,
  },
  load: {
    filter: { id: /^\0text:/ },
    handler: async (id) => {
      const text = await readFile(id.slice(begin.length, -end.length), 'utf8');
      return { code: `export const text = ${JSON.stringify(text)};`, moduleType: 'js' };
    },
  },
};
