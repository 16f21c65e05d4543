import { Command, Option } from 'commander';
import { collect } from '../../cli/flags.js';
import type { Outcome, Provided, Runtime } from '../../cli/runtime.js';
import { codeSources } from '../../core/auth-code.js';
import { parseScopes } from '../../core/scopes.js';
import { clean } from '../../terminal/clean.js';
import type { PhoneSignIn, SignedIn } from './client.js';
import { openEmulator } from './find.js';

/** The flags of `gsac emulator sign-in`. */
export type EmulatorSignInOptions = Omit<PhoneSignIn, 'clientId'>;

/** The JSON document of `gsac emulator sign-in`. */
export interface EmulatorSignInResult extends Omit<SignedIn, 'clientId'> {
  client_id: string;
}

/** Declares `gsac emulator sign-in`. */
export function emulatorSignInCommand(runtime: Runtime, signIn = runEmulatorSignIn): Command {
  return new Command('sign-in')
    .summary('sign in as the app would; prints a serverAuthCode')
    .description(
      'Sign a user in at the running emulator, as the app would, and print the one-time code.',
    )
    .option('--user <email>', 'who signs in (default: the first user)')
    .option('--create', 'add the user if there is none')
    .option(
      '--scope <scope>',
      'what to ask for, repeatable (default: openid email profile drive.appdata)',
      collect,
    )
    .addOption(
      new Option('--source <source>', 'which kind of app asks').choices(codeSources).default('ios'),
    )
    .option('--redirect-uri <uri>', 'the redirect URI of the request, with web-redirect')
    .addHelpText(
      'after',
      '\nExample:\n  $ gsac emulator sign-in --user new@example.com --create | gsac exchange -',
    )
    .action((_options, inner: Command) =>
      runtime.run(
        inner,
        (provided) => signIn(readSignInOptions(inner.opts()), provided),
        ({ code }) => `${clean(code)}\n`,
      ),
    );
}

function readSignInOptions(flags: Record<string, unknown>): EmulatorSignInOptions {
  const scopes = Array.isArray(flags['scope']) ? flags['scope'].map(String) : [];
  const text = (name: string) => (typeof flags[name] === 'string' ? flags[name] : undefined);
  return {
    user: text('user'),
    create: flags['create'] === true,
    scopes: parseScopes(scopes.join(' ')),
    source: String(flags['source']),
    redirectUri: text('redirectUri'),
  };
}

/** Signs in at the emulator that was found. @throws {GsacError} exits 2 and 3. */
export async function runEmulatorSignIn(
  options: EmulatorSignInOptions,
  provided: Pick<Provided, 'context' | 'google'>,
): Promise<Outcome<EmulatorSignInResult>> {
  const found = await openEmulator(provided);
  const request = { ...options, clientId: found.clientId };
  const { code, user, clientId, scopes, source } = await found.emulator.signIn(
    found.origin,
    request,
  );
  provided.context.announceSecret(code);
  return { result: { code, user, client_id: clientId, scopes, source } };
}
