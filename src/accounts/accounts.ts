import type { EnvironmentAccount, StoreKind } from '../core/account.js';
import type { AccountIndex } from './account-index.js';
import type { CodeLedger } from './code-ledger.js';
import type { RefreshLock } from './refresh-lock.js';
import type { Rescue } from './rescue.js';
import type { SessionCache } from './session-cache.js';
import type { CredentialStore } from './stores/store.js';

/** The accounts on this machine, each part built when first asked for. */
export interface Accounts {
  index(): Promise<AccountIndex>;
  store(kind: StoreKind): Promise<CredentialStore>;
  environmentAccount(): Promise<EnvironmentAccount | undefined>;
  sessions(): Promise<SessionCache>;
  refreshLock(): Promise<RefreshLock>;
  rescue(): Promise<Rescue>;
  codeLedger(): Promise<CodeLedger>;
  /** 32 random bytes, base64. */
  newSessionKey(): string;
}
