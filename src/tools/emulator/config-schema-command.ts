import { Command } from 'commander';
import type { Runtime } from '../../cli/runtime.js';

/** Declares `gsac emulator config-schema`. */
export function emulatorConfigSchemaCommand(runtime: Runtime): Command {
  return new Command('config-schema')
    .summary('the JSON Schema of the config file, for editors')
    .description(
      'Print the JSON Schema (draft-07) of the file that `gsac emulator start --config` reads. With ' +
        'it, an editor completes and checks the file; the first line of the file names the schema.',
    )
    .addHelpText(
      'after',
      '\nExample:\n  $ gsac emulator config-schema > emulator.schema.json\n  $ head -1 emulator.yaml\n  # yaml-language-server: $schema=./emulator.schema.json',
    )
    .action((_options, inner: Command) =>
      runtime.run(
        inner,
        async () => ({ result: (await import('./config-schema.js')).EMULATOR_CONFIG_SCHEMA }),
        (schema) => `${JSON.stringify(schema, null, 2)}\n`,
      ),
    );
}
