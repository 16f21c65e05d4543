import { once } from '../core/promises.js';
import type { Connect } from './connect.js';
import type { AppFolderProbe, OpenAppFolder } from './drive.js';
import type { Http, StreamHttp } from './http.js';
import type { IdTokenKeys, PublicCache } from './keys.js';
import type { Recording } from './recorder.js';
import type { Retry } from './retry.js';
import type { Revocation } from './revoke.js';
import type { TokenEndpoint } from './token.js';
import type { TokenInfoEndpoint } from './tokeninfo.js';
import type { OpenTransfers, TransferContext } from './transfer.js';

/** Google as gsac speaks to it; each part is built when first asked for. */
export interface Google {
  token(): Promise<TokenEndpoint>;
  tokeninfo(): Promise<TokenInfoEndpoint>;
  keys(): Promise<IdTokenKeys>;
  revoke(): Promise<Revocation>;
  drive(): Promise<OpenAppFolder>;
  driveProbe(): Promise<AppFolderProbe>;
  transfers(): Promise<OpenTransfers>;
  /** Plain requests under the same bounds, for what is not Google's: a proxy, an emulator's admin. */
  http(): Promise<Http>;
  /** Seconds that this machine's clock is ahead of the server's; undefined until an answer says. */
  clockAheadSeconds(): number | undefined;
  /** The same with every request recorded, for one of several flows; connections are shared. */
  recording(recording: Recording): Google;
}

/** What {@link createGoogle} is given; times in milliseconds. */
export interface GoogleOptions {
  now: () => number;
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
  /** Told before each pause that something is tried again. */
  onPause: (text: string) => void;
}

/** What each of many flows asks for anew: to import it once for all saves some milliseconds in each. */
const modules = {
  http: once(() => import('./http.js')),
  retry: once(() => import('./retry.js')),
  recorder: once(() => import('./recorder.js')),
  token: once(() => import('./token.js')),
  tokeninfo: once(() => import('./tokeninfo.js')),
  drive: once(() => import('./drive.js')),
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
  const google: Google = {
    http: async () => (await transport()).http,
    token: once(async () => {
      const { createTokenEndpoint } = await modules.token();
      return createTokenEndpoint({ ...(await transport()), now });
    }),
    tokeninfo: once(async () => {
      const { createTokenInfoEndpoint } = await modules.tokeninfo();
      return createTokenInfoEndpoint({ ...(await transport()), now });
    }),
    keys: once(async () => {
      const { createIdTokenKeys } = await import('./keys.js');
      return createIdTokenKeys({ ...(await transport()), cache: await options.keysCache(), now });
    }),
    revoke: once(async () => {
      const { createRevocation } = await import('./revoke.js');
      const { http, retry } = await transport();
      return createRevocation(http, retry, now);
    }),
    driveProbe: once(async () => {
      const { createAppFolderProbe } = await modules.drive();
      return createAppFolderProbe({ ...(await transport()), now });
    }),
    drive: once(async () => {
      const { createOpenAppFolder } = await modules.drive();
      return createOpenAppFolder({ ...(await transport()), now });
    }),
    transfers: once(async (): Promise<OpenTransfers> => {
      const [{ authorized }, { createUpload }, { createDownload }] = await Promise.all([
        import('./transfer.js'),
        import('./upload.js'),
        import('./download.js'),
      ]);
      const openFolder = await google.drive();
      const { stream, retry } = await transport();
      return (tokens, endpoints) => {
        const context: TransferContext = {
          send: authorized(stream, tokens),
          retry,
          now,
          folder: openFolder(tokens, endpoints),
          driveRoot: endpoints.driveRoot,
        };
        return { upload: createUpload(context), download: createDownload(context) };
      };
    }),
    clockAheadSeconds: () => clock.aheadSeconds,
    recording(wished) {
      const own = create(options, clock, wished);
      return wished.ownKeys ? own : { ...own, keys: google.keys };
    },
  };
  return google;
}

async function createTransport(
  { now, signal, connect, timeoutMs, writeTrace, showSecrets, onPause }: GoogleOptions,
  recording: Recording | undefined,
  onServerTime: (date: number) => void,
): Promise<{ http: Http; stream: StreamHttp; retry: Retry }> {
  const [{ createHttp }, { createRetry }, connected] = await Promise.all([
    modules.http(),
    modules.retry(),
    connect(),
  ]);
  const written = writeTrace && (await import('./trace.js')).createTrace(writeTrace, showSecrets);
  const trace =
    recording === undefined
      ? written
      : (await modules.recorder()).createRecorder(recording.record, now, recording, written);
  return {
    ...createHttp({ connect: connected, timeoutMs, signal: signal(), trace, now, onServerTime }),
    retry: createRetry({
      budgetMs: timeoutMs * 2,
      now,
      signal: signal(),
      onPause: ({ reason, milliseconds }) =>
        onPause(`${reason} Trying again in ${(milliseconds / 1000).toFixed(1)} s.`),
    }),
  };
}
