import type { Authorization, Grant, PendingCode, SignInSource, UserSeed } from './model.js';
import { restoreFolders, type SavedFolder, saveFolders } from './saved-folders.js';
import type { EmulatorState } from './state.js';
import { ownerKey } from './state-tables.js';

/** Thrown where a saved state is none, or one of another version. */
export class SavedStateError extends Error {
  override readonly name = 'SavedStateError';
}

/** What an emulator remembers, as plain data. Holds codes, tokens and keys: all of them emulated. */
export interface SavedState {
  readonly format: typeof FORMAT;
  readonly version: typeof VERSION;
  /** The key under which access tokens carry their content, hexadecimal. */
  readonly access_token_key: string;
  readonly next_authorization: number;
  /** Account ids by email. */
  readonly subs: Readonly<Record<string, string>>;
  readonly client_ids: readonly string[];
  readonly scope_sets: readonly (readonly string[])[];
  readonly authorizations: readonly SavedAuthorization[];
  readonly codes: readonly SavedCode[];
  readonly redeemed: readonly SavedRedemption[];
  readonly grants: readonly SavedGrant[];
  readonly folders: readonly SavedFolder[];
}

/** A whole emulator as plain data. */
export interface SavedEmulator extends SavedState {
  /** What its random text came from, and how much of it was drawn; null without a seed. */
  readonly seed: string | null;
  readonly drawn: number;
  /** Private keys, PKCS #8 in PEM; none where none was needed so far. */
  readonly signing_keys: readonly string[];
}

interface SavedAuthorization {
  readonly id: number;
  readonly user: string;
  readonly project: string;
  readonly scopes: readonly string[];
}

interface SavedCode {
  readonly code: string;
  readonly authorization: number;
  readonly client_id: string;
  readonly azp: string;
  readonly scopes: readonly string[];
  readonly source: SignInSource;
  readonly redirect_uri: string;
  readonly code_challenge: NonNullable<PendingCode['codeChallenge']> | null;
  readonly nonce: string | null;
  readonly offline: boolean;
  readonly expires_at: number;
}

interface SavedRedemption {
  readonly code: string;
  readonly authorization: number;
  readonly user: string;
  readonly project: string;
}

interface SavedGrant {
  readonly refresh_token: string;
  readonly authorization: number;
  readonly client_id: string;
  readonly azp: string;
  readonly scopes: readonly string[];
  readonly issued_at: number;
  readonly last_used_at: number;
  readonly expires_at: number | null;
}

const FORMAT = 'gsac emulator state';
const VERSION = 2;

/** Writes out what a state remembers. */
export function saveState(state: EmulatorState): SavedState {
  const { tables } = state;
  return {
    format: FORMAT,
    version: VERSION,
    access_token_key: state.accessTokenKey.toString('hex'),
    next_authorization: tables.nextAuthorization,
    subs: Object.fromEntries([...state.users.values()].map(({ email, sub }) => [email, sub])),
    client_ids: tables.clientIds,
    scope_sets: tables.scopeSets,
    authorizations: [...tables.authorizations.values()].map(
      ({ id, user, projectNumber, scopes }) => ({
        id,
        user: user.email,
        project: projectNumber,
        scopes: [...scopes],
      }),
    ),
    codes: [...tables.codes.values()].map(saveCode),
    redeemed: [...tables.redeemed].map(([code, { id, user, projectNumber }]) => ({
      code,
      authorization: id,
      user: user.email,
      project: projectNumber,
    })),
    grants: [...tables.grants.values()].map(saveGrant),
    folders: saveFolders(state.drive),
  };
}

function saveCode(pending: PendingCode): SavedCode {
  return {
    code: pending.code,
    authorization: pending.authorization.id,
    client_id: pending.client.clientId,
    azp: pending.azp,
    scopes: pending.scopes,
    source: pending.source,
    redirect_uri: pending.redirectUri,
    code_challenge: pending.codeChallenge ?? null,
    nonce: pending.nonce ?? null,
    offline: pending.offline,
    expires_at: pending.expiresAt,
  };
}

function saveGrant(grant: Grant): SavedGrant {
  return {
    refresh_token: grant.refreshToken,
    authorization: grant.authorization.id,
    client_id: grant.client.clientId,
    azp: grant.azp,
    scopes: grant.scopes,
    issued_at: grant.issuedAt,
    last_used_at: grant.lastUsedAt,
    expires_at: grant.expiresAt ?? null,
  };
}

/**
 * Tells whether a value is a saved state of this version, by its format and the kinds of its parts.
 * @throws {SavedStateError} where it is not.
 */
export function checkSavedState(value: unknown): SavedEmulator {
  const state: Partial<SavedEmulator> = isObject(value) ? value : {};
  if (state.format !== FORMAT) throw new SavedStateError('It is not the state of an emulator');
  if (state.version !== VERSION) {
    throw new SavedStateError(
      `Its version is ${String(state.version)}; this gsac reads ${VERSION}`,
    );
  }
  const lists = [
    'client_ids',
    'scope_sets',
    'authorizations',
    'codes',
    'redeemed',
    'grants',
    'folders',
    'signing_keys',
  ];
  const missing = lists.find((name) => !Array.isArray(state[name as keyof SavedEmulator]));
  if (missing !== undefined) throw new SavedStateError(`Its "${missing}" is no list`);
  if (!/^[0-9a-f]{64}$/.test(String(state.access_token_key))) {
    throw new SavedStateError('Its "access_token_key" is no key');
  }
  if (!Number.isSafeInteger(state.next_authorization) || !isObject(state.subs)) {
    throw new SavedStateError('Its "next_authorization" or "subs" cannot be understood');
  }
  if (!Number.isSafeInteger(state.drawn)) {
    throw new SavedStateError('Its "drawn" cannot be understood');
  }
  return state as SavedEmulator;
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null;
}

/** Seeds of users, with the account ids that an earlier emulator made up for them. */
export function withSavedSubs(
  seeds: readonly UserSeed[],
  { subs }: SavedState,
): readonly UserSeed[] {
  return seeds.map((seed) => {
    const sub = seed.sub ?? subs[seed.email];
    return sub === undefined ? seed : { ...seed, sub };
  });
}

/**
 * Puts what was saved back into a new state. What belonged to a user or a client that there is no more
 * is left out.
 * @throws {SavedStateError} where an entry cannot be understood.
 */
export function restoreState(state: EmulatorState, saved: SavedState): void {
  try {
    restoreTables(saved, state);
    restoreFolders(saved.folders, state);
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
    throw new SavedStateError(`An entry cannot be understood (${error.message})`);
  }
}

function restoreTables(saved: SavedState, { users, clients, tables }: EmulatorState): void {
  tables.nextAuthorization = saved.next_authorization;
  // Access tokens name clients and sets of scopes by their place.
  const present = tables.clientIds.splice(0);
  tables.clientIds.push(...new Set([...saved.client_ids, ...present]));
  for (const scopes of saved.scope_sets) {
    tables.scopeSetIndex.set(scopes.join(' '), tables.scopeSets.push(scopes) - 1);
  }
  for (const { id, user: email, project, scopes } of saved.authorizations) {
    const user = users.get(email);
    if (!user) continue;
    const authorization: Authorization = {
      id,
      user,
      projectNumber: project,
      scopes: new Set(scopes),
    };
    tables.authorizations.set(id, authorization);
    tables.consents.set(`${user.sub}/${project}`, authorization);
  }
  for (const entry of saved.codes) {
    const authorization = tables.authorizations.get(entry.authorization);
    const client = clients.get(entry.client_id);
    if (!authorization || !client) continue;
    tables.codes.set(entry.code, {
      code: entry.code,
      authorization,
      client,
      azp: entry.azp,
      scopes: [...entry.scopes],
      source: entry.source,
      redirectUri: entry.redirect_uri,
      offline: entry.offline,
      expiresAt: entry.expires_at,
      ...(entry.code_challenge === null ? {} : { codeChallenge: entry.code_challenge }),
      ...(entry.nonce === null ? {} : { nonce: entry.nonce }),
    });
  }
  for (const { code, authorization: id, user: email, project } of saved.redeemed) {
    const user = users.get(email);
    if (!user) continue;
    const gone: Authorization = { id, user, projectNumber: project, scopes: new Set() };
    tables.redeemed.set(code, tables.authorizations.get(id) ?? gone);
  }
  for (const entry of saved.grants) {
    const authorization = tables.authorizations.get(entry.authorization);
    const client = clients.get(entry.client_id);
    if (!authorization || !client) continue;
    const grant: Grant = {
      refreshToken: entry.refresh_token,
      authorization,
      client,
      azp: entry.azp,
      scopes: [...entry.scopes],
      issuedAt: entry.issued_at,
      lastUsedAt: entry.last_used_at,
      ...(entry.expires_at === null ? {} : { expiresAt: entry.expires_at }),
    };
    tables.grants.set(grant.refreshToken, grant);
    const owner = ownerKey(grant);
    tables.grantsByOwner.set(owner, (tables.grantsByOwner.get(owner) ?? new Set()).add(grant));
  }
}
