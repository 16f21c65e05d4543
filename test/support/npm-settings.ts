/** What npm has been told on this machine, such as where packages come from, for a sandbox. */
export function npmSettings(): Record<string, string> {
  const set = Object.entries(process.env).filter(([name]) => /^npm_config_/i.test(name));
  return Object.fromEntries(set.map(([name, value = '']) => [name, value]));
}
