import { Ajv, type CodeOptions, type ValidateFunction } from 'ajv';
import type { JsonSchema } from './document.js';
import { EXPECTED, resolveReference } from './expectation.js';

/**
 * The validator of a schema or of one of its alternatives, which are told by the object itself, `$ref`
 * followed. What does not fit is in the validator's `errors`, each with its data and its schema.
 */
export type FindValidator = (part: JsonSchema) => ValidateFunction;

/**
 * Compiles a schema (draft-07). Formats are not checked.
 *
 * What is built holds code in place of this module: `.config/compiled-schemas.js` compiles the schemas
 * that it is given, by the same {@link createAjv}, and leaves Ajv out.
 *
 * @throws {Error} where the schema itself is wrong, and for a part that is none.
 */
export function compileSchema(schema: JsonSchema): FindValidator {
  // Code that runs once need not be fast.
  const ajv = createAjv(schema, { optimize: false });
  const parts = partsOf(schema);
  return (part) => {
    const validate = ajv.getSchema(parts.get(part) ?? '');
    if (validate === undefined) throw new Error('This is no alternative of the schema');
    return validate;
  };
}

/** An Ajv that knows a schema, so that it compiles what {@link partsOf} names. */
export function createAjv(schema: JsonSchema, code: CodeOptions): Ajv {
  const ajv = new Ajv({
    allErrors: true,
    strict: true,
    verbose: true,
    allowUnionTypes: true,
    // The schemas are ours, and their tests hold them against the draft.
    meta: false,
    validateSchema: false,
    code,
  });
  ajv.addVocabulary([EXPECTED]);
  return ajv.addSchema(schema, ROOT);
}

const ROOT = 'document';

/** A schema and all alternatives in it, `$ref` followed, each with the reference that Ajv finds it by. */
export function partsOf(schema: JsonSchema): ReadonlyMap<JsonSchema, string> {
  const parts = new Map([[schema, `${ROOT}#`]]);
  const look = (value: unknown, place: string) => {
    if (typeof value !== 'object' || value === null) return;
    for (const [key, inner] of Object.entries(value)) {
      const at = `${place}/${toStep(key)}`;
      look(inner, at);
      if ((key !== 'anyOf' && key !== 'oneOf') || !Array.isArray(inner)) continue;
      for (const [index, branch] of inner.entries()) {
        parts.set(resolveReference(branch, schema), `${ROOT}${branch.$ref ?? `${at}/${index}`}`);
      }
    }
  };
  look(schema, '#');
  return parts;
}

/** @see https://www.rfc-editor.org/rfc/rfc6901#section-6 */
function toStep(key: string): string {
  return encodeURIComponent(key.replaceAll('~', '~0').replaceAll('/', '~1'));
}
