import cliProgress from 'cli-progress';
import { lineTerminal, timeLeft } from './progress-bar.js';

/** What a bar of flows is made of. */
export interface FlowBarOptions {
  total: number;
  /** Columns of the terminal. */
  columns: number;
  /** Shows one line in the place of the last; nothing takes it away. */
  show: (line: string) => void;
  /** Epoch milliseconds. */
  now: () => number;
}

/** Before that share of a second nobody can say how long the rest takes. */
const soonestMs = 1_000;

/** Shows on one line how many flows are done, how many of them failed, and the time that is left. */
export function createFlowBar({ total, columns, show, now }: FlowBarOptions): FlowBar {
  const startedAt = now();
  const barsize = Math.max(0, Math.min(30, columns - 48));
  let failed = 0;
  const bar = new cliProgress.SingleBar({
    barsize,
    fps: 8,
    barCompleteChar: '█',
    barIncompleteChar: '░',
    format: (given, { value }) => {
      const share = total === 0 ? 1 : value / total;
      const drawn = barsize < 5 ? '' : `${cliProgress.Format.BarFormat(share, given)} `;
      const took = now() - startedAt;
      const left =
        value === 0 || value === total || took < soonestMs
          ? ''
          : `  ${timeLeft(((took / value) * (total - value)) / 1000)}`;
      return `${drawn}${value}/${total} flows, ${failed} failed${left}`;
    },
    // The library would steer the terminal by itself.
    terminal: lineTerminal(show, columns),
  } as cliProgress.Options);
  bar.start(total, 0);
  return {
    update(done, ofThemFailed) {
      failed = ofThemFailed;
      bar.update(done);
    },
    stop() {
      bar.stop();
      show('');
    },
  };
}

/** A bar that shows how many flows are done, or nothing where nobody looks. */
export interface FlowBar {
  update(done: number, failed: number): void;
  /** Takes it off the screen. */
  stop(): void;
}
