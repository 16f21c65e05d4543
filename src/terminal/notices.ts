import type { Notices } from '../core/context.js';
import { clean } from './clean.js';
import type { Style } from './style.js';

/** What decides on notices. */
export interface NoticesOptions {
  write: (text: string) => void;
  style: () => Style;
  /** With `--json` everything is silent: results and errors carry their warnings themselves. */
  json: boolean;
  quiet: boolean;
  isTty: () => boolean;
}

const clearLine = '\r\u001B[K';

/** Builds the notices of one command, for stderr. */
export function createNotices(options: NoticesOptions): Notices {
  const { write, style, json, quiet, isTty } = options;
  let showing = false;

  function line(text: string): void {
    write(`${showing ? clearLine : ''}${text}\n`);
    showing = false;
  }

  return {
    say(text) {
      if (!json && !quiet) line(`gsac: ${clean(text)}`);
    },
    warn(text, hint) {
      if (json) return;
      line(`gsac: ${style().notice('warning:')} ${clean(text)}`);
      if (hint !== undefined) line(`gsac: ${style().notice('hint:')} ${clean(hint)}`);
    },
    ask(text) {
      line(clean(text));
    },
    progress(text) {
      if (json || quiet || !isTty() || (text === '' && !showing)) return;
      write(`${clearLine}${clean(text)}`);
      showing = text !== '';
    },
  };
}
