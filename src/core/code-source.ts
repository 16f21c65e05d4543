/** Where a code comes from, which decides on the redirect URI that it is bound to. */
export const codeSources = ['ios', 'android', 'web-popup', 'web-redirect'] as const;

/** One of {@link codeSources}. */
export type CodeSource = (typeof codeSources)[number];

/** What each source's codes are bound to; those of a browser's redirect, to what was asked with. */
const usual: Readonly<Record<CodeSource, string>> = {
  ios: '',
  android: '',
  'web-popup': 'postmessage',
  'web-redirect': '',
};

/**
 * The `redirect_uri` that a code is exchanged with.
 *
 * @param given the one that it was asked for with; that of its source unless told.
 * @see https://www.rfc-editor.org/rfc/rfc6749#section-4.1.3
 */
export function redirectUriOf(source: CodeSource, given: string | undefined): string {
  return given ?? usual[source];
}
