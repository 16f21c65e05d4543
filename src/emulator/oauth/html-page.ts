import { createHash } from 'node:crypto';
import { NO_CACHE } from '../http/respond.js';

/** A page of Google's. */
export interface HtmlPage {
  readonly status?: number;
  readonly title: string;
  readonly style: string;
  /** Behind `<html lang="en"`. */
  readonly attributes?: string;
  readonly body: string;
  /** What the page may do beside looking as it does, as Content-Security-Policy says it. */
  readonly policy: readonly string[];
}

/** Answers with a page that nothing from outside gets into and that is kept nowhere. */
export function htmlPage(page: HtmlPage): Response {
  const { status = 200, title, style, attributes = '', body, policy } = page;
  const html = `<!DOCTYPE html>
<html lang="en"${attributes}>
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escapeHtml(title)}</title>
<link rel="icon" href="data:,">
<style>${style}</style>
</head>
<body>
${body}
</body>
</html>
`;
  const policies = ["default-src 'none'", `style-src ${hashOf(style)}`, ...policy];
  return new Response(html, {
    status,
    headers: {
      'content-type': 'text/html; charset=utf-8',
      'cache-control': NO_CACHE,
      'referrer-policy': 'no-referrer',
      'x-content-type-options': 'nosniff',
      'content-security-policy': policies.join('; '),
    },
  });
}

const hashes = new Map<string, string>();

/** A style or a script as a Content-Security-Policy allows it; there are few. */
export function hashOf(text: string): string {
  const known = hashes.get(text);
  const hash = known ?? `'sha256-${createHash('sha256').update(text).digest('base64')}'`;
  hashes.set(text, hash);
  return hash;
}

/** Fields that a form carries on unseen. */
export function hidden(fields: readonly (readonly [string, string])[]): string {
  return fields
    .map(
      ([name, value]) =>
        `<input type="hidden" name="${escapeHtml(name)}" value="${escapeHtml(value)}">`,
    )
    .join('\n');
}

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

/** Text as it stands in HTML. */
export function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (sign) => ENTITIES[sign] ?? sign);
}
