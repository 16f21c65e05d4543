import type { Notices } from '../core/context.js';
import { clean } from './clean.js';
import { said } from './errors.js';
import { wrap } from './layout.js';
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

  const columns = () => (isTty() ? style().columns : Number.POSITIVE_INFINITY);

  function line(text: string): void {
    write(`${showing ? clearLine : ''}${text}\n`);
    showing = false;
  }

  return {
    say(text) {
      if (json || quiet) return;
      // What is set in by blanks is a command to copy.
      line(
        `gsac: ${text.startsWith(' ') ? clean(text) : wrap(clean(text), columns(), '      ', 6)}`,
      );
    },
    warn(text, hint) {
      if (json) return;
      line(`gsac: ${style().notice('warning:')} ${said('warning', text, columns())}`);
      if (hint === undefined) return;
      line(`gsac: ${style().notice('hint:')} ${said('hint', hint, columns())}`);
    },
    ask(text) {
      line(wrap(clean(text), columns(), '', 0));
    },
    progress(text) {
      if (json || quiet || !isTty() || (text === '' && !showing)) return;
      write(`${clearLine}${clean(text)}`);
      showing = text !== '';
    },
  };
}
