/** A shell that people type commands into. */
export type Shell = 'sh' | 'powershell' | 'cmd';

type Env = Readonly<Record<string, string | undefined>>;

/**
 * The shell that a command for copying is most likely pasted into. Windows does not say which one called
 * us: PowerShell adds modules of its own to `PSModulePath`, and Git Bash and its like set `SHELL` or
 * `MSYSTEM`.
 */
export function shellAtHand(platform: NodeJS.Platform, env: Env): Shell {
  if (platform !== 'win32' || env['SHELL'] || env['MSYSTEM']) return 'sh';
  const modules = (env['PSModulePath'] ?? '').toLowerCase();
  const profile = (env['USERPROFILE'] ?? '').toLowerCase();
  const isOwn = profile !== '' && modules.includes(`${profile}\\`);
  return isOwn || /\\powershell\\\d/.test(modules) ? 'powershell' : 'cmd';
}

/** Quotes a text for a shell, if it needs that: the result is one word, letter for letter. */
export function shellQuote(text: string, shell: Shell = 'sh'): string {
  if (shell === 'sh') {
    return /^[\w@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`;
  }
  if (/^[\w+:.\\/-]+$/.test(text)) return text;
  // In cmd nothing keeps a variable between percent signs from being replaced.
  return shell === 'powershell' ? powershellString(text) : `"${text.replaceAll('"', '""')}"`;
}

/** A text as a string of PowerShell, which takes typographic quotes for straight ones. */
export function powershellString(text: string): string {
  return `'${text.replaceAll(/['‘’‚‛]/g, '$&$&')}'`;
}

/** A line that runs in the shell itself what a command prints in the shell's notation. */
export function evaluated(command: string, shell: Shell): string {
  if (shell === 'powershell') return `${command} | Out-String | Invoke-Expression`;
  if (shell === 'cmd') return `for /f "delims=" %i in ('${command}') do @%i`;
  return `eval "$(${command})"`;
}

/** The command that moves a file or a folder. @param to left for the person to say if undefined. */
export function moveCommand(shell: Shell, from: string, to?: string): string {
  const target = to === undefined ? '…' : shellQuote(to, shell);
  return `${shell === 'cmd' ? 'move' : 'mv'} ${shellQuote(from, shell)} ${target}`;
}

/** The command that removes files, or folders with all that is in them. */
export function removeCommand(
  shell: Shell,
  paths: readonly string[],
  what: 'files' | 'folders',
): string {
  const [files, folders] = shell === 'cmd' ? ['del', 'rmdir /s /q'] : ['rm', 'rm -r'];
  const quoted = paths.map((path) => shellQuote(path, shell));
  const list = quoted.join(shell === 'powershell' ? ', ' : ' ');
  return `${what === 'files' ? files : folders} ${list}`;
}
