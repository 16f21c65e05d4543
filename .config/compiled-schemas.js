// Compiles the JSON Schemas that documents are read against while bundling, so that neither Ajv nor the
// time that it takes is in what is built.
//
// src/schema/compile-schema.ts, which compiles them where the sources run as they are, says how;
// here it is replaced by a list of what was compiled. Each schema's module puts its validators on it,
// so that they are loaded with the schema and with no other one.
import { createRequire } from 'node:module';
import { isAbsolute, join } from 'node:path';
import { compileFunction } from 'node:vm';
import { _ } from 'ajv';
import standaloneCode from 'ajv/dist/standalone/index.js';
import { rolldown } from 'rolldown';

const validators = '\0validators:';
const list = `
const compiled = new Map();
export const keep = (schema, create) => compiled.set(schema, create);
export function compileSchema(schema) {
  const create = compiled.get(schema);
  if (!create) throw new Error('The build has not compiled this schema');
  return create(schema);
}`;

/**
 * A plugin of the bundler.
 * @param {string} root the folder that paths are in.
 * @param {string} compiler the path of the module that compiles.
 * @param {string[]} schemas the paths of modules that export schemas: objects that have `$schema`.
 */
export function compiledSchemas(root, compiler, schemas) {
  const paths = schemas.map((path) => join(root, path));
  return {
    name: 'compiled-schemas',
    resolveId: (id) => (id.startsWith(validators) ? id : null),
    async load(id) {
      if (id === join(root, compiler)) return list;
      if (!id.startsWith(validators)) return null;
      const [, path, name] = /^(.*)#(.*)$/.exec(id.slice(validators.length));
      return renderValidators((await run(path))[name], await run(join(root, compiler)));
    },
    async transform(code, id) {
      if (!paths.includes(id)) return null;
      const names = Object.entries(await run(id)).filter(([, value]) => value?.$schema);
      if (names.length === 0) throw new Error(`${id} exports no schema`);
      const added = names.map(([name], at) => [
        `import { create as create${at} } from ${JSON.stringify(`${validators}${id}#${name}`)};`,
        `keep(${name}, create${at});`,
      ]);
      const keep = `import { keep } from ${JSON.stringify(join(root, compiler))};`;
      return [code, keep, ...added.flat()].join('\n');
    },
  };
}

/** The exports of a module of the sources, in one piece with all that it may import later on. */
async function run(path) {
  // On Windows the entry itself begins with the letter of its drive, as a package's name may.
  const external = (id) => /^[^./\\]/.test(id) && !isAbsolute(id);
  const bundle = await rolldown({ input: path, platform: 'node', external });
  const { output } = await bundle.generate({ format: 'cjs', codeSplitting: false });
  await bundle.close();
  const module = { exports: {} };
  const execute = compileFunction(output[0].code, ['module', 'exports', 'require']);
  execute(module, module.exports, createRequire(path));
  return module.exports;
}

/** The code of a function that is given the schema and returns what `compileSchema` does. */
function renderValidators(schema, { createAjv, partsOf }) {
  const ajv = createAjv(schema, { source: true });
  // Ajv would write each schema out. The one that the function is given says the same, and errors
  // refer to the objects of which `partsOf` is made.
  const places = new Map();
  const look = (value, place) => {
    if (typeof value !== 'object' || value === null) return;
    places.set(value, place);
    for (const [key, inner] of Object.entries(value)) look(inner, _`${place}[${key}]`);
  };
  look(schema, _`root`);
  const { value } = ajv.scope;
  ajv.scope.value = function (prefix, entry) {
    const given = prefix === 'schema' ? { ...entry, code: places.get(entry.ref) } : entry;
    return value.call(this, prefix, given);
  };
  const parts = [...partsOf(schema)];
  const names = parts.map(([, reference], at) => [`part${at}`, reference]);
  const code = standaloneCode(ajv, Object.fromEntries(names));
  return `
export function create(root) {
  const exports = {};
  ${code}
  const parts = new Map([${parts.map(([part], at) => `[${places.get(part)}, exports.part${at}]`)}]);
  return (part) => parts.get(part);
}`;
}
