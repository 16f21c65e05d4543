import { createHash } from 'node:crypto';
import { countVerdicts, type FlowReport, type VerifyReport } from '../model.js';
import { type Detail, failedChecks, flowContent, verdictOf } from './html-flow.js';
import { reportStyle } from './html-style.js';
import { html, type Markup, nothing, verbatim } from './html-text.js';
import { counted, nameAccount, spokenCounts, spokenDuration, spokenTime } from './words.js';

/** Above so many flows headers and bodies are left out, and flows that passed keep only their checks. */
const manyFlows = 50;

const styleHash = createHash('sha256').update(reportStyle).digest('base64');

/** Nothing runs, nothing is loaded, and no style is taken but the page's own. */
const policy = `default-src 'none'; style-src 'sha256-${styleHash}'; base-uri 'none'; form-action 'none'`;

/**
 * The report as one HTML page that needs nothing else: no script, no image, no other host. It has a
 * table of the flows, where there are several, and of each flow the checks, a picture of the sequence
 * of requests, the requests with what was sent and answered, the ID token's claims and the scopes.
 *
 * Above 50 flows it leaves out headers and bodies, and of flows that passed all but the checks, and
 * says so; so it does for failed flows beyond the first 50.
 */
export function renderHtml(report: VerifyReport): string {
  const { flows } = report;
  const head = heading(report);
  const content =
    flows.length === 1
      ? flows.map((flow) => singleFlow(flow))
      : html`${flowTable(flows)}${flowSections(flows)}`;
  return html`<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="referrer" content="no-referrer">
<title>${head}</title>
<style>${verbatim(reportStyle)}</style>
</head>
<body>
<header>
<h1>${head}</h1>
<p>${verdictOf(report.outcome)} · ${spokenCounts(countVerdicts(flows))} · ${spokenDuration(report.durationMs)} · ${spokenTime(report.startedAt)}</p>
</header>
<main>
${content}
</main>
<footer>Made by gsac ${report.version}. Codes, tokens and secrets are masked.</footer>
</body>
</html>
`.toString();
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

function flowTable(flows: readonly FlowReport[]): Markup {
  const rows = flows.map((flow, at) => {
    const account = nameAccount(flow.account);
    return html`<tr><td>${verdictOf(flow.outcome)}</td><th scope="row"><a href="#flow-${at + 1}">${flow.name}</a>${
      account === undefined ? nothing : html`<br><span class="quiet">${account}</span>`
    }${failedChecks(flow, `flow-${at + 1}`)}</th><td>${spokenCounts(countVerdicts([flow]))}</td><td class="number">${spokenDuration(flow.durationMs)}</td></tr>
`;
  });
  return html`<section class="flows">
<h2>Flows</h2>
<table><thead><tr><th scope="col">verdict</th><th scope="col">flow</th><th scope="col">checks</th><th scope="col" class="number">time</th></tr></thead><tbody>
${rows}</tbody></table>
</section>
`;
}

function flowSections(flows: readonly FlowReport[]): Markup {
  let failuresTold = 0;
  const detailOf = ({ outcome }: FlowReport): Detail => {
    if (flows.length <= manyFlows) return 'everything';
    if (outcome === 'pass') return 'checks_only';
    failuresTold += 1;
    return failuresTold <= manyFlows ? 'no_bodies' : 'checks_only';
  };
  const note =
    flows.length <= manyFlows
      ? nothing
      : html`<p class="note">These are more than ${manyFlows} flows: headers and bodies are left out, and of those that passed, and of failed ones beyond the first ${manyFlows}, everything but the checks. A HAR has the requests; a run of one flow has its whole page.</p>
`;
  return html`${note}${flows.map((flow, at) => {
    const id = `flow-${at + 1}`;
    return html`<details class="flow" id="${id}"${flow.outcome === 'fail' ? html` open` : nothing}><summary>${verdictOf(flow.outcome)} <h2>${flow.name}</h2> <span class="quiet">${spokenDuration(flow.durationMs)}</span></summary>
${flowContent(flow, id, detailOf(flow))}</details>
`;
  })}`;
}
