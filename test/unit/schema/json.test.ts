import { describe, expect, it } from 'vitest';
import { isFault, parseJson } from '../../../src/schema/json.js';
import { parseText } from '../../../src/schema/parse-text.js';

const nested = (levels: number) => `{"a":${'['.repeat(levels)}${']'.repeat(levels)}}`;

describe('a JSON object', () => {
  it.each([
    '{}',
    ' \t\r\n{ "a" : [ 1 , -0, 1e400, 104729361850274916385, 0.1 ] }\n',
    '{"a":{"a":{"a":null}},"b":[{"a":true},{"a":false}]}',
    '{"a\\": b": "\\": \\\\", "": ":", "\\u0061": "\\ud83d\\ude00 \\ud800 \\/"}',
    '{"__proto__": {"x": 1}, "<<": {"y": 2}, "2": 0, "1": 0}',
    nested(90),
  ])('is read as YAML reads it: %j', (text) => {
    // With a comment before it, it is YAML.
    const yaml = parseText(`#\n${text}`);
    expect(yaml).toHaveProperty('value');
    const { value } = yaml as { value: unknown };
    const json = parseJson(text);
    if (isFault(json)) throw new Error(json.message);
    expect(json.at()).toStrictEqual(value);
    expect(JSON.stringify(json.at())).toBe(JSON.stringify(value));
  });

  it('gives values and places by paths', () => {
    const json = parseJson('{"a": [{"b": 1}], "c": null, "a": 2}');
    if (isFault(json)) throw new Error(json.message);
    expect(json.at('a', 0)).toEqual({ b: 1 });
    expect([json.offsetOf('a'), json.offsetOf('a', 0), json.offsetOf('a', 0, 'b')]).toEqual([
      1, 7, 8,
    ]);
    for (const path of [['b'], ['a', 'b'], ['a', 1], ['c', 'd'], [0]]) {
      expect(json.at(...path)).toBeUndefined();
      expect(json.offsetOf(...path)).toBeUndefined();
    }
    expect(json.hasRepeatedKeys()).toBe(true);
  });

  it.each([
    ['', 0, 'it ends in the middle of'],
    ['{"a": 1 "b"', 8, 'a comma or a closing bracket is expected here'],
    ['{"a" 1}', 5, 'a colon is expected here'],
    ['{a: 1}', 1, 'a key in double quotes, or } is expected here'],
    ['{"a": 01}', 7, 'a comma or a closing bracket is expected here'],
    ['{"a": "\n"}', 6, 'the text that begins here does not end'],
    ['{"a": 1} // x', 9, 'there are no comments in it'],
    ['{"a": # x\n1}', 6, 'there are no comments in it'],
    [nested(300), 0, 'it is nested too deeply'],
  ])('is none: %j', (text, offset, message) => {
    expect(parseJson(text)).toEqual({ offset, message: expect.stringContaining(message) });
  });
});

it.each([
  ['a key that stands twice', '{"a": 1, "a": 1}'],
  ['one further down', '{"a": [{"b": {"c": 1, "c": 2}}]}'],
  ['one that is written in two ways', '{"a": 1, "\\u0061": 1}'],
])('a JSON text is refused for %s', (_what, text) => {
  expect(parseText(text)).toEqual([
    expect.objectContaining({ message: expect.stringMatching(/the key .* a second time/) }),
  ]);
});
