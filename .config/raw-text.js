// Lets `import text from './page.css?raw'` be the text of a file, as Vite, which runs the tests, has it.
import { readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';

/** A plugin of the bundler. */
export const rawText = {
  name: 'raw-text',
  resolveId: {
    filter: { id: /\?raw$/ },
    handler: (id, importer) => join(dirname(importer), id),
  },
  load: {
    filter: { id: /\?raw$/ },
    async handler(id) {
      const text = await readFile(id.slice(0, -'?raw'.length), 'utf8');
      return { code: `export default ${JSON.stringify(text)};`, moduleType: 'js' };
    },
  },
};
