import { describe, expect, it } from 'vitest';
import {
  type ChildSettings,
  childEnvironment,
  toChildEnvironment,
} from '../../../src/intercept/child-environment.js';

const files = {
  bundle: '/t/bundle.pem',
  extra: '/t/extra.pem',
  javaTrustStore: '/t/trust.p12',
  nodePreload: '/t/preload.cjs',
  wgetrc: '/t/wgetrc',
  php: '/t/php',
};
const proxy = { host: '127.0.0.1', port: 8080, password: undefined };
const url = 'http://127.0.0.1:8080';

function environment(given: Partial<ChildSettings> = {}) {
  return toChildEnvironment({ env: {}, platform: 'linux', proxy, files, ...given });
}

/** Each row with what it sets in an empty environment; a row without a line here fails. */
const rows: Readonly<Record<string, string | undefined>> = {
  http_proxy: url,
  https_proxy: url,
  HTTP_PROXY: url,
  HTTPS_PROXY: url,
  no_proxy: 'localhost,127.0.0.1,::1',
  NO_PROXY: 'localhost,127.0.0.1,::1',
  SSL_CERT_FILE: files.bundle,
  CURL_CA_BUNDLE: files.bundle,
  REQUESTS_CA_BUNDLE: files.bundle,
  HTTPLIB2_CA_CERTS: files.bundle,
  GRPC_DEFAULT_SSL_ROOTS_FILE_PATH: files.bundle,
  CLOUDSDK_CORE_CUSTOM_CA_CERTS_FILE: files.bundle,
  GIT_SSL_CAINFO: files.bundle,
  DENO_CERT: files.extra,
  NIX_SSL_CERT_FILE: undefined,
  NODE_EXTRA_CA_CERTS: files.extra,
  NODE_USE_ENV_PROXY: '1',
  NODE_OPTIONS: '--require /t/preload.cjs',
  JAVA_TOOL_OPTIONS:
    '-Dhttp.proxyHost=127.0.0.1 -Dhttp.proxyPort=8080 -Dhttps.proxyHost=127.0.0.1 ' +
    '-Dhttps.proxyPort=8080 -Djavax.net.ssl.trustStore=/t/trust.p12 ' +
    '-Djavax.net.ssl.trustStoreType=PKCS12',
  SYSTEM_WGETRC: files.wgetrc,
  PHP_INI_SCAN_DIR: ':/t/php',
};

describe('the environment of a child', () => {
  it.each(childEnvironment.flatMap(({ names, source }) => names.map((name) => [name, source])))(
    '%s, as %s says',
    (name) => {
      expect(rows).toHaveProperty(name);
      expect(environment()[name]).toBe(rows[name]);
    },
  );

  it.each([
    ['NODE_OPTIONS', '--max-old-space-size=99', '--max-old-space-size=99 --require /t/preload.cjs'],
    ['PHP_INI_SCAN_DIR', '/etc/php.d', '/etc/php.d:/t/php'],
    ['NIX_SSL_CERT_FILE', '/nix/ca.pem', '/t/bundle.pem'],
    ['JAVA_TOOL_OPTIONS', '-Xmx1g', `-Xmx1g ${rows['JAVA_TOOL_OPTIONS']}`],
  ])('keeps what is in %s', (name, before, after) => {
    const first = environment({ env: { [name]: before } });
    expect(first[name]).toBe(after);
    expect(environment({ env: first })[name]).toBe(after);
  });

  it.each([
    ['*', ''],
    ['.com,corp.example', 'corp.example,'],
    ['googleapis.com, .google.com *.googleapis.com', ''],
    ['oauth2.googleapis.com:443,WWW.GoogleAPIs.com,sheets.googleapis.com', ''],
    ['10.0.0.0/8,intranet:8080,notgoogle.com', '10.0.0.0/8,intranet:8080,notgoogle.com,'],
    ['localhost', ''],
  ])('takes Google out of NO_PROXY=%s', (before, kept) => {
    expect(environment({ env: { NO_PROXY: before } })['no_proxy']).toBe(
      `${kept}localhost,127.0.0.1,::1`,
    );
    expect(environment({ env: { no_proxy: before, NO_PROXY: 'x' } })['NO_PROXY']).toBe(
      `${kept}localhost,127.0.0.1,::1`,
    );
  });

  it('quotes paths as Node and Java read them', () => {
    const odd = { ...files, nodePreload: 'C:\\a "b"\\p.cjs', javaTrustStore: '/a b/t.p12' };
    const env = environment({ files: odd });
    expect(env['NODE_OPTIONS']).toBe('--require "C:\\\\a \\"b\\"\\\\p.cjs"');
    expect(env['JAVA_TOOL_OPTIONS']).toContain(' "-Djavax.net.ssl.trustStore=/a b/t.p12" ');
  });

  it('puts the password into the URL, and leaves Java alone, which cannot send one', () => {
    const env = environment({ proxy: { ...proxy, password: 'pass' } });
    expect(env['https_proxy']).toBe('http://gsac:pass@127.0.0.1:8080');
    expect(env).not.toHaveProperty('JAVA_TOOL_OPTIONS');
  });
});
