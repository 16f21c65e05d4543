import { html, type Markup, nothing } from '../../../core/html-text.js';
import type { HttpRecord } from '../../../core/http-record.js';
import type { FlowReport } from '../model.js';
import { failuresByRequest } from './sequence-picture.js';
import { spokenDuration } from './words.js';

/**
 * The requests of a flow, each without its query, with its time as a bar on the flow's time and, opened,
 * its masked headers and bodies.
 *
 * @param bodies whether headers and bodies are written at all.
 */
export function requestList(flow: FlowReport, bodies: boolean): Markup {
  const failures = failuresByRequest(flow);
  return html`<ol class="requests">
${flow.requests.map((request, at) => {
  const failed = failures.has(at);
  const line = requestLine(request, at, failed);
  const shown = bodies
    ? html`<details><summary>${line}</summary>${messages(request)}</details>`
    : line;
  return html`<li>${shown}${timeBar(request, flow, failed)}</li>
`;
})}</ol>`;
}

function requestLine(
  { method, url, status, durationMs }: HttpRecord,
  at: number,
  failed: boolean,
): Markup {
  const outcome = html`<span class="verdict${failed ? ' fail' : ''}">${failed ? '✕ ' : ''}${status ?? 'no answer'}</span>`;
  return html`<span class="line"><span class="what">${at + 1}. ${method} <code>${url.replace(/\?.*/s, '?…')}</code></span>${outcome}<span class="time">${spokenDuration(durationMs)}</span></span>`;
}

/** Where in the flow's time the request lies: the whole width is the whole flow. */
function timeBar({ startedAt, durationMs }: HttpRecord, flow: FlowReport, failed: boolean): Markup {
  const whole = Math.max(flow.durationMs, 1);
  const share = (milliseconds: number) =>
    Math.min(1000, Math.max(0, Math.round((milliseconds / whole) * 1000)));
  const start = Math.min(share(startedAt - flow.startedAt), 996);
  const width = Math.max(4, Math.min(share(durationMs), 1000 - start));
  return html`<svg class="bar" viewBox="0 0 1000 4" preserveAspectRatio="none" aria-hidden="true"><rect${failed ? html` class="fail"` : nothing} x="${start}" width="${width}" height="4"/></svg>`;
}

function messages(request: HttpRecord): Markup {
  const { requestHeaders, requestBody, status, responseHeaders, responseBody, failure } = request;
  const answer =
    status === undefined
      ? html`<h4>No answer</h4><pre>${failure ?? 'why is not known'}</pre>`
      : html`<h4>Answered</h4><pre>${message(`${status}`, responseHeaders, responseBody)}</pre>${
          failure === undefined ? nothing : html`<p class="fail">${failure}</p>`
        }`;
  return html`<h4>Sent</h4><pre>${message(`${request.method} ${request.url}`, requestHeaders, requestBody ?? '')}</pre>${answer}`;
}

function message(first: string, headers: HttpRecord['requestHeaders'], body: string): string {
  return [
    first,
    ...headers.map(([name, value]) => `${name}: ${value}`),
    ...(body === '' ? [] : ['', body]),
  ].join('\n');
}
