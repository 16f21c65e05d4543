import { DOMImplementation, type Element, XMLSerializer } from '@xmldom/xmldom';
import type { CheckResult, FlowReport, VerifyReport } from '../model.js';
import { countVerdicts, toVerdict } from '../verdicts.js';
import { toVisible } from './visible-text.js';
import { couldNotRun } from './words.js';

type Attributes = Readonly<Record<string, string | number>>;

/**
 * The report as JUnit XML, in the form that Jenkins, GitLab and others read: a test suite for each
 * flow, a test case for each check, times in seconds. A check that could not run is an error, since
 * those systems go by failures and errors alone. Characters that XML cannot carry are written as
 * `\u{…}`.
 *
 * @see https://github.com/jenkinsci/xunit-plugin/blob/master/src/main/resources/org/jenkinsci/plugins/xunit/types/model/xsd/junit-10.xsd
 */
export function renderJunit(report: VerifyReport): string {
  const counts = countVerdicts(report.flows);
  const document = new DOMImplementation().createDocument(null, 'testsuites', null);
  const root = document.documentElement;
  if (root === null) throw new Error('a document without its root');
  setAttributes(root, {
    name: report.plan === undefined ? 'gsac verify' : `gsac verify ${report.plan}`,
    tests: counts.pass + counts.fail + counts.error + counts.skip,
    failures: counts.fail,
    errors: counts.error,
    time: seconds(report.durationMs),
  });
  report.flows.forEach((flow, at) => {
    appendSuite(root, flow, at, report.version);
  });
  closeLine(root, 0);
  return `<?xml version="1.0" encoding="UTF-8"?>\n${new XMLSerializer().serializeToString(document)}\n`;
}

function appendSuite(root: Element, flow: FlowReport, at: number, version: string): void {
  const counts = countVerdicts([flow]);
  const suite = append(root, 1, 'testsuite', {
    name: flow.name,
    tests: flow.checks.length,
    failures: counts.fail,
    errors: counts.error,
    skipped: counts.skip,
    time: seconds(flow.durationMs),
    // In UTC: the format has no place for a zone.
    timestamp: new Date(flow.startedAt).toISOString().slice(0, 19),
    id: at,
  });
  const properties = append(suite, 2, 'properties');
  const values = {
    version,
    kind: flow.kind,
    client_id: flow.clientId,
    token_uri: flow.tokenUri,
    sub: flow.account?.sub,
    email: flow.account?.email,
  };
  for (const [name, value] of Object.entries(values)) {
    if (typeof value === 'string') append(properties, 3, 'property', { name, value });
  }
  closeLine(properties, 2);
  for (const check of flow.checks) appendCase(suite, flow, check);
  closeLine(suite, 1);
}

function appendCase(suite: Element, flow: FlowReport, check: CheckResult): void {
  const testCase = append(suite, 2, 'testcase', {
    name: `${check.id}: ${check.title}`,
    classname: flow.name,
    time: seconds(check.durationMs),
  });
  const verdict = toVerdict(check, flow);
  if (verdict === 'pass') return;
  if (verdict === 'error') {
    append(testCase, 3, 'error', { type: 'could_not_run', message: couldNotRun(check) });
  } else if (verdict === 'skip') {
    append(testCase, 3, 'skipped', {
      ...(check.skip === undefined ? {} : { type: check.skip }),
      message: check.seen,
    });
  } else {
    const failure = append(testCase, 3, 'failure', {
      type: check.error ?? 'check_failed',
      message: check.seen,
    });
    appendText(failure, describe(check));
  }
  closeLine(testCase, 2);
}

function describe({ expected, seen, causes = [] }: CheckResult): string {
  return [
    `expected: ${expected}`,
    `seen: ${seen}`,
    ...causes.flatMap(({ cause, likelihood, why, fix }) => [
      `${likelihood} cause: ${cause}: ${why}`,
      ...fix.map((words) => `  fix: ${words}`),
    ]),
  ].join('\n');
}

/** At most three decimals and no thousands' comma, as the schema wants it. */
function seconds(milliseconds: number): string {
  return (Math.max(0, milliseconds) / 1000).toFixed(3);
}

function append(parent: Element, depth: number, name: string, attributes: Attributes = {}) {
  closeLine(parent, depth);
  const element = parent.ownerDocument?.createElement(name);
  if (element === undefined) throw new Error('an element outside of a document');
  setAttributes(element, attributes);
  parent.appendChild(element);
  return element;
}

function setAttributes(element: Element, attributes: Attributes): void {
  for (const [name, value] of Object.entries(attributes)) {
    element.setAttribute(name, toVisible(String(value)));
  }
}

function appendText(parent: Element, text: string): void {
  const node = parent.ownerDocument?.createTextNode(toVisible(text));
  if (node !== undefined) parent.appendChild(node);
}

/** Begins a new line for what follows in the element, indented. */
function closeLine(parent: Element, depth: number): void {
  appendText(parent, `\n${'  '.repeat(depth)}`);
}
