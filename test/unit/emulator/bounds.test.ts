import { expect, it } from 'vitest';
import { type RequestEntry, RequestLog } from '../../../src/emulator/http/log.js';
import { ScopeSets } from '../../../src/emulator/state/scope-sets.js';
import { startEmulator } from './support.js';

const LIST = '/drive/v3/files?spaces=appDataFolder';

const sizeOf = (entries: readonly RequestEntry[]) =>
  entries.reduce((sum, { form: { big = '' } }) => sum + big.length, 0);

it('the log keeps so much of what was sent, the newest always', () => {
  const log = new RequestLog();
  const big = 'x'.repeat(1_000_000);
  const entry = { method: 'POST', path: '/token', family: 'token', status: 200 } as const;
  for (let at = 0; at < 100; at += 1) {
    log.add({ ...entry, at, milliseconds: 0, form: { big }, query: {}, auth: 'none' });
  }
  expect(log.count()).toBe(100);
  expect(log.list().at(-1)?.at).toBe(99);
  expect(sizeOf(log.list())).toBeLessThanOrEqual(16 * 1_048_576);
  log.add({
    ...entry,
    at: 100,
    milliseconds: 0,
    form: { big: big.repeat(99) },
    query: {},
    auth: 'none',
  });
  expect(log.list().map(({ at }) => at)).toEqual([100]);
});

it('sets of scopes are remembered up to 65,536, and their numbers are never given again', () => {
  const sets = new ScopeSets();
  expect(sets.numberOf(['a', 'b'])).toBe(0);
  for (let at = 1; at <= 65_536; at += 1) sets.numberOf([`s${at}`]);
  expect([sets.get(0), sets.get(1), sets.get(65_536)]).toEqual([undefined, ['s1'], ['s65536']]);
  expect(sets.numberOf(['s65536'])).toBe(65_536);
  expect(sets.numberOf(['a', 'b'])).toBe(65_537);
});

it('a token names a set of scopes by a number of any size, also when it was saved', async () => {
  const saved = { ...startEmulator().emulator.save(), first_scope_set: 2 ** 32 - 2 };
  const first = startEmulator({ saved });
  const { access_token: token, scope } = await first.tokens();
  const second = startEmulator({ saved: first.emulator.save() });
  for (const { send } of [first, second]) {
    expect((await send(`/tokeninfo?access_token=${token}`)).json).toMatchObject({ scope });
  }
});

const deep = '['.repeat(20_000) + ']'.repeat(20_000);
const json = { 'content-type': 'application/json' };

it.each([
  ['a file', '/drive/v3/files', `{"name":"deep","parents":["appDataFolder"],"x":${deep}}`],
  ['a form', '/token', `{"x":${deep}}`],
  ['a sign-in', '/_emulator/sign-in', `{"scopes":${deep}}`],
  ['a fault', '/_emulator/faults', `{"name":"odd-success","set":{"x":${deep}}}`],
])('JSON that nests too deep is refused as %s', async (_what, path, body) => {
  const { signedIn } = startEmulator();
  const send = await signedIn();
  const { status } = await send(path, { method: 'POST', headers: json, body });
  expect(status).toBe(400);
  expect((await send(`${LIST}&fields=*`)).status).toBe(200);
  expect((await send('/_emulator/faults')).status).toBe(200);
});

it('a fault as text that nests too deep is a text', async () => {
  const { emulator, send, tokens } = startEmulator();
  emulator.faults.order(`odd-success:set.x=${deep}`);
  expect((await send('/_emulator/faults')).status).toBe(200);
  expect((await tokens())['x']).toBe(deep);
});
