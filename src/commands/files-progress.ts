import type { Provided } from '../cli/runtime.js';
import { clean } from '../terminal/clean.js';
import type { TransferBar } from '../terminal/progress-bar.js';

/** A bar for one file on the terminal, or nothing if nobody looks; `total` undefined if unknown. */
export async function openTransferBar(
  { context, system }: Pick<Provided, 'context' | 'system'>,
  label: string,
  total: number | undefined,
): Promise<TransferBar> {
  const { globals, notices, now } = context;
  const { stderrIsTty, columns } = system.io;
  if (globals.json || globals.quiet || !stderrIsTty) {
    return { update: () => undefined, stop: () => undefined };
  }
  const { createProgressBar } = await import('../terminal/progress-bar.js');
  const show = (line: string) => notices.progress(line);
  return createProgressBar({ label: clean(label), total, columns, show, now });
}
