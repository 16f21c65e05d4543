import type { BrokenAccountFile } from '../../accounts/account-index.js';
import type { RenderContext } from '../../cli/runtime.js';
import { describeAccount, nameAccounts, shortenClientIds } from '../../core/account.js';
import { localMinute, relativeTime, shortRelativeTime } from '../../core/times.js';
import { clean } from '../../terminal/clean.js';
import { renderFirstCause } from '../../terminal/errors.js';
import { wrap } from '../../terminal/layout.js';
import type { Style } from '../../terminal/style.js';
import type { AccountStatus, StatusResult, StatusVerdict } from './judgement.js';

const whys: Readonly<Record<string, string>> = {
  stated_expiry: 'stated',
  testing_seven_days: 'testing',
  six_months_unused: '6 months idle',
};

/** What people read. */
export async function renderStatus(
  result: StatusResult,
  { style, isTty, now }: RenderContext,
): Promise<string> {
  // Loaded for listings alone: measuring the width of text takes tables that cost start-up time.
  const { renderColumns, toListingStyle } = await import('../../terminal/columns.js');
  const paint = style();
  const ago = (time: string | null, none: string) =>
    time === null ? none : shortRelativeTime(Date.parse(time), now);
  const accounts = result.accounts.map((one) => ({ ...one, clientId: one.client_id }));
  const nameOf = nameAccounts(accounts);
  const toShort = shortenClientIds(accounts.map(({ clientId }) => clientId));
  const isTwice = accounts.some((one) => nameOf(one.key) !== describeAccount(one));
  const rows = result.accounts.map((account) => {
    const at = account.ends_at === null ? undefined : Date.parse(account.ends_at);
    return [
      signs[account.verdict],
      describeAccount(account),
      ...(isTwice ? [toShort(account.client_id)] : []),
      ago(account.issued_at, 'unknown'),
      ago(account.last_used_at, 'never'),
      at === undefined ? '-' : `${toTheDay(at, now)}, ${shortRelativeTime(at, now)}`,
      account.verdict === 'dead'
        ? 'dead'
        : account.end === null
          ? '-'
          : (whys[account.end.reason] ?? 'refused'),
    ];
  });
  const titles = ['', 'ACCOUNT', ...(isTwice ? ['CLIENT'] : []), 'ISSUED', 'USED', 'ENDS', 'WHY'];
  const table = renderColumns(
    titles.map((title) => ({ title, shrinks: title === 'ACCOUNT', narrowest: 16 })),
    rows,
    toListingStyle(paint, isTty()),
  );
  const remarks = [
    ...result.accounts.map((account) => renderRemark(account, nameOf(account.key), paint, now)),
    ...(result.broken ?? []).map((file) => renderBroken(file, paint)),
  ].join('');
  return `${table}${remarks === '' ? '' : `\n${remarks}`}`;
}

/** The minute counts only for what is near. */
function toTheDay(at: number, now: number): string {
  const isNear = Math.abs(at - now) < 8 * 86_400_000;
  return isNear ? localMinute(at) : localMinute(at).slice(0, 10);
}

const signs: Readonly<Record<StatusVerdict, string>> = {
  ok: '✓',
  ends_soon: '!',
  ended: '✗',
  dead: '✗',
  unknown: '?',
};

function renderBroken({ path, reason, hint }: BrokenAccountFile, paint: Style): string {
  const detail = `The account file cannot be read: ${reason}.`;
  return renderTrouble(path, ['left out', paint.bad], detail, '', hint, paint);
}

function renderTrouble(
  name: string,
  [what, colour]: readonly [string, (text: string) => string],
  detail: string,
  cause: string,
  fix: string,
  paint: Style,
): string {
  const text = (words: string, column: number) => wrap(clean(words), paint.columns, '  ', column);
  const start = `${clean(name)}:`;
  const gap = start.length + 1 + what.length > paint.columns ? '\n  ' : ' ';
  return `${start}${gap}${colour(what)}\n  ${text(detail, 2)}\n${cause}  ${paint.notice('fix:')} ${text(fix, 7)}\n`;
}

/** What is the matter with an account and what to do, where something is. */
function renderRemark(account: AccountStatus, name: string, paint: Style, now: number): string {
  const { end, verdict, online } = account;
  if (online?.result === 'unavailable') {
    const text = `${name} was not checked: ${online.error?.message ?? ''}`;
    return `${wrap(clean(text), paint.columns, '  ', 0)}\n`;
  }
  if (end === null || verdict === 'ok') return '';
  const when =
    account.ends_at === null ? undefined : relativeTime(Date.parse(account.ends_at), now);
  const seen =
    end.seen_at === undefined ? '' : `, seen ${relativeTime(Date.parse(end.seen_at), now)}`;
  const what =
    verdict === 'dead'
      ? `dead${seen}`
      : verdict === 'ends_soon'
        ? `ends ${when}`
        : verdict === 'ended'
          ? `ended ${when}`
          : 'refused';
  const colour = verdict === 'ends_soon' ? paint.notice : paint.bad;
  const cause = renderFirstCause(online?.error?.diagnosis ?? [], paint);
  return renderTrouble(name, [what, colour], end.detail, cause, end.fix, paint);
}
