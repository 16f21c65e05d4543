import { createRequire } from 'node:module';
import { Ajv } from 'ajv';
import { describe, expect, it } from 'vitest';
import { renderHar } from '../../../src/tools/verify/reports/har.js';
import { failingFlow, largeReport, passingFlow, reportOf } from './support.js';

interface Entry {
  pageref: string;
  startedDateTime: string;
  time: number;
  request: { url: string; queryString: object[]; postData?: object; bodySize: number };
  response: { status: number; statusText: string; content: object; _error?: string };
  timings: { send: number; wait: number; receive: number; connect: number };
}

const ajv = new Ajv({
  // The schemas of har-schema hold words of their own: `optional`, `unique`, `min`.
  strict: false,
  formats: {
    uri: (text) => /^[\x21-\x7e]+$/.test(text) && URL.canParse(text),
    email: true,
    ipv4: true,
    ipv6: true,
    'date-time': (text) => !Number.isNaN(Date.parse(text)),
  },
});
const schemas: Record<string, Record<string, unknown>> = createRequire(import.meta.url)(
  'har-schema',
);
// Draft 06, of which they use nothing that draft 07 changed.
for (const { $schema: _dialect, ...schema } of Object.values(schemas)) ajv.addSchema(schema);

function parse(text: string): { creator: object; pages: object[]; entries: Entry[] } {
  const document = JSON.parse(text) as { log: ReturnType<typeof parse> };
  const accepted = ajv.validate('har.json#', document);
  expect(ajv.errors ?? []).toEqual([]);
  expect(accepted).toBe(true);
  return document.log;
}

describe('renderHar', () => {
  it('is what the schema of HAR 1.2 admits, with a page for each flow', () => {
    const { creator, pages, entries } = parse(renderHar(reportOf(passingFlow())));
    expect(creator).toEqual({ name: 'gsac', version: '1.2.3' });
    expect(pages).toEqual([
      expect.objectContaining({
        id: 'flow_1',
        title: 'a tester signs in on iOS',
        startedDateTime: '2026-11-22T22:07:05.120Z',
      }),
    ]);
    expect(entries).toHaveLength(5);
    const [exchange] = entries;
    expect(exchange).toMatchObject({
      pageref: 'flow_1',
      time: 43.3,
      request: {
        method: 'POST',
        postData: {
          mimeType: 'application/x-www-form-urlencoded;charset=UTF-8',
          text: expect.stringContaining('code=4/0A…(73)'),
        },
      },
      response: {
        status: 200,
        statusText: 'OK',
        content: { mimeType: 'application/json; charset=utf-8' },
      },
      timings: { send: 0, wait: 43.3, receive: 0, connect: -1 },
    });
    expect(entries[1]?.request).not.toHaveProperty('postData');
  });

  it('writes a masked address as a URI', () => {
    const { entries } = parse(renderHar(reportOf(passingFlow())));
    expect(entries[3]?.request).toMatchObject({
      url: 'https://oauth2.googleapis.com/tokeninfo?access_token=ya29.%E2%80%A6(218)',
      queryString: [{ name: 'access_token', value: 'ya29.…(218)' }],
    });
  });

  it('says of a request without an answer why', () => {
    const { entries } = parse(
      renderHar(reportOf({ ...failingFlow(), requests: failingFlow().requests.slice(0, 2) })),
    );
    expect(entries[1]?.response).toMatchObject({
      status: 0,
      statusText: '',
      _error: 'No answer within 30 seconds.',
    });
    expect(entries[0]?.response).not.toHaveProperty('_error');
  });

  it('orders the entries of several flows by time', () => {
    const { entries, pages } = parse(
      renderHar(
        reportOf(
          { ...failingFlow('late'), requests: failingFlow().requests.slice(0, 2) },
          passingFlow('early'),
        ),
      ),
    );
    expect(pages).toHaveLength(2);
    const times = entries.map(({ startedDateTime }) => startedDateTime);
    expect(times).toEqual([...times].sort());
    expect(entries[0]?.pageref).toBe('flow_2');
    expect(entries.at(-1)?.pageref).toBe('flow_1');
  });

  it('is written whatever an address is', () => {
    expect(() => renderHar(largeReport(20))).not.toThrow();
    const log = JSON.parse(renderHar(reportOf(failingFlow()))) as { log: { entries: Entry[] } };
    expect(log.log.entries[2]?.request.url).toBe('not%20a%20URL%20at%20all%20%5Cu%7Bd800%7D');
  });
});
