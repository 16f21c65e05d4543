import { describe, expect, it } from 'vitest';
import type { JsonSchema } from '../../../src/schema/document.js';
import { readDocument } from '../../../src/schema/read-document.js';
import { refusalOf } from './support.js';

const schema: JsonSchema = {
  $schema: 'http://json-schema.org/draft-07/schema#',
  type: 'object',
  required: ['flows'],
  additionalProperties: false,
  definitions: {
    scopes: {
      anyOf: [{ type: 'string' }, { type: 'array', items: { type: 'string' } }],
    },
  },
  properties: {
    seed: { type: 'string' },
    parallel: { type: 'integer', minimum: 1, maximum: 64 },
    flows: {
      type: 'array',
      minItems: 1,
      items: {
        type: 'object',
        required: ['name'],
        additionalProperties: false,
        properties: {
          name: { type: 'string', minLength: 1 },
          source: { enum: ['ios', 'android', 'web-popup', 'web-redirect'] },
          client_id: { type: 'string', pattern: '^\\d+-', 'x-expected': 'a client id' },
          scopes: { $ref: '#/definitions/scopes' },
          offline: { type: 'boolean' },
          expect: {
            type: 'object',
            additionalProperties: false,
            properties: { scopes: { type: 'array', items: { type: 'string' } } },
          },
        },
      },
    },
  },
};

interface Plan {
  flows: { name: string; expect?: { scopes: string[] } }[];
}

const read = (text: string) => readDocument<Plan>(text, 'plan.yaml', schema);
const failure = (text: string) => refusalOf(() => read(text));
const problemsOf = (text: string) => failure(text).details['problems'] as { message: string }[];

describe('a document that fits', () => {
  it('gives its value and the places of its parts', () => {
    const document = read(
      'seed: x\nflows:\n  - name: one\n  - name: two\n    expect:\n      scopes: [a, b]\n',
    );
    expect(document.value).toEqual({
      seed: 'x',
      flows: [{ name: 'one' }, { name: 'two', expect: { scopes: ['a', 'b'] } }],
    });
    expect(document.locate([])).toEqual({ line: 1, column: 1 });
    expect(document.locate(['flows', 1])).toEqual({ line: 4, column: 5 });
    expect(document.locate(['flows', 1, 'expect', 'scopes'])).toEqual({ line: 6, column: 7 });
    expect(document.locate(['flows', 1, 'expect', 'scopes', 1])).toEqual({ line: 6, column: 19 });
    expect(document.locate(['flows', 1, 'nothing', 'there'])).toEqual({ line: 4, column: 5 });
  });

  it('may be JSON, indented with tabs, with a byte order mark', () => {
    const document = read('\uFEFF{\n\t"flows": [\n\t\t{ "name": "one" }\n\t]\n}\n');
    expect(document.value.flows).toEqual([{ name: 'one' }]);
    expect(document.locate(['flows', 0])).toEqual({ line: 3, column: 3 });
    const error = document.refuse([{ path: ['flows', 0, 'name'], saying: 'is taken' }]);
    expect(error.message).toBe('plan.yaml:3:5: flows[0].name is taken.');
  });

  it('may use anchors and merged maps', () => {
    const { value, locate } = read(
      'flows:\n  - &base\n    name: one\n    offline: true\n  - <<: *base\n    name: two\n  - *base\n',
    );
    expect(value.flows[1]).toEqual({ name: 'two', offline: true });
    expect(value.flows[2]).toEqual({ name: 'one', offline: true });
    expect(locate(['flows', 2, 'name'])).toEqual({ line: 3, column: 5 });
  });

  it('keeps a key that names the prototype as data', () => {
    const { value } = readDocument<Record<string, unknown>>('__proto__: {a: 1}', 'x', {
      type: 'object',
    });
    expect(Object.getPrototypeOf(value)).toBe(Object.prototype);
    expect(value['a']).toBeUndefined();
  });
});

describe('a document that does not fit', () => {
  it.each([
    ['seed: x', '1:1: it needs flows.'],
    ['flows: []', '1:1: flows must not be empty.'],
    ['flows: 7', '1:1: flows must be a list of maps.'],
    ['flows:\n- name: ""', '2:3: flows[0].name must not be empty.'],
    ['flows:\n- {}', '2:3: flows[0] needs name.'],
    [
      'flows:\n- name: a\n  expect:\n    scopes: openid',
      '4:5: flows[0].expect.scopes must be a list of texts.',
    ],
    [
      'flows:\n- name: a\n  expect:\n    scopes: [a, 1]',
      '4:17: flows[0].expect.scopes[1] must be a text: put it in quotes.',
    ],
    [
      'flows:\n- name: 104729361850274916385',
      '2:3: flows[0].name must be a text: put it in quotes.',
    ],
    ['flows:\n- name: a\n  offline: yes', '3:3: flows[0].offline must be true or false.'],
    [
      'flows:\n- name: a\n  source: andriod',
      '3:3: flows[0].source must be one of ios, android, web-popup, web-redirect; did you mean android?',
    ],
    ['flows:\n- name: a\n  client_id: b', '3:3: flows[0].client_id must be a client id.'],
    [
      'flows:\n- name: a\n  scopes: {a: 1}',
      '3:3: flows[0].scopes must be a text or a list of texts.',
    ],
    [
      'flows:\n- name: a\n  scopes: [a, true]',
      '3:15: flows[0].scopes[1] must be a text: put it in quotes.',
    ],
    ['parallel: 0\nflows: [{name: a}]', '1:1: parallel must be from 1 to 64.'],
    ['parallel: 1.5\nflows: [{name: a}]', '1:1: parallel must be a whole number.'],
  ])('%j: %s', (text, message) => {
    expect(failure(text)).toMatchObject({ code: 'usage', message: `plan.yaml:${message}` });
  });

  it.each([
    [
      'flows:\n- name: a\n  clientId: x',
      '3:3: flows[0].clientId is not known; did you mean client_id?',
    ],
    ['flows:\n- nmae: a', '2:3: flows[0].nmae is not known; did you mean name?'],
    [
      'flows: [{name: a}]\nwhatever: 1',
      '2:1: whatever is not known; there are seed, parallel, flows.',
    ],
  ])('an unknown key: %j', (text, message) => {
    expect(failure(text).message).toContain(message);
  });

  it('names all problems in the order of the lines, at most 20 of them', () => {
    const text = `flows:\n${'- name: 1\n'.repeat(30)}seed: 2\n`;
    expect(problemsOf(text)).toHaveLength(20);
    expect(problemsOf(text)[1]).toEqual({
      line: 3,
      column: 3,
      path: 'flows[1].name',
      message: 'flows[1].name must be a text: put it in quotes',
    });
    expect(failure(text).hint).toContain('3:3: flows[1].name');
    expect(failure(text).hint).toContain('and 26 more');
  });
});

describe('a text that is no document', () => {
  it.each([
    ['', '1:1: there is nothing in it.'],
    ['# only words\n', '1:1: there is nothing in it.'],
    ['flows: [{name: a}]\nseed: x\nseed: y\n', '3:1: the key seed stands here a second time.'],
    ['flows:\n\t- name: a\n', '2:1: YAML is indented with blanks, not with tabs.'],
    ['flows: [{name: a}]\n---\nflows: []\n', 'here begins a second one'],
    ['flows: !!js/function x\n', '1:8: tags (`!name`) mean nothing here.'],
    ['flows: *nobody\n', '1:8: there is no anchor &nobody above.'],
    ['flows: &a [*a]\n', '1:12: *a holds itself.'],
    ['flows: [{name: "a}]\n', 'this is no YAML: '],
    ['flows: &a [x]\nseed: *b\n', '2:7: there is no anchor &b above.'],
    [
      '{"flows": [{"name": "a"}]',
      '1:26: this is no JSON: it ends in the middle of a map or a list.',
    ],
    [
      '{"flows": [{"name": "a" "b"}]}',
      '1:25: this is no JSON: a comma or a closing bracket is expected here.',
    ],
    ['{"flows": [{name: "a",}', '1:13: this is no JSON: a key in double quotes, or } is expected'],
    ['{"flows": [{"name": tru}', '1:21: this is no JSON: a value is expected here.'],
    ['{"flows": ["a\\x"', '1:12: this is no JSON: the text that begins here does not end'],
    ['{"flows": []}}', '1:14: this is no JSON: the end of the text is expected here.'],
    ['{"flows": [] /* none */}', '1:14: this is no JSON: there are no comments in it.'],
    ['{"flows": [1,,]}', '1:14: '],
    ['{"seed": "x",\n"seed": "y"}', '2:1: the key "seed" stands here a second time.'],
  ])('%j: %s', (text, words) => {
    const { message, code } = failure(text);
    expect(message).toContain(words);
    expect(code).toBe('usage');
  });

  it('bounds what aliases expand to, and how deep it goes', () => {
    const levels = Array.from({ length: 12 }, (_each, at) => {
      const inner = Array(10).fill(at === 0 ? 'x' : `*a${at - 1}`);
      return `a${at}: &a${at} [${inner}]`;
    });
    expect(failure(levels.join('\n')).message).toContain('repeat too much');
    for (const deep of [
      '['.repeat(20_000),
      `{"flows": ${'['.repeat(20_000)}${']'.repeat(20_000)}}`,
      '- '.repeat(20_000),
    ]) {
      expect(failure(deep).message).toMatch(/^plan\.yaml:1:\d+: this is nested too deeply\.$/);
    }
  });
});

it('a document that fits and is wrong all the same is refused at its line', () => {
  const document = read('flows:\n- name: one\n- name: one\n');
  const error = document.refuse([{ path: ['flows', 1, 'name'], saying: 'stands there twice' }]);
  expect(error.message).toBe('plan.yaml:3:3: flows[1].name stands there twice.');
});
