import { createHash } from 'node:crypto';
import { text as controls } from './client/controls.browser.js';
import { text as dom } from './client/dom.browser.js';
import { text as faults } from './client/faults.browser.js';
import { text as base } from './client/page.browser.css';
import { text as markup } from './client/page.browser.html';
import { text as people } from './client/people.browser.js';
import { text as requests } from './client/requests.browser.js';
import { text as sections } from './client/sections.browser.css';
import { text as start } from './client/start.browser.js';

/** What the page is the face of. */
export type PageMode = 'emulator' | 'watch';

const titles: Readonly<Record<PageMode, readonly [title: string, subtitle: string]>> = {
  emulator: ['gsac emulator', 'Google on this machine. Not Google.'],
  watch: ['gsac watch', 'What a command asks of Google. Read-only.'],
};

const style = `${base}\n${sections}`;
// Modules for whoever writes them, one for the browser: nothing but this text may run there.
const script = [dom, requests, people, faults, controls, start]
  .map((text) => text.replace(/^import [^;]*;$/gm, '').replace(/^export /gm, ''))
  .join('\n');

const hash = (text: string) => `'sha256-${createHash('sha256').update(text).digest('base64')}'`;

/** Keeps everything but the page itself from running in it, and every other page from reaching it. */
const pageHeaders: Readonly<Record<string, string>> = {
  'content-type': 'text/html; charset=utf-8',
  'content-security-policy': [
    "default-src 'none'",
    `script-src ${hash(script)}`,
    `style-src ${hash(style)}`,
    "connect-src 'self'",
    'img-src data:',
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
    "require-trusted-types-for 'script'",
    "trusted-types 'none'",
  ].join('; '),
  'cache-control': 'no-store',
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  'referrer-policy': 'no-referrer',
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
};

/** Those of the events that it reads. */
export const feedHeaders: Readonly<Record<string, string>> = {
  'content-type': 'text/event-stream; charset=utf-8',
  'cache-control': 'no-store',
  'cross-origin-resource-policy': 'same-origin',
  'x-content-type-options': 'nosniff',
};

/**
 * The page, which has no data in it: it reads `_emulator/page/events` below its own address, and as the
 * emulator's face it changes things through the emulator's own pages.
 */
export function renderPage(mode: PageMode): {
  readonly html: string;
  readonly headers: Readonly<Record<string, string>>;
} {
  const [title, subtitle] = titles[mode];
  const values: Readonly<Record<string, string>> = { mode, title, subtitle };
  const html = markup
    .replace(/__(\w+?)__/g, (_whole, name: string) => values[name] ?? '')
    .replace('<style></style>', () => `<style>${style}</style>`)
    .replace('<script type="module"></script>', () => `<script type="module">${script}</script>`);
  return { html, headers: pageHeaders };
}
