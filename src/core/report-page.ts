import { createHash } from 'node:crypto';
import { html, type Markup, verbatim } from './html-text.js';
import { reportStyle } from './report-style.js';

const styleHash = createHash('sha256').update(reportStyle).digest('base64');

/** Nothing runs, nothing is loaded, and no style is taken but the page's own. */
const policy = `default-src 'none'; style-src 'sha256-${styleHash}'; base-uri 'none'; form-action 'none'`;

/** A report as one HTML page that needs nothing else: no script, no image, no other host. */
export function reportPage(title: string, body: Markup): string {
  return html`<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="referrer" content="no-referrer">
<title>${title}</title>
<style>${verbatim(reportStyle)}</style>
</head>
<body>
${body}
</body>
</html>
`.toString();
}
