import type { System } from '../../cli/system.js';

/**
 * Opens an address in the person's browser: the program that `BROWSER` names, else the system's
 * opener, never one in the current folder. Starts nothing where there is no display. Whether a page appears cannot be told.
 */
export async function openBrowser(
  url: string,
  { platform, env, launch }: Pick<System, 'platform' | 'env' | 'launch'>,
): Promise<boolean> {
  const named = env['BROWSER']?.split(platform === 'win32' ? ';' : ':')[0]?.trim();
  if (named === 'none' || named === 'false') return false;
  // No shell, so no arguments in it: it is the path of a program.
  if (named) return launch(named, [url]);
  if (platform === 'darwin') return launch('open', [url]);
  // `start` is a word of cmd, which would read the & and % of the address as its own.
  if (platform === 'win32') {
    const opener = `${env['SystemRoot'] ?? 'C:\\Windows'}\\System32\\rundll32.exe`;
    return launch(opener, ['url.dll,FileProtocolHandler', url]);
  }
  if (!env['DISPLAY'] && !env['WAYLAND_DISPLAY']) return false;
  return launch('xdg-open', [url]);
}
