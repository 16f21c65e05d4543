import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { createAccountIndex } from '../../../src/accounts/account-index.js';
import { createAccounts } from '../../../src/accounts/accounts.js';
import { chooseAccount, type Opening } from '../../../src/accounts/open.js';
import {
  createEnvironmentStore,
  readEnvironmentAccount,
} from '../../../src/accounts/stores/environment.js';
import { readGlobals } from '../../../src/cli/globals.js';
import {
  type AccountRecord,
  nameAccounts,
  type StoreKind,
  shortenClientIds,
} from '../../../src/core/account.js';
import { GsacError } from '../../../src/core/errors.js';
import { once } from '../../../src/core/promises.js';
import { loadClient } from '../../../src/files/client-file.js';
import { createMemoryStore } from '../../support/memory-store.js';
import { sampleAccount, temporaryFolder } from './support/samples.js';

const clients = ['web', 'desktop', 'other'].map(
  (name) => `4074087-${name}.apps.googleusercontent.com`,
);
const people = [
  { sub: '1001', email: 'ada@example.com' },
  { sub: '1002', email: 'qa@example.org' },
  { sub: null, email: null },
];

/** Numbers from 0 to below 1 that follow from a seed alone (mulberry32). */
function createRandom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** One machine, and one call of gsac on it. */
interface Situation {
  accounts: AccountRecord[];
  defaultKey: string | undefined;
  options: Record<string, string>;
  env: Record<string, string>;
  /** The client that a flag or a variable names. */
  named: string | undefined;
}

function createSituation(seed: number, files: readonly string[]): Situation {
  const random = createRandom(seed);
  const among = <T>(list: readonly T[]): T => list[Math.floor(random() * list.length)] as T;
  const accounts = clients.flatMap((clientId, at) =>
    people.flatMap(({ sub, email }, person) => {
      if (random() < 0.55) return [];
      const key = `${clientId}/${sub ?? 'unidentified-0123456789ab'}`;
      const store: StoreKind = random() < 0.8 ? 'file' : 'keychain';
      const alias = random() < 0.3 ? `alias-${at}-${person}` : undefined;
      return [sampleAccount({ key, sub, email, clientId, store, alias })];
    }),
  );
  const keys = [...accounts.map(({ key }) => key), `${clients[0]}/9999`];
  const options: Record<string, string> = {};
  const env: Record<string, string> = {};
  const selectors = accounts.flatMap(({ key, sub, email, alias }) => [
    key,
    ...[sub, email, alias].flatMap((one) => one ?? []),
  ]);
  if (random() < 0.6) {
    const place = random() < 0.5 ? options : env;
    place[place === options ? 'account' : 'GSAC_ACCOUNT'] = among([
      ...selectors,
      'nobody@example.com',
    ]);
  }
  const at = Math.floor(random() * clients.length);
  const [clientId = '', file = ''] = [clients[at], files[at]];
  let named: string | undefined = clientId;
  const way = among(['none', '--client', '--client-id', 'GSAC_CLIENT', 'GSAC_CLIENT_ID', 'both']);
  if (way === 'none') named = undefined;
  if (way === '--client') options['client'] = file;
  if (way === '--client-id') options['clientId'] = clientId;
  if (way === 'GSAC_CLIENT') env['GSAC_CLIENT'] = file;
  if (way === 'GSAC_CLIENT_ID') env['GSAC_CLIENT_ID'] = clientId;
  if (way === 'both') {
    // A flag goes before both variables.
    options['client'] = file;
    env['GSAC_CLIENT'] = among(files);
    env['GSAC_CLIENT_ID'] = among(clients);
  }
  if (random() < 0.2) options['store'] = among(['file', 'keychain', 'env']);
  if (random() < 0.2) {
    env['GSAC_CREDENTIALS'] = JSON.stringify({
      type: 'authorized_user',
      client_id: among(clients),
      client_secret: 'x',
      refresh_token: '1//0x',
      ...(random() < 0.5 ? { account: 'ada@example.com', sub: '1001' } : {}),
    });
  } else if (random() < 0.1) env['GSAC_REFRESH_TOKEN'] = '1//0y';
  const defaultKey = random() < 0.5 ? among(keys) : undefined;
  return { accounts, defaultKey, options, env, named };
}

async function choose({ accounts, defaultKey, options, env }: Situation) {
  const folder = temporaryFolder();
  const index = createAccountIndex({ directory: join(folder, 'accounts') });
  for (const account of accounts) await index.put(account);
  if (defaultKey !== undefined) await index.setDefaultKey(defaultKey);
  const { globals } = readGlobals(options, env);
  const client = once(() => loadClient(globals));
  const environmentAccount = once(() => readEnvironmentAccount(env, 0, client));
  const silent = () => {};
  const notices = { say: silent, warn: silent, ask: silent, progress: silent };
  const opening: Opening = {
    context: { globals, client, notices },
    accounts: createAccounts({
      context: { globals, now: () => 0, notices, shell: 'sh' },
      signal: new AbortController().signal,
      folders: () => ({ data: folder, cache: folder, rescue: join(folder, 'rescue') }),
      temporaryFolder: folder,
      userId: undefined,
      usualStore: 'file',
      openStore: async (kind) =>
        kind === 'env' ? createEnvironmentStore(await environmentAccount()) : createMemoryStore(),
      environmentAccount,
      closeToOthers: async () => undefined,
    }),
  };
  return chooseAccount(opening).catch((thrown: unknown) => {
    if (thrown instanceof GsacError) return thrown;
    throw thrown;
  });
}

/** What the contract says of stored accounts, without credentials in the environment. */
function expectedOf({ accounts, defaultKey, options, env, named }: Situation): string | number {
  const store = options['store'];
  const selector = options['account'] ?? env['GSAC_ACCOUNT'];
  const stored = accounts.filter((one) => store === undefined || one.store === store);
  const candidates = stored.filter((one) => named === undefined || one.clientId === named);
  if (selector !== undefined) {
    const means = ({ key, sub, email, alias }: AccountRecord) =>
      [key, sub, email, alias].includes(selector);
    const [first, ...more] = candidates.filter(means);
    if (first === undefined) return stored.some(means) ? 2 : 4;
    return more.length > 0 ? 2 : first.key;
  }
  if (candidates.some(({ key }) => key === defaultKey)) return defaultKey ?? '';
  const known = candidates.filter(({ sub }) => sub !== null);
  const [first, ...more] = known.length > 0 ? known : candidates;
  if (first === undefined) return 4;
  if (more.length > 0) return 2;
  const isGone = !accounts.some(({ key }) => key === defaultKey);
  const isOfOther = named !== undefined && !defaultKey?.startsWith(named);
  return defaultKey !== undefined && isGone && !isOfOther ? 4 : first.key;
}

describe('The account that is chosen', () => {
  const writeClients = () => {
    const folder = temporaryFolder();
    mkdirSync(folder, { recursive: true });
    return clients.map((client_id, at) => {
      const path = join(folder, `${at}.json`);
      writeFileSync(path, JSON.stringify({ web: { client_id, client_secret: 'x' } }));
      return path;
    });
  };

  it('is one of the client that is named, or none', async () => {
    const files = writeClients();
    const outcomes = new Map<string, number>();
    for (let seed = 1; seed <= 600; seed += 1) {
      const situation = createSituation(seed, files);
      const chosen = await choose(situation);
      const isError = chosen instanceof GsacError;
      const said = isError ? `${chosen.code}` : situation.named ? 'of the client' : 'of any';
      outcomes.set(said, (outcomes.get(said) ?? 0) + 1);
      const about = `seed ${seed}: ${said}`;
      if (isError) expect([2, 4, 5], about).toContain(chosen.exitCode);
      else if (situation.named) expect(chosen.clientId, about).toBe(situation.named);
      const { GSAC_CREDENTIALS: document, GSAC_REFRESH_TOKEN: token } = situation.env;
      const isStored = (document ?? token) === undefined && situation.options['store'] !== 'env';
      if (isStored) {
        expect(isError ? chosen.exitCode : chosen.key, about).toBe(expectedOf(situation));
      }
    }
    // Each way in which a choice may end was seen.
    expect([...outcomes.keys()].sort()).toEqual([
      'account_ambiguous',
      'account_unknown',
      'client_mismatch',
      'of any',
      'of the client',
      'store_unavailable',
      'usage',
    ]);
  });
});

describe('The names of accounts', () => {
  const web = '407408718192-webserver0emulator0client0000001.apps.googleusercontent.com';
  const desktop = '407408718192-desktop00emulator0client0000001.apps.googleusercontent.com';
  const named = (list: readonly Partial<AccountRecord>[]) => {
    const accounts = list.map((changes, at) => sampleAccount({ key: `key/${at}`, ...changes }));
    const nameOf = nameAccounts(accounts);
    return accounts.map(({ key }) => nameOf(key));
  };

  it.each([
    [
      [{}, { email: 'qa@example.org', alias: 'qa' }],
      ['ada@example.com', 'qa@example.org'],
    ],
    [
      [{ clientId: web }, { clientId: desktop }],
      ['ada@example.com (client 4074…webser…)', 'ada@example.com (client 4074…deskto…)'],
    ],
    [
      [{ clientId: web, alias: 'prod' }, { clientId: desktop }],
      ['ada@example.com (alias prod)', 'ada@example.com (client 4074…deskto…)'],
    ],
    [
      [{}, {}],
      ['key/0', 'key/1'],
    ],
    [
      [{ email: null, alias: 'ci' }, { email: null }],
      ['ci', 'key/1'],
    ],
  ])('differ: %j', (list, names) => {
    expect(named(list)).toEqual(names);
  });

  it('show as much of a client as tells it from the others', () => {
    const ids = ['1234567-abcdefgh1', '1234567-abcdefgh2', 'short', '1234567-abc'];
    expect(ids.map(shortenClientIds(ids))).toEqual([
      '1234…abcdefgh1',
      '1234…abcdefgh2',
      'short',
      '1234…abc',
    ]);
  });
});
