import { randomInt } from 'node:crypto';
import { createAuthorizationRequest } from './authorization-request.js';
import type { BrowserFlow } from './browser-flow.js';
import { type BrowserSurroundings, openBrowser } from './open-browser.js';
import { readPastedRedirect } from './redirect-answer.js';
import { listenForRedirect } from './redirect-listener.js';

/** What the way through a browser is built from. */
export interface BrowserFlowOptions extends BrowserSurroundings {
  /** Aborted when the person cancels; asked for when something is waited for. */
  signal: () => AbortSignal;
}

/** Builds the way through a browser and back. */
export function createBrowserFlow(options: BrowserFlowOptions): BrowserFlow {
  return {
    request: createAuthorizationRequest,
    listen: (target) => listenForRedirect(target, options.signal()),
    readPasted: readPastedRedirect,
    // Of the range that IANA leaves to whoever needs one.
    unusedPort: () => randomInt(49_152, 65_536),
    open: (url) => openBrowser(url, options),
  };
}
