import type { Stage } from '../../../core/diagnosis.js';
import type { Facts } from '../facts.js';

/** One thing that speaks for a cause (or, with a negative weight, against it). */
export interface Signal {
  weight: number;
  /** The evidence, a phrase each, or undefined where the facts do not show it. */
  find: (facts: Facts) => readonly string[] | undefined;
}

/** One cause of failure: how it shows, why it happens and what mends it. */
export interface Rule {
  /** The cause's id; the name of the rule. */
  cause: string;
  /** One sentence: why this fails. */
  why: string;
  fix: readonly string[];
  /** A public page that says so. */
  docs: string;
  /** The stages in which it shows; evidence from elsewhere counts less. */
  stages: readonly Stage[];
  signals: readonly Signal[];
}

/** The observed text matches. */
export function says(weight: number, pattern: RegExp, words?: string): Signal {
  return {
    weight,
    find: ({ observed }) => {
      const found = pattern.exec(observed);
      return found === null ? undefined : [words ?? `it says ${quote(found[0])}`];
    },
  };
}

/** The person's own words match. */
export function told(weight: number, pattern: RegExp): Signal {
  return {
    weight,
    find: ({ notes }) => {
      const found = pattern.exec(notes);
      return found === null ? undefined : [`you say ${quote(found[0])}`];
    },
  };
}

/** The observed text or the person's own words match. */
export function mentions(weight: number, pattern: RegExp): Signal {
  const [seen, heard] = [says(weight, pattern), told(weight, pattern)];
  return { weight, find: (facts) => seen.find(facts) ?? heard.find(facts) };
}

/** The OAuth error is one of these. */
export function errorIs(weight: number, ...names: string[]): Signal {
  return {
    weight,
    find: ({ error }) =>
      error !== undefined && names.includes(error) ? [`the error is ${error}`] : undefined,
  };
}

/** The HTTP status is one of these. */
export function statusIs(weight: number, ...statuses: number[]): Signal {
  return {
    weight,
    find: ({ status }) =>
      status !== undefined && statuses.includes(status) ? [`the status is ${status}`] : undefined,
  };
}

/** The pasted code matches. */
export function codeIs(weight: number, pattern: RegExp, words: string): Signal {
  return {
    weight,
    find: ({ code }) => (code !== undefined && pattern.test(code) ? [words] : undefined),
  };
}

/** The code's source is one of these. */
export function sourceIs(weight: number, ...sources: string[]): Signal {
  return {
    weight,
    find: ({ source }) =>
      source !== undefined && sources.includes(source) ? [`the source is ${source}`] : undefined,
  };
}

/** The client's type is one of these. */
export function clientIs(weight: number, ...types: string[]): Signal {
  return {
    weight,
    find: ({ clientType }) =>
      clientType !== undefined && types.includes(clientType)
        ? [`the client is of type ${clientType}`]
        : undefined,
  };
}

/** Anything else about the facts. */
export function fact(weight: number, find: (facts: Facts) => string | false | undefined): Signal {
  return {
    weight,
    find: (facts) => {
      const words = find(facts);
      return words ? [words] : undefined;
    },
  };
}

/** Several signals that count only together; the evidence is that of all. */
export function all(weight: number, ...signals: readonly Signal[]): Signal {
  return {
    weight,
    find: (facts) => {
      const found = signals.map((signal) => signal.find(facts));
      return found.every((words) => words !== undefined) ? found.flat() : undefined;
    },
  };
}

/** The first of several signals that is found; they say the same thing in different ways. */
export function any(weight: number, ...signals: readonly Signal[]): Signal {
  return {
    weight,
    find: (facts) => {
      for (const signal of signals) {
        const found = signal.find(facts);
        if (found !== undefined) return found;
      }
      return undefined;
    },
  };
}

/** It failed in this stage. An unknown stage counts, too, and is evidence of nothing. */
export function maybeAt(stage: Stage, words: string): Signal {
  return {
    weight: 1,
    find: (facts) => {
      if (facts.stage === undefined) return [];
      return facts.stage === stage ? [words] : undefined;
    },
  };
}

/** Nobody said in which stage it failed, and the text does not tell: evidence of nothing. */
export const stageUnknown: Signal = {
  weight: 1,
  find: ({ stage }) => (stage === undefined ? [] : undefined),
};

function quote(text: string): string {
  const line = text.replace(/\s+/g, ' ').trim();
  return `"${line.length > 100 ? `${line.slice(0, 99)}…` : line}"`;
}
