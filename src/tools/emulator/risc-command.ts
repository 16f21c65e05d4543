import { Argument, Command, Option } from 'commander';
import type { Outcome, Provided, Runtime } from '../../cli/runtime.js';
import { GsacError } from '../../core/errors.js';
import { forgedEvents, readReceiver, securityEvents } from '../../core/security-events.js';
import type { Delivery, SecurityEvent } from '../../emulator/risc/security-events.js';
import { clean } from '../../terminal/clean.js';
import { openEmulator } from './find.js';

/** The JSON document of `gsac emulator risc send`. */
interface RiscSendResult {
  deliveries: readonly Delivery[];
}

// The emulator itself is not loaded for its names.
const events: readonly SecurityEvent[] = securityEvents;
const forgeries = [...forgedEvents, 'replayed', 'late'];

/** Declares `gsac emulator risc`. */
export function emulatorRiscCommand(runtime: Runtime): Command {
  const group = new Command('risc')
    .summary('post security events (Cross-Account Protection)')
    .description(
      'Security events of the running emulator. It posts them to the receiver of `emulator start ' +
        '--risc-receiver`, or to the one that the app registered with stream:update.',
    )
    .addHelpText('after', '\nExample:\n  $ gsac emulator risc send sessions-revoked');
  group
    .command('send')
    .summary('sign a security event and post it to the receiver')
    .description(
      'Sign a security event and post it to the receiver. It only tells: `gsac emulator revoke` also ' +
        'removes the access, and posts tokens-revoked. Exits with 6 if the receiver did not accept. ' +
        `The events: ${events.join(', ')}.`,
    )
    .addArgument(new Argument('<event>', 'the event').choices(events))
    .option('--user <email>', 'whom the event is about (default: the first user)')
    .option('--receiver <url>', 'post it there instead')
    .addOption(
      new Option('--forgery <name>', 'send a forged, repeated or late event').choices(forgeries),
    )
    .addOption(
      new Option('--reason <reason>', 'of account-disabled').choices(['hijacking', 'bulk-account']),
    )
    .option('--state <text>', 'of verification: what the receiver finds in it')
    .addHelpText(
      'after',
      '\nExample:\n  $ gsac emulator risc send account-disabled --reason hijacking --user qa@example.org\n  $ gsac emulator risc send tokens-revoked --receiver http://localhost:3000/events',
    )
    .action((event: string, flags: Readonly<Record<string, string>>, inner: Command) =>
      runtime.run(inner, (work) => send(event, flags, work), renderDeliveries),
    );
  group.action(() => {
    throw new GsacError('usage', 'gsac emulator risc needs a subcommand: send.', {
      hint: 'See `gsac emulator risc --help`.',
    });
  });
  return group;
}

async function send(
  event: string,
  flags: Readonly<Record<string, string>>,
  work: Pick<Provided, 'context' | 'google'>,
): Promise<Outcome<RiscSendResult>> {
  const given = flags['receiver'];
  const receiver = given === undefined ? undefined : readReceiver(given, '--receiver');
  const { emulator, clientId } = await openEmulator(work);
  const { user, forgery, reason, state } = flags;
  const { timeoutMs } = work.context.globals;
  const order = { event, user, clientId, receiver, forgery, reason, state, timeoutMs };
  const deliveries = await emulator.sendEvent(order);
  if (deliveries.length === 0) {
    throw new GsacError('usage', 'No receiver is registered for this event.', {
      hint: 'Name one with --receiver, or start the emulator with --risc-receiver.',
    });
  }
  const isAccepted = deliveries.every(({ status }) => status >= 200 && status < 300);
  return { result: { deliveries }, exitCode: isAccepted ? 0 : 6 };
}

function renderDeliveries({ deliveries }: RiscSendResult): string {
  return deliveries
    .map(({ event, status, receiver, jti }) => {
      const answer = status === 0 ? 'no answer' : String(status);
      return `${event}  ${answer}  ${clean(receiver)}  jti ${clean(jti)}\n`;
    })
    .join('');
}
