import { AccessTokenCodec } from './access-token.js';
import { DriveStore } from './drive-store.js';
import type {
  Authorization,
  ClientSeed,
  EmulatorClient,
  EmulatorUser,
  Grant,
  PendingCode,
  UserSeed,
} from './model.js';
import type { RandomSource } from './random.js';
import { BASIC_SCOPES } from './scopes.js';
import { toClient, toUser } from './seed.js';

const REFRESH_TOKENS_PER_USER_AND_CLIENT = 100;
const IDLE_MS = 183 * 86_400_000;
const REMEMBERED_REDEMPTIONS = 10_000;

/** Lifetime of a grant of an app in testing, in seconds, as Google's answers say it. */
export const TESTING_GRANT_SECONDS = 604_799;

/** Settings of {@link EmulatorState}. */
export interface StateOptions {
  readonly users: readonly UserSeed[];
  readonly clients: readonly ClientSeed[];
  readonly seedFiles: number;
  readonly codeLifetimeSeconds: number;
  readonly accessTokenLifetimeSeconds: number;
}

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
  readonly users: ReadonlyMap<string, EmulatorUser>;
  readonly clients: ReadonlyMap<string, EmulatorClient>;
  readonly drive: DriveStore;
  readonly codeLifetimeSeconds: number;
  readonly accessTokenLifetimeSeconds: number;
  readonly #random: RandomSource;
  readonly #codec: AccessTokenCodec;
  readonly #clientList: readonly EmulatorClient[];
  readonly #scopeSets: (readonly string[])[] = [];
  readonly #scopeSetIndex = new Map<string, number>();
  readonly #authorizations = new Map<number, Authorization>();
  readonly #consents = new Map<string, Authorization>();
  readonly #codes = new Map<string, PendingCode>();
  readonly #redeemed = new Map<string, Authorization>();
  readonly #grants = new Map<string, Grant>();
  readonly #grantsByOwner = new Map<string, Set<Grant>>();
  #nextAuthorization = 1;

  constructor(options: StateOptions, random: RandomSource) {
    this.#random = random;
    this.#codec = new AccessTokenCodec(random);
    this.codeLifetimeSeconds = options.codeLifetimeSeconds;
    this.accessTokenLifetimeSeconds = options.accessTokenLifetimeSeconds;
    this.users = new Map(options.users.map((seed) => [seed.email, toUser(seed, random)]));
    this.clients = new Map(options.clients.map((seed) => [seed.clientId, toClient(seed)]));
    this.#clientList = [...this.clients.values()];
    this.drive = new DriveStore(random);
    const home = this.#clientList[0]?.project.number ?? '';
    for (const [index, seed] of options.users.entries()) {
      const user = this.users.get(seed.email);
      // Only the first user gets the crowd of files that a benchmark asks for.
      if (user) this.drive.seed(user, home, seed.files ?? [], index === 0 ? options.seedFiles : 0);
    }
  }

  /** Makes random-looking text of the base64url alphabet. */
  newText(length: number): string {
    return this.#random.text(length);
  }

  /** The refresh tokens that are alive, oldest first. */
  get grants(): readonly Grant[] {
    return [...this.#grants.values()];
  }

  /** The codes that were neither redeemed nor dropped, oldest first. */
  get codes(): readonly PendingCode[] {
    return [...this.#codes.values()];
  }

  /** Records consent and returns the project's authorization, and whether it covered all before. */
  consent(user: EmulatorUser, projectNumber: string, scopes: readonly string[]) {
    const key = `${user.sub}/${projectNumber}`;
    let authorization = this.#consents.get(key);
    if (!authorization) {
      const id = this.#nextAuthorization++;
      authorization = { id, user, projectNumber, scopes: new Set() };
      this.#consents.set(key, authorization);
      this.#authorizations.set(id, authorization);
    }
    const known = authorization.scopes;
    const covered = scopes.every((scope) => known.has(scope));
    for (const scope of scopes) known.add(scope);
    return { authorization, covered };
  }

  /** What a person has consented to for a project so far. */
  consentedScopes(user: EmulatorUser, projectNumber: string): ReadonlySet<string> {
    return this.#consents.get(`${user.sub}/${projectNumber}`)?.scopes ?? new Set();
  }

  /** Makes a code; `now` in epoch milliseconds. Expired ones are dropped on the way. */
  addCode(pending: Omit<PendingCode, 'code' | 'expiresAt'>, now: number): PendingCode {
    this.#dropExpiredCodes(now);
    const code = `4/0A${this.#random.text(73)}`;
    const entry = { ...pending, code, expiresAt: now + this.codeLifetimeSeconds * 1000 };
    this.#codes.set(code, entry);
    return entry;
  }

  /** Looks a code up without spending it; expired ones are found too. */
  findCode(code: string): PendingCode | undefined {
    return this.#codes.get(code);
  }

  /** Tells which consent a code that was already redeemed stood for (the last 10,000 are known). */
  findRedeemed(code: string): Authorization | undefined {
    return this.#redeemed.get(code);
  }

  /** Spends a code. */
  burnCode(pending: PendingCode): void {
    this.#codes.delete(pending.code);
    this.#redeemed.set(pending.code, pending.authorization);
    if (this.#redeemed.size > REMEMBERED_REDEMPTIONS) {
      for (const oldest of this.#redeemed.keys()) {
        this.#redeemed.delete(oldest);
        break;
      }
    }
  }

  /** Makes a refresh token; the 101st of a user and client silently kills the first. */
  addGrant(grant: Omit<Grant, 'refreshToken' | 'lastUsedAt'>): Grant {
    const refreshToken = `1//0${this.#random.text(99)}`;
    const entry: Grant = { ...grant, refreshToken, lastUsedAt: grant.issuedAt };
    const owner = ownerKey(entry);
    const siblings = this.#grantsByOwner.get(owner) ?? new Set<Grant>();
    siblings.add(entry);
    this.#grantsByOwner.set(owner, siblings);
    this.#grants.set(refreshToken, entry);
    if (siblings.size > REFRESH_TOKENS_PER_USER_AND_CLIENT) {
      for (const oldest of siblings) {
        this.dropGrant(oldest);
        break;
      }
    }
    return entry;
  }

  /** Finds a refresh token that still works at `now` (epoch milliseconds). */
  findGrant(refreshToken: string, now: number): Grant | undefined {
    const grant = this.#grants.get(refreshToken);
    if (!grant) return undefined;
    const over = grant.expiresAt !== undefined && now >= grant.expiresAt;
    if (over || now - grant.lastUsedAt > IDLE_MS) {
      this.dropGrant(grant);
      return undefined;
    }
    return grant;
  }

  /** Kills one refresh token; access tokens made with it live on until they expire. */
  dropGrant(grant: Grant): void {
    this.#grants.delete(grant.refreshToken);
    this.#grantsByOwner.get(ownerKey(grant))?.delete(grant);
  }

  /** Withdraws consent: every code, refresh and access token of the user for the project dies. */
  revoke(authorization: Authorization): void {
    this.#authorizations.delete(authorization.id);
    this.#consents.delete(`${authorization.user.sub}/${authorization.projectNumber}`);
    for (const client of this.#clientList) {
      if (client.project.number !== authorization.projectNumber) continue;
      const owned = this.#grantsByOwner.get(`${authorization.user.sub}/${client.clientId}`) ?? [];
      for (const grant of owned) this.dropGrant(grant);
    }
    for (const code of this.#codes.values()) {
      if (code.authorization === authorization) this.#codes.delete(code.code);
    }
  }

  /** Makes an access token; `now` in epoch milliseconds. */
  addAccessToken(
    holder: Pick<Grant, 'authorization' | 'client'>,
    scopes: readonly string[],
    offline: boolean,
    now: number,
  ): string {
    return this.#codec.encode({
      authorizationId: holder.authorization.id,
      clientIndex: this.#clientList.indexOf(holder.client),
      scopesIndex: this.#internScopes(scopes),
      offline,
      expiresAt: Math.floor(now / 1000) + this.accessTokenLifetimeSeconds,
    });
  }

  /** Finds an access token that works at `now` (epoch milliseconds). */
  findAccessToken(token: string, now: number): LiveAccessToken | undefined {
    const content = this.#codec.decode(token);
    if (!content || now >= content.expiresAt * 1000) return undefined;
    const authorization = this.#authorizations.get(content.authorizationId);
    const client = this.#clientList[content.clientIndex];
    const scopes = this.#scopeSets[content.scopesIndex];
    if (!authorization || !client || !scopes) return undefined;
    const { offline, expiresAt } = content;
    return { authorization, user: authorization.user, client, scopes, offline, expiresAt };
  }

  #internScopes(scopes: readonly string[]): number {
    const key = scopes.join(' ');
    const known = this.#scopeSetIndex.get(key);
    if (known !== undefined) return known;
    this.#scopeSetIndex.set(key, this.#scopeSets.length);
    return this.#scopeSets.push([...scopes]) - 1;
  }

  #dropExpiredCodes(now: number): void {
    // All codes live equally long, so the map is sorted by expiry and the sweep stops early. A code
    // stays for a second lifetime: an expired one answers otherwise than one nobody ever made.
    for (const entry of this.#codes.values()) {
      if (now < entry.expiresAt + this.codeLifetimeSeconds * 1000) break;
      this.#codes.delete(entry.code);
    }
  }
}

/** Tells whether an app in testing gives this grant seven days only. */
export function isTimeLimited(client: EmulatorClient, scopes: readonly string[]): boolean {
  return client.project.publishing === 'testing' && !scopes.every((s) => BASIC_SCOPES.has(s));
}

function ownerKey(grant: Pick<Grant, 'authorization' | 'client'>): string {
  return `${grant.authorization.user.sub}/${grant.client.clientId}`;
}
