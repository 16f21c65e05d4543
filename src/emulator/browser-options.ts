import type { StandIn } from './stand-in.js';

/** How browsers are started whose requests to Google the emulator answers. */
export interface BrowserOptions {
  /** `chromium.launch(browser.playwright)`, or `use: { launchOptions }` of a Playwright project. */
  readonly playwright: {
    proxy: { server: string; bypass: string; username?: string; password?: string };
    args: string[];
  };
  /** `puppeteer.launch(browser.puppeteer)`. */
  readonly puppeteer: { args: string[] };
  /**
   * What the proxy asks for where it cannot see who connects, on macOS and Windows; Playwright has it
   * already: `page.authenticate(browser.credentials)`.
   */
  readonly credentials?: { username: string; password: string };
}

/** Makes them of a proxy. Only Google's hosts go by its certificates: it issues none for other names. */
export function toBrowserOptions({ caKeyHash, settings }: StandIn['interception']): BrowserOptions {
  const { host, port, password } = settings.proxy;
  const server = `http://${host}:${port}`;
  const bypass = 'localhost,127.0.0.1,[::1]';
  const trust = `--ignore-certificate-errors-spki-list=${caKeyHash}`;
  const credentials = password === undefined ? undefined : { username: 'gsac', password };
  return {
    playwright: { proxy: { server, bypass, ...credentials }, args: [trust] },
    puppeteer: { args: [`--proxy-server=${server}`, `--proxy-bypass-list=${bypass}`, trust] },
    ...(credentials && { credentials }),
  };
}
