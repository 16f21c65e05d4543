import { counted } from '../../../core/counting.js';
import { html, type Markup, nothing } from '../../../core/html-text.js';
import type { HttpRecord } from '../../../core/http-record.js';
import type { FlowKind, FlowReport } from '../model.js';
import { beginnings, spokenDuration } from './words.js';

/** The most requests that are drawn; a picture of more is no picture. */
const mostDrawn = 40;

/** In pixels. The lane of what the flow begins with is at the left of gsac's. */
const geometry = {
  origin: 40,
  gsac: 136,
  laneGap: 104,
  headHeight: 40,
  row: 52,
  edge: 56,
} as const;

/** Where the text of an answer begins beside gsac's lane, and the widest that a letter of it is. */
const answerIndent = 12;
const letterWidth = 7;

/** Who hands gsac what a flow begins with, and what that is. */
const origins: Readonly<Record<FlowKind, readonly [who: string, what: string]>> = {
  code: ['app', 'code'],
  account: ['store', 'refresh token'],
  browser: ['browser', 'code'],
  emulator: ['emulator', 'code'],
};

/** What a request is sent to, by the end of its path; the first that fits. */
const parties: readonly (readonly [path: RegExp, name: string])[] = [
  [/\/token$/, 'token'],
  [/\/(?:certs|jwks)$/, 'keys'],
  [/\/tokeninfo$/, 'tokeninfo'],
  [/\/revoke$/, 'revoke'],
  [/\/userinfo$/, 'userinfo'],
  [/\/drive\/v\d/, 'Drive'],
  [/\/(?:auth|authorize)$/, 'sign-in'],
];

/**
 * The requests of a flow as a sequence diagram: gsac on the left, who it asks beside it, time running
 * down. What belongs to a failed check, or had no answer, has another colour and a cross.
 *
 * Its text names what it shows for those who do not see it; the requests are listed elsewhere.
 */
export function sequencePicture(flow: FlowReport, id: string): Markup {
  const drawn = flow.requests.slice(0, mostDrawn);
  const lanes = [...new Set(drawn.map(({ url }) => partyOf(url)))];
  const failures = failuresByRequest(flow);
  const { origin, gsac, laneGap, headHeight, row, edge } = geometry;
  const [who, what] = origins[flow.kind];
  const answers = drawn.map((request, at) => answerOf(request, failures.get(at)));
  const longest = Math.max(0, ...answers.map(({ length }) => length));
  const width = Math.max(
    gsac + lanes.length * laneGap + edge,
    gsac + answerIndent + longest * letterWidth,
  );
  const first = headHeight + 28;
  const bottom = first + drawn.length * row;
  const place = (name: string) => gsac + (lanes.indexOf(name) + 1) * laneGap;
  const left = flow.requests.length - drawn.length;
  const words = `${counted(flow.requests.length, 'request')} to ${lanes.join(', ')}, beginning with ${beginnings[flow.kind]}.`;
  return html`<div class="scroll" role="region" aria-label="Sequence of requests" tabindex="0">
<svg class="sequence" width="${width}" height="${bottom + 12}" viewBox="0 0 ${width} ${bottom + 12}" role="img" aria-labelledby="${id}-t ${id}-d">
<title id="${id}-t">Sequence of requests</title>
<desc id="${id}-d">${words}</desc>
${laneOf(who, origin, bottom, 68)}${laneOf('gsac', gsac, bottom)}${lanes.map((name) => laneOf(name, place(name), bottom))}
<text x="${origin + 8}" y="${headHeight + 13}">${what}</text><path class="arrow" d="M${origin} ${headHeight + 18}H${gsac - 6}"/><path class="tip" d="M${gsac} ${headHeight + 18}l-8 -4v8z"/>
${drawn.map((request, at) =>
  drawRequest(
    request,
    at,
    first + at * row,
    place(partyOf(request.url)),
    answers[at] ?? '',
    failures.has(at),
  ),
)}</svg>
</div>${left > 0 ? html`<p class="quiet">The picture leaves out ${counted(left, 'more request')}.</p>` : nothing}`;
}

/** Who a request is sent to, in a word; the host where the path is none that gsac knows. */
function partyOf(url: string): string {
  if (!URL.canParse(url)) return 'unknown';
  const { pathname, hostname } = new URL(url);
  const known = parties.find(([path]) => path.test(pathname))?.[1];
  return known ?? shorten(hostname, 14);
}

/** The failed checks of each request, by the request's index. */
export function failuresByRequest({ checks, requests }: FlowReport): Map<number, string[]> {
  const failures = new Map<number, string[]>();
  requests.forEach(({ status }, at) => {
    if (status === undefined) failures.set(at, []);
  });
  for (const { id, outcome, requests: made } of checks) {
    if (outcome !== 'fail') continue;
    for (const at of made) failures.set(at, [...(failures.get(at) ?? []), id]);
  }
  return failures;
}

function laneOf(name: string, x: number, bottom: number, width = 88): Markup {
  return html`<line class="lane" x1="${x}" y1="28" x2="${x}" y2="${bottom}"/><rect class="box" x="${x - width / 2}" y="6" width="${width}" height="24" rx="3"/><text class="head" x="${x}" y="22">${name}</text>
`;
}

function drawRequest(
  { method, url, status }: HttpRecord,
  at: number,
  top: number,
  to: number,
  answer: string,
  isBad: boolean,
): Markup {
  const from = geometry.gsac;
  const sent = `${at + 1} ${method} ${shorten(URL.canParse(url) ? new URL(url).pathname : url, Math.floor((to - from - 20) / 7))}`;
  const [down, back] = [top + 18, top + 38];
  return html`<g${isBad ? html` class="bad"` : nothing}><text x="${from + 8}" y="${top + 13}">${sent}</text>${
    status === undefined
      ? html`<path class="arrow" d="M${from} ${down}H${to - 20}m0 -6l12 12m0 -12l-12 12"/>`
      : html`<path class="arrow" d="M${from} ${down}H${to - 6}"/><path class="tip" d="M${to} ${down}l-8 -4v8z"/><path class="arrow back" d="M${to} ${back}H${from + 6}"/><path class="tip" d="M${from} ${back}l8 -4v8z"/>`
  }<text x="${from + answerIndent}" y="${top + 33}">${answer}</text></g>
`;
}

/** What is written beside the answer to a request: `✕ 400 · 51 ms refresh.grant`. */
function answerOf(
  { status, durationMs }: HttpRecord,
  failed: readonly string[] | undefined,
): string {
  const came = `${status ?? 'no answer'} · ${spokenDuration(durationMs)}`;
  if (failed === undefined) return came;
  return `✕ ${came}${failed.length === 0 ? '' : ` ${failed.join(', ')}`}`;
}

/** The end of a path tells more than its beginning. */
function shorten(text: string, most: number): string {
  const room = Math.max(12, most);
  return text.length <= room ? text : `…${text.slice(1 - room)}`;
}
