import { expect, it } from 'vitest';
import type { JsonSchema } from '../../src/schema/document.js';
import { readDocument } from '../../src/schema/read-document.js';
import { renderHar } from '../../src/tools/verify/reports/har.js';
import { renderHtml } from '../../src/tools/verify/reports/html.js';
import { toVerifyDocument } from '../../src/tools/verify/reports/json.js';
import { renderJunit } from '../../src/tools/verify/reports/junit.js';
import { renderTap } from '../../src/tools/verify/reports/tap.js';
import { largeReport } from '../unit/reports/support.js';
import { refusalOf } from '../unit/schema/support.js';
import { processorTime } from './support.js';

const schema: JsonSchema = {
  $schema: 'http://json-schema.org/draft-07/schema#',
  type: 'object',
  additionalProperties: false,
  properties: {
    seed: { type: 'string' },
    flows: {
      type: 'array',
      items: {
        type: 'object',
        required: ['name'],
        additionalProperties: false,
        properties: { name: { type: 'integer' } },
      },
    },
  },
};

/** What is done with a document of so many entries. */
const documents: Record<string, (count: number) => () => unknown> = {
  'a plan with aliases': (count) => refused(`seed: &a x\nflows:\n${'- name: *a\n'.repeat(count)}`),
  'a plan with unknown keys': (count) => refused(`flows: []\n${numbered(count, '\n', 'k', ': 1')}`),
  'a plan in JSON': (count) => refused(`{"flows": [${numbered(count, ',', '{"n', '": 1}')}]}`),
  ...reports({ TAP: renderTap, JUnit: renderJunit, HAR: renderHar, HTML: renderHtml }),
  ...reports({ JSON: (report) => JSON.stringify(toVerifyDocument(report)) }),
};

function refused(text: string) {
  return () => refusalOf(() => readDocument(text, 'plan.yaml', schema));
}

function numbered(count: number, between: string, before: string, after: string): string {
  return Array.from({ length: count }, (_each, at) => `${before}${at}${after}`).join(between);
}

function reports(renderers: Record<string, (report: ReturnType<typeof largeReport>) => unknown>) {
  return Object.fromEntries(
    Object.entries(renderers).map(([name, render]) => [
      `a report as ${name}`,
      (count: number) => {
        const report = largeReport(count / 20);
        return () => render(report);
      },
    ]),
  );
}

it.each(Object.entries(documents))('%s takes time in proportion to it', async (_name, prepare) => {
  const short = await processorTime(prepare(2_000));
  const long = await processorTime(prepare(8_000));
  // Four times as much; the square of it would be sixteen.
  expect(long).toBeLessThan(9 * short + 50);
});
