import { counted } from '../../../core/counting.js';
import { html, type Markup, nothing } from '../../../core/html-text.js';
import { reportPage } from '../../../core/report-page.js';
import { countVerdicts, type FlowReport, type VerifyReport } from '../model.js';
import { type FlowGroup, foldFlows, type NumberedFlow } from './fold-flows.js';
import { type Detail, failedChecks, flowContent, verdictOf } from './html-flow.js';
import { nameAccount, spokenCounts, spokenDuration, spokenTime } from './words.js';

/** Above so many flows headers and bodies are left out, and flows that passed keep only their checks. */
const manyFlows = 50;

/**
 * The report as one HTML page that needs nothing else: no script, no image, no other host. It has a
 * table of the flows if there are several, what failed first and repeats folded, and of each flow the
 * checks, a picture of the sequence of requests, the requests with what was sent and answered, the ID
 * token's claims and the scopes.
 *
 * Above 50 flows it leaves out headers and bodies, and of flows that passed all but the checks, and
 * says so; so it does for failed flows beyond the first 50.
 */
export function renderHtml(report: VerifyReport): string {
  const { flows } = report;
  const head = heading(report);
  const groups = foldFlows(flows);
  const content =
    flows.length === 1
      ? flows.map((flow) => singleFlow(flow))
      : html`${flowTable(groups)}${flowSections(groups, flows.length)}`;
  return reportPage(
    head,
    html`<header>
<h1>${head}</h1>
<p>${verdictOf(report.outcome)} · ${spokenCounts(countVerdicts(flows))} · ${spokenDuration(report.durationMs)} · ${spokenTime(report.startedAt)}</p>
</header>
<main>
${content}
</main>
<footer>Made by gsac ${report.version}. Codes, tokens and secrets are masked.</footer>`,
  );
}

function heading({ flows, plan }: VerifyReport): string {
  const [only] = flows;
  if (flows.length === 1 && only !== undefined) return `gsac verify: ${only.name}`;
  const passed = flows.filter(({ outcome }) => outcome === 'pass').length;
  return `gsac verify${plan === undefined ? '' : ` ${plan}`}: ${passed} of ${counted(flows.length, 'flow')} passed`;
}

function singleFlow(flow: FlowReport): Markup {
  return html`<section>
<h2>Flow</h2>
${failedChecks(flow, 'flow-1')}${flowContent(flow, 'flow-1', 'everything')}</section>`;
}

function flowTable(groups: readonly FlowGroup[]): Markup {
  const rows = groups.map((group) => {
    const { outcome, title, count, time, flows } = group;
    const [{ number, flow }] = flows;
    const accounts = new Set(flows.map((one) => nameAccount(one.flow.account)));
    const [account] = accounts.size === 1 ? accounts : [];
    return html`<tr><td>${verdictOf(outcome)}</td><th scope="row"><a href="#${anchorOf(group)}">${title}</a>${
      account === undefined ? nothing : html`<br><span class="quiet">${account}</span>`
    }${failedChecks(flow, `flow-${number}`)}</th><td>${count === undefined ? spokenCounts(countVerdicts([flow])) : count.replace(' ', ' runs ')}</td><td class="number">${time}</td></tr>
`;
  });
  return html`<section class="flows">
<h2>Flows</h2>
<table><thead><tr><th scope="col">verdict</th><th scope="col">flow</th><th scope="col">checks</th><th scope="col" class="number">time</th></tr></thead><tbody>
${rows}</tbody></table>
</section>
`;
}

/** Where a group is told: the flow itself, or the fold around several. */
function anchorOf({ flows }: FlowGroup): string {
  const [{ number }] = flows;
  return flows.length === 1 ? `flow-${number}` : `repeats-${number}`;
}

function flowSections(groups: readonly FlowGroup[], count: number): Markup {
  const isLarge = count > manyFlows;
  let failuresTold = 0;
  const detailOf = ({ outcome }: FlowReport): Detail => {
    if (!isLarge) return 'everything';
    if (outcome === 'pass') return 'checks_only';
    failuresTold += 1;
    return failuresTold <= manyFlows ? 'no_bodies' : 'checks_only';
  };
  const note = isLarge
    ? html`<p class="note">This report has more than ${manyFlows} flows, so headers and bodies are left out. Of flows that passed, and of failed ones beyond the first ${manyFlows}, only the checks are shown. A HAR has all requests; the report of a single flow has everything.</p>
`
    : nothing;
  const content = ({ number, flow }: NumberedFlow) =>
    flowContent(flow, `flow-${number}`, detailOf(flow));
  return html`${note}${groups.map((group) => {
    const { outcome, title, count: runs, time, flows } = group;
    const [first] = flows;
    const heading = runs === undefined ? title : `${title}: ${runs}, ${time}`;
    const aside = runs === undefined ? html` <span class="quiet">${time}</span>` : nothing;
    return html`<details class="flow" id="${anchorOf(group)}"${outcome === 'fail' ? html` open` : nothing}><summary>${verdictOf(outcome)} <h2>${heading}</h2>${aside}</summary>
${
  runs === undefined
    ? content(first)
    : flows.map(
        (one) =>
          html`<details class="repeat" id="flow-${one.number}"${outcome === 'fail' && one === first ? html` open` : nothing}><summary>${one.flow.name} <span class="quiet">${spokenDuration(one.flow.durationMs)}</span></summary>
${content(one)}</details>
`,
      )
}</details>
`;
  })}`;
}
