import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import type { Provided } from '../../cli/runtime.js';
import { putInGooglesPlace, type StandIn, type StandInSettings } from '../../emulator/stand-in.js';
import type { RunFolder } from '../../intercept/run-folder.js';
import type { RunningEmulator } from './host.js';

/** Puts a running emulator in Google's place; see {@link putInGooglesPlace}. */
export function openStandIn(
  { emulator, clientFile }: RunningEmulator,
  settings: Pick<StandInSettings, 'passThrough' | 'onMissing' | 'observe' | 'host' | 'port'>,
  { system: world }: Pick<Provided, 'system'>,
): Promise<StandIn> {
  return putInGooglesPlace({ ...settings, emulator, clientFile: JSON.parse(clientFile), world });
}

/**
 * A store of this run for gsac itself, unless the person has named a home. What the environment holds
 * came from Google: naming a store keeps gsac from taking it.
 */
export function storeOf(
  folder: RunFolder,
  env: Readonly<Record<string, string | undefined>>,
): Record<string, string | undefined> {
  if (env['GSAC_HOME']) {
    const store = env['GSAC_STORE'];
    return { GSAC_STORE: store && store !== 'env' ? store : 'keychain' };
  }
  return {
    GSAC_HOME: join(folder.path, 'home'),
    GSAC_STORE: 'file',
    GSAC_FILE_KEY: randomBytes(32).toString('base64'),
    GSAC_PASSPHRASE: undefined,
    GSAC_ACCOUNT: undefined,
  };
}
