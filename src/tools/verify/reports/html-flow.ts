import { html, type Markup, nothing } from '../../../core/html-text.js';
import { findBlocked } from '../blocked.js';
import { type CheckResult, type CheckVerdict, type FlowReport, toVerdict } from '../model.js';
import { requestList } from './html-requests.js';
import { sequencePicture } from './sequence-picture.js';
import { beginnings, nameAccount, spokenDuration, spokenTime } from './words.js';

/** Above so many checks that could not run for one reason, they are counted and not named. */
const mostNamed = 3;

/** How much of a flow is written: less of each where there are many. */
export type Detail = 'everything' | 'no_bodies' | 'checks_only';

/** How each verdict looks. */
const looks: Readonly<Record<CheckVerdict, Readonly<Record<'style' | 'mark' | 'word', string>>>> = {
  pass: { style: 'pass', mark: '✓', word: 'pass' },
  fail: { style: 'fail', mark: '✕', word: 'fail' },
  error: { style: 'fail', mark: '✕', word: 'not run' },
  skip: { style: 'skip', mark: '–', word: 'skip' },
};

/** The claims that are times, in epoch seconds. */
const timeClaims = new Set(['iat', 'exp', 'nbf', 'auth_time', 'updated_at']);

/** A verdict as a word with a mark, coloured. */
export function verdictOf(verdict: CheckVerdict, inOtherWords?: string): Markup {
  const { style, mark, word } = looks[verdict];
  return html`<span class="verdict ${style}">${mark} ${inOtherWords ?? word}</span>`;
}

/** What a flow came to: the picture of its requests, its checks, the ID token, the scopes, the requests. */
export function flowContent(flow: FlowReport, id: string, detail: Detail): Markup {
  const checks = html`<h3>Checks</h3>
<ol class="checks">
${flow.checks.map((check, at) => checkItem(check, flow, `${id}-check-${at + 1}`))}</ol>
`;
  if (detail === 'checks_only') return checks;
  const { requests, grantedScopes } = flow;
  const isSilent = requests.length === 0;
  const picture = isSilent ? nothing : part('Sequence', sequencePicture(flow, id));
  const scopes = html`<ul class="scopes">${grantedScopes.map((scope) => html`<li><code>${scope}</code></li>`)}</ul>`;
  const list = requestList(flow, detail === 'everything');
  return html`${facts(flow)}${picture}${checks}${part('ID token', idToken(flow))}${part(
    'Granted scopes',
    grantedScopes.length === 0 ? quiet('Unknown.') : scopes,
  )}${part('Requests', isSilent ? quiet('The flow sent no requests.') : list)}`;
}

function part(title: string, content: Markup): Markup {
  return html`<h3>${title}</h3>
${content}
`;
}

function quiet(words: string): Markup {
  return html`<p class="quiet">${words}</p>`;
}

/**
 * The failed checks of a flow by their ids, each leading to where it is told, and what could not run,
 * by the failure that it comes from.
 */
export function failedChecks(flow: FlowReport, id: string): Markup {
  const links = (checks: readonly CheckResult[]): Markup[] =>
    checks.map(
      (check, at) =>
        html`${at === 0 ? '' : ', '}<a class="id" href="#${id}-check-${flow.checks.indexOf(check) + 1}">${check.id}</a>`,
    );
  const failed = flow.checks.filter(({ outcome }) => outcome === 'fail');
  return html`${
    failed.length === 0 ? nothing : html`<span class="failed fail">failed: ${links(failed)}</span>`
  }${findBlocked(flow).map(({ why, checks }) =>
    checks.length > mostNamed
      ? html`<span class="failed fail">${checks.length} checks could not run: ${why}</span>`
      : html`<span class="failed fail">could not run: ${links(checks)} (${why})</span>`,
  )}`;
}

function facts(flow: FlowReport): Markup {
  const { account } = flow;
  const sub = account?.email != null && account.sub != null ? ` (${account.sub})` : '';
  const rows: readonly (readonly [string, string | Markup])[] = [
    ['account', `${nameAccount(account) ?? 'unknown'}${sub}`],
    ['client', html`<code>${flow.clientId}</code>`],
    ['token endpoint', html`<code>${flow.tokenUri}</code>`],
    ['begins with', beginnings[flow.kind]],
    ['started', spokenTime(flow.startedAt)],
    ['took', spokenDuration(flow.durationMs)],
  ];
  return html`<dl class="facts">${definitions(rows)}</dl>
`;
}

function definitions(rows: readonly (readonly [string, string | Markup])[]): Markup[] {
  return rows.map(([name, value]) => html`<div><dt>${name}</dt><dd>${value}</dd></div>`);
}

function checkItem(check: CheckResult, flow: FlowReport, anchor: string): Markup {
  const { id, title, expected, seen, durationMs, error, causes = [] } = check;
  const verdict = toVerdict(check, flow);
  const isWrong = verdict === 'fail' || verdict === 'error';
  const time =
    durationMs > 0 ? html`<span class="time">${spokenDuration(durationMs)}</span>` : nothing;
  const rows: readonly (readonly [string, string])[] =
    verdict === 'skip' || verdict === 'error'
      ? [['why', seen]]
      : [
          ...(expected === seen ? [] : [['expected', expected] as const]),
          ['seen', seen],
          ...(error === undefined ? [] : [['error', error] as const]),
        ];
  return html`<li${isWrong ? html` id="${anchor}"` : nothing}>${verdictOf(verdict)}<span>${title}<span class="id">${id}</span></span>${time}<dl>${definitions(rows)}</dl>${
    causes.length === 0 ? nothing : causeList(causes)
  }</li>
`;
}

function causeList(causes: NonNullable<CheckResult['causes']>): Markup {
  return html`<ol class="causes">${causes.map(
    ({ cause, likelihood, why, fix }) =>
      html`<li>${likelihood} cause: <code>${cause}</code><br>${why}<ul>${fix.map((words) => html`<li>${words}</li>`)}</ul></li>`,
  )}</ol>`;
}

function idToken({ idToken: token }: FlowReport): Markup {
  if (token === null) return quiet('The flow brought no ID token.');
  const outcome = { valid: 'pass', invalid: 'fail', expired: 'fail', unverified: 'skip' } as const;
  const rows = Object.entries(token.claims).map(
    ([name, value]) =>
      html`<tr><th scope="row"><code>${name}</code></th><td>${spokenClaim(name, value)}</td></tr>
`,
  );
  const { header } = token;
  const named = Object.entries(header).map(([name, value]) => `${name} ${plainClaim(value)}`);
  return html`<p>${verdictOf(outcome[token.verdict], token.verdict)} <span class="quiet">${named.join(', ')}</span></p>
<table><thead><tr><th scope="col">claim</th><th scope="col">value</th></tr></thead><tbody>
${rows}</tbody></table>`;
}

function spokenClaim(name: string, value: unknown): string {
  const isTime = typeof value === 'number' && timeClaims.has(name);
  // Four-digit years: others are written in another form.
  return isTime && value >= 0 && value < 253_402_300_800
    ? `${value} (${spokenTime(value * 1000)})`
    : plainClaim(value);
}

function plainClaim(value: unknown): string {
  return typeof value === 'string' ? value : (JSON.stringify(value) ?? '');
}
