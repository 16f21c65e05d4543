import { existsSync } from 'node:fs';
import { stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { GsacError } from '../../core/errors.js';
import { fileReason, toFileError } from '../../files/errno.js';
import { readBounded } from '../../files/named-file.js';
import { writePrivateFile } from '../../files/private-file.js';
import { look } from '../../files/target.js';

const soonMs = 250;
/** Writing may take this share of the time at most. */
const mostShare = 0.05;
/** About the longest text that Node can hold. */
const mostBytes = 512 * 1_048_576;

/** Keeps a document in a file of mode 0600, written soon after it changed, each time in one step. */
export class EmulatorStateFile {
  readonly path: string;
  readonly #content: () => unknown;
  readonly #onFailure: (sentence: string) => void;
  #timer: NodeJS.Timeout | undefined;
  #written = '';
  #tookMs = 0;
  #failing = false;

  /** @param content asked for each time; @param onFailure told once of a row of failures. */
  constructor(path: string, content: () => unknown, onFailure: (sentence: string) => void) {
    this.path = path;
    this.#content = content;
    this.#onFailure = onFailure;
  }

  /**
   * The document that a file holds; undefined if there is no such file.
   * @throws {GsacError} `local_file_broken`; the file is left as it is.
   */
  static async read(path: string): Promise<unknown> {
    const text = await readState(path).catch((thrown) => {
      throw toFileError(thrown, 'local_file_broken', 'read', path);
    });
    if (text === undefined) return undefined;
    try {
      return JSON.parse(text);
    } catch {
      throw brokenState(path, 'It is not JSON');
    }
  }

  /** Has the document written within a quarter of a second, or later where writing takes long. */
  touch(): void {
    this.#timer ??= setTimeout(
      () => {
        this.#timer = undefined;
        this.#try();
      },
      Math.max(soonMs, this.#tookMs / mostShare),
    ).unref();
  }

  /**
   * Writes the document now, where it changed. The folder must exist.
   * @throws what says why it could not.
   */
  write(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    const began = performance.now();
    const text = `${JSON.stringify(this.#content())}\n`;
    if (text === this.#written) return;
    if (!existsSync(dirname(this.path))) throw new Error('its folder does not exist');
    writePrivateFile(this.path, text);
    this.#written = text;
    this.#failing = false;
    this.#tookMs = performance.now() - began;
  }

  #try(): void {
    try {
      this.write();
    } catch (thrown) {
      if (!this.#failing) {
        this.#onFailure(`The state cannot be written to ${this.path}: ${fileReason(thrown)}.`);
      }
      this.#failing = true;
    }
  }
}

/** A device or a pipe cannot be replaced with each change, and may have no end. */
async function readState(path: string): Promise<string | undefined> {
  const found = await look(path, stat);
  if (found === undefined) return undefined;
  if (!found.isFile() && !found.isDirectory()) {
    throw brokenState(path, 'It is not a regular file', 'Name a file with --state.');
  }
  if (found.size > mostBytes) throw brokenState(path, `It is larger than ${mostBytes} bytes`);
  return readBounded(path, mostBytes);
}

/** The error of a file that holds something else than a state. */
export function brokenState(
  path: string,
  reason: string,
  hint = 'gsac left it as it is. Name another file with --state, or move this one away.',
): GsacError {
  return new GsacError(
    'local_file_broken',
    `${path} cannot be used as the state of an emulator: ${reason}.`,
    { hint, details: { path } },
  );
}
