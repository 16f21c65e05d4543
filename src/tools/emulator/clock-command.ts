import { Command } from 'commander';
import type { Runtime } from '../../cli/runtime.js';
import { GsacError } from '../../core/errors.js';
import { relativeTime } from '../../core/times.js';
import { clean } from '../../terminal/clean.js';
import type { EmulatorTime } from './client.js';
import { readClock } from './clock.js';
import { asking } from './find.js';

/** Declares `gsac emulator clock`. */
export function emulatorClockCommand(runtime: Runtime): Command {
  return new Command('clock')
    .summary('show or set forward the clock of the running emulator')
    .description(
      'Print the time of the running emulator, after setting its clock forward if you say by how ' +
        'much. Codes and tokens expire by this clock. Programs keep their own: an ID token that is ' +
        'made afterwards lies in their future.',
    )
    .argument('[change]', 'how far to set it forward, such as +2h or +1d12h; or reset')
    .addHelpText(
      'after',
      '\nExample:\n  $ gsac emulator clock +2h\n  $ gsac emulator clock reset\n\nTo set it back: gsac emulator clock -- -90m',
    )
    .action((change: string | undefined, _options, inner: Command) =>
      runtime.run(
        inner,
        async (work) => {
          const wish = change === undefined || change === 'reset' ? change : readAdvance(change);
          return asking(({ emulator }) => emulator.clock(wish))(work);
        },
        renderTime,
      ),
    );
}

function readAdvance(change: string): { advance_seconds: number } {
  const clock = readClock(/^\d+(\.\d+)?[a-z]/i.test(change) ? `+${change}` : change, 'The change');
  if ('aheadMs' in clock) return { advance_seconds: clock.aheadMs / 1000 };
  throw new GsacError('usage', 'The clock of a running emulator cannot be set to a time.', {
    hint: 'Say how far to set it forward, such as +2h. `gsac emulator start --clock` takes a time.',
  });
}

function renderTime({ now, ahead_seconds: ahead }: EmulatorTime): string {
  const by = relativeTime(ahead * 1000, 0)
    .replace(/^in /, '')
    .replace(/ ago$/, '');
  const words = ahead === 0 ? '' : `  set ${ahead < 0 ? 'back' : 'forward'} by ${by}`;
  return `${clean(now)}${words}\n`;
}
