import { Buffer } from 'node:buffer';
import { STATUS_CODES } from 'node:http';
import type { HttpRecord } from './http-record.js';
import { isoTime, toTenths } from './times.js';
import { toVisible } from './visible-text.js';

type Headers = HttpRecord['requestHeaders'];

/** HAR's word for what is not known. */
const unknown = -1;
const unknownTimings = { blocked: unknown, dns: unknown, connect: unknown, ssl: unknown };

/** A part of the traffic that belongs together. Times in milliseconds. */
export interface HarPage {
  readonly title: string;
  readonly startedAt: number;
  readonly durationMs: number;
  readonly requests: readonly HttpRecord[];
}

/**
 * Requests as a HAR 1.2 document, entries in the order of time. Headers and bodies are those of the
 * records, masked; what is not known (connection times, sizes on the wire) is -1. A request without an
 * answer has status 0 and says why in `_error`.
 *
 * @param version gsac's.
 * @see http://www.softwareishard.com/blog/har-12-spec/
 */
export function renderHarPages(
  pages: readonly HarPage[],
  version: string,
  comment = 'Secrets are masked.',
): string {
  const entries = pages
    .flatMap(({ requests }, at) => requests.map((request) => ({ request, page: pageId(at) })))
    .sort((one, other) => one.request.startedAt - other.request.startedAt)
    .map(({ request, page }) => toEntry(request, page));
  const log = {
    version: '1.2',
    creator: { name: 'gsac', version },
    pages: pages.map(toPage),
    entries,
    comment,
  };
  return `${JSON.stringify({ log }, null, 2)}\n`;
}

function pageId(at: number): string {
  return `flow_${at + 1}`;
}

function toPage({ title, startedAt, durationMs }: HarPage, at: number): object {
  return {
    startedDateTime: isoTime(startedAt),
    id: pageId(at),
    title,
    pageTimings: { onContentLoad: unknown, onLoad: toTenths(durationMs) },
  };
}

function toEntry(request: HttpRecord, pageref: string): object {
  const time = toTenths(request.durationMs);
  return {
    pageref,
    startedDateTime: isoTime(request.startedAt),
    time,
    request: toRequest(request),
    response: toResponse(request),
    cache: {},
    timings: { ...unknownTimings, send: 0, wait: time, receive: 0 },
  };
}

function toRequest({ method, url, requestHeaders, requestBody }: HttpRecord): object {
  return {
    method,
    url: toUri(url),
    httpVersion: 'HTTP/1.1',
    cookies: [],
    headers: toPairs(requestHeaders),
    queryString: URL.canParse(url) ? toPairs([...new URL(url).searchParams]) : [],
    postData:
      requestBody === undefined
        ? undefined
        : { mimeType: contentType(requestHeaders), text: requestBody },
    headersSize: unknown,
    bodySize: requestBody === undefined ? 0 : unknown,
  };
}

function toResponse({ status, responseHeaders, responseBody, failure }: HttpRecord): object {
  return {
    status: status ?? 0,
    statusText: STATUS_CODES[status ?? 0] ?? '',
    httpVersion: status === undefined ? '' : 'HTTP/1.1',
    cookies: [],
    headers: toPairs(responseHeaders),
    content: {
      size: Buffer.byteLength(responseBody),
      mimeType: contentType(responseHeaders),
      text: responseBody,
    },
    redirectURL: findHeader(responseHeaders, 'location') ?? '',
    headersSize: unknown,
    bodySize: unknown,
    _error: failure,
  };
}

function toPairs(pairs: Headers): object[] {
  return pairs.map(([name, value]) => ({ name, value }));
}

function contentType(headers: Headers): string {
  return findHeader(headers, 'content-type') ?? 'application/octet-stream';
}

function findHeader(headers: Headers, wanted: string): string | undefined {
  return headers.find(([name]) => name.toLowerCase() === wanted)?.[1];
}

/** A masked URL holds an ellipsis, which a URI may not. */
function toUri(url: string): string {
  return URL.canParse(url) ? new URL(url).href : encodeURI(toVisible(url));
}
