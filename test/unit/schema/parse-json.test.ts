import { describe, expect, it } from 'vitest';
import { parsePlainJson } from '../../../src/schema/parse-json.js';
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
    const value = parsePlainJson(text);
    expect(value).toBeDefined();
    expect(parseText(text)).toHaveProperty('value');
    const { value: same } = parseText(text) as { value: unknown };
    expect(value).toStrictEqual(same);
    expect(JSON.stringify(value)).toBe(JSON.stringify(same));
  });

  it.each([
    ['a key that stands twice', '{"a": 1, "a": 1}'],
    ['one further down', '{"a": [{"b": {"c": 1, "c": 2}}]}'],
    ['one that is written in two ways', '{"a": 1, "\\u0061": 1}'],
    ['a carriage return alone, which is a blank to JSON only', '{"a":\r1}'],
    ['much nesting', nested(200)],
    ['a list', '[{"a": 1}]'],
    ['no JSON', '{a: 1}'],
    ['YAML', 'a: 1'],
    ['nothing', ''],
  ])('is left to YAML where it could mean something else: %s', (_what, text) => {
    expect(parsePlainJson(text)).toBeUndefined();
  });
});
