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
  return new Set([
    secret,
    percent,
    percent.replace(/%../g, (byte) => byte.toLowerCase()),
    encodeURIComponent(percent),
    form,
    form.replace(/%../g, (byte) => byte.toLowerCase()),
    json,
    json.replaceAll('/', '\\/'),
    html,
  ]);
}
