import { Command } from 'commander';
import type { Runtime } from '../../cli/runtime.js';
import { clean } from '../../terminal/clean.js';
import type { EmulatorPerson } from './client.js';
import { asking } from './find.js';

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
    .action((_options, inner: Command) =>
      runtime.run(
        inner,
        asking(({ emulator }) => emulator.users()),
        renderUsers,
      ),
    );
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
        asking(async ({ emulator }) => ({ user: await emulator.addUser(user) })),
        ({ user: added }) => renderUsers({ users: [added] }),
      );
    });
  group
    .command('remove')
    .argument('<email>', 'the email address')
    .summary('remove a user with all tokens and files; prints the others')
    .addHelpText('after', '\nExample:\n  $ gsac emulator user remove new@example.com')
    .action((email: string, _options, inner: Command) =>
      runtime.run(
        inner,
        asking(({ emulator }) => emulator.removeUser(email)),
        renderUsers,
      ),
    );
  return group;
}

function renderUsers({ users }: { users: readonly EmulatorPerson[] }): string {
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
        asking(({ emulator, clientId }) =>
          emulator.revoke(inner.opts<{ user?: string }>().user, clientId),
        ),
        ({ user, had_access: hadAccess }) =>
          `${clean(user)}: ${hadAccess ? 'the app’s access was removed' : 'the app had no access'}\n`,
      ),
    );
}
