type Env = Readonly<Record<string, string | undefined>>;

/** A variable that is set, by the spelling that counts. */
export interface Variable {
  name: string;
  value: string;
}

/** The variable of a lower-case name, or of its capitals; the lower-case one goes first, as in curl. */
export function findVariable(env: Env, name: string): Variable | undefined {
  for (const one of [name, name.toUpperCase()]) {
    const value = env[one];
    if (value) return { name: one, value };
  }
  return undefined;
}

/** The proxy that the standard variables name for an address, whether or not NO_PROXY exempts it. */
export function findProxy({ protocol }: URL, env: Env): Variable | undefined {
  return findVariable(env, `${protocol.slice(0, -1)}_proxy`) ?? findVariable(env, 'all_proxy');
}

/**
 * The entry of NO_PROXY that exempts an address: `*`, a host, or an ending that begins with a dot or
 * a star, each with a port if it is meant for that port only. Undefined if none does.
 */
export function findExemption(url: URL, env: Env): string | undefined {
  const port = url.port || (url.protocol === 'https:' ? '443' : '80');
  return readNoProxy(env).find((entry) => {
    const [, host = entry, only] = /^(.+):(\d+)$/.exec(entry) ?? [];
    if (only !== undefined && only !== port) return false;
    return /^[.*]/.test(host)
      ? url.hostname.endsWith(host.replace(/^\*/, ''))
      : url.hostname === host;
  });
}

/** The entries of NO_PROXY, in lower case. */
export function readNoProxy(env: Env): string[] {
  const value = findVariable(env, 'no_proxy')?.value ?? '';
  return value
    .toLowerCase()
    .split(/[,\s]+/)
    .filter((entry) => entry !== '');
}

/** The address of the proxy that a request goes through; undefined if it goes directly. */
export function proxyFor(url: URL, env: Env): string | undefined {
  const proxy = findProxy(url, env);
  if (proxy === undefined || findExemption(url, env) !== undefined) return undefined;
  return proxy.value.includes('://') ? proxy.value : `${url.protocol}//${proxy.value}`;
}
