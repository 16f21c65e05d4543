import { checkValue } from '../check-value.js';
import { renamed, toCamelCase, toSnakeCase } from '../names.js';
import { USER } from '../options-schema.js';
import type { DriveFile, DriveStore } from './drive-store.js';
import type { Authorization, Grant, PendingCode, UserSeed } from './model.js';
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
  /** Users that were added to those of the options, under snake case names; none where absent. */
  readonly added_users?: readonly object[];
  /** Emails of users of the options that were removed. */
  readonly removed_users?: readonly string[];
  readonly client_ids: readonly string[];
  /** The number of the first of the sets; 0 where it is absent. */
  readonly first_scope_set?: number;
  readonly scope_sets: readonly (readonly string[])[];
  readonly authorizations: readonly SavedAuthorization[];
  readonly codes: readonly SavedEntry[];
  readonly redeemed: readonly SavedRedemption[];
  readonly grants: readonly SavedEntry[];
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
  /** Of a revocation that takes effect later. */
  readonly ends_at?: number | undefined;
  readonly uses_left?: number | undefined;
}

interface SavedRedemption extends Pick<SavedAuthorization, 'user' | 'project'> {
  readonly code: string;
  readonly authorization: number;
}

/** A {@link PendingCode} or a {@link Grant} under other names; null is what it does not have. */
interface SavedEntry {
  readonly authorization: number;
  readonly client_id: string;
  readonly scopes: readonly string[];
}

/** The files of one user in one project, as plain data. */
interface SavedFolder {
  readonly user: string;
  readonly project: string;
  readonly app_folder_id: string;
  readonly root_id: string;
  /** How many seeded files nobody has looked at yet. */
  readonly crowd: number;
  readonly files: readonly SavedFile[];
}

/** A {@link DriveFile} under other names; its content in base64, null where it follows from the name. */
interface SavedFile {
  readonly parents: readonly string[];
  readonly content: string | null;
}

const FORMAT = 'gsac emulator state';
const VERSION = 2;
const LISTS: readonly (keyof SavedEmulator)[] = [
  'client_ids',
  'scope_sets',
  'authorizations',
  'codes',
  'redeemed',
  'grants',
  'folders',
  'signing_keys',
];

/** Writes out what a state remembers. */
export function saveState(state: EmulatorState): SavedState {
  const { tables } = state;
  const { first, sets } = tables.scopeSets.save();
  return {
    format: FORMAT,
    version: VERSION,
    access_token_key: state.accessTokenKey.toString('hex'),
    next_authorization: tables.nextAuthorization,
    subs: Object.fromEntries([...state.users.values()].map(({ email, sub }) => [email, sub])),
    added_users: [...tables.addedUsers].map((email) =>
      renamed(state.users.get(email) ?? { email }, toSnakeCase),
    ),
    removed_users: [...tables.removedUsers],
    client_ids: tables.clientIds,
    first_scope_set: first,
    scope_sets: sets,
    authorizations: [...tables.authorizations.values()].map(
      ({ id, user, projectNumber, scopes, endsAt, usesLeft }) => ({
        id,
        user: user.email,
        project: projectNumber,
        scopes: [...scopes],
        ends_at: endsAt,
        uses_left: usesLeft,
      }),
    ),
    codes: [...tables.codes.values()].map(saveEntry),
    redeemed: [...tables.redeemed].map(([code, { id, user, projectNumber }]) => ({
      code,
      authorization: id,
      user: user.email,
      project: projectNumber,
    })),
    grants: [...tables.grants.values()].map(saveEntry),
    folders: saveFolders(state.drive),
  };
}

function saveEntry({ authorization, client, scopes, ...rest }: PendingCode | Grant): SavedEntry {
  return {
    ...renamed(rest, toSnakeCase),
    authorization: authorization.id,
    client_id: client.clientId,
    scopes,
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
  const missing = LISTS.find((name) => !Array.isArray(state[name]));
  if (missing !== undefined) throw new SavedStateError(`Its "${missing}" is not a list`);
  if (!/^[0-9a-f]{64}$/.test(String(state.access_token_key))) {
    throw new SavedStateError('Its "access_token_key" is not a key');
  }
  const numbers = [state.next_authorization, state.first_scope_set ?? 0];
  if (!numbers.every(isUint32) || !isObject(state.subs)) {
    throw new SavedStateError(
      'Its "next_authorization", "first_scope_set" or "subs" cannot be understood',
    );
  }
  if (![state.added_users ?? [], state.removed_users ?? []].every(Array.isArray)) {
    throw new SavedStateError('Its "added_users" or "removed_users" cannot be understood');
  }
  if (!Number.isSafeInteger(state.drawn)) {
    throw new SavedStateError('Its "drawn" cannot be understood');
  }
  return state as SavedEmulator;
}

/** Access tokens have four bytes for it. */
function isUint32(value: unknown): boolean {
  return Number.isInteger(value) && Number(value) >= 0 && Number(value) < 2 ** 32;
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null;
}

/**
 * The users of the options as an earlier emulator left them: with the account IDs that it made up,
 * without those that were removed, and with those that were added.
 *
 * @throws {SavedStateError} if an added user cannot be understood.
 */
export function withSavedUsers(
  seeds: readonly UserSeed[],
  { subs, added_users = [], removed_users = [] }: SavedState,
): readonly UserSeed[] {
  const removed = new Set(removed_users);
  const known = new Set(seeds.map(({ email }) => email.toLowerCase()));
  const added = added_users.map((entry) => toUserSeed(entry));
  return [
    ...seeds.filter(({ email }) => !removed.has(email)),
    ...added.filter(({ email }) => !known.has(email.toLowerCase())),
  ].map((seed) => {
    const sub = seed.sub ?? subs[seed.email];
    return sub === undefined ? seed : { ...seed, sub };
  });
}

function toUserSeed(entry: object): UserSeed {
  const seed = isObject(entry) ? renamed(entry, toCamelCase) : entry;
  try {
    checkValue(seed, USER, 'An added user');
  } catch (error) {
    throw new SavedStateError((error as TypeError).message);
  }
  return seed as unknown as UserSeed;
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

function restoreTables(saved: SavedState, state: EmulatorState): void {
  const { users, clients, tables } = state;
  tables.nextAuthorization = saved.next_authorization;
  // Access tokens name clients and sets of scopes by their place.
  const present = tables.clientIds.splice(0);
  tables.clientIds.push(...new Set([...saved.client_ids, ...present]));
  tables.scopeSets.restore(saved.first_scope_set ?? 0, saved.scope_sets);
  for (const { email } of users.values()) {
    if (saved.added_users?.some((one) => 'email' in one && one.email === email)) {
      tables.addedUsers.add(email);
    }
  }
  for (const email of saved.removed_users ?? []) tables.removedUsers.add(email);
  for (const { id, user: email, project, scopes, ends_at, uses_left } of saved.authorizations) {
    const user = state.findAccount(email);
    if (!user) continue;
    const authorization = {
      id,
      user,
      projectNumber: project,
      scopes: new Set(scopes),
      endsAt: ends_at,
      usesLeft: uses_left,
    };
    tables.authorizations.set(id, authorization);
    if (ends_at === undefined && uses_left === undefined) {
      tables.consents.set(`${user.sub}/${project}`, authorization);
    }
  }
  const entriesOf = <T extends PendingCode | Grant>(entries: readonly SavedEntry[]): T[] =>
    entries.flatMap(({ authorization: id, client_id, scopes, ...rest }) => {
      const authorization = tables.authorizations.get(id);
      const client = clients.get(client_id);
      if (!authorization || !client) return [];
      const given = Object.fromEntries(Object.entries(rest).filter(([, value]) => value !== null));
      const entry = { ...renamed(given, toCamelCase), authorization, client, scopes: [...scopes] };
      return [entry as unknown as T];
    });
  for (const pending of entriesOf<PendingCode>(saved.codes))
    tables.codes.set(pending.code, pending);
  for (const { code, authorization: id, user: email, project } of saved.redeemed) {
    const user = users.get(email);
    if (!user) continue;
    const gone: Authorization = { id, user, projectNumber: project, scopes: new Set() };
    tables.redeemed.set(code, tables.authorizations.get(id) ?? gone);
  }
  for (const grant of entriesOf<Grant>(saved.grants)) {
    tables.grants.set(grant.refreshToken, grant);
    const owner = ownerKey(grant);
    tables.grantsByOwner.set(owner, (tables.grantsByOwner.get(owner) ?? new Set()).add(grant));
  }
}

/** Writes out all files. */
function saveFolders(drive: DriveStore): readonly SavedFolder[] {
  return [...drive.folders()].map(({ projectNumber, folder }) => ({
    user: folder.user.email,
    project: projectNumber,
    app_folder_id: folder.appFolderId,
    root_id: folder.rootId,
    crowd: folder.crowd,
    files: [...folder.files.values()].map(({ content, parents, ...file }) => ({
      ...renamed(file, toSnakeCase),
      parents,
      content: content?.toString('base64') ?? null,
    })),
  }));
}

/** Puts the files back; those of a user that there is no more are left out. */
function restoreFolders(saved: readonly SavedFolder[], state: EmulatorState): void {
  for (const { user: email, project, app_folder_id, root_id, crowd, files } of saved) {
    const user = state.findAccount(email);
    if (!user) continue;
    const ids = { appFolderId: app_folder_id, rootId: root_id };
    state.drive.restore(user, project, ids, crowd, files.map(restoreFile));
  }
}

function restoreFile({ content, parents, ...file }: SavedFile): DriveFile {
  return {
    ...(renamed(file, toCamelCase) as unknown as Omit<DriveFile, 'content' | 'parents'>),
    parents: [...parents],
    ...(content === null ? {} : { content: Buffer.from(content, 'base64') }),
  };
}
