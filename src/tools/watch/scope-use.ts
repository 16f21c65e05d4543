import { expandScope } from '../../core/scopes.js';
import type { Sighting } from './policy.js';
import type { Grant, RunMemory } from './run-memory.js';
import { identityScopes, scopesFor } from './scope-table.js';

/** What a client was granted in a run, against what its calls needed. */
export interface ScopeUse {
  client_id: string;
  granted: readonly string[];
  used: readonly string[];
  unused: readonly string[];
  /** Calls whose scopes gsac does not know, by API. If there are any, what is unused is not certain. */
  unknown: readonly string[];
}

interface Account {
  granted: Set<string>;
  used: Set<string>;
  unknown: Set<string>;
}

const mostClients = 100;
const mostUnknown = 20;

/** Collects which of the granted scopes the calls of a run need. */
export class ScopeLedger {
  readonly #clients = new Map<string, Account>();
  readonly #memory: RunMemory;

  constructor(memory: RunMemory) {
    this.#memory = memory;
  }

  /** Notes what was granted. */
  grant({ clientId, scopes, hasIdToken }: Grant): void {
    if (scopes === undefined) return;
    const account = this.#of(clientId);
    for (const scope of scopes.map(expandScope)) {
      account?.granted.add(scope);
      if (hasIdToken && identityScopes.includes(scope)) account?.used.add(scope);
    }
  }

  /** Notes a call that Google allowed: the narrowest scope that was granted and allows it counts. */
  call(sighting: Sighting): void {
    const { status = 0, method, host, path } = sighting;
    const known = this.#memory.accessTokenOf(sighting);
    if (known === undefined || status === 0 || status >= 400) return;
    const account = this.#of(known.grant.clientId);
    const allowing = scopesFor(method, host, path);
    if (account === undefined) return;
    if (allowing === undefined) {
      const [, first = '', second = ''] = path.split('/');
      if (account.unknown.size < mostUnknown) account.unknown.add(`${host}/${first}/${second}`);
      return;
    }
    const granted = new Set((known.grant.scopes ?? []).map(expandScope));
    const needed = allowing.filter((scope) => granted.has(scope));
    const isIdentity = allowing.some((scope) => identityScopes.includes(scope));
    for (const scope of isIdentity ? needed : needed.slice(0, 1)) account.used.add(scope);
  }

  get uses(): ScopeUse[] {
    return [...this.#clients]
      .filter(([, { granted }]) => granted.size > 0)
      .map(([clientId, { granted, used, unknown }]) => ({
        client_id: clientId,
        granted: [...granted],
        used: [...granted].filter((scope) => used.has(scope)),
        unused: [...granted].filter((scope) => !used.has(scope)),
        unknown: [...unknown],
      }));
  }

  #of(clientId: string): Account | undefined {
    const found = this.#clients.get(clientId);
    if (found !== undefined || this.#clients.size >= mostClients) return found;
    const made = {
      granted: new Set<string>(),
      used: new Set<string>(),
      unknown: new Set<string>(),
    };
    this.#clients.set(clientId, made);
    return made;
  }
}
