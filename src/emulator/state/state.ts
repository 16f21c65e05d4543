import { AccessTokenCodec } from './access-token.js';
import { WaitingDevices } from './devices.js';
import { DriveStore } from './drive-store.js';
import type {
  Authorization,
  ClientSeed,
  EmulatorClient,
  EmulatorUser,
  Grant,
  PendingCode,
  ServiceAccountSeed,
  UserSeed,
} from './model.js';
import type { RandomSource } from './random.js';
import { ScopeSets } from './scope-sets.js';
import { BASIC_SCOPES } from './scopes.js';
import { toClient, toUser } from './seed.js';
import { type EmulatorServiceAccount, toServiceAccount } from './service-accounts.js';
import { ownerKey, type StateTables } from './state-tables.js';

const REFRESH_TOKENS_PER_USER_AND_CLIENT = 100;
const IDLE_MS = 183 * 86_400_000;
const REMEMBERED_REDEMPTIONS = 10_000;
// A clock that stands still lets no code expire.
const MOST_CODES = 100_000;

/** Lifetime of a grant of an app in testing, in seconds, as Google's answers say it. */
export const TESTING_GRANT_SECONDS = 604_799;

/** Settings of {@link EmulatorState}. */
export interface StateOptions {
  readonly users: readonly UserSeed[];
  readonly clients: readonly ClientSeed[];
  readonly serviceAccounts: readonly ServiceAccountSeed[];
  readonly codeLifetimeSeconds: number;
  readonly accessTokenLifetimeSeconds: number;
  /** The key of an emulator whose access tokens are to be good here, too. */
  readonly accessTokenKey?: Buffer | undefined;
}

/** Why a consent ended. */
type RevocationEvent = 'tokens-revoked' | 'account-disabled';

/** A live access token, looked up. `expiresAt` is in epoch seconds. */
export interface LiveAccessToken {
  readonly authorization: Authorization;
  readonly user: EmulatorUser;
  readonly client: EmulatorClient;
  readonly scopes: readonly string[];
  readonly offline: boolean;
  readonly expiresAt: number;
}

/**
 * Everything the emulated Google remembers: who exists, what was consented to, which codes and
 * refresh tokens are alive, and the files. Access tokens are not in it, they carry their own content.
 */
export class EmulatorState {
  readonly #users: Map<string, EmulatorUser>;
  readonly clients: ReadonlyMap<string, EmulatorClient>;
  /** By email. */
  readonly serviceAccounts: ReadonlyMap<string, EmulatorServiceAccount>;
  readonly drive: DriveStore;
  readonly devices: WaitingDevices;
  readonly codeLifetimeSeconds: number;
  readonly accessTokenLifetimeSeconds: number;
  /** Told of every consent that is withdrawn. */
  onRevoked: ((authorization: Authorization, event: RevocationEvent) => void) | undefined;
  readonly #random: RandomSource;
  readonly #codec: AccessTokenCodec;
  /** What saving and restoring work on. */
  readonly tables: StateTables = {
    clientIds: [],
    scopeSets: new ScopeSets(),
    authorizations: new Map(),
    consents: new Map(),
    codes: new Map(),
    redeemed: new Map(),
    grants: new Map(),
    grantsByOwner: new Map(),
    nextAuthorization: 1,
    addedUsers: new Set(),
    removedUsers: new Set(),
  };

  constructor(options: StateOptions, random: RandomSource) {
    this.#random = random;
    this.#codec = new AccessTokenCodec(random, options.accessTokenKey);
    this.codeLifetimeSeconds = options.codeLifetimeSeconds;
    this.accessTokenLifetimeSeconds = options.accessTokenLifetimeSeconds;
    this.#users = new Map(options.users.map((seed) => [seed.email, toUser(seed, random)]));
    this.clients = new Map(options.clients.map((seed) => [seed.clientId, toClient(seed)]));
    const [home] = this.clients.values();
    this.serviceAccounts = new Map(
      options.serviceAccounts.map((seed) => [
        seed.email,
        toServiceAccount(seed, home?.project, random),
      ]),
    );
    this.tables.clientIds.push(...this.clients.keys());
    for (const { client } of this.serviceAccounts.values()) {
      this.tables.clientIds.push(client.clientId);
    }
    this.drive = new DriveStore(random);
    this.devices = new WaitingDevices(random);
  }

  /** Gives the users their first files, unless they have a folder, and the first user `crowd` more. */
  seedFiles(seeds: readonly UserSeed[], crowd: number): void {
    const [first] = this.clients.values();
    const home = first?.project.number ?? '';
    for (const [index, { email, files = [] }] of seeds.entries()) {
      const user = this.users.get(email);
      if (user && !this.drive.has(user, home)) {
        this.drive.seed(user, home, files, index === 0 ? crowd : 0);
      }
    }
  }

  /** Everybody who has an account, by email. */
  get users(): ReadonlyMap<string, EmulatorUser> {
    return this.#users;
  }

  /** Adds a user whose email nobody has yet. */
  addUser(seed: UserSeed): EmulatorUser {
    const user = toUser(seed, this.#random);
    this.#users.set(user.email, user);
    this.tables.addedUsers.add(user.email);
    this.seedFiles([seed], 0);
    return user;
  }

  /** Removes a user with every consent, code, token and file. */
  removeUser(user: EmulatorUser): void {
    for (const authorization of this.tables.authorizations.values()) {
      if (authorization.user === user) this.revoke(authorization, 'account-disabled');
    }
    this.drive.removeAll(user);
    this.#users.delete(user.email);
    if (!this.tables.addedUsers.delete(user.email)) this.tables.removedUsers.add(user.email);
  }

  /** The user of an address, in any case, as Google takes it. */
  findUser(email: string): EmulatorUser | undefined {
    const exact = this.users.get(email);
    if (exact !== undefined) return exact;
    const lower = email.toLowerCase();
    return [...this.users.values()].find((user) => user.email.toLowerCase() === lower);
  }

  /** The user of an account id. */
  findSub(sub: string): EmulatorUser | undefined {
    return [...this.users.values()].find((user) => user.sub === sub);
  }

  /** The user of an address, or the service account. */
  findAccount(email: string): EmulatorUser | undefined {
    return this.findUser(email) ?? this.serviceAccounts.get(email)?.user;
  }

  /** The clients of a project, by its number. */
  clientsOf(projectNumber: string): EmulatorClient[] {
    return [...this.clients.values()].filter(({ project }) => project.number === projectNumber);
  }

  /** The client of an ID; that of a service account is its account ID. */
  findClient(id: string): EmulatorClient | undefined {
    const known = this.clients.get(id);
    if (known !== undefined) return known;
    return [...this.serviceAccounts.values()].find(({ client }) => client.clientId === id)?.client;
  }

  /** The key under which access tokens carry their content, to be kept. */
  get accessTokenKey(): Buffer {
    return this.#codec.key;
  }

  /** Makes random-looking text of the base64url alphabet. */
  newText(length: number): string {
    return this.#random.text(length);
  }

  /** The refresh tokens that are alive, oldest first. */
  get grants(): readonly Grant[] {
    return [...this.tables.grants.values()];
  }

  /** The codes that were neither redeemed nor dropped, oldest first. */
  get codes(): readonly PendingCode[] {
    return [...this.tables.codes.values()];
  }

  /** Records consent and returns the project's authorization, and what it was before. */
  consent(user: EmulatorUser, projectNumber: string, scopes: readonly string[]) {
    const key = `${user.sub}/${projectNumber}`;
    let authorization = this.tables.consents.get(key);
    const isNew = authorization === undefined;
    if (!authorization) {
      const id = this.tables.nextAuthorization++;
      authorization = { id, user, projectNumber, scopes: new Set() };
      this.tables.consents.set(key, authorization);
      this.tables.authorizations.set(id, authorization);
    }
    const known = authorization.scopes;
    const covered = scopes.every((scope) => known.has(scope));
    for (const scope of scopes) known.add(scope);
    return { authorization, covered, isNew };
  }

  /** What a person has consented to for a project so far. */
  consentedScopes(user: EmulatorUser, projectNumber: string): ReadonlySet<string> {
    return this.tables.consents.get(`${user.sub}/${projectNumber}`)?.scopes ?? new Set();
  }

  /** Makes a code; `now` in epoch milliseconds. Expired ones are dropped on the way. */
  addCode(pending: Omit<PendingCode, 'code' | 'expiresAt'>, now: number): PendingCode {
    this.#dropExpiredCodes(now);
    const code = `4/0A${this.#random.text(73)}`;
    const entry = { ...pending, code, expiresAt: now + this.codeLifetimeSeconds * 1000 };
    this.tables.codes.set(code, entry);
    if (this.tables.codes.size > MOST_CODES) dropOldest(this.tables.codes);
    return entry;
  }

  /** Looks a code up without spending it; expired ones are found too. */
  findCode(code: string): PendingCode | undefined {
    return this.tables.codes.get(code);
  }

  /** Makes a code older than it is. */
  ageCode(pending: PendingCode, seconds: number): void {
    const expiresAt = pending.expiresAt - seconds * 1000;
    this.tables.codes.set(pending.code, { ...pending, expiresAt });
  }

  /** Tells which consent a code that was already redeemed stood for (the last 10,000 are known). */
  findRedeemed(code: string): Authorization | undefined {
    return this.tables.redeemed.get(code);
  }

  /** Spends a code. */
  burnCode(pending: PendingCode): void {
    this.tables.codes.delete(pending.code);
    this.tables.redeemed.set(pending.code, pending.authorization);
    if (this.tables.redeemed.size > REMEMBERED_REDEMPTIONS) dropOldest(this.tables.redeemed);
  }

  /** Makes a refresh token; the 101st of a user and client silently kills the first. */
  addGrant(grant: Omit<Grant, 'refreshToken' | 'lastUsedAt'>): Grant {
    const refreshToken = `1//0${this.#random.text(99)}`;
    const entry: Grant = { ...grant, refreshToken, lastUsedAt: grant.issuedAt };
    const owner = ownerKey(entry);
    const siblings = this.tables.grantsByOwner.get(owner) ?? new Set<Grant>();
    siblings.add(entry);
    this.tables.grantsByOwner.set(owner, siblings);
    this.tables.grants.set(refreshToken, entry);
    const [oldest] = siblings;
    if (oldest && siblings.size > REFRESH_TOKENS_PER_USER_AND_CLIENT) this.dropGrant(oldest);
    return entry;
  }

  /** Finds a refresh token that still works at `now` (epoch milliseconds). */
  findGrant(refreshToken: string, now: number): Grant | undefined {
    const grant = this.tables.grants.get(refreshToken);
    if (!grant) return undefined;
    // It stays where it is: a fault may have moved the clock for this one request.
    const over = grant.expiresAt !== undefined && now >= grant.expiresAt;
    const isDead = over || now - grant.lastUsedAt > IDLE_MS || isOver(grant.authorization, now);
    return isDead ? undefined : grant;
  }

  /** Kills one refresh token; access tokens made with it live on until they expire. */
  dropGrant(grant: Grant): void {
    this.tables.grants.delete(grant.refreshToken);
    this.tables.grantsByOwner.get(ownerKey(grant))?.delete(grant);
  }

  /** Withdraws consent: every code, refresh and access token of the user for the project dies. */
  revoke(authorization: Authorization, event: RevocationEvent = 'tokens-revoked'): void {
    const isOver = !this.tables.authorizations.delete(authorization.id);
    this.#forgetConsent(authorization);
    for (const client of this.clientsOf(authorization.projectNumber)) {
      const owned =
        this.tables.grantsByOwner.get(`${authorization.user.sub}/${client.clientId}`) ?? [];
      for (const grant of owned) {
        if (grant.authorization === authorization) this.dropGrant(grant);
      }
    }
    for (const code of this.tables.codes.values()) {
      if (code.authorization === authorization) this.tables.codes.delete(code.code);
    }
    if (!isOver) this.onRevoked?.(authorization, event);
  }

  /**
   * Withdraws consent so that its tokens live on for a while: until a time (epoch milliseconds), or
   * for a number of requests. Who signs in again in the meantime begins anew.
   */
  revokeLater(authorization: Authorization, endsAt?: number, usesLeft?: number): void {
    authorization.endsAt ??= endsAt;
    authorization.usesLeft ??= usesLeft;
    this.#forgetConsent(authorization);
  }

  /** Counts a request that was made with one of a consent's tokens. */
  countUse(holder: Authorization | undefined, refreshToken: string | null): void {
    const used = holder ?? this.tables.grants.get(refreshToken ?? '')?.authorization;
    if (used?.usesLeft !== undefined) used.usesLeft -= 1;
  }

  #forgetConsent(authorization: Authorization): void {
    const key = `${authorization.user.sub}/${authorization.projectNumber}`;
    if (this.tables.consents.get(key) === authorization) this.tables.consents.delete(key);
  }

  /** Makes every access token of a consent worthless; its refresh tokens live on. */
  revokeAccessTokens(authorization: Authorization): void {
    const { authorizations } = this.tables;
    if (!authorizations.delete(authorization.id)) return;
    authorization.id = this.tables.nextAuthorization++;
    authorizations.set(authorization.id, authorization);
  }

  /** Makes an access token; `now` in epoch milliseconds. */
  addAccessToken(
    holder: Pick<Grant, 'authorization' | 'client'>,
    scopes: readonly string[],
    offline: boolean,
    now: number,
    lifetimeSeconds = this.accessTokenLifetimeSeconds,
  ): string {
    return this.#codec.encode({
      authorizationId: holder.authorization.id,
      clientIndex: this.tables.clientIds.indexOf(holder.client.clientId),
      scopesIndex: this.tables.scopeSets.numberOf(scopes),
      offline,
      expiresAt: Math.floor(now / 1000) + lifetimeSeconds,
    });
  }

  /** Finds an access token that works at `now` (epoch milliseconds). */
  findAccessToken(token: string, now: number): LiveAccessToken | undefined {
    const content = this.#codec.decode(token);
    if (!content || now >= content.expiresAt * 1000) return undefined;
    const authorization = this.tables.authorizations.get(content.authorizationId);
    const client = this.findClient(this.tables.clientIds[content.clientIndex] ?? '');
    const scopes = this.tables.scopeSets.get(content.scopesIndex);
    if (!authorization || !client || !scopes || isOver(authorization, now)) return undefined;
    const { offline, expiresAt } = content;
    return { authorization, user: authorization.user, client, scopes, offline, expiresAt };
  }

  /** The consent behind a refresh or an access token that works at `now`. */
  findToken(token: string, now: number): Authorization | undefined {
    return (this.findGrant(token, now) ?? this.findAccessToken(token, now))?.authorization;
  }

  #dropExpiredCodes(now: number): void {
    // All codes live equally long, so the map is sorted by expiry and the sweep stops early. A code
    // stays for a second lifetime: an expired one answers otherwise than one nobody ever made.
    for (const entry of this.tables.codes.values()) {
      if (now < entry.expiresAt + this.codeLifetimeSeconds * 1000) break;
      this.tables.codes.delete(entry.code);
    }
  }
}

/** Whether a revocation that was to take effect later has taken effect. */
function isOver({ endsAt, usesLeft }: Authorization, now: number): boolean {
  return (endsAt !== undefined && now >= endsAt) || (usesLeft !== undefined && usesLeft <= 0);
}

/** Tells whether an app in testing gives this grant seven days only. */
export function isTimeLimited(client: EmulatorClient, scopes: readonly string[]): boolean {
  return client.project.publishing === 'testing' && !scopes.every((s) => BASIC_SCOPES.has(s));
}

function dropOldest(map: Map<string, unknown>): void {
  const [oldest = ''] = map.keys();
  map.delete(oldest);
}
