import type { Command } from 'commander';
import { GsacError } from '../../core/errors.js';
import { parseScopes } from '../../core/scopes.js';

/** Where a flow of `gsac verify` begins. */
export type Beginning = 'account' | 'code' | 'login';

/**
 * What each option belongs to, by its name in commander, and what it would have meant for a flow that
 * begins otherwise; what is not named belongs to every flow.
 */
const belongsTo: Readonly<Record<string, readonly [readonly Beginning[], insteadOf?: string]>> = {
  account: [
    ['account'],
    '--account names a stored account. To name who signs in, use --login-hint.',
  ],
  source: [['code']],
  redirectUri: [['code']],
  codeVerifier: [['code']],
  keep: [['code', 'login'], 'A stored account is already stored.'],
  replay: [['code', 'login'], 'A stored account has no code to replay: use --code or --login.'],
  scope: [['login'], 'To say which scopes must be granted, use --expect-scope.'],
  includeGrantedScopes: [['login']],
  loginHint: [['login']],
  browser: [['login']],
  port: [['login']],
  redirectPath: [['login']],
  wait: [['login']],
};

const called: Readonly<Record<Beginning, string>> = {
  account: 'a stored account',
  code: '--code',
  login: '--login',
};

/** Options whose blank value is a variable that somebody forgot to set, and would ask for nothing. */
const neverBlank = [
  'account',
  'code',
  'scope',
  'loginHint',
  'codeVerifier',
  'expectScope',
  'expectSub',
  'expectEmail',
  'expectHd',
  'har',
] as const;

/**
 * Refuses what was given blank: a gate that is to hold a flow to an unset variable must not pass.
 *
 * @throws {GsacError} `usage`.
 */
export function refuseBlankValues(command: Command): void {
  for (const name of neverBlank) {
    if (!isGiven(command, name)) continue;
    const values = [command.optsWithGlobals()[name]].flat().map(String);
    const isList = name === 'scope' || name === 'expectScope';
    const isBlank = (value: string) =>
      isList ? parseScopes(value).length === 0 : value.trim() === '';
    if (!values.some(isBlank)) continue;
    throw new GsacError('usage', `${spell(command, name)} is empty.`, {
      hint: 'Is the variable that it comes from set?',
    });
  }
}

/**
 * Refuses options that say nothing of a flow that begins so, in place of ignoring them.
 *
 * @throws {GsacError} `usage`, with the option and what it belongs to.
 */
export function refuseForeignOptions(command: Command, beginning: Beginning): void {
  for (const [name, [owners, insteadOf]] of Object.entries(belongsTo)) {
    if (owners.includes(beginning) || !isGiven(command, name)) continue;
    const option = spell(command, name);
    const [only = 'code', other] = owners;
    const message = other ? `${option} needs a code.` : `${option} goes with ${called[only]}.`;
    const hint =
      insteadOf ??
      (beginning === 'account'
        ? 'Without --code and --login, verify works on a stored account.'
        : `It does not go with ${called[beginning]}.`);
    throw new GsacError('usage', message, { hint });
  }
}

/** The first option that somebody typed, but for these; as it is typed. */
export function findGiven(command: Command, except: readonly string[]): string | undefined {
  const found = command.options
    .map((option) => option.attributeName())
    .find((name) => !except.includes(name) && command.getOptionValueSource(name) === 'cli');
  return found && spell(command, found);
}

/** Whether somebody typed it; what a variable of the environment says is meant for other commands, too. */
function isGiven(command: Command, name: string): boolean {
  return command.getOptionValueSourceWithGlobals(name) === 'cli';
}

function spell(command: Command, name: string): string {
  const option = command.options.find((one) => one.attributeName() === name);
  return option?.long ?? `--${name}`;
}
