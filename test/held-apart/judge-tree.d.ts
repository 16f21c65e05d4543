import type { CheckFinding } from '../../src/tools/check/model.js';

/** What `expected.json` holds, as far as it is read elsewhere. */
export interface ExpectedFindings {
  expect: unknown[];
  git: boolean;
}

export function plantCase(folder: string, expected: ExpectedFindings, target: string): void;

export function judgeFindings(
  expected: ExpectedFindings,
  findings: readonly CheckFinding[],
): { missed: unknown[]; right: CheckFinding[]; wrong: CheckFinding[] };
