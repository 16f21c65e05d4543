import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';
import { compileFunction } from 'node:vm';
import { type OutputChunk, rolldown } from 'rolldown';
import { beforeAll, expect, it } from 'vitest';
import type { JsonSchema } from '../../../src/schema/document.js';
import { readDocument } from '../../../src/schema/read-document.js';
import { EMULATOR_CONFIG_SCHEMA } from '../../../src/tools/emulator/config-schema.js';
import { planSchema } from '../../../src/tools/verify/plan/plan-schema.js';

const root = fileURLToPath(new URL('../../..', import.meta.url));

interface Built {
  readonly readDocument: typeof readDocument;
  readonly planSchema: JsonSchema;
  readonly EMULATOR_CONFIG_SCHEMA: JsonSchema;
}

const entry = `
  export { readDocument } from '${root}src/schema/read-document.ts';
  export { planSchema } from '${root}src/tools/verify/plan/plan-schema.ts';
  export { EMULATOR_CONFIG_SCHEMA } from '${root}src/tools/emulator/config-schema.ts';
`;

async function build(): Promise<OutputChunk> {
  const path = `${root}.config/compiled-schemas.js`;
  const { compiledSchemas } = await import(path);
  const bundle = await rolldown({
    cwd: root,
    input: 'entry',
    platform: 'node',
    external: /^(node:|yaml$|jsonc-parser$)/,
    plugins: [
      {
        name: 'entry',
        resolveId: (id) => (id === 'entry' ? '\0entry' : null),
        load: (id) => (id === '\0entry' ? entry : null),
      },
      compiledSchemas(root, 'src/schema/compile-schema.ts', [
        'src/tools/emulator/config-schema.ts',
        'src/tools/verify/plan/plan-schema.ts',
      ]),
    ],
  });
  const { output } = await bundle.generate({ format: 'cjs', codeSplitting: false });
  await bundle.close();
  return output[0];
}

let chunk: OutputChunk;
let built: Built;
beforeAll(async () => {
  chunk = await build();
  const module = { exports: {} };
  const run = compileFunction(chunk.code, ['module', 'exports', 'require']);
  run(module, module.exports, createRequire(import.meta.url));
  built = module.exports as Built;
});

const outcome = (read: typeof readDocument, text: string, schema: JsonSchema) => {
  try {
    return { value: read(text, 'x.yaml', schema).value };
  } catch (thrown) {
    const { message, hint, details } = thrown as { message: string; hint: string; details: object };
    return { message, hint, details };
  }
};

it('what is built holds validators, but for Ajv’s helpers nothing of Ajv', () => {
  const ofAjv = chunk.moduleIds.filter((id) => /[\\/]node_modules[\\/]/.test(id));
  expect(ofAjv).not.toEqual([]);
  expect(ofAjv.filter((id) => !/[\\/]ajv[\\/]dist[\\/]runtime[\\/]/.test(id))).toEqual([]);
});

it.each([
  '{version: 1, flows: [{sign_in: {scopes: [openid]}}]}',
  'version: 2\nflows: []\nname: ""\nconcurrency: 65\n',
  'flow: []',
  'version: 1\nflows:\n- code: {env: "1 x"}\n  code_verifier: {}\n- code: 4/0A\n',
  'version: 1\nflows:\n- sign_in: {scopes: 7, source: andriod}\n- sign_in: {scopes: [a, 1, ""]}\n',
  'version: 1\nflows:\n- expect: {failure: {chek: refresh.grant}, sub: 1}\n- expect: {failure: [7, {}]}\n',
])('finds in a plan what the sources find: %j', (text) => {
  const found = outcome(built.readDocument, text, built.planSchema);
  expect(found).toEqual(outcome(readDocument, text, planSchema));
});

it.each([
  'faults: [x, {name: status, times: always}]\nusers: [{email: a@b.c}]\n',
  'faults: [7, {times: 0}, {name: a, times: 0.5}, {name: b, times: alway}]\n',
  'users: [{email: a, sub: 117208453961027584600, files: [{}]}]\nswitches: {x: 1}\n',
  'clients: []\nseed: ""\nclock: tomorrow\n',
])('finds in an emulator’s config what the sources find: %j', (text) => {
  const found = outcome(built.readDocument, text, built.EMULATOR_CONFIG_SCHEMA);
  expect(found).toEqual(outcome(readDocument, text, EMULATOR_CONFIG_SCHEMA));
});

it('says of a schema that the build was not given that it was not compiled', () => {
  expect(() => built.readDocument('{}', 'x', { type: 'object' })).toThrow('has not compiled');
});
