import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import type { FlowReport } from '../../../src/tools/verify/model.js';
import { renderHtml } from '../../../src/tools/verify/reports/html.js';
import {
  blockedFlows,
  check,
  failingFlow,
  largeReport,
  nasty,
  passingFlow,
  repeats,
  reportOf,
  request,
} from './support.js';

describe('renderHtml', () => {
  it('takes no style but its own, and nothing from elsewhere', () => {
    const page = renderHtml(reportOf(passingFlow(), passingFlow()));
    const [, policy = ''] = /Content-Security-Policy" content="([^"]*)"/.exec(page) ?? [];
    const [, style = ''] = /<style>([\s\S]*)<\/style>/.exec(page) ?? [];
    const hash = createHash('sha256').update(style).digest('base64');
    expect(policy.replaceAll('&#39;', "'")).toBe(
      `default-src 'none'; style-src 'sha256-${hash}'; base-uri 'none'; form-action 'none'`,
    );
    expect(page).not.toMatch(/\s(?:src|style|on\w+)=|<link|url\(|@import/);
    expect(page.match(/href="[^"]*"/g)).toEqual(['href="#flow-1"', 'href="#flow-2"']);
  });

  it('escapes text from outside and makes it visible', () => {
    const page = renderHtml(reportOf(failingFlow(`${nasty.script}${nasty.hidden}`)));
    expect(page).not.toContain('<script');
    expect(page).not.toContain('<img');
    expect(page).toContain('&lt;script&gt;document.title=&quot;owned&quot;');
    expect(page).toContain('\\u{202e}gnp.exe');
    expect(page).not.toMatch(/(?!\n|\t)\p{Cc}|\p{Bidi_Control}|\p{Cs}/u);
  });

  it('leads from the top to what failed', () => {
    const page = renderHtml(reportOf(passingFlow(), failingFlow()));
    expect(page).toContain(
      'failed: <a class="id" href="#flow-2-check-1">refresh.grant</a>, <a class="id" href="#flow-2-check-2">id_token.hosted_domain</a>',
    );
    for (const [, anchor] of page.matchAll(/href="#([^"]*)"/g)) {
      expect(page.split(`id="${anchor}"`)).toHaveLength(2);
    }
    expect(renderHtml(reportOf(failingFlow()))).toContain('href="#flow-1-check-1">');
  });

  const sections = (page: string) =>
    [...page.matchAll(/<details class="flow"[^>]*>.*?<h2>(.*?)<\/h2>/g)].map(([, name]) => name);

  it('puts what failed first, and keeps the order of the plan otherwise', () => {
    const names = ['one', 'two', 'three', 'four'];
    const flows = names.map((name, at) => (at % 2 === 0 ? passingFlow : failingFlow)(name));
    const page = renderHtml(reportOf(...flows));
    expect(sections(page)).toEqual(['two', 'four', 'one', 'three']);
    const rows = [...page.matchAll(/<th scope="row"><a href="#(.*?)">(.*?)</g)];
    expect(rows.map(([, anchor, name]) => [anchor, name])).toEqual([
      ['flow-2', 'two'],
      ['flow-4', 'four'],
      ['flow-1', 'one'],
      ['flow-3', 'three'],
    ]);
  });

  it('folds repeats that came to the same', () => {
    const page = renderHtml(reportOf(passingFlow('first'), ...repeats(50)));
    expect(sections(page)).toEqual(['first', 'load ×50: 50 passed, 42–91 ms']);
    expect(page.match(/<th scope="row"><a /g)).toHaveLength(2);
    expect(page).toContain('<td>50 runs passed</td><td class="number">42–91 ms</td>');
    const some = renderHtml(reportOf(...repeats(5, [2, 4])));
    expect(sections(some)).toEqual(['load ×5: 2 failed, 43–45 ms', 'load ×5: 3 passed, 42–46 ms']);
    // The first of those that failed is open; each is told under its own anchor.
    expect(some.match(/<details class="repeat" id="flow-\d" open>/g)).toEqual([
      '<details class="repeat" id="flow-2" open>',
    ]);
    for (const [, anchor] of some.matchAll(/href="#([^"]*)"/g)) {
      expect(some.split(`id="${anchor}"`)).toHaveLength(2);
    }
  });

  it('keeps apart the repeats of several entries, and those that failed otherwise', () => {
    const [odd, ...others] = repeats(3, [1, 2, 3]);
    const other = { ...odd, checks: [check('code.exchange', { outcome: 'fail' })] } as FlowReport;
    const page = renderHtml(reportOf(other, ...others, ...repeats(2, [], 1)));
    expect(sections(page)).toEqual([
      'load #1',
      'load ×3: 2 failed, 43–44 ms',
      'load ×2: 2 passed, 42–43 ms',
    ]);
  });

  it('counts what many checks could not run for', () => {
    const [flow] = blockedFlows();
    const root = check('refresh.grant', { outcome: 'fail' });
    const ids = ['refresh.type', 'refresh.lifetime', 'refresh.scopes', 'refresh.identity'];
    const blocked = ids.map((id) =>
      check(id, { outcome: 'skip', skip: 'blocked', blockedBy: root.id, seen: 'for a reason' }),
    );
    const last = check('appfolder.read', {
      ...{ outcome: 'skip', skip: 'blocked', blockedBy: 'refresh.type', seen: 'for another' },
    });
    const page = renderHtml(reportOf({ ...flow, checks: [root, ...blocked, last] }));
    expect(page).toContain('5 checks could not run: the refresh failed');
  });

  it('shows what could not run as wrong, unless the flow passes', () => {
    const [flow, expected] = blockedFlows();
    const page = renderHtml(reportOf(flow));
    expect(page).toContain('1 passed, 1 could not run, 2 skipped');
    expect(page).toContain(
      'could not run: <a class="id" href="#flow-1-check-2">identity.email</a>',
    );
    expect(page).toContain('id="flow-1-check-2"><span class="verdict fail">✕ not run</span>');
    const passing = renderHtml(reportOf(expected));
    expect(passing).not.toMatch(/class="verdict fail"|could not run/);
    expect(passing).toContain('1 passed, 3 skipped');
  });

  it('draws who is asked in the order of the first request, with what went wrong named', () => {
    const page = renderHtml(reportOf(failingFlow()));
    const heads = [...page.matchAll(/<text class="head"[^>]*>([^<]*)</g)].map(([, name]) => name);
    expect(heads).toEqual(['store', 'gsac', 'token', 'Drive', 'unknown']);
    expect(page.match(/<g class="bad">/g)).toHaveLength(2);
    expect(page).toContain('✕ 400 · 51 ms refresh.grant');
    expect(page).toContain('>502 · 43 ms<');
  });

  it('draws a refusal that a check wanted like any other answer', () => {
    const page = renderHtml(
      reportOf({
        ...passingFlow(),
        checks: [check('code.replay', { requests: [0] })],
        requests: [request(0, { status: 400 })],
      }),
    );
    expect(page).not.toContain('class="bad"');
    expect(page).toContain('>400 · 43 ms<');
  });

  it('draws no more than a picture can hold', () => {
    const requests = Array.from({ length: 45 }, (_none, at) => request(at));
    const page = renderHtml(reportOf({ ...passingFlow(), requests }));
    expect(page.match(/<g>/g)).toHaveLength(40);
    expect(page).toContain('The picture leaves out 5 more requests.');
    expect(page.match(/<details>/g)).toHaveLength(45);
  });

  it('says so where there is nothing', () => {
    const flow = { ...passingFlow(), requests: [], checks: [], idToken: null, account: null };
    const page = renderHtml(reportOf({ ...flow, grantedScopes: [] }));
    for (const words of [
      'no checks',
      '<dd>unknown</dd>',
      'The flow sent no requests.',
      'The flow brought no ID token.',
      'Unknown.',
    ]) {
      expect(page).toContain(words);
    }
    expect(renderHtml(reportOf())).toContain('0 of 0 flows passed');
  });

  it('leaves most out of a large plan and says so', () => {
    const whole = renderHtml(largeReport(50));
    expect(whole).not.toContain('are left out');
    expect(whole).toContain('ya29.…(218)&quot;');
    const large = renderHtml(largeReport(500));
    expect(large).toContain('headers and bodies are left out');
    expect(large).not.toContain('ya29.…(218)&quot;');
    expect(large.match(/<svg class="sequence"/g)).toHaveLength(50);
    // Of those that failed, not of the first ones.
    expect(large).toContain('id="flow-500-t"');
    expect(large).not.toContain('id="flow-1-t"');
    expect(large.length).toBeLessThan(3_000_000);
  });

  it('stays small where every flow of a large plan fails', () => {
    const flows = Array.from({ length: 500 }, (_none, at) => failingFlow(`flow ${at}`));
    expect(renderHtml(reportOf(...flows)).length).toBeLessThan(4_000_000);
  });
});
