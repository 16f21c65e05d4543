const units: readonly [name: string, seconds: number][] = [
  ['day', 86_400],
  ['hour', 3_600],
  ['minute', 60],
  ['second', 1],
];

/** A token that was issued a moment ago lasts an hour and not 59 minutes: so much counts as the whole. */
const nearly = 0.02;

/** A length of time in words: `59 seconds`, `1 hour`, `3 days`. */
export function spokenSpan(milliseconds: number): string {
  const seconds = Math.round(Math.abs(milliseconds) / 1000);
  const countOf = (size: number) => Math.floor(seconds / size + nearly);
  const [name, size] = units.find(([, each]) => countOf(each) > 0) ?? ['second', 1];
  const count = countOf(size);
  return `${count} ${name}${count === 1 ? '' : 's'}`;
}

/** A time in words beside now: `in 1 hour`, `4 minutes ago`, `just now`. Both are epoch milliseconds. */
export function relativeTime(at: number, now: number): string {
  const seconds = Math.round((at - now) / 1000);
  if (seconds === 0) return at > now ? 'now' : 'just now';
  return seconds > 0 ? `in ${spokenSpan(at - now)}` : `${spokenSpan(at - now)} ago`;
}

/** The same in few characters, for tables: `in 6d`, `4m ago`, `now`. */
export function shortRelativeTime(at: number, now: number): string {
  return relativeTime(at, now)
    .replace(/ (day|hour|minute|second)s?/, (_words, [unit]) => unit ?? '')
    .replace('just now', 'now');
}

/** A time on this machine's clock with its offset: `2026-11-22 23:07:05 +01:00`. */
export function localTime(at: number): string {
  const date = new Date(at);
  const two = (value: number) => String(value).padStart(2, '0');
  const offset = -date.getTimezoneOffset();
  const zone = `${offset < 0 ? '-' : '+'}${two(Math.floor(Math.abs(offset) / 60))}:${two(Math.abs(offset) % 60)}`;
  const day = `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}`;
  return `${day} ${two(date.getHours())}:${two(date.getMinutes())}:${two(date.getSeconds())} ${zone}`;
}

/** A time on this machine's clock to the minute, for tables: `2026-11-22 23:07`. */
export function localMinute(at: number): string {
  return localTime(at).slice(0, 16);
}

/** A time as JSON carries it: ISO 8601, UTC; null stays null. */
export function isoTime(at: number): string;
export function isoTime(at: number | null): string | null;
export function isoTime(at: number | null): string | null {
  return at === null ? null : new Date(at).toISOString();
}

/** Milliseconds to a tenth, as documents carry durations. */
export function toTenths(milliseconds: number): number {
  return Math.round(milliseconds * 10) / 10;
}
