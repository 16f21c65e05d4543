import { describe, expect, it } from 'vitest';
import type { VerifyReport } from '../../../src/tools/verify/model.js';
import { renderHar } from '../../../src/tools/verify/reports/har.js';
import { renderHtml } from '../../../src/tools/verify/reports/html.js';
import { toVerifyDocument } from '../../../src/tools/verify/reports/json.js';
import { renderJunit } from '../../../src/tools/verify/reports/junit.js';
import { renderTap } from '../../../src/tools/verify/reports/tap.js';
import { largeReport } from './support.js';

describe('a plan of 500 flows', () => {
  const report = largeReport(500);

  it.each<[string, (report: VerifyReport) => unknown, number]>([
    ['TAP', renderTap, 1000],
    ['JUnit', renderJunit, 1000],
    ['JSON', (each) => JSON.stringify(toVerifyDocument(each)), 1000],
    ['HAR', renderHar, 1000],
    ['HTML', renderHtml, 2000],
  ])('is written as %s in time', (_name, render, most) => {
    // Time on the processor, and the best of three: other tests have the machine, too.
    const times = [1, 2, 3].map(() => {
      const start = process.cpuUsage();
      render(report);
      const { user, system } = process.cpuUsage(start);
      return (user + system) / 1000;
    });
    expect(Math.min(...times)).toBeLessThan(most);
  });
});
