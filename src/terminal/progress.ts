import type { Context } from '../core/context.js';
import { formatBytes } from './bytes.js';
import { clean } from './clean.js';
import type { Io } from './io.js';

/** One line of the terminal that replaces itself. */
export interface ProgressLine {
  /** Columns of the terminal. */
  columns: number;
  /** Shows one line in the place of the last; an empty one takes it away. */
  show: (line: string) => void;
  /** Epoch milliseconds. */
  now: () => number;
}

/** The line of stderr that progress is shown on; undefined if nobody would see it. */
export function openProgressLine(
  { globals, notices, now }: Pick<Context, 'globals' | 'notices' | 'now'>,
  { columns, stderrIsTty }: Pick<Io, 'columns' | 'stderrIsTty'>,
): ProgressLine | undefined {
  if (globals.json || globals.quiet || !stderrIsTty) return undefined;
  return { columns, now, show: (line) => notices.progress(line) };
}

/** The bar if nobody looks. */
const invisible = { update: () => {}, stop: () => {} };

/** The least time between two drawings, how long the rate is averaged over, and when it is first told. */
const redrawMs = 125;
const rateMs = 3_000;
const soonestMs = 1_000;
const longestLabel = 24;

/**
 * Shows a transfer on one line: how far it is, how fast, and the time that is left.
 *
 * @param total how many bytes there are; undefined where nobody knows.
 */
export function createTransferBar(
  line: ProgressLine | undefined,
  label: string,
  total: number | undefined,
) {
  if (line === undefined) return invisible;
  const name = cut(clean(label), longestLabel);
  const rate = createRate(line.now);
  const { update, stop } = createDrawing(line);
  const text = (bytes: number) => {
    const perSecond = rate.perSecond();
    const speed = perSecond === undefined ? '' : `  ${formatBytes(perSecond)}/s`;
    if (total === undefined) return `${name}  ${formatBytes(bytes)}${speed}`;
    const share = total === 0 ? 1 : Math.min(1, bytes / total);
    const left = perSecond ? `  ${timeLeft((total - bytes) / perSecond)}` : '';
    const bar = drawBar(share, line.columns - name.length - 50);
    return `${name}  ${bar}${Math.floor(share * 100)}%  ${formatBytes(bytes)} of ${formatBytes(total)}${speed}${left}`;
  };
  update(() => text(0));
  return {
    update(bytes: number) {
      rate.note(bytes);
      update(() => text(bytes));
    },
    stop,
  };
}

/** Shows on one line how many flows are done, how many of them failed, and the time that is left. */
export function createFlowBar(line: ProgressLine | undefined, total: number) {
  if (line === undefined) return invisible;
  const startedAt = line.now();
  const { update, stop } = createDrawing(line);
  const text = (done: number, failed: number) => {
    const took = line.now() - startedAt;
    const isKnown = done > 0 && done < total && took >= soonestMs;
    const left = isKnown ? `  ${timeLeft(((took / done) * (total - done)) / 1000)}` : '';
    const bar = drawBar(total === 0 ? 1 : done / total, line.columns - 48);
    return `${bar}${done}/${total} flows, ${failed} failed${left}`;
  };
  update(() => text(0, 0));
  return {
    update: (done: number, failed: number) => update(() => text(done, failed)),
    stop,
  };
}

/** Draws a line, but not more often than anybody can see, and the last one in any case. */
function createDrawing({ show, columns, now }: ProgressLine) {
  let drawnAt = Number.NEGATIVE_INFINITY;
  let pending: (() => string) | undefined;
  const draw = (text: () => string) => {
    pending = undefined;
    drawnAt = now();
    show([...text()].slice(0, columns - 1).join(''));
  };
  return {
    update(text: () => string) {
      if (now() - drawnAt >= redrawMs) draw(text);
      else pending = text;
    },
    stop() {
      if (pending !== undefined) draw(pending);
      show('');
    },
  };
}

/** A bar of at most 30 columns with a blank behind it; nothing where there is no room for one. */
function drawBar(share: number, room: number): string {
  const width = Math.min(30, room);
  if (width < 5) return '';
  const done = Math.round(share * width);
  return `${'█'.repeat(done)}${'░'.repeat(width - done)} `;
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
function timeLeft(seconds: number): string {
  const whole = Math.max(0, Math.ceil(seconds));
  if (whole >= 86_400) return 'more than a day left';
  const time = new Date(whole * 1000).toISOString().slice('1970-01-01T'.length, -'.000Z'.length);
  return `${time.replace(/^00:0?|^0/, '')} left`;
}

function cut(label: string, most: number): string {
  const letters = [...label];
  return letters.length <= most ? label : `${letters.slice(0, most - 1).join('')}…`;
}
