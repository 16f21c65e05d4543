import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Readable } from 'node:stream';
import type { HttpRecord } from '../../core/http-record.js';
import { isoTime, toTenths } from '../../core/times.js';
import { Feed } from '../../page/feed.js';
import { feedHeaders, renderPage } from '../../page/page.js';
import { mostRows, type PageRow } from '../../page/row.js';
import type { Finding } from './findings.js';
import type { Refusal, Told } from './watcher.js';

/** The page of `gsac watch --ui`. */
export interface WatchPage {
  readonly address: string;
  /** Takes what is seen, for the page. */
  readonly told: Told;
  /** Shows the last of it and ends the page; what is open in a browser stays there. */
  close(): Promise<void>;
}

const mostFindings = 200;
/** How long a browser may take for the last of it. */
const lastMs = 500;

/**
 * Serves the page on a loopback port, below a path that nobody guesses. It can only be looked at, and
 * what it is told must be masked.
 */
export async function openWatchPage(command: string, now: () => number): Promise<WatchPage> {
  const rows: PageRow[] = [];
  const findings: Finding[] = [];
  let count = 0;
  const feed = new Feed({
    rows: async (_run, from) => ({
      run: 'watch',
      next: count,
      rows: rows.filter(({ id }) => id >= from),
    }),
    state: () => ({ command, findings }),
    pulse: () => ({ now: isoTime(now()) }),
  });
  const path = `/${randomBytes(16).toString('base64url')}/`;
  const server = createServer((request, response) => answer(request, response));
  await once(server.listen(0, '127.0.0.1'), 'listening');
  // What it waits for is the command.
  server.unref();
  const host = `127.0.0.1:${(server.address() as AddressInfo).port}`;
  const open = new Set<ServerResponse>();

  function answer(request: IncomingMessage, response: ServerResponse): void {
    const { method, url } = request;
    const isPage = url === path;
    if (method !== 'GET' || isForeign(request, host, isPage)) {
      response.writeHead(403).end();
    } else if (isPage) {
      const { html, headers } = renderPage('watch');
      response.writeHead(200, headers).end(html);
    } else if (url === `${path}_emulator/page/events`) {
      response.writeHead(200, feedHeaders);
      open.add(response);
      const events = Readable.fromWeb(feed.open()).on('error', () => undefined);
      response.once('close', () => {
        open.delete(response);
        events.destroy();
      });
      events.pipe(response);
    } else {
      response.writeHead(404).end();
    }
  }

  return {
    address: `http://${host}${path}`,
    told: {
      request(record, refusal) {
        rows.push(toRow(count, record, refusal));
        count += 1;
        if (rows.length > mostRows) rows.shift();
      },
      finding(finding) {
        if (findings.length < mostFindings) findings.push(finding);
      },
    },
    async close() {
      await feed.close();
      const signal = AbortSignal.timeout(lastMs);
      await Promise.all(
        [...open].map((response) => once(response, 'close', { signal }).catch(() => undefined)),
      );
      server.close();
      server.closeAllConnections();
    },
  };
}

/** Whether a page of the web may have sent a request. A link may lead to the page: it has nothing in it. */
function isForeign({ headers }: IncomingMessage, host: string, isPage: boolean): boolean {
  const site = headers['sec-fetch-site'] ?? 'none';
  const isLink = isPage && headers['sec-fetch-dest'] === 'document';
  const isOwn = site === 'none' || site === 'same-origin' || isLink;
  const { origin = `http://${host}` } = headers;
  return headers.host !== host || origin !== `http://${host}` || !isOwn;
}

function toRow(id: number, record: HttpRecord, refusal: Refusal | undefined): PageRow {
  const { url, requestBody = '', responseHeaders, responseBody, status, failure = '' } = record;
  const [, host = '', path = ''] = /^\w+:\/\/([^/?#]*)([^?#]*)/.exec(url) ?? [];
  const { error = '', description = '', seen = [], diagnosis = [] } = refusal ?? {};
  return {
    id,
    at: isoTime(record.startedAt),
    method: record.method,
    host,
    path,
    status: status ?? null,
    duration_ms: toTenths(record.durationMs),
    about: new URLSearchParams(requestBody).getAll('grant_type').slice(0, 1),
    error: [error, description].filter((words) => words !== '').join(': '),
    request: { url, headers: record.requestHeaders, body: requestBody.replaceAll('&', '\n') },
    response: status === undefined ? null : { headers: responseHeaders, body: responseBody },
    failure,
    seen,
    diagnosis,
  };
}
