import { powershellString, shellQuote } from './shell-quote.js';

/** The notations that an environment is printed in: every shell's own among them; `sh` is also called `env`. */
export const environmentFormats = [
  'env',
  'sh',
  'fish',
  'powershell',
  'cmd',
  'dotenv',
  'json',
] as const;

/** A notation of an environment. */
export type EnvironmentFormat = (typeof environmentFormats)[number];

/**
 * Variables as a shell or a tool reads them, a line each; undefined takes one away. A `.env` file cannot
 * take one away, so that those are left out there.
 */
export function renderEnvironment(
  env: Readonly<Record<string, string | undefined>>,
  format: EnvironmentFormat,
): string {
  if (format === 'json') {
    const whole = Object.entries(env).map(([name, value]) => [name, value ?? null]);
    return `${JSON.stringify(Object.fromEntries(whole), null, 2)}\n`;
  }
  const { set, unset } = notations[format];
  return Object.entries(env)
    .map(([name, value]) => (value === undefined ? unset(name) : set(name, value)))
    .filter((line) => line !== '')
    .map((line) => `${line}\n`)
    .join('');
}

interface Notation {
  set(name: string, value: string): string;
  unset(name: string): string;
}

const posix: Notation = {
  set: (name, value) => `export ${name}=${shellQuote(value)}`,
  unset: (name) => `unset ${name}`,
};

const notations: Readonly<Record<Exclude<EnvironmentFormat, 'json'>, Notation>> = {
  env: posix,
  sh: posix,
  fish: {
    // In single quotes fish reads \\ and \' only.
    set: (name, value) => `set -gx ${name} '${value.replaceAll(/[\\']/g, '\\$&')}'`,
    unset: (name) => `set -e ${name}`,
  },
  powershell: {
    set: (name, value) => `$env:${name} = ${powershellString(value)}`,
    unset: (name) => `Remove-Item Env:${name} -ErrorAction SilentlyContinue`,
  },
  cmd: {
    // Nothing in quotes is special but a percent sign, which a line of its own cannot escape.
    set: (name, value) => `set "${name}=${value}"`,
    unset: (name) => `set "${name}="`,
  },
  dotenv: {
    set: (name, value) => `${name}=${/^[\w@%+=:,./-]*$/.test(value) ? value : `'${value}'`}`,
    unset: () => '',
  },
};
