import { Command, Option } from 'commander';
import { collect } from '../../cli/flags.js';
import type { Provided, Runtime } from '../../cli/runtime.js';
import { codeSources } from '../../core/auth-code.js';
import { parseScopes } from '../../core/scopes.js';
import { clean } from '../../terminal/clean.js';
import { openEmulator } from './find.js';

/** Declares `gsac emulator sign-in`. */
export function emulatorSignInCommand(runtime: Runtime): Command {
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
        (work) => signIn(inner.opts(), work),
        ({ code }) => `${clean(code)}\n`,
      ),
    );
}

/** Signs in at the emulator that was found. @throws {GsacError} exits 2 and 3. */
async function signIn(flags: Record<string, unknown>, work: Pick<Provided, 'context' | 'google'>) {
  const text = (name: string) => (typeof flags[name] === 'string' ? flags[name] : undefined);
  const { emulator, clientId } = await openEmulator(work);
  const signedIn = await emulator.signIn({
    clientId,
    user: text('user'),
    create: flags['create'] === true,
    scopes: parseScopes([flags['scope'] ?? []].flat().join(' ')),
    source: String(flags['source']),
    redirectUri: text('redirectUri'),
  });
  const { code, user, client_id, scopes, source } = signedIn;
  work.context.announceSecret(code);
  return { result: { code, user: user.email, client_id, scopes, source } };
}
