import { readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { Socket } from 'node:net';
import type { KeychainStore } from './keychain.js';

/** What is needed of `process` to end it; `process` itself fits. */
export interface EndableProcess {
  readonly pid: number;
  on(signal: 'SIGTERM', listener: () => void): unknown;
  exit(code: number): void;
  kill(pid: number, signal: string): unknown;
  /** Node 22.15 and later, not on Windows. */
  execve?: ((file: string, args: string[]) => unknown) | undefined;
}

/** The part of a keychain store that says when its stuck call has returned. */
export type StuckStore = Pick<KeychainStore, 'released'>;

/** How long the call is given to return once its connection is closed, in milliseconds. */
const releaseMs = 1_500;

/**
 * Ends a process in which a call into the keychain is stuck, within about two seconds and, wherever
 * the system allows it, with `exitCode`. An ordinary exit would wait for the call's thread, up to
 * 50 s. What was to be printed must have been printed.
 *
 * On Linux libsecret's connection to the bus is closed from inside, which makes the call fail and
 * lets the process exit in the ordinary way. Where that does not help, the process replaces itself
 * by one that exits with the code (Node 22.15 and later), else it ends itself by a signal, and the
 * code is the signal's.
 */
export async function endStuckProcess(
  exitCode: number,
  store: StuckStore,
  proc: EndableProcess,
): Promise<void> {
  // GLib sends the process a SIGTERM when a bus connection closes; unheard, it would be the end.
  proc.on('SIGTERM', () => {});
  closeUnixSockets();
  const released = store.released().then(() => true);
  if (await Promise.race([released, pause(releaseMs)])) proc.exit(exitCode);
  else await endBusyProcess(exitCode, proc);
}

/**
 * Ends a process at once although a thread of it waits for the system: in the ways that the last
 * paragraph of {@link endStuckProcess} names.
 */
export async function endBusyProcess(exitCode: number, proc: EndableProcess): Promise<void> {
  try {
    proc.execve?.('/bin/sh', ['sh', '-c', `exit ${exitCode}`]);
  } catch {
    // No shell, or a platform without it.
  }
  try {
    // Unlike SIGKILL it lets listeners run that clean up, such as those that give back locks.
    // A shell makes 130 of SIGINT.
    proc.kill(proc.pid, exitCode === 130 ? 'SIGINT' : 'SIGALRM');
    await pause(100);
  } catch {
    // Windows has no such signal.
  }
  proc.kill(proc.pid, 'SIGKILL');
}

function pause(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}

/**
 * Half-closes this process's connected Unix sockets but standard input and output: the bus hangs up
 * in turn. Other sockets among them no longer matter to a process that ends.
 */
function closeUnixSockets(): void {
  for (const fd of unixSockets()) {
    try {
      // Not read from: Node would watch a descriptor that libsecret closes under its hands, and abort.
      new Socket({ fd, readable: false, writable: true }).on('error', () => {}).end();
    } catch {
      // One of Node's own (a channel to a parent process), which it does not open twice.
    }
  }
}

function unixSockets(): number[] {
  try {
    const inodes = new Set(
      [...readFileSync('/proc/net/unix', 'utf8').matchAll(/^\S+: (?:\S+ +){5}(\d+)/gm)].map(
        ([, inode]) => inode,
      ),
    );
    return readdirSync('/proc/self/fd')
      .map(Number)
      .filter((fd) => fd > 2 && inodes.has(socketInode(fd)));
  } catch {
    // No /proc: not Linux.
    return [];
  }
}

/** The inode of a socket; an empty text, which none has, for any other descriptor. */
function socketInode(fd: number): string {
  try {
    return /^socket:\[(\d+)\]$/.exec(readlinkSync(`/proc/self/fd/${fd}`))?.[1] ?? '';
  } catch {
    return '';
  }
}
