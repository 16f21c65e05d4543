import { renderHarPages } from '../../core/har.js';
import { html, type Markup } from '../../core/html-text.js';
import { toRequestDocument } from '../../core/http-record.js';
import { reportPage } from '../../core/report-page.js';
import { isoTime, toTenths } from '../../core/times.js';
import { element, toXml, xmlSeconds } from '../../core/xml.js';
import { toJsonText } from '../../terminal/clean.js';
import type { Finding } from './findings.js';
import { toDocument, type WatchReport } from './report.js';
import { describeRefusal } from './tell.js';
import type { Refusal } from './watcher.js';

/** Every document of what was seen. */
export const renderers = {
  json: renderJson,
  junit: renderJunit,
  html: renderHtml,
  har: renderHar,
} as const satisfies Record<string, (report: WatchReport) => string>;

function renderJson(report: WatchReport): string {
  const sent = report.requests.map(toRequestDocument);
  return `${toJsonText({ ...toDocument(report), sent, sent_left_out: report.leftOut }, 2)}\n`;
}

function renderHar({ requests, command, startedAt, durationMs, version, leftOut }: WatchReport) {
  const comment = `Secrets are masked.${leftOut === 0 ? '' : ` ${leftOut} requests are left out.`}`;
  const page = { title: `gsac watch ${command}`, startedAt, durationMs, requests };
  return renderHarPages([page], version, comment);
}

/** A test case for each host that was asked, and one for each refusal and finding, which failed. */
function renderJunit(report: WatchReport): string {
  const { byHost, refusals, findings, command, startedAt, durationMs } = report;
  const classname = `gsac watch ${command}`;
  const hosts = byHost.map(({ host, count, refused }) =>
    element('testcase', {
      name: `${host}: ${count - refused} of ${count} requests succeeded`,
      classname,
    }),
  );
  const failed = [
    ...refusals.map((refusal) => ({
      name: describeRefusal(refusal),
      type: refusal.diagnosis[0]?.cause ?? 'refused',
      text: causesOf(refusal),
      message: timesOf(refusal),
    })),
    ...findings.map((finding) => ({
      name: finding.code,
      type: finding.code,
      text: causesOf(finding),
      message: finding.message,
    })),
  ].map(({ name, type, text, message }) =>
    element('testcase', { name, classname }, [
      element('failure', { type, message }, toXml(text).replaceAll('&#10;', '\n')),
    ]),
  );
  const counts = { tests: hosts.length + failed.length, failures: failed.length, errors: 0 };
  const time = xmlSeconds(durationMs);
  const timestamp = new Date(startedAt).toISOString().slice(0, 19);
  const suite = element(
    'testsuite',
    { name: classname, ...counts, skipped: 0, time, timestamp, id: 0 },
    [...hosts, ...failed],
  );
  const root = element('testsuites', { name: 'gsac watch', ...counts, time }, [suite]);
  return `<?xml version="1.0" encoding="UTF-8"?>\n${root}`;
}

function timesOf({ count }: Refusal): string {
  return count === 1 ? 'once' : `${count} times`;
}

function causesOf(wrong: Refusal | Finding): string {
  const seen = 'seen' in wrong ? wrong.seen.map((words) => `seen: ${words}`) : [wrong.hint];
  return [
    ...seen,
    ...wrong.diagnosis.flatMap(({ cause, likelihood, why, evidence, fix }) => [
      `${likelihood} cause: ${cause}: ${why}`,
      ...evidence.map((words) => `  evidence: ${words}`),
      ...fix.map((words) => `  fix: ${words}`),
    ]),
  ].join('\n');
}

/** One page that needs nothing else: what failed first, then the scopes and every request. */
function renderHtml(report: WatchReport): string {
  const { command, version, startedAt, total, refusals, findings, scopes, requests } = report;
  const title = `gsac watch ${command}`;
  return reportPage(
    title,
    html`<header><h1>${title}</h1>
<p class="quiet">${isoTime(startedAt)} · gsac ${version} · ${total} requests to Google · exit code ${report.exitCode}</p></header>
<main>
<h2>What failed</h2>
${refusals.length + findings.length === 0 ? html`<p class="pass">Nothing.</p>` : html`<ul class="requests">${[...refusals.map(refusalItem), ...findings.map(findingItem)]}</ul>`}
<h2>Hosts</h2>
<table><thead><tr><th>Host</th><th class="number">Requests</th><th class="number">Failed</th></tr></thead><tbody>
${report.byHost.map(({ host, count, refused }) => html`<tr><th scope="row">${host}</th><td class="number">${count}</td><td class="number">${refused}</td></tr>`)}
</tbody></table>
<h2>Scopes</h2>
${scopes.map(
  ({ client_id: client, granted, unused, unknown }) => html`<dl class="scopes">
<div><dt>client</dt><dd>${client}</dd></div>
<div><dt>granted</dt><dd>${granted.join(' ')}</dd></div>
<div><dt>not used</dt><dd>${unused.join(' ') || 'none'}</dd></div>
<div><dt>unknown calls</dt><dd>${unknown.join(' ') || 'none'}</dd></div></dl>`,
)}
<h2>Requests</h2>
<ul class="requests">${requests.slice(0, mostShown).map(
      ({
        method,
        url,
        status,
        durationMs,
        requestBody,
        responseBody,
      }) => html`<li><details><summary><span class="line"><span class="what"><code>${method} ${url}</code></span>
<span class="${(status ?? 0) >= 400 || status === undefined ? 'fail' : 'pass'}">${status ?? 'no response'}</span><span class="time">${toTenths(durationMs)} ms</span></span></summary>
<pre>${requestBody ?? ''}</pre><pre>${responseBody}</pre></details></li>`,
    )}</ul>
${requests.length + report.leftOut > mostShown ? html`<p class="note">The page shows the first ${mostShown} requests; --har and --report json hold more.</p>` : ''}
</main>
<footer><p>Secrets are masked. Hosts other than Google’s are not in this report.</p></footer>`,
  );
}

/** A page with more is slow to open. */
const mostShown = 500;

function refusalItem(refusal: Refusal): Markup {
  return html`<li><p class="fail">${describeRefusal(refusal)}, ${timesOf(refusal)}</p><pre>${causesOf(refusal)}</pre></li>`;
}

function findingItem(finding: Finding): Markup {
  return html`<li><p class="fail">${finding.message}</p><pre>${causesOf(finding)}</pre></li>`;
}
