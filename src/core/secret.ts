/** A kind of secret that can be told by its looks, with the prefix that a masked form keeps. */
const recognisablePrefixes = ['ya29.', '1//0', '4/0', 'GOCSPX-', 'eyJ', 'AIza'] as const;

/**
 * A secret as it may be shown: its recognisable prefix, `…` and its length, such as `ya29.…(218)`.
 * A secret without a known prefix shows its length alone.
 */
export function maskSecret(secret: string): string {
  const prefix = recognisablePrefixes.find((known) => secret.startsWith(known)) ?? '';
  return `${prefix}…(${secret.length})`;
}

/** A slash as texts have it: escaped for JSON or HTML, or percent-encoded any number of times. */
const slash = String.raw`(?:\\*\/|\\+(?:u00|x)2[fF]|&#(?:47|[xX]2[fF]);|%(?:25)*2[fF])`;

/**
 * The character before a secret that begins with a digit: none of a word's or a path's, for
 * `/srv/app4/accounts` holds no code. What encodes another character is no word either: `%3D`,
 * `\n`, `\u0022`, the end of a terminal's colour.
 */
const before = String.raw`(?:^|[^\w.~/-]|%(?:25)*(?!2[fF])[\da-fA-F]{2}|\\[nrtbf]|\\u(?!002[fF])[\da-fA-F]{4}|\[[\d;]*m)`;

/** What follows the beginning of a secret, and a beginning that is no path wherever it stands. */
const rest = String.raw`[\w.~+/%-]`;
const unmistakable = String.raw`[\w-]{40}`;

/**
 * Google's secrets inside free text: access, refresh and ID tokens, codes, client secrets, also
 * percent-encoded or with the slashes escaped. No alternative looks twice at what it has passed over,
 * so that an answer of megabytes takes linear time; `{8,}` would overflow the stack there, `{8}…*` does not.
 */
const secretShapes = new RegExp(
  [
    String.raw`[yY][aA]29\.${rest}+`,
    `1${slash}{2}0${unmistakable}${rest}*`,
    `1(?<=${before}1)${slash}{2}0${rest}+`,
    `4${slash}0A${unmistakable}${rest}*`,
    `4(?<=${before}4)${slash}0?[aA]${rest}{6}${rest}*`,
    String.raw`[gG][oO][cC][sS][pP][xX]-[\w-]+`,
    String.raw`[eE][yY][jJ](?<=(?:${before}|[\W_])...)[\w-]{8}[\w.-]*`,
  ].join('|'),
  'g',
);

/** Google's secrets in a text, by their shape, each once. */
export function findSecrets(text: string): string[] {
  return [...new Set(text.match(secretShapes) ?? [])];
}

/**
 * Masks every secret in a text that is recognisable by its shape, and each of `known` wherever it
 * stands, also percent-encoded, as forms have it, or with escapes of JSON or HTML.
 *
 * It does not find a secret of unknown shape that is not in `known`.
 */
export function maskText(text: string, known: Iterable<string> = []): string {
  let masked = text;
  for (const secret of known) {
    if (secret === '') continue;
    for (const form of writtenForms(secret)) {
      if (masked.includes(form)) masked = masked.replaceAll(form, maskSecret(secret));
    }
  }
  return masked.replace(secretShapes, (secret) => maskSecret(secret));
}

/** How a secret may be written in an address, a form, JSON or HTML; itself alone, where that is the same. */
function writtenForms(secret: string): Iterable<string> {
  if (/^[\w.~-]*$/.test(secret)) return [secret];
  const percent = encodeURIComponent(secret.replace(/\p{Surrogate}/gu, '\ufffd'));
  const form = new URLSearchParams([['', secret]]).toString().slice(1);
  const json = JSON.stringify(secret).slice(1, -1);
  const html = secret
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;');
  const inCapitals = [percent, form];
  const inSmall = inCapitals.map((text) => text.replace(/%../g, (byte) => byte.toLowerCase()));
  const slashed = json.replaceAll('/', '\\/');
  const twice = encodeURIComponent(percent);
  return new Set([secret, ...inCapitals, ...inSmall, twice, json, slashed, html]);
}

/** The shortest value that is looked for elsewhere: shorter ones stand in every text. */
const leastLearned = 8;

/** How many values are kept: an echo comes with the answer, and thousands of flows may share a trace. */
const mostLearned = 1_000;

/** Secrets that are known for what they are, whatever they look like: servers echo them anywhere. */
export type KnownSecrets = ReturnType<typeof createKnownSecrets>;

/** Creates an empty set of secrets. The thousand that were learnt last are kept. */
export function createKnownSecrets() {
  /** Each with the part of it that is the same however it is written. */
  const cores = new Map<string, string>();
  return {
    /** Remembers a value; one that is too short to be told from other text is passed over. */
    learn(secret: string | undefined): void {
      if (secret === undefined || secret.length < leastLearned) return;
      cores.delete(secret);
      cores.set(secret, coreOf(secret));
      const [oldest = ''] = cores.keys();
      if (cores.size > mostLearned) cores.delete(oldest);
    },
    /** Masks them, and what {@link maskText} knows by its shape. */
    mask(text: string): string {
      // Hardly a text holds any: to write each in all its forms takes longer than all else.
      const present: string[] = [];
      for (const [secret, core] of cores) if (text.includes(core)) present.push(secret);
      return maskText(text, present);
    },
  };
}

/** The longest run of letters and digits: forms, JSON and HTML write those as they are. */
function coreOf(secret: string): string {
  const runs = secret.match(/[A-Za-z\d]+/g) ?? [''];
  return runs.reduce((longest, run) => (run.length > longest.length ? run : longest));
}
