import { Command, CommanderError } from 'commander';
import { pathOf, refuseExcessArguments } from './cli/arguments.js';
import { addGlobalOptions } from './cli/globals.js';
import { renderCommandHelp, renderMainHelp } from './cli/help.js';
import type { Runtime } from './cli/runtime.js';
import { toUsageError } from './cli/usage-errors.js';
import type { ServeMetadata } from './commands/exec.js';
import type { ExplainPorts } from './tools/explain/ports.js';
import type { VerifyPorts } from './tools/verify/ports.js';

type CreateCommand = (runtime: Runtime) => Command;

/** Every command, in the order of the help. A new one is a file in commands/ and its line here. */
const groups: Readonly<Record<string, Readonly<Record<string, () => Promise<CreateCommand>>>>> = {
  START: {
    exchange: async () => (await import('./commands/exchange.js')).exchangeCommand,
    login: async () => (await import('./tools/login/command.js')).loginCommand,
    listen: async () => (await import('./tools/listen/command.js')).listenCommand,
  },
  USE: {
    token: async () => (await import('./commands/token.js')).tokenCommand,
    exec: async () => {
      const { execCommand } = await import('./commands/exec.js');
      return (runtime) => execCommand(runtime, serveMetadata);
    },
    serve: async () => (await import('./tools/metadata/command.js')).serveCommand,
    export: async () => (await import('./commands/export.js')).exportCommand,
    files: async () => (await import('./commands/files.js')).filesCommand,
    api: async () => (await import('./commands/api.js')).apiCommand,
  },
  INSPECT: {
    status: async () => (await import('./tools/status/command.js')).statusCommand,
    claims: async () => (await import('./commands/claims.js')).claimsCommand,
    refresh: async () => (await import('./commands/refresh.js')).refreshCommand,
    accounts: async () => (await import('./commands/accounts.js')).accountsCommand,
    revoke: async () => (await import('./commands/revoke.js')).revokeCommand,
  },
  DIAGNOSE: {
    explain: async () => {
      const { explainCommand } = await import('./tools/explain/command.js');
      return (runtime) => explainCommand(runtime, explainPorts);
    },
    watch: async () => (await import('./tools/watch/command.js')).watchCommand,
    check: async () => (await import('./tools/check/command.js')).checkCommand,
    doctor: async () => (await import('./tools/doctor/command.js')).doctorCommand,
  },
  TEST: {
    verify: async () => {
      const { verifyCommand } = await import('./tools/verify/command.js');
      return (runtime) => verifyCommand(runtime, verifyPorts);
    },
    emulator: async () => (await import('./tools/emulator/command.js')).emulatorCommand,
  },
};

/** These have no line of their own in the help. */
const others: Readonly<Record<string, () => Promise<CreateCommand>>> = {
  completion: async () => (await import('./tools/completion/command.js')).completionCommand,
  __complete: async () => (await import('./tools/completion/command.js')).completeCommand,
};

const commands = Object.assign({}, ...Object.values(groups), others) as typeof others;
const helpGroups = Object.fromEntries(
  Object.entries(groups).map(([title, members]) => [title, Object.keys(members)]),
);

/** What `gsac exec --metadata` takes from another tool, loaded when it is called. */
export const serveMetadata: ServeMetadata = async (opened, { minTtlSeconds, guard }, work) => {
  const { serveAccount } = await import('./tools/metadata/serve-account.js');
  const options = { host: '127.0.0.1', port: 0, forCommand: true, minTtlSeconds, guard };
  return serveAccount(options, opened, work);
};

/** What `gsac verify` takes from the other tools, loaded when a flow needs it. */
export const verifyPorts: VerifyPorts = {
  async emulator(work, origin) {
    const { createEmulatorClient } = await import('./tools/emulator/client.js');
    return createEmulatorClient(work, origin);
  },
  refuseFault: async (fault) =>
    (await import('./tools/emulator/fault-catalogue.js')).refuseFault(fault),
  async signInWithBrowser(...call) {
    const { signInWithBrowser } = await import('./tools/login/sign-in.js');
    return signInWithBrowser(...call);
  },
};

/** What `gsac explain` takes from `gsac check`, loaded when a project is named. */
export const explainPorts: ExplainPorts = {
  async checkProject(directory, provided) {
    const [{ runCheck }, { rules }] = await Promise.all([
      import('./tools/check/command.js'),
      import('./tools/check/rules/rules.js'),
    ]);
    const { result } = await runCheck({ directory, strict: false, ignore: [] }, provided);
    const isCause = (cause: string | null): cause is string => cause !== null;
    return {
      found: result.findings.flatMap(({ cause, file, line, message, severity }) =>
        cause === null
          ? []
          : [
              {
                cause,
                words: `${line === null ? file : `${file}:${line}`}: ${message}`,
                isError: severity === 'error',
              },
            ],
      ),
      // Where it found no file of an app, its silence says nothing.
      covered: result.files_checked === 0 ? [] : rules.map(({ cause }) => cause).filter(isCause),
    };
  },
};

/**
 * Builds the command line. Where the first argument names a command, that one alone is loaded and
 * declared: the others could neither run nor be shown.
 *
 * @param writeHelp takes the text of `--help` and `--version`; nothing else is written from here. Of
 *   what it is called with for one help, the first is all: commander gives the texts below it once more.
 */
export async function createProgram(
  runtime: Runtime,
  argv: readonly string[],
  writeHelp: (text: string) => void,
): Promise<Command> {
  const program = new Command('gsac')
    .description('Exchange, keep, refresh, inspect and debug Google server auth codes.')
    .option('-V, --version', 'print the version')
    .on('option:version', () => {
      writeHelp(`${runtime.version()}\n`);
      throw new CommanderError(0, 'commander.version', '');
    })
    .helpCommand('help [topic]', 'show a page of the manual')
    .addHelpText(
      'after',
      `Examples:
  $ gsac exchange --client client_secret.json 4/0AdQt8qh…
  $ gsac explain invalid_grant
  $ gsac emulator start     # Google on this machine: no Google account needed

\`gsac <command> --help\` for one command, \`gsac help\` for all topics,
\`gsac help options\` for the options of every command, \`gsac completion\` for TAB.`,
    );
  addGlobalOptions(program);
  const [called = ''] = argv;
  // This one speaks of all the others.
  const wantsAll = called === '__complete';
  const load = !wantsAll && Object.hasOwn(commands, called) ? commands[called] : undefined;
  const loading = load === undefined ? Object.values(commands) : [load];
  for (const create of await Promise.all(loading.map((one) => one()))) {
    const command = create(runtime);
    program.addCommand(command, { hidden: command.name().startsWith('__') });
  }
  settle(program, writeHelp, runtime);
  program.hook('preAction', (_program, command) => {
    runtime.calling(pathOf(command));
    return refuseExcessArguments(command);
  });
  program.action(() => program.outputHelp());
  return program;
}

/**
 * `gsac help files get` and `gsac emulator help` as `--help` says it, which commander reads at any
 * depth; every other call as it is.
 */
export function readHelpCall(program: Command, argv: readonly string[]): readonly string[] {
  const [first, second] = argv;
  const isGroup = (name: string | undefined) =>
    program.commands.some((command) => command.name() === name && command.commands.length > 0);
  if (first === 'help' && isGroup(second)) return [...argv.slice(1), '--help'];
  if (second === 'help' && isGroup(first)) return [...argv.filter((_, at) => at !== 1), '--help'];
  return argv;
}

/** Gives every command, however deep, the same manners: nothing exits, nothing writes by itself. */
function settle(command: Command, writeHelp: (text: string) => void, runtime: Runtime): void {
  command
    .exitOverride((error) => {
      runtime.calling(pathOf(command));
      const isHelp = error.exitCode === 0 || error.code === 'commander.help';
      throw isHelp ? error : toUsageError(error, command, runtime.argv());
    })
    .showSuggestionAfterError(false)
    .helpOption('-h, --help', 'show help')
    // They are refused below, with a better sentence.
    .allowExcessArguments(true)
    .configureHelp({
      formatHelp: (_command, help) =>
        command.parent === null
          ? renderMainHelp(command, helpGroups, runtime.columns())
          : renderCommandHelp(command, help, runtime.columns()),
    })
    .configureOutput({
      writeOut: writeHelp,
      // Errors are thrown, too, and written once, in main.
      writeErr: () => undefined,
      getOutHelpWidth: () => runtime.columns(),
      getErrHelpWidth: () => runtime.columns(),
      // The help has no colours. Asked by commander itself, Node would load its streams for it.
      getOutHasColors: () => false,
      getErrHasColors: () => false,
    });
  for (const inner of command.commands) settle(inner, writeHelp, runtime);
}
