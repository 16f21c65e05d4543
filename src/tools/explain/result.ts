import type { Diagnosis } from '../../core/diagnosis.js';

/** What one part of the probe came to. */
export interface ProbeLine {
  what: 'client' | 'redirect_uri' | 'clock' | 'access_token';
  verdict: 'right' | 'wrong' | 'undecided';
  detail: string;
}

/** The JSON document of `gsac explain`. */
export interface ExplainResult {
  diagnosis: Diagnosis[];
  /** Whether the error is known, or at least one cause is likely. */
  recognised: boolean;
  /** What could be made out of what was observed; secrets masked. */
  observed: { error: string | null; http_status: number | null; text: string };
  /** What would tell the causes apart, and the flag that says so; null where nothing is open. */
  question: { ask: string; yes: string; no: string } | null;
  /** What `--probe` found out; null without it. */
  probe: ProbeLine[] | null;
}
