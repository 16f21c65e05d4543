// Judges what `gsac check` says of a tree against what a reviewer expects; README.md says how.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { cpSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const weights = ['note', 'warning', 'error'];
const weightOf = (severity) => weights.indexOf(severity);

/** Whether a finding is the wanted one: what is not said may be anything, a list means any of it. */
function isSame(wanted, found, openRules) {
  const any = (name) => wanted[name] === undefined || [wanted[name]].flat().includes(found[name]);
  // The ID of an open rule is not settled: any finding at this file that weighs as much will do.
  const isOpen =
    wanted.rule !== undefined && [wanted.rule].flat().some((rule) => openRules.includes(rule));
  const least = Math.min(...[wanted.severity ?? 'note'].flat().map(weightOf));
  const severity = isOpen ? weightOf(found.severity) >= least : any('severity');
  return (
    (isOpen || any('rule')) &&
    severity &&
    any('file') &&
    any('line') &&
    found.fix.includes(wanted.fix_has ?? '')
  );
}

/** Files name secrets and keys by a mark, so that no scanner takes them for real ones. */
function fillMarks(folder) {
  const fill = (_mark, kind, seed) => {
    const digest = createHash('sha512').update(`held apart ${seed}`).digest('base64url');
    return `${kind}${digest.slice(0, kind === 'AIzaSy' ? 33 : 28)}`;
  };
  for (const name of readdirSync(folder, { recursive: true })) {
    const path = join(folder, name);
    if (!statSync(path).isFile()) continue;
    const text = readFileSync(path, 'utf8');
    const filled = text.replace(/%(AIzaSy|GOCSPX-):([\w -]+)%/g, fill);
    if (filled !== text) writeFileSync(path, filled);
  }
}

/** Puts the tree of a case into a folder that is not there yet. */
export function plantCase(folder, { git }, target) {
  cpSync(join(folder, 'tree'), target, { recursive: true });
  fillMarks(target);
  if (git) spawnSync('sh', ['-c', 'git init -q && git add -A'], { cwd: target });
}

/** The expected findings that are missed, and the findings that are right and wrong. */
export function judgeFindings(expected, findings) {
  const { expect, may, not_expect: unwanted, new_rules: open = [] } = expected;
  const matches = (list, found) => list.some((wanted) => isSame(wanted, found, open));
  const isExpected = (found) => matches(expect, found);
  const isUnwanted = (found) => !isExpected(found) && matches(unwanted, found);
  const isRight = (found) => isExpected(found) || (!isUnwanted(found) && matches(may ?? [], found));
  // A reviewer who wrote down what else may be reported has judged every error and warning.
  const isFalse = (found) =>
    isUnwanted(found) || (!isRight(found) && may !== undefined && found.severity !== 'note');
  return {
    missed: expect.filter((wanted) => !findings.some((found) => isSame(wanted, found, open))),
    right: findings.filter((found) => found.severity !== 'note' && isRight(found)),
    wrong: findings.filter(isFalse),
  };
}
