/** A fault that a running emulator still has before it. */
export interface ActiveFault {
  /** Undefined where an older emulator does not say. */
  readonly id?: number;
  readonly name: string;
  /** How many more requests it hits. */
  readonly remaining: number | 'always';
  /** How many requests it has hit; undefined where an older emulator does not say. */
  readonly hits?: number;
  /** What it was told, beside its name and how often. */
  readonly parameters: Readonly<Record<string, unknown>>;
}

/** What became of an order. */
export interface OrderedFault {
  /** The new fault's, for taking back it and no other of its name. */
  readonly id: number;
  /** Everything that is still to come, the new one among it. */
  readonly active: readonly ActiveFault[];
}

/** A request that a running emulator answered, its secrets masked. */
export interface EmulatorRequest {
  /** The emulator's time, epoch milliseconds. */
  readonly at: number;
  readonly method: string;
  readonly path: string;
  /** 0 where the connection was cut. */
  readonly status: number;
  readonly milliseconds: number;
  readonly grantType: string | null;
  readonly clientId: string | null;
  /** Email of whoever the code or token belonged to. */
  readonly user: string | null;
  readonly auth: string;
  readonly form: Readonly<Record<string, string>>;
  readonly query: Readonly<Record<string, string>>;
}

/**
 * The control of a running emulator; its origin tells which. Every method throws {@link GsacError}:
 * `usage` with the emulator's words where it refuses, and exits 3.
 */
export interface EmulatorAdmin {
  activeFaults(origin: string): Promise<readonly ActiveFault[]>;
  /** Makes something go wrong, as people write it: `status:status=429,times=2`. */
  order(origin: string, fault: string): Promise<OrderedFault>;
  /** Takes back every fault, those of a name, or the one of an id if it still is there. */
  clear(origin: string, which?: { name: string } | { id: number }): Promise<readonly ActiveFault[]>;
  /** The last 5,000 requests, oldest first, and how many there were; of one path where one is given. */
  requests(
    origin: string,
    path?: string,
  ): Promise<{ count: number; requests: readonly EmulatorRequest[] }>;
  /** Has it forget the requests. */
  clearRequests(origin: string): Promise<void>;
}
