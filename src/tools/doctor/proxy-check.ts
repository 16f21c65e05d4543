import { isLoopbackHost } from '../../core/endpoints.js';
import { type CheckFinding, type DoctorCheck, ok, problem, warning } from './check.js';
import { askedEndpoints } from './reach.js';

type Env = Readonly<Record<string, string | undefined>>;

/** Whether the proxy variables say something that works, for the endpoints that are asked. */
export const proxyCheck: DoctorCheck = {
  id: 'proxy',
  looksAt: 'Whether HTTPS_PROXY, ALL_PROXY and NO_PROXY are well-formed, and what they mean here.',
  async examine({ machine: { env }, client }) {
    const { endpoints } = await client();
    const url = new URL(endpoints.token);
    const scheme = url.protocol.slice(0, -1);
    const proxy = findVariable(env, `${scheme}_proxy`) ?? findVariable(env, 'all_proxy');
    if (proxy === undefined) {
      const plain = scheme === 'https' ? findVariable(env, 'http_proxy') : undefined;
      return plain === undefined
        ? ok(`None is set for ${scheme}; connections are direct.`)
        : warning(
            `${plain.name} is set and HTTPS_PROXY is not: Google’s addresses are https and go direct.`,
            `If the proxy is needed, set HTTPS_PROXY=${maskProxy(plain.value)} too.`,
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
    const noProxy = findVariable(env, 'no_proxy');
    const hosts = [...new Set(askedEndpoints.map((one) => new URL(one.url(endpoints)).hostname))];
    const direct = hosts.filter((host) => isExempt(host, noProxy?.value));
    if (direct.length > 0) {
      return ok(`${shown}; ${noProxy?.name} has ${direct.join(' and ')} go direct.`);
    }
    const meant = hosts.find((host) => isMeant(host, noProxy?.value));
    if (meant !== undefined) {
      return warning(
        `${noProxy?.name} names a domain without a dot before it, which exempts that one host, not ${meant}.`,
        `Write it with a dot, as in .googleapis.com, if ${meant} should go direct.`,
      );
    }
    return ok(`${shown} is used.`);
  },
};

interface Variable {
  name: string;
  value: string;
}

/** The lower-case name goes first, as in curl. */
function findVariable(env: Env, name: string): Variable | undefined {
  for (const one of [name, name.toUpperCase()]) {
    const value = env[one];
    if (value) return { name: one, value };
  }
  return undefined;
}

function judgeProxy({ name, value }: Variable, scheme: string): CheckFinding | undefined {
  const fix = `Write ${name} as http://host:port, or http://user:password@host:port.`;
  if (!value.includes('://')) {
    return scheme === 'https'
      ? problem(
          `${name}=${maskProxy(value)} has no scheme, so that TLS is spoken with the proxy itself.`,
          fix,
        )
      : undefined;
  }
  const url = URL.canParse(value) ? new URL(value) : undefined;
  if (url === undefined || url.hostname === '') {
    return problem(`${name}=${maskProxy(value)} is not an address.`, fix);
  }
  if (url.protocol !== 'http:' && url.protocol !== 'https:') {
    return problem(`${name}=${maskProxy(value)} is no HTTP proxy; gsac knows no other.`, fix);
  }
  return undefined;
}

function findDisagreement(env: Env, name: string): CheckFinding | undefined {
  const lower = env[name.toLowerCase()];
  const upper = env[name.toUpperCase()];
  if (!lower || !upper || lower === upper) return undefined;
  return warning(
    `${name.toLowerCase()} and ${name.toUpperCase()} differ; ${maskProxy(lower)} is used.`,
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

/** As the transport judges it: whole hosts, or endings that begin with a dot or a star. */
function isExempt(host: string, noProxy: string | undefined): boolean {
  const entries = toEntries(noProxy);
  if (noProxy?.trim() === '*') return true;
  return entries.some((entry) =>
    /^[.*]/.test(entry) ? host.endsWith(entry.replace(/^\*/, '')) : host === entry,
  );
}

/** Whether other programs, such as curl, would take an entry for an exemption of this host. */
function isMeant(host: string, noProxy: string | undefined): boolean {
  return toEntries(noProxy).some((entry) => /^[a-z\d]/.test(entry) && host.endsWith(`.${entry}`));
}

function toEntries(noProxy: string | undefined): string[] {
  return (noProxy ?? '')
    .toLowerCase()
    .split(/[,\s]+/)
    .map((entry) => entry.replace(/:443$/, ''))
    .filter((entry) => entry !== '');
}
