import { join } from 'node:path';
import type { System } from '../cli/system.js';
import type { Globals, Notices } from '../core/context.js';
import type { Case } from '../core/diagnosis.js';
import { once } from '../core/once.js';
import { clean } from '../terminal/clean.js';
import type { Services } from '../wiring.js';
import type { AppFolderProbe, OpenAppFolder } from './drive.js';
import type { Fetch, Http, HttpOptions } from './http.js';
import type { IdTokenKeys } from './keys.js';
import type { Recording } from './recorder.js';
import type { Retry } from './retry.js';
import type { Revocation } from './revoke.js';
import type { TokenEndpoint } from './token.js';
import type { TokenInfoEndpoint } from './tokeninfo.js';
import type { OpenTransfers } from './transfers.js';

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
  /** The same with every request recorded, for one of several flows. */
  recording(recording: Recording): Google;
}

/** The services that send requests. */
export type GoogleServices = Pick<
  Services,
  | 'tokenEndpoint'
  | 'tokenInfo'
  | 'idTokenKeys'
  | 'revocation'
  | 'appFolder'
  | 'appFolderProbe'
  | 'transfers'
  | 'probe'
  | 'emulatorAdmin'
> & { http(): Promise<Http> };

/** What requests are sent with. */
export interface Connection {
  system: System;
  globals: Globals;
  notices: Notices;
  /** Where the issuer's keys are kept. */
  cacheFolder: () => string;
  /** Told how far the server's clock is from ours. */
  circumstances: Case;
  /** The transport's; connections that are open are shared by all that have the same. */
  fetch: () => Promise<Fetch>;
  /** See {@link Services.recording}; undefined where nothing is recorded. */
  recording?: Recording | undefined;
}

/** What each of many flows asks for anew: to import it once for all saves some milliseconds in each. */
const modules = {
  http: once(() => import('./http.js')),
  retry: once(() => import('./retry.js')),
  recorder: once(() => import('./recorder.js')),
  tokenEndpoint: once(() => import('./token.js')),
  tokenInfo: once(() => import('./tokeninfo.js')),
  appFolderProbe: once(() => import('./app-folder-probe.js')),
  emulator: once(() => import('../tools/emulator/client.js')),
};

/** Wires the adapters that send requests, each built when first asked for. */
export function createGoogleServices(connection: Connection): GoogleServices {
  const { system, cacheFolder } = connection;
  const { now } = system;
  const transport = once(() => createTransport(connection));
  return {
    http: async () => (await transport()).http,
    tokenEndpoint: once(async () => {
      const { createTokenEndpoint } = await modules.tokenEndpoint();
      return createTokenEndpoint({ ...(await transport()), now });
    }),
    tokenInfo: once(async () => {
      const { createTokenInfoEndpoint } = await modules.tokenInfo();
      return createTokenInfoEndpoint({ ...(await transport()), now });
    }),
    idTokenKeys: once(async () => {
      const { createIdTokenKeys } = await import('./keys.js');
      const { createPublicCache } = await import('../files/public-cache.js');
      const cache = createPublicCache({ directory: join(cacheFolder(), 'keys') });
      return createIdTokenKeys({ ...(await transport()), cache, now });
    }),
    revocation: once(async () => {
      const { createRevocation } = await import('./revoke.js');
      const { http, retry } = await transport();
      return createRevocation(http, retry, now);
    }),
    appFolderProbe: once(async () => {
      const { createAppFolderProbe } = await modules.appFolderProbe();
      const { http, retry } = await transport();
      return createAppFolderProbe(http, retry, now);
    }),
    appFolder: once(async () => {
      const { createOpenAppFolder } = await import('./drive.js');
      return createOpenAppFolder({ ...(await transport()), now });
    }),
    transfers: once(async () => {
      const [{ createOpenTransfers }, { createStreamHttp }, { createOpenAppFolder }] =
        await Promise.all([
          import('./transfers.js'),
          import('./stream-http.js'),
          import('./drive.js'),
        ]);
      const { http, retry, options } = await transport();
      return createOpenTransfers({
        http: createStreamHttp(options),
        retry,
        now,
        openFolder: createOpenAppFolder({ http, retry, now }),
      });
    }),
    probe: once(async () => {
      const { createProbe } = await import('../tools/doctor/probe.js');
      return createProbe((await transport()).http, now);
    }),
    emulatorAdmin: once(async () => {
      const { createEmulatorClient } = await modules.emulator();
      const http = async () => (await transport()).http;
      return createEmulatorClient({ google: { http }, context: { now } });
    }),
  };
}

async function createTransport({
  system,
  globals,
  notices,
  circumstances,
  fetch,
  recording,
}: Connection): Promise<{ http: Http; retry: Retry; options: HttpOptions }> {
  const [{ createHttp }, { createRetry }] = await Promise.all([modules.http(), modules.retry()]);
  const { signal, now, io } = system;
  const written = globals.trace
    ? (await import('./trace.js')).createTrace(
        (lines) => io.writeStderr(`${lines.split('\n').map(clean).join('\n')}\n`),
        globals.showSecrets,
      )
    : undefined;
  const trace =
    recording === undefined
      ? written
      : (await modules.recorder()).createRecorder(recording.record, now, recording, written);
  const options: HttpOptions = {
    onServerTime: (date) => {
      circumstances.clockAheadSeconds = (now() - date) / 1000;
    },
    fetch,
    timeoutMs: globals.timeoutMs,
    signal,
    trace,
    now,
    // Of many small answers, what is between a person and the next takes most of the time.
    plain: recording !== undefined,
  };
  return {
    http: createHttp(options),
    options,
    retry: createRetry({
      budgetMs: globals.timeoutMs * 2,
      now,
      signal,
      onPause: ({ reason, milliseconds }) =>
        notices.say(`${reason} Trying again in ${(milliseconds / 1000).toFixed(1)} s.`),
    }),
  };
}
