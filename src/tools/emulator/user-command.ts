import { Command } from 'commander';
import type { Outcome, Provided, Runtime } from '../../cli/runtime.js';
import { clean } from '../../terminal/clean.js';
import type { EmulatorPerson } from './client.js';
import { openEmulator } from './find.js';

type Work = Pick<Provided, 'context' | 'google'>;

/** The JSON document of `gsac emulator user list` and `remove`. */
export interface EmulatorUsersResult {
  users: readonly EmulatorPerson[];
}

/** Declares `gsac emulator user`. */
export function emulatorUserCommand(runtime: Runtime): Command {
  const group = new Command('user')
    .summary('list, add and remove users of the running emulator')
    .description(
      'The users of the running emulator. With `emulator start --state`, it remembers the changes.',
    )
    .addHelpText(
      'after',
      '\nExample:\n  $ gsac emulator user add new@example.com --name "New User"',
    );
  group
    .command('list', { isDefault: true })
    .summary('print the users: email, account ID, name, Workspace domain')
    .addHelpText('after', '\nExample:\n  $ gsac emulator user list --json | jq -r .users[].email')
    .action((_options, inner: Command) => runtime.run(inner, listUsers, renderUsers));
  group
    .command('add')
    .argument('<email>', 'the email address')
    .summary('add a user; the app folder is empty')
    .option('--name <name>', 'the whole name')
    .option('--sub <id>', 'the account ID (default: 21 random digits)')
    .option('--hosted-domain <domain>', 'the Workspace domain (default: a consumer account)')
    .addHelpText(
      'after',
      '\nExample:\n  $ gsac emulator user add new@example.org --hosted-domain example.org',
    )
    .action((email: string, _options, inner: Command) => {
      const { name, sub, hostedDomain } = inner.opts<Record<string, string | undefined>>();
      const user = { email, name, sub, hd: hostedDomain };
      return runtime.run(
        inner,
        (work) => addUser(user, work),
        ({ user: added }) => renderUsers({ users: [added] }),
      );
    });
  group
    .command('remove')
    .argument('<email>', 'the email address')
    .summary('remove a user with all tokens and files; prints the others')
    .addHelpText('after', '\nExample:\n  $ gsac emulator user remove new@example.com')
    .action((email: string, _options, inner: Command) =>
      runtime.run(inner, (work) => removeUser(email, work), renderUsers),
    );
  return group;
}

async function listUsers(work: Work): Promise<Outcome<EmulatorUsersResult>> {
  const { origin, emulator } = await openEmulator(work);
  return { result: { users: await emulator.users(origin) } };
}

async function addUser(
  user: Readonly<Record<string, string | undefined>>,
  work: Work,
): Promise<Outcome<{ user: EmulatorPerson }>> {
  const { origin, emulator } = await openEmulator(work);
  return { result: { user: await emulator.addUser(origin, user) } };
}

async function removeUser(email: string, work: Work): Promise<Outcome<EmulatorUsersResult>> {
  const { origin, emulator } = await openEmulator(work);
  return { result: { users: await emulator.removeUser(origin, email) } };
}

function renderUsers({ users }: EmulatorUsersResult): string {
  const rows = users.map(({ email, sub, name, hd = '' }) => [email, sub, name, hd].map(clean));
  const widths = [0, 1, 2].map((at) => Math.max(0, ...rows.map((row) => row[at]?.length ?? 0)));
  return rows
    .map(
      (row) =>
        `${row
          .map((cell, at) => cell.padEnd(widths[at] ?? 0))
          .join('  ')
          .trimEnd()}\n`,
    )
    .join('');
}

/** What became of a revocation. */
export interface EmulatorRevokeResult {
  user: string;
  had_access: boolean;
}

/** Declares `gsac emulator revoke`. */
export function emulatorRevokeCommand(runtime: Runtime): Command {
  return new Command('revoke')
    .summary('remove the app’s access, as the user does')
    .description(
      'Remove the app’s access at the running emulator, as a user does in the Google account: all ' +
        'tokens of the user for the project stop working. Stored accounts stay; `gsac revoke` is ' +
        'what an app does.',
    )
    .option('--user <email>', 'whose access (default: the first user)')
    .addHelpText('after', '\nExample:\n  $ gsac emulator revoke --user qa@example.org')
    .action((_options, inner: Command) =>
      runtime.run(
        inner,
        (work) => revoke(inner.opts<{ user?: string }>().user, work),
        ({ user, had_access: hadAccess }) =>
          `${clean(user)}: ${hadAccess ? 'the app’s access was removed' : 'the app had no access'}\n`,
      ),
    );
}

async function revoke(
  user: string | undefined,
  work: Work,
): Promise<Outcome<EmulatorRevokeResult>> {
  const { origin, emulator, clientId } = await openEmulator(work);
  return { result: await emulator.revoke(origin, user, clientId) };
}
