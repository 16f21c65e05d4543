import { isLoopbackHost } from '../../core/endpoints.js';
import {
  findExemption,
  findProxy,
  findVariable,
  readNoProxy,
  type Variable,
} from '../../google/proxy.js';
import { type CheckFinding, type DoctorCheck, ok, problem, warning } from './check.js';
import { askedEndpoints } from './reach.js';

type Env = Readonly<Record<string, string | undefined>>;

/** Whether the proxy variables say something that works, for the endpoints that are asked. */
export const proxyCheck: DoctorCheck = {
  id: 'proxy',
  looksAt: 'Whether HTTPS_PROXY, ALL_PROXY and NO_PROXY are well-formed, and what they do here.',
  async examine({ machine: { env }, client }) {
    const { endpoints } = await client();
    const url = new URL(endpoints.token);
    const scheme = url.protocol.slice(0, -1);
    const proxy = findProxy(url, env);
    if (proxy === undefined) {
      const plain = scheme === 'https' ? findVariable(env, 'http_proxy') : undefined;
      return plain === undefined
        ? ok(`No proxy is set for ${scheme}; connections are direct.`)
        : warning(
            `${plain.name} is set and HTTPS_PROXY is not: Google’s addresses are https, so gsac connects to them directly.`,
            `If you need the proxy, also set HTTPS_PROXY=${maskProxy(plain.value)}.`,
          );
    }
    const wrong = judgeProxy(proxy, scheme);
    if (wrong !== undefined) return wrong;
    const disagreeing = findDisagreement(env, proxy.name);
    if (disagreeing !== undefined) return disagreeing;

    const shown = `${proxy.name}=${maskProxy(proxy.value)}`;
    if (isLoopbackHost(url.hostname)) {
      return ok(`${shown}, which is not used for ${url.host}: loopback is never proxied.`);
    }
    const noProxy = findVariable(env, 'no_proxy')?.name;
    const urls = askedEndpoints.map((one) => new URL(one.url(endpoints)));
    const hosts = (some: readonly URL[]) => [...new Set(some.map(({ hostname }) => hostname))];
    const direct = hosts(urls.filter((one) => findExemption(one, env) !== undefined));
    if (direct.length > 0) {
      return ok(`${shown}; ${noProxy} exempts ${direct.join(' and ')}.`);
    }
    const entries = readNoProxy(env);
    const meant = hosts(urls).find((host) => isMeant(host, entries));
    if (meant !== undefined) {
      return warning(
        `${noProxy} names a domain without a leading dot, which exempts only that one host, not ${meant}.`,
        `If gsac should connect to ${meant} directly, write the domain with a dot, as in .googleapis.com.`,
      );
    }
    return ok(`${shown} is used.`);
  },
};

function judgeProxy({ name, value }: Variable, scheme: string): CheckFinding | undefined {
  const fix = `Write ${name} as http://host:port, or http://user:password@host:port.`;
  if (!value.includes('://')) {
    return scheme === 'https'
      ? problem(
          `${name}=${maskProxy(value)} has no scheme, so gsac would speak TLS with the proxy itself.`,
          fix,
        )
      : undefined;
  }
  const url = URL.canParse(value) ? new URL(value) : undefined;
  if (url === undefined || url.hostname === '') {
    return problem(`${name}=${maskProxy(value)} is not an address.`, fix);
  }
  if (url.protocol !== 'http:' && url.protocol !== 'https:') {
    return problem(
      `${name}=${maskProxy(value)} is not an HTTP proxy, and gsac supports no other kind.`,
      fix,
    );
  }
  return undefined;
}

function findDisagreement(env: Env, name: string): CheckFinding | undefined {
  const lower = env[name.toLowerCase()];
  const upper = env[name.toUpperCase()];
  if (!lower || !upper || lower === upper) return undefined;
  return warning(
    `${name.toLowerCase()} and ${name.toUpperCase()} differ; gsac uses ${maskProxy(lower)}.`,
    'Unset one of them.',
  );
}

/**
 * A proxy's address as it may be shown: user name and password are left out, also where it is no
 * address at all and they stand before an `@`.
 */
export function maskProxy(value: string): string {
  const at = value.lastIndexOf('@');
  if (at < 0) return value;
  const scheme = /^[a-z][a-z\d+.-]*:\/\//i.exec(value)?.[0] ?? '';
  return `${scheme}…@${value.slice(at + 1)}`;
}

/** Whether other programs, such as curl, would take an entry for an exemption of this host. */
function isMeant(host: string, entries: readonly string[]): boolean {
  return entries.some((entry) => {
    const name = entry.replace(/:\d+$/, '');
    return /^[a-z\d]/.test(name) && host.endsWith(`.${name}`);
  });
}
