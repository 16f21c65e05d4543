import { escapeHtml, hashOf, hidden, htmlPage } from '../oauth/html-page.js';
import type { EmulatorUser } from '../state/model.js';
import { text as frameScript } from './frame.browser.js';

const STYLE = `
:root { color-scheme: light dark; }
* { box-sizing: border-box; }
body { margin: 0; font: 14px/1.4 system-ui, sans-serif; }
button { font: inherit; cursor: pointer; }
button:focus-visible { outline: 3px solid #1a73e8; outline-offset: -3px; }
.google { display: flex; align-items: center; gap: 10px; max-width: 100%; padding: 0 12px; border: 1px solid #747775; border-radius: 4px; background: #fff; color: #1f1f1f; white-space: nowrap; overflow: hidden; }
.google b { color: #1a73e8; font-size: 1.2em; }
.google.wide { width: 100%; }
.google.center { justify-content: center; }
.google.filled_blue { border-color: #1558b0; background: #1558b0; color: #fff; }
.google.filled_black { border-color: #202124; background: #202124; color: #fff; }
.google.filled_blue b, .google.filled_black b { color: inherit; }
.google.large { height: 40px; }
.google.medium { height: 32px; }
.google.small { height: 20px; padding: 0 8px; font-size: 11px; }
.google.pill, .google.circle { border-radius: 20px; }
.google.icon { justify-content: center; aspect-ratio: 1; padding: 0; }
.tap { height: 100vh; overflow: auto; padding: 12px 16px; border: 1px solid #747775; border-radius: 8px; background: Canvas; color: CanvasText; overflow-wrap: anywhere; }
.tap header { display: flex; align-items: start; gap: 8px; justify-content: space-between; }
.tap h1 { margin: 0 0 4px; font-size: 16px; }
.tap p { margin: 0 0 8px; font-size: 12px; }
.tap button { min-height: 40px; border: 1px solid #747775; border-radius: 4px; background: Canvas; color: CanvasText; }
.tap header button { flex: none; width: 40px; }
.tap form button { display: block; width: 100%; margin: 0 0 8px; padding: 6px 12px; text-align: left; }
.tap span { display: block; font-size: 12px; }
`;

/** What a page of Google's tells the page that opened it. */
export interface PageMessage {
  /** The origin of that page, the only one that may read it. */
  readonly origin: string;
  readonly message: Readonly<Record<string, unknown>>;
}

/** Answers a popup or a frame: hands a message to the page that opened it, and ends a popup. */
export function messagePage({ origin, message }: PageMessage): Response {
  return framePage(
    'Signing in',
    `<p>You can close this window.</p>`,
    origin,
    ` data-origin="${escapeHtml(origin)}" data-message="${escapeHtml(JSON.stringify(message))}"`,
  );
}

/** Posts fields to an app, as the browser's own navigation. */
export function formPage(action: string, fields: readonly (readonly [string, string])[]): Response {
  return framePage(
    'Signing in',
    `<form method="post" action="${escapeHtml(action)}">
${hidden(fields)}
<noscript><button>Continue</button></noscript>
</form>`,
    undefined,
    ' data-submit',
  );
}

const LABELS: Readonly<Record<string, string>> = {
  signin_with: 'Sign in with Google',
  signup_with: 'Sign up with Google',
  continue_with: 'Continue with Google',
  signin: 'Sign in',
};

/**
 * The button, in a frame of the app's page.
 * @see https://developers.google.com/identity/gsi/web/reference/js-reference#GsiButtonConfiguration
 */
export function buttonPage(query: URLSearchParams, origin: string): Response {
  const pick = (name: string, first: string, ...others: string[]) => {
    const value = query.get(name) ?? first;
    return others.includes(value) ? value : first;
  };
  const isIcon = pick('type', 'standard', 'icon') === 'icon';
  const classes = [
    'google',
    pick('theme', 'outline', 'filled_blue', 'filled_black'),
    pick('size', 'large', 'medium', 'small'),
    pick('shape', 'rectangular', 'pill', 'circle', 'square'),
    pick('logo_alignment', 'left', 'center'),
    ...(isIcon ? ['icon'] : []),
    ...(query.has('width') ? ['wide'] : []),
  ];
  const label = LABELS[query.get('text') ?? ''] ?? 'Sign in with Google';
  const button = `<button class="${classes.join(' ')}" aria-label="${label}" data-send="clicked"><b aria-hidden="true">G</b>${isIcon ? '' : label}</button>`;
  return framePage(label, button, origin, ` data-origin="${escapeHtml(origin)}"`);
}

const TITLES: Readonly<Record<string, string>> = {
  signin: 'Sign in to',
  signup: 'Sign up to',
  use: 'Use',
};

/** One Tap: the people who may sign in, in a frame of the app's page. */
export function oneTapPage(
  query: URLSearchParams,
  origin: string,
  users: readonly EmulatorUser[],
): Response {
  const title = `${TITLES[query.get('context') ?? ''] ?? 'Sign in to'} ${new URL(origin).host} with Google`;
  const buttons = users.map(
    ({ email, name, givenName }) =>
      `<button name="_user" value="${escapeHtml(email)}">${users.length === 1 ? `Continue as ${escapeHtml(givenName)}` : escapeHtml(name)}<span>${escapeHtml(email)}</span></button>`,
  );
  return framePage(
    title,
    `<main class="tap">
<header><h1>${escapeHtml(title)}</h1><button data-send="closed" aria-label="Close">✕</button></header>
<p>Google sign-in, emulated on this machine. Not Google.</p>
<form method="post">
${hidden([...query].filter(([name]) => !name.startsWith('_')))}
${buttons.join('\n')}
</form>
</main>`,
    origin,
    ` data-origin="${escapeHtml(origin)}"`,
  );
}

/** @param origin the page that may show it in a frame; none without. */
function framePage(
  title: string,
  content: string,
  origin: string | undefined,
  attributes: string,
): Response {
  return htmlPage({
    title,
    style: STYLE,
    attributes,
    body: `${content}\n<script>${frameScript}</script>`,
    policy: [
      `script-src ${hashOf(frameScript)}`,
      'img-src data:',
      "base-uri 'none'",
      `frame-ancestors ${origin ?? "'none'"}`,
    ],
  });
}
