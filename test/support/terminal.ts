import { type ChildProcess, spawn } from 'node:child_process';
import { type Sandbox, until } from './process.js';

/** A program in a terminal of its own. */
export interface TerminalSession {
  /** Everything that the terminal has shown so far. */
  readonly screen: string;
  /** Waits until the screen shows something. */
  shows(text: string | RegExp): Promise<void>;
  /** Types; `\x03` is Ctrl-C, `\r` the Enter key. */
  type(keys: string): void;
  /** Waits for the end and gives the exit code. */
  ended(): Promise<number | null>;
}

/**
 * Runs a line of shell in a terminal of 80 columns, standard input, output and error all being that
 * terminal. `gsac` in the line is the installed one.
 */
export function openTerminal(
  box: Sandbox,
  line: string,
  env: Record<string, string> = {},
): TerminalSession {
  // The terminal has no size of its own where its parent has none; and Ctrl-C is for the line's
  // commands, not for the shell that runs it.
  const sized = `stty cols 80 rows 24; trap : INT; ${line}`;
  const child: ChildProcess = spawn('script', ['-qefc', sized, '/dev/null'], {
    cwd: box.folder,
    env: { ...box.env, SHELL: '/bin/sh', TERM: 'xterm-256color', ...env },
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  let screen = '';
  child.stdout?.setEncoding('utf8').on('data', (text: string) => {
    screen += text;
  });
  const ended = new Promise<number | null>((resolve) => {
    child.once('close', (exitCode) => resolve(exitCode));
  });
  return {
    get screen() {
      return screen;
    },
    shows: (text) =>
      until(
        () => `the terminal shows ${text} instead of ${JSON.stringify(screen)}`,
        () => (typeof text === 'string' ? screen.includes(text) : text.test(screen)),
      ),
    type: (keys) => void child.stdin?.write(keys),
    async ended() {
      const timer = setTimeout(() => child.kill('SIGKILL'), 30_000);
      const exitCode = await ended;
      clearTimeout(timer);
      child.stdin?.destroy();
      return exitCode;
    },
  };
}
