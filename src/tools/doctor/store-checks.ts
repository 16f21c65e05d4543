import { type HelperKind, isHelperKind, nameStore, type StoreKind } from '../../core/account.js';
import { some } from '../../core/counting.js';
import { GsacError } from '../../core/errors.js';
import {
  type CheckFinding,
  type CheckInput,
  type DoctorCheck,
  ok,
  problem,
  skipped,
  warning,
} from './check.js';

/** What can be wrong with the places that secrets live in. */
export const storeChecks: readonly DoctorCheck[] = [
  {
    id: 'keychain',
    looksAt: 'Whether the keychain exists, is unlocked, and keeps what gsac writes.',
    async examine(input) {
      const use = await useOf('keychain', input);
      if (use === 'none') return skipped(notInUse('keychain', input));
      return tryStore(use, 'keychain', async () => {
        // A person may take two minutes to unlock it; this is only a look.
        const timeoutMs = Math.min(input.context.globals.timeoutMs, 10_000);
        await (await input.accounts.store('keychain', timeoutMs)).proveWritable();
      });
    },
  },
  {
    id: 'file-store',
    looksAt: 'Whether the encrypted file store opens with the key that you gave.',
    async examine(input) {
      const { machine, accounts } = input;
      const use = await useOf('file', input);
      if (use === 'none') return skipped(notInUse('file', input));
      const made = machine.hasVault();
      const found = await tryStore(use, 'file', async () => {
        const store = await accounts.store('file');
        // A look must not make a store; reading says whether a key is given at all.
        if (made) return store.proveWritable();
        await store.read('doctor');
        return machine.checkFileKey();
      });
      return found.state === 'ok' && !made
        ? ok('There is no store yet; the first exchange creates it with the key that you gave.')
        : found;
    },
  },
  {
    id: 'helper-store',
    looksAt: 'Whether the credential helpers in use run, and keep what gsac writes.',
    async examine(input) {
      const kinds = await helpersInUse(input);
      if (kinds.length === 0) return skipped(notInUse('helper:<name>', input));
      const timeoutMs = Math.min(input.context.globals.timeoutMs, 10_000);
      for (const kind of kinds) {
        const found = await tryStore('needed', kind, async () => {
          await (await input.accounts.store(kind, timeoutMs)).proveWritable();
        });
        if (found.state !== 'ok') return found;
      }
      return ok(`What gsac writes is kept by ${some(kinds.map((kind) => kind.slice(7)))}.`);
    },
  },
];

async function helpersInUse(input: CheckInput): Promise<HelperKind[]> {
  const { store } = input.context.globals;
  const { accounts } = await input.listing();
  const used = store === undefined ? accounts.map((account) => account.store) : [store];
  return [...new Set(used.filter(isHelperKind))];
}

/** How much a store matters: commands need it, only accounts of later would, or nobody does. */
type Use = 'needed' | 'later' | 'none';

async function useOf(kind: StoreKind, input: CheckInput): Promise<Use> {
  const { store } = input.context.globals;
  if (store !== undefined) return store === kind ? 'needed' : 'none';
  const { accounts } = await input.listing();
  if (accounts.some((account) => account.store === kind)) return 'needed';
  if (kind !== 'keychain') return 'none';
  // New accounts go to the keychain unless told otherwise.
  return accounts.length === 0 && !hasEnvironmentCredentials(input) ? 'needed' : 'later';
}

function hasEnvironmentCredentials({ machine }: CheckInput): boolean {
  return Boolean(machine.env['GSAC_CREDENTIALS'] || machine.env['GSAC_REFRESH_TOKEN']);
}

function notInUse(kind: StoreKind, { context }: CheckInput): string {
  const { store } = context.globals;
  const why = store === undefined ? 'it holds no account' : `the store is ${nameStore(store)}`;
  return `Not in use: ${why}. To check it, run \`gsac doctor --store ${kind}\`.`;
}

async function tryStore(
  use: Use,
  kind: StoreKind,
  work: () => Promise<void>,
): Promise<CheckFinding> {
  try {
    await work();
    return ok(
      kind === 'keychain' ? 'It keeps what gsac writes.' : 'It opens, and gsac can write to it.',
    );
  } catch (thrown) {
    if (!(thrown instanceof GsacError) || thrown.code === 'cancelled') throw thrown;
    const fix = thrown.hint ?? 'Choose another store: --store file with GSAC_FILE_KEY.';
    const facts = { error_code: thrown.code };
    return use === 'needed'
      ? problem(thrown.message, fix, facts)
      : warning(`${thrown.message} gsac would store new accounts there.`, fix, facts);
  }
}
