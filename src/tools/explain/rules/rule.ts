import type { Stage } from '../../../core/diagnosis.js';
import type { Facts } from '../facts.js';
import { isDenied } from './denial.js';

/** One thing that was found, as a phrase, and whether only the person's own words say so. */
export interface Evidence {
  readonly words: string;
  readonly isTold?: boolean;
  /** The person rules it out: it counts against the cause. */
  readonly isDenied?: boolean;
}

/** Looks for one thing in the facts; undefined if it is not there. */
export type Signal = (facts: Facts) => readonly Evidence[] | undefined;

/** One, or a list of several. */
type Some<T> = T | readonly T[];

/** One cause of failure: how it shows, why it happens and what mends it. */
export interface Rule {
  /** The cause's id; the name of the rule. */
  cause: string;
  /** One sentence: why this fails. */
  why: string;
  fix: Some<string>;
  /** A public page that says so. */
  docs: string;
  /** The stages in which it shows; in another one each signal says less. */
  stages: readonly Stage[];
  /** Nothing else shows in this way: each makes the cause certain. */
  proves?: Some<Signal>;
  /** Few other causes show in this way: each makes the cause likely. */
  speaksFor?: Some<Signal>;
  /** This cause shows so in the first place: likely, but behind all that something speaks for. */
  suggests?: Some<Signal>;
  /** Other causes show in this way as well: each makes the cause possible. */
  fits?: Some<Signal>;
  /** The cause cannot show in this way: it is not named, whatever speaks for it. */
  rulesOut?: Some<Signal>;
  /** Causes that show in the same way now and then: possible where this one comes first. */
  alike?: readonly Usual[];
}

/** A cause among those of one error. */
export interface Usual {
  cause: string;
  /** What tells it from the others, and the flag that says so. */
  check?: string;
  /** Whether it is so much more common than the others that it is likely without more. */
  isUsual?: boolean;
}

/** Causes with what tells each from the others, the most common first. */
export function usual(checks: Readonly<Record<string, string>>): readonly Usual[] {
  return Object.entries(checks).map(([cause, check]) => ({ cause, check }));
}

type Shared = Pick<Rule, 'docs' | 'stages'>;

/** Rules with a page and stages that hold for each one that names none of its own. */
export function rulesWith(
  shared: Shared,
  rules: readonly (Omit<Rule, keyof Shared> & Partial<Shared>)[],
): readonly Rule[] {
  return rules.map((rule) => ({ ...shared, ...rule }));
}

/** The observed text matches one of these. */
export function says(...patterns: readonly RegExp[]): Signal {
  return fact(({ observed }) => {
    for (const pattern of patterns) {
      const found = pattern.exec(observed)?.[0];
      if (found !== undefined) return `it says ${quote(found)}`;
    }
    return undefined;
  });
}

/**
 * The person's own words match one of these. What they rule out is found as denied. Words alone
 * never make a cause certain.
 */
export function told(...patterns: readonly RegExp[]): Signal {
  return ({ notes }) => {
    if (notes === '') return undefined;
    let denied: string | undefined;
    for (const pattern of patterns) {
      if (!pattern.test(notes)) continue;
      for (const found of notes.matchAll(new RegExp(pattern, `${pattern.flags}g`))) {
        if (!isDenied(notes, found, pattern)) {
          return [{ words: `you say ${quote(found[0])}`, isTold: true }];
        }
        denied ??= found[0];
      }
    }
    if (denied === undefined) return undefined;
    return [{ words: `you rule out ${quote(denied)}`, isTold: true, isDenied: true }];
  };
}

/** A status code of Play services, as libraries and shrunken builds write it ("w.b: 10"). */
export function apiCode(code: number): RegExp {
  return new RegExp(
    `(?:Api ?Exception|api\\.\\w{1,3}|sign_in_failed, [\\w.]{1,60}):? ?${code}\\b|\\b(?:status|code)[^\\d]{0,12}\\b${code}\\b|\\berror:? ${code}$|^${code}(?:$|: ?\\D)`,
    'i',
  );
}

/** The observed text or the person's own words match one of these. */
export function mentions(...patterns: readonly RegExp[]): Signal {
  return any(says(...patterns), told(...patterns));
}

/** The redirect URI that was sent begins so, in the text or in the circumstances. */
export function redirectUriIs(address: RegExp, words: string): Signal {
  const written = /redirect[_ ]?ur[il]( in the request)?["']?[,:=\s]{1,4}["']?/.source;
  const sent = new RegExp(`^(?:${address.source})`, 'i');
  return any(
    says(new RegExp(`${written}(?:${address.source})`, 'i')),
    fact(({ redirectUri = '' }) => sent.test(redirectUri) && words),
  );
}

/** The OAuth error is one of these. */
export function errorIs(...names: readonly string[]): Signal {
  return fact(({ error }) => isOne(error, names) && `the error is ${error}`);
}

/** The HTTP status is one of these. */
export function statusIs(...statuses: readonly number[]): Signal {
  return fact(({ status }) => isOne(status, statuses) && `the status is ${status}`);
}

/** The pasted code matches. */
export function codeIs(pattern: RegExp, words: string): Signal {
  return fact(({ code }) => code !== undefined && pattern.test(code) && words);
}

/** The code's source is one of these. */
export function sourceIs(...sources: readonly string[]): Signal {
  return fact(({ source }) => isOne(source, sources) && `the source is ${source}`);
}

/** The client's type is one of these. */
export function clientIs(...types: readonly string[]): Signal {
  return fact(({ clientType }) => isOne(clientType, types) && `the client’s type is ${clientType}`);
}

/** The app's publishing status is this. */
export function appIs(status: 'testing' | 'production'): Signal {
  const words = status === 'testing' ? 'the app is in Testing' : 'the app is published';
  return fact(({ publishingStatus }) => publishingStatus === status && words);
}

/** A scope that was granted ends in this. */
export function granted(name: string): Signal {
  return fact((facts) => facts.granted.some((one) => one.endsWith(name)) && `${name} is granted`);
}

/** A scope that was asked for ends in this. */
export function asked(name: string): Signal {
  return fact(
    (facts) => facts.requested.some((one) => one.endsWith(name)) && `${name} was requested`,
  );
}

/** It failed in this stage. */
export function stageIs(stage: Stage, words: string): Signal {
  return fact((facts) => facts.stage === stage && words);
}

/** It failed in this stage, or nobody said in which, which is evidence of nothing. */
export function maybeAt(stage: Stage, words: string): Signal {
  return any(stageUnknown, stageIs(stage, words));
}

/** Nobody said in which stage it failed, and the text does not tell: evidence of nothing. */
export const stageUnknown: Signal = ({ stage }) => (stage === undefined ? [] : undefined);

/** Anything else about the facts. */
export function fact(find: (facts: Facts) => string | false | undefined): Signal {
  return (facts) => {
    const words = find(facts);
    return words ? [{ words }] : undefined;
  };
}

/** Several signals that count only together; the evidence is that of all. */
export function all(...signals: readonly Signal[]): Signal {
  return (facts) => {
    const evidence: Evidence[] = [];
    for (const signal of signals) {
      const found = signal(facts);
      if (found === undefined) return undefined;
      evidence.push(...found);
    }
    const denied = evidence.filter((one) => one.isDenied);
    return denied.length > 0 ? denied : evidence;
  };
}

/** The first of several signals that is found; they say the same thing in different ways. */
export function any(...signals: readonly Signal[]): Signal {
  return (facts) => {
    let denied: readonly Evidence[] | undefined;
    for (const signal of signals) {
      const found = signal(facts);
      if (found !== undefined && !isAgainst(found)) return found;
      denied ??= found;
    }
    return denied;
  };
}

/** A signal that is absent: evidence of nothing. */
export function not(signal: Signal): Signal {
  return (facts) => {
    const found = signal(facts);
    return found === undefined || isAgainst(found) ? [] : undefined;
  };
}

/** A signal that counts only if none of the others is found. */
export function unless(signal: Signal, ...others: readonly Signal[]): Signal {
  return all(signal, not(any(...others)));
}

/** Whether what was found is something that the person rules out. */
export function isAgainst(found: readonly Evidence[]): boolean {
  return found.some((one) => one.isDenied);
}

function isOne<T>(value: T | undefined, among: readonly T[]): boolean {
  return value !== undefined && among.includes(value);
}

function quote(found: string): string {
  const words = found.trim();
  return `"${words.length > 100 ? `${words.slice(0, 99)}…` : words}"`;
}
