import { existsSync } from 'node:fs';
import { dirname } from 'node:path';
import { GsacError } from '../../core/errors.js';
import { fileReason, withFileErrors } from '../../files/errno.js';
import { readPrivateFile, writePrivateFile } from '../../files/private-file.js';

const soonMs = 250;
/** Writing may take this share of the time at most. */
const mostShare = 0.05;

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
   * The document that a file holds; undefined where there is no such file.
   * @throws {GsacError} `local_file_broken`; the file is left as it is.
   */
  static read(path: string): unknown {
    const bytes = withFileErrors('local_file_broken', 'read', path, () => readPrivateFile(path));
    if (bytes === undefined) return undefined;
    try {
      return JSON.parse(bytes.toString());
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

/** The error of a file that holds something else than a state. */
export function brokenState(path: string, reason: string): GsacError {
  return new GsacError(
    'local_file_broken',
    `${path} cannot be used as the state of an emulator: ${reason}.`,
    {
      hint: 'gsac left it as it is. Name another file with --state, or move this one away.',
      details: { path },
    },
  );
}
