import { readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { type Ends, ownerOf } from '../../intercept/socket-owner.js';

/** Who asks: the programs of a command, known by their descent or by a marker in their environment. */
export interface Family {
  /** The process whose descendants belong to it. */
  ancestor: number;
  /** `NAME=value`, which a daemon keeps that has lost its descent. */
  marker: string;
}

/**
 * Whether the other end of a loopback connection belongs to a user, and to a command's processes if these
 * are told. Linux only: it is read from /proc. What cannot be read there is nobody of ours.
 */
export function isServed(socket: Ends, userId: number, family: Family | undefined): boolean {
  const owner = ownerOf(socket);
  if (owner === undefined || owner.userId !== userId) return false;
  return family === undefined || belongsTo(family, owner.inode);
}

function belongsTo({ ancestor, marker }: Family, inode: string): boolean {
  const ids = readdirSync('/proc').filter((name) => /^\d+$/.test(name));
  const holders = ids.filter((id) => holds(id, inode));
  return holders.some(
    (id) =>
      descendsFrom(id, ancestor) || readText(`/proc/${id}/environ`).split('\0').includes(marker),
  );
}

function holds(id: string, inode: string): boolean {
  try {
    return readdirSync(`/proc/${id}/fd`).some((handle) => {
      try {
        return readlinkSync(`/proc/${id}/fd/${handle}`) === `socket:[${inode}]`;
      } catch {
        return false;
      }
    });
  } catch {
    // It has ended, or is another user's.
    return false;
  }
}

function descendsFrom(begin: string, ancestor: number): boolean {
  // The name, which may hold anything, stands in brackets before the state and the parent.
  for (let id = Number(begin); id > 1; ) {
    if (id === ancestor) return true;
    const parent = /\) \S (\d+)[^)]*$/.exec(readText(`/proc/${id}/stat`))?.[1];
    if (parent === undefined) return false;
    id = Number(parent);
  }
  return false;
}

function readText(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return '';
  }
}
