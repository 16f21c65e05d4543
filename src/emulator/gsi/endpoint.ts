import type { Hono } from 'hono';
import type { EmulatorEnv, EmulatorParts } from '../http/emulator-parts.js';

/**
 * Adds what a browser asks for when a web page signs people in: Google's script, and the pages that the
 * script opens in frames and popups. All of it is loaded when a browser asks for the first time.
 * @see https://developers.google.com/identity/gsi/web/reference/js-reference
 * @see https://developers.google.com/identity/oauth2/web/reference/js-reference
 */
export function addGsiEndpoint(app: Hono<EmulatorEnv>, parts: EmulatorParts): void {
  app.on(['GET', 'POST'], '/gsi/*', async (c) => {
    const { answerGsi } = await import('./answer.js');
    return (await answerGsi(c.env.call, parts)) ?? c.notFound();
  });
}
