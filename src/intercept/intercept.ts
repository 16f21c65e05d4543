import { join } from 'node:path';
import { makePrivateFolder } from '../files/private-file.js';
import { createAccess } from './access.js';
import { createAuthority } from './authority.js';
import { type ChildFiles, type ChildPlaces, toChildEnvironment } from './child-environment.js';
import { createJavaTrustStore } from './java-trust-store.js';
import { renderNodePreload } from './node-preload.js';
import type { InterceptionEvent, Policy } from './policy.js';
import { startProxy } from './proxy.js';
import { collectRoots, readCertificates, readPlainFile, toDer } from './roots.js';
import { createRunFolder, type RunFolder, type RunWorld } from './run-folder.js';

/** The world that programs are started in, as it is read from `process`. */
export interface World extends RunWorld {
  /** The person's own environment. */
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly platform: NodeJS.Platform;
  readonly pid: number;
  /** gsac's own file, which needs no preload. */
  readonly program?: string | undefined;
}

/** What standing between programs and Google takes. */
export interface InterceptSettings {
  policy: Policy;
  world: World;
  /** Ports of gsac's own that nobody gets to through the proxy. */
  ownPorts?: readonly number[];
  observe: (event: InterceptionEvent) => void;
  /** 127.0.0.1 and any free port. */
  host?: string;
  port?: number;
}

/** A proxy that stands between programs and Google. */
export interface Interception {
  readonly port: number;
  /** Where the files are that programs are pointed at; it goes when this ends. */
  readonly folder: RunFolder;
  /** What other machines, and some clients of this one, must show; undefined if nothing is asked for. */
  readonly password: string | undefined;
  /** The certificate that programs have to trust. */
  readonly caFile: string;
  /** The SHA-256 of that certificate's public key, in base64. */
  readonly caKeyHash: string;
  /** What the variables of a program on this machine are made of. */
  readonly settings: ChildPlaces;
  /** The variables that a program is started with, beside the person's own. */
  readonly env: Readonly<Record<string, string>>;
  /** Whether an `Authorization` header carries the password. */
  knowsPassword(header: string | undefined): boolean;
  close(): Promise<void>;
}

/**
 * Starts a proxy with a certificate authority of its own, and writes the files that lead programs to it.
 *
 * @throws {GsacError} `local_file_broken` if they cannot be written; the system's error if the port
 *   cannot be had.
 */
export async function startInterception(settings: InterceptSettings): Promise<Interception> {
  const folder = createRunFolder(settings.world);
  try {
    return await openProxy(folder, settings);
  } catch (thrown) {
    folder.remove();
    throw thrown;
  }
}

async function openProxy(folder: RunFolder, settings: InterceptSettings): Promise<Interception> {
  const { policy, world, ownPorts = [], observe, host = '127.0.0.1', port = 0 } = settings;
  const { env, platform, userId, program } = world;
  // Programs judge certificates by the machine's clock, whatever the emulator's is.
  const authority = createAuthority(Date.now);
  const isOpenToNetwork = host !== '127.0.0.1' && host !== '::1';
  const access = createAccess({ platform, userId, isOpenToNetwork });
  const roots = collectRoots(env);
  const caFile = folder.write('ca.pem', authority.pem);
  const proxy = await startProxy({
    policy,
    authority,
    access,
    upstream: { env, ca: roots },
    ownPorts,
    observe,
    host,
    port,
  });
  // A program on this machine asks by loopback, unless that is where nobody listens.
  const address = {
    host: host === '0.0.0.0' || host === '::' ? '127.0.0.1' : host,
    port: proxy.port,
    password: access.asksLocally ? access.password : undefined,
  };
  const authorization =
    access.password === undefined
      ? ''
      : `Basic ${Buffer.from(`gsac:${access.password}`).toString('base64')}`;
  const preload = { port: proxy.port, host: address.host, authorization, program };
  const files: ChildFiles = {
    bundle: folder.write('bundle.pem', `${[...roots, authority.pem].join('\n')}`),
    extra: folder.write(
      'extra.pem',
      [...readCertificates(env['NODE_EXTRA_CA_CERTS']), authority.pem].join('\n'),
    ),
    javaTrustStore: folder.write(
      'trust.p12',
      createJavaTrustStore([...roots, authority.pem].map(toDer)),
    ),
    nodePreload: folder.write('preload.cjs', renderNodePreload(preload)),
    wgetrc: '',
    php: join(folder.path, 'php'),
  };
  files.wgetrc = folder.write('wgetrc', renderWgetrc(env['SYSTEM_WGETRC'], files.bundle));
  makePrivateFolder(files.php);
  const prepend = folder.write('prepend.php', renderPhpPrepend(address, authorization));
  folder.write(join('php', 'gsac.ini'), renderPhpIni(files.bundle, prepend));
  const places = { proxy: address, files };
  return {
    port: proxy.port,
    folder,
    password: access.password,
    caFile,
    caKeyHash: authority.keyHash,
    settings: places,
    env: toChildEnvironment({ env, platform, ...places }),
    knowsPassword: access.knowsPassword,
    async close() {
      await proxy.close();
      folder.remove();
    },
  };
}

/** wget reads one system-wide file, so that the usual one is in ours. */
function renderWgetrc(named: string | undefined, bundle: string): string {
  const usual = ['/etc/wgetrc', '/usr/local/etc/wgetrc', '/opt/homebrew/etc/wgetrc'];
  const text = (named ? [named] : usual).map(readPlainFile).find((found) => found !== '') ?? '';
  return `${text}\nca_certificate = ${bundle}\n`;
}

function renderPhpIni(bundle: string, prepend: string): string {
  return [
    `curl.cainfo = "${bundle}"`,
    `openssl.cafile = "${bundle}"`,
    `auto_prepend_file = "${prepend}"`,
    '',
  ].join('\n');
}

/**
 * PHP's own streams know no proxy of the environment. A file that the person's php.ini puts first is
 * still put first.
 */
function renderPhpPrepend(
  { host, port }: { host: string; port: number },
  authorization: string,
): string {
  const header =
    authorization === '' ? '' : `, 'header' => 'Proxy-Authorization: ${authorization}'`;
  return `<?php
(function () {
    stream_context_set_default(['http' => [
        'proxy' => 'tcp://' . (getenv('GSAC_INTERCEPT_HOST') ?: '${host}') . ':${port}', 'request_fulluri' => true${header}
    ]]);
    $files = array_merge([php_ini_loaded_file()], explode(',', (string) php_ini_scanned_files()));
    $before = null;
    foreach ($files as $file) {
        $file = trim((string) $file);
        $ini = $file === '' ? false : @parse_ini_file($file, false, INI_SCANNER_RAW);
        $found = $ini['auto_prepend_file'] ?? '';
        if ($found !== '' && realpath($found) !== __FILE__) $before = $found;
    }
    if ($before !== null) require $before;
})();
`;
}
