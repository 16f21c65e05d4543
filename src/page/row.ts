type Header = readonly [name: string, value: string];

/** What gsac says of a refusal: one possible cause. */
export interface Said {
  readonly cause: string;
  readonly likelihood: string;
  readonly why: string;
  readonly evidence: readonly string[];
  readonly fix: readonly string[];
  readonly docs: string;
  /** What tells it from the other usual causes of the error; only where there are several. */
  readonly check?: string;
}

/** One request with its exchange as the page shows it; every secret is masked. */
export interface PageRow {
  /** Grows by one from request to request of a run. */
  readonly id: number;
  /** ISO 8601; null for a time that no date can hold. */
  readonly at: string | null;
  readonly method: string;
  /** Null for the emulator's own. */
  readonly host: string | null;
  readonly path: string;
  /** Null if no response came. */
  readonly status: number | null;
  readonly duration_ms: number;
  /** The grant type and the user, if they are known. */
  readonly about: readonly string[];
  /** What a refusal says; empty for what is none. */
  readonly error: string;
  readonly request: {
    readonly url: string;
    readonly headers: readonly Header[];
    readonly body: string;
  };
  /** Null if it was not kept or did not come. */
  readonly response: { readonly headers: readonly Header[]; readonly body: string } | null;
  /** Why no response came; empty if one did. */
  readonly failure: string;
  /** What gsac saw beside the response. */
  readonly seen: readonly string[];
  readonly diagnosis: readonly Said[];
}

/** How many requests a page shows. */
export const mostRows = 400;
