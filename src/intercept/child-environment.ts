import { googleDomains } from './hosts.js';
import { covers } from './upstream.js';

type Env = Readonly<Record<string, string | undefined>>;

/** What a program's environment is made of. */
export interface ChildSettings extends ChildPlaces {
  /** The person's own environment; what is in it is kept as far as it can be. */
  env: Env;
  platform: NodeJS.Platform;
}

/** What the variables lead to. */
export interface ChildPlaces {
  proxy: ProxyAddress;
  files: ChildFiles;
}

/** Where the proxy is. */
export interface ProxyAddress {
  host: string;
  port: number;
  /** For `gsac:<password>@` in its URL, if one is asked for. */
  password: string | undefined;
}

/** The files that the variables name. */
export interface ChildFiles {
  /** Every root of this machine and ours, for variables that replace the trust of a program. */
  bundle: string;
  /** Ours and what NODE_EXTRA_CA_CERTS named, for variables that add to it. */
  extra: string;
  /** A PKCS #12 store of the bundle. */
  javaTrustStore: string;
  nodePreload: string;
  wgetrc: string;
  /** The folder of a php.ini. */
  php: string;
}

/** Variables that are set the same way, and where that is said. */
export interface Row {
  readonly names: readonly string[];
  /** Whose variables they are, and where that is documented. */
  readonly source: string;
  /** undefined leaves them as they are. */
  readonly value: (settings: ChildSettings) => string | undefined;
}

const bundle = ({ files }: ChildSettings) => files.bundle;

/** Everything that makes the programs of each language ask the proxy, and trust it. */
export const childEnvironment: readonly Row[] = [
  {
    // curl and wget read the lower case; Ruby's Net::HTTP takes http_proxy for https, too.
    names: ['http_proxy', 'https_proxy', 'HTTP_PROXY', 'HTTPS_PROXY'],
    source: 'https://everything.curl.dev/usingcurl/proxies/env.html; Ruby: URI::Generic#find_proxy',
    value: ({ proxy }) => toProxyUrl(proxy),
  },
  {
    names: ['no_proxy', 'NO_PROXY'],
    source: 'https://everything.curl.dev/usingcurl/proxies/env.html',
    value: ({ env }) => withoutGoogle(env['no_proxy'] || env['NO_PROXY'] || ''),
  },
  {
    // OpenSSL reads SSL_CERT_DIR beside it, so that one stays. Go, Ruby, Python's ssl, .NET on Linux.
    names: ['SSL_CERT_FILE'],
    source:
      'https://docs.openssl.org/3.0/man3/SSL_CTX_load_verify_locations/; https://pkg.go.dev/crypto/x509',
    value: bundle,
  },
  {
    names: ['CURL_CA_BUNDLE'],
    source: 'https://curl.se/docs/sslcerts.html',
    value: bundle,
  },
  {
    names: ['REQUESTS_CA_BUNDLE'],
    source: 'https://requests.readthedocs.io/en/latest/user/advanced/#ssl-cert-verification',
    value: bundle,
  },
  {
    names: ['HTTPLIB2_CA_CERTS'],
    source: 'https://github.com/httplib2/httplib2/blob/master/python3/httplib2/certs.py',
    value: bundle,
  },
  {
    names: ['GRPC_DEFAULT_SSL_ROOTS_FILE_PATH'],
    source: 'https://github.com/grpc/grpc/blob/master/doc/environment_variables.md',
    value: bundle,
  },
  {
    names: ['CLOUDSDK_CORE_CUSTOM_CA_CERTS_FILE'],
    source:
      'https://cloud.google.com/sdk/gcloud/reference/topic/configurations (core/custom_ca_certs_file)',
    value: bundle,
  },
  {
    names: ['GIT_SSL_CAINFO'],
    source: 'https://git-scm.com/docs/git-config (http.sslCAInfo)',
    value: bundle,
  },
  {
    // It adds to Deno's own.
    names: ['DENO_CERT'],
    source: 'https://docs.deno.com/runtime/reference/env_variables/',
    value: ({ files }) => files.extra,
  },
  {
    // NixOS patches OpenSSL to read this one first; elsewhere nobody has it.
    names: ['NIX_SSL_CERT_FILE'],
    source: 'https://nixos.org/manual/nixpkgs/stable/ (cacert)',
    value: ({ env, files }) => (env['NIX_SSL_CERT_FILE'] ? files.bundle : undefined),
  },
  {
    names: ['NODE_EXTRA_CA_CERTS'],
    source: 'https://nodejs.org/api/cli.html#node_extra_ca_certsfile',
    value: ({ files }) => files.extra,
  },
  {
    names: ['NODE_USE_ENV_PROXY'],
    source: 'https://nodejs.org/api/cli.html#node_use_env_proxy1',
    value: () => '1',
  },
  {
    names: ['NODE_OPTIONS'],
    source: 'https://nodejs.org/api/cli.html#node_optionsoptions',
    value: ({ env, files }) =>
      appendOption(env['NODE_OPTIONS'], `--require ${quoteForNode(files.nodePreload)}`),
  },
  {
    names: ['JAVA_TOOL_OPTIONS'],
    source:
      'https://docs.oracle.com/en/java/javase/17/core/java-networking.html; JVM TI, "JAVA_TOOL_OPTIONS"',
    value: javaOptions,
  },
  {
    names: ['SYSTEM_WGETRC'],
    source: 'https://www.gnu.org/software/wget/manual/wget.html#Wgetrc-Location',
    value: ({ files }) => files.wgetrc,
  },
  {
    // An empty entry stands for the folder that PHP was built with.
    names: ['PHP_INI_SCAN_DIR'],
    source: 'https://www.php.net/manual/en/configuration.file.php#configuration.file.scan',
    value: ({ env, files, platform }) =>
      append(env['PHP_INI_SCAN_DIR'] ?? '', files.php, platform === 'win32' ? ';' : ':'),
  },
];

/** The variables to set, and what to. */
export function toChildEnvironment(settings: ChildSettings): Record<string, string> {
  return Object.fromEntries(
    childEnvironment.flatMap(({ names, value }) => {
      const text = value(settings);
      return text === undefined ? [] : names.map((name): [string, string] => [name, text]);
    }),
  );
}

/** The proxy's URL, with the password if there is one. */
export function toProxyUrl({ host, port, password }: ProxyAddress): string {
  const user = password === undefined ? '' : `gsac:${password}@`;
  return `http://${user}${host.includes(':') ? `[${host}]` : host}:${port}`;
}

const loopback = ['localhost', '127.0.0.1', '::1'];

/** NO_PROXY without what would let Google's hosts past the proxy, and with this machine. */
function withoutGoogle(noProxy: string): string {
  const names = googleDomains.flatMap((domain) => [domain, `www.${domain}`, `oauth2.${domain}`]);
  const kept = noProxy
    .split(/[\s,]+/)
    .filter(
      (entry) =>
        entry !== '' && !isOfGoogle(entry) && !names.some((name) => covers(entry, name, 443)),
    );
  return [...new Set([...kept, ...loopback])].join(',');
}

function isOfGoogle(entry: string): boolean {
  const name = entry.toLowerCase().replace(/:\d+$/, '');
  return googleDomains.some((domain) => name === domain || name.endsWith(`.${domain}`));
}

/** Adds to what is there, once. */
function append(before: string, more: string, separator: string): string {
  return before.endsWith(more) ? before : `${before}${separator}${more}`;
}

function appendOption(before: string | undefined, more: string): string {
  return before === undefined || before.trim() === '' ? more : append(before, more, ' ');
}

/** Node takes a path in double quotes apart by its backslashes. */
function quoteForNode(path: string): string {
  return /[\s"\\]/.test(path) ? `"${path.replace(/[\\"]/g, '\\$&')}"` : path;
}

/**
 * The last of several settings counts. The JVM has no way to send a proxy's password that holds for
 * every program, so it is left alone where one is asked for.
 */
function javaOptions({ env, proxy, files }: ChildSettings): string | undefined {
  if (proxy.password !== undefined) return undefined;
  const settings = [
    ...['http', 'https'].flatMap((scheme) => [
      `${scheme}.proxyHost=${proxy.host}`,
      `${scheme}.proxyPort=${proxy.port}`,
    ]),
    `javax.net.ssl.trustStore=${files.javaTrustStore}`,
    'javax.net.ssl.trustStoreType=PKCS12',
  ];
  return appendOption(
    env['JAVA_TOOL_OPTIONS'],
    settings.map((one) => quoteForJava(`-D${one}`)).join(' '),
  );
}

/** The JVM takes what is in quotes as it is; it knows no escapes. */
function quoteForJava(option: string): string {
  if (!/\s/.test(option)) return option;
  return option.includes('"') ? `'${option}'` : `"${option}"`;
}
