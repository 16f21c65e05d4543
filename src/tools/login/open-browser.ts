/** What decides on how a browser is opened. */
export interface BrowserSurroundings {
  platform: NodeJS.Platform;
  env: Readonly<Record<string, string | undefined>>;
  /** Starts a program that outlives this one; false where it cannot be started or fails at once. */
  launch: (file: string, args: readonly string[]) => Promise<boolean>;
}

/**
 * Opens an address in the person's browser: the program that `BROWSER` names, else the system's
 * opener. Starts nothing where there is no display. Whether a page appears cannot be told.
 */
export async function openBrowser(
  url: string,
  { platform, env, launch }: BrowserSurroundings,
): Promise<boolean> {
  const named = env['BROWSER']?.split(platform === 'win32' ? ';' : ':')[0]?.trim();
  if (named === 'none' || named === 'false') return false;
  // No shell, so no arguments in it: it is the path of a program.
  if (named) return launch(named, [url]);
  if (platform === 'darwin') return launch('open', [url]);
  // `start` is a word of cmd, which would read the & and % of the address as its own.
  if (platform === 'win32') return launch('rundll32', ['url.dll,FileProtocolHandler', url]);
  if (!env['DISPLAY'] && !env['WAYLAND_DISPLAY']) return false;
  return launch('xdg-open', [url]);
}
