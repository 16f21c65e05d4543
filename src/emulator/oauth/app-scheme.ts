import type { EmulatorClient } from '../state/model.js';

/** Whether a redirect URI has the scheme of an iOS client, which is its ID in reverse. */
export function hasOwnScheme({ clientId }: EmulatorClient, redirectUri: string): boolean {
  const scheme = clientId.split('.').reverse().join('.').toLowerCase();
  return redirectUri.startsWith(`${scheme}:/`) && URL.canParse(redirectUri);
}

/**
 * What Google says of a redirect URI with a scheme of an app's own, or with none; undefined if nothing.
 * The words are those of barberboy/passport-google-oauth2-example#3, Juby210/SwiftBackupPrem#1 and
 * MaikuB/flutter_appauth#100.
 */
export function objectToScheme(client: EmulatorClient, redirectUri: string): string | undefined {
  if (client.redirectUris.includes(redirectUri)) return undefined;
  const [, scheme = '', slashes = ''] = /^([a-z][a-z\d+.-]*):(\/*)/i.exec(redirectUri) ?? [];
  const invalid = 'Invalid parameter value for redirect_uri';
  if (scheme === '') return `${invalid}: Missing scheme: ${redirectUri}`;
  // `storagerelay` is Google’s own, for popups.
  if (/^(https?|storagerelay)$/i.test(scheme)) return undefined;
  if (client.kind === 'web') return "Custom scheme URIs are not allowed for 'WEB' client type.";
  if (client.kind === 'android') return 'Custom URI scheme is not enabled for your Android client.';
  if (slashes.length < 2) return undefined;
  return `${invalid}: Custom schemes cannot have authority: ${redirectUri}`;
}
