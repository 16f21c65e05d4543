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

/**
 * Google's secrets inside free text: access, refresh and ID tokens, codes, client secrets, also
 * percent-encoded or with the slashes escaped. Each alternative keeps what it has matched, so that
 * an answer of megabytes takes linear time.
 */
const secretShapes =
  /ya29\.[\w.~+/-]+|1(?:\\?\/|%(?:25)*2F){2}0[\w.~+/%-]+|4(?:\\?\/|%(?:25)*2F)0?A[\w.~+/%-]{6,}|GOCSPX-[\w-]+|eyJ[\w-]{8,}(?:\.[\w-]*)*/gi;

/** Google's secrets in a text, by their shape, each once. */
export function findSecrets(text: string): string[] {
  return [...new Set(text.match(secretShapes) ?? [])];
}

/**
 * Masks every secret in a text that is recognisable by its shape, and each of `known` wherever it
 * stands, also percent-encoded.
 *
 * It does not find a secret of unknown shape that is not in `known`.
 */
export function maskText(text: string, known: Iterable<string> = []): string {
  let masked = text;
  for (const secret of known) {
    if (secret === '') continue;
    for (const form of new Set([secret, encodeURIComponent(secret)])) {
      masked = masked.replaceAll(form, maskSecret(secret));
    }
  }
  return masked.replace(secretShapes, (secret) => maskSecret(secret));
}
