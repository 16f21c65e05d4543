import cliProgress from 'cli-progress';
import { formatBytes } from './bytes.js';

/** What a bar is made of. */
export interface ProgressBarOptions {
  /** Before the bar: what is moved. */
  label: string;
  /** How many bytes there are; undefined where nobody knows. */
  total: number | undefined;
  /** Columns of the terminal. */
  columns: number;
  /** Shows one line in the place of the last; nothing takes it away. */
  show: (line: string) => void;
  /** Epoch milliseconds. */
  now: () => number;
}

/** How long the rate is averaged over, in milliseconds. */
const rateMs = 3_000;
const longestLabel = 24;

/**
 * Shows a transfer on one line: how far it is, how fast, and the time that is left. The drawing is
 * the caller's, so that notices and the bar do not write over each other.
 */
export function createProgressBar(options: ProgressBarOptions): TransferBar {
  const { total, columns, show, now } = options;
  const label = shorten(options.label);
  const rate = createRate(now);
  const barsize = Math.max(0, Math.min(30, columns - label.length - 50));
  const bar = new cliProgress.SingleBar({
    barsize,
    fps: 8,
    barCompleteChar: '█',
    barIncompleteChar: '░',
    format: (given, { value }) => {
      const perSecond = rate.perSecond();
      const speed = perSecond === undefined ? '' : `  ${formatBytes(perSecond)}/s`;
      if (total === undefined) return `${label}  ${formatBytes(value)}${speed}`;
      const share = total === 0 ? 1 : Math.min(1, value / total);
      const left =
        perSecond === undefined || perSecond === 0
          ? ''
          : `  ${timeLeft((total - value) / perSecond)}`;
      const drawn = barsize < 5 ? '' : `${cliProgress.Format.BarFormat(share, given)} `;
      return `${label}  ${drawn}${Math.floor(share * 100)}%  ${formatBytes(value)} of ${formatBytes(total)}${speed}${left}`;
    },
    // The library would steer the terminal by itself.
    terminal: lineTerminal(show, columns),
  } as cliProgress.Options);
  bar.start(total ?? Number.MAX_SAFE_INTEGER, 0);
  return {
    update(bytes) {
      rate.note(bytes);
      bar.update(bytes);
    },
    stop() {
      bar.stop();
      show('');
    },
  };
}

/** The terminal that cli-progress draws on, reduced to the one line that is ours. */
export function lineTerminal(show: (line: string) => void, columns: number) {
  const nothing = () => undefined;
  return {
    cursorSave: nothing,
    cursorRestore: nothing,
    cursor: nothing,
    cursorTo: nothing,
    clearRight: nothing,
    clearLine: nothing,
    newline: nothing,
    lineWrapping: nothing,
    write: (line: string) => show([...line].slice(0, columns - 1).join('')),
    isTTY: () => true,
    getWidth: () => columns,
  };
}

function createRate(now: () => number) {
  const samples: { at: number; bytes: number }[] = [{ at: now(), bytes: 0 }];
  return {
    note(bytes: number) {
      const at = now();
      const last = samples.at(-1);
      if (last !== undefined && samples.length > 1 && at - last.at < 100) last.bytes = bytes;
      else samples.push({ at, bytes });
      while (samples.length > 2 && at - (samples[0]?.at ?? at) > rateMs) samples.shift();
    },
    perSecond(): number | undefined {
      const [first] = samples;
      const last = samples.at(-1);
      if (first === undefined || last === undefined || last.at - first.at < 200) return undefined;
      return Math.max(0, Math.round(((last.bytes - first.bytes) / (last.at - first.at)) * 1000));
    },
  };
}

/** How long it still takes, for people: `1:05 left`. */
export function timeLeft(seconds: number): string {
  const whole = Math.ceil(seconds);
  if (whole >= 86_400) return 'more than a day left';
  const two = (value: number) => String(value).padStart(2, '0');
  const hours = Math.floor(whole / 3600);
  const minutes = Math.floor((whole % 3600) / 60);
  return hours > 0
    ? `${hours}:${two(minutes)}:${two(whole % 60)} left`
    : `${minutes}:${two(whole % 60)} left`;
}

function shorten(label: string): string {
  const letters = [...label];
  return letters.length <= longestLabel ? label : `${letters.slice(0, longestLabel - 1).join('')}…`;
}

/** A bar that shows how far a transfer has come, or nothing where nobody looks. */
export interface TransferBar {
  update(bytes: number): void;
  /** Takes it off the screen. */
  stop(): void;
}
