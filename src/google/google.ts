import { once } from '../core/promises.js';
import type { OpenApi } from './api.js';
import type { Connect } from './connect.js';
import type { DeviceEndpoint } from './device.js';
import type { Discovery } from './discovery.js';
import type { AppFolderProbe, OpenAppFolder } from './drive.js';
import type { Http, StreamHttp } from './http.js';
import type { IdTokenKeys, PublicCache } from './keys.js';
import type { Recording } from './recorder.js';
import type { Requests, RetryOptions } from './retry.js';
import type { Revocation } from './revoke.js';
import type { TokenEndpoint } from './token.js';
import type { TokenInfoEndpoint } from './tokeninfo.js';
import type { OpenTransfers } from './transfer.js';

/** Google as gsac speaks to it; each part is built when first asked for. */
export interface Google {
  token(): Promise<TokenEndpoint>;
  device(): Promise<DeviceEndpoint>;
  tokeninfo(): Promise<TokenInfoEndpoint>;
  keys(): Promise<IdTokenKeys>;
  revoke(): Promise<Revocation>;
  drive(): Promise<OpenAppFolder>;
  driveProbe(): Promise<AppFolderProbe>;
  transfers(): Promise<OpenTransfers>;
  api(): Promise<OpenApi>;
  discovery(): Promise<Discovery>;
  /** Plain requests under the same bounds, for what is not Google's: a proxy, an emulator's admin. */
  http(): Promise<Http>;
  /** Seconds that this machine's clock is ahead of the server's; undefined until an answer says. */
  clockAheadSeconds(): number | undefined;
  /** The same with every request recorded, for one of several flows; connections are shared. */
  recording(recording: Recording): Google;
}

/** What {@link createGoogle} is given; times in milliseconds. */
export interface GoogleOptions extends Omit<RetryOptions, 'budgetMs'> {
  /** Ends everything when the person cancels; asked for with the first request. */
  signal: () => AbortSignal;
  /** Loads what performs requests; with the first of them. */
  connect: () => Promise<Connect>;
  /** The bound on one request; what is repeated may take twice as long in all. */
  timeoutMs: number;
  /** Takes the lines of `--trace`; undefined without it. */
  writeTrace: ((lines: string) => void) | undefined;
  /** Whether the trace leaves secrets as they are. */
  showSecrets: boolean;
  /** Where the issuer's keys are kept. */
  keysCache: () => Promise<PublicCache>;
}

/** Many flows ask for them anew: to import each once for all saves some milliseconds in each flow. */
const modules = {
  http: once(() => import('./http.js')),
  retry: once(() => import('./retry.js')),
  recorder: once(() => import('./recorder.js')),
  token: once(() => import('./token.js')),
  device: once(() => import('./device.js')),
  tokeninfo: once(() => import('./tokeninfo.js')),
  drive: once(() => import('./drive.js')),
  keys: once(() => import('./keys.js')),
  revoke: once(() => import('./revoke.js')),
  transfer: once(() => import('./transfer.js')),
  api: once(() => import('./api.js')),
  discovery: once(() => import('./discovery.js')),
};

/** Wires the adapters that send requests; each is loaded when first asked for. */
export function createGoogle(options: GoogleOptions): Google {
  return create({ ...options, connect: once(options.connect) }, { aheadSeconds: undefined });
}

function create(
  options: GoogleOptions,
  clock: { aheadSeconds: number | undefined },
  recording?: Recording,
): Google {
  const { now } = options;
  const transport = once(() =>
    createTransport(options, recording, (date) => {
      clock.aheadSeconds = (now() - date) / 1000;
    }),
  );
  /** A part that is built from its module when first asked for. */
  const part = <Module, Part>(
    load: () => Promise<Module>,
    build: (module: Module, requests: Transport) => Part | Promise<Part>,
  ) => once(async () => build(await load(), await transport()));
  const google: Google = {
    http: async () => (await transport()).http,
    token: part(modules.token, (from, requests) => from.createTokenEndpoint(requests)),
    device: part(modules.device, (from, requests) => from.createDeviceEndpoint(requests)),
    tokeninfo: part(modules.tokeninfo, (from, requests) => from.createTokenInfoEndpoint(requests)),
    keys: part(modules.keys, async (from, requests) =>
      from.createIdTokenKeys(requests, await options.keysCache()),
    ),
    revoke: part(modules.revoke, (from, requests) => from.createRevocation(requests)),
    driveProbe: part(modules.drive, (from, requests) => from.createAppFolderProbe(requests)),
    drive: part(modules.drive, (from, requests) => from.createOpenAppFolder(requests)),
    transfers: part(modules.transfer, (from, requests) => from.createOpenTransfers(requests)),
    api: part(modules.api, (from, requests) => from.createOpenApi(requests)),
    discovery: part(modules.discovery, (from, requests) => from.createDiscovery(requests)),
    clockAheadSeconds: () => clock.aheadSeconds,
    recording(wished) {
      const own = create(options, clock, wished);
      return wished.ownKeys ? own : { ...own, keys: google.keys };
    },
  };
  return google;
}

type Transport = Requests & { stream: StreamHttp };

async function createTransport(
  { now, signal, connect, timeoutMs, writeTrace, showSecrets, pause, onPause }: GoogleOptions,
  recording: Recording | undefined,
  onServerTime: (date: number) => void,
): Promise<Transport> {
  const [{ createHttp }, { createRetry }, connected] = await Promise.all([
    modules.http(),
    modules.retry(),
    connect(),
  ]);
  const written = writeTrace && (await import('./trace.js')).createTrace(writeTrace, showSecrets);
  const trace = recording
    ? (await modules.recorder()).createRecorder(recording, now, written)
    : written;
  return {
    now,
    ...createHttp({ connect: connected, timeoutMs, signal: signal(), trace, now, onServerTime }),
    retry: createRetry({ budgetMs: timeoutMs * 2, now, pause, onPause }),
  };
}
