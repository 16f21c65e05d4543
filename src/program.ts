import { Command, CommanderError } from 'commander';
import { pathOf, refuseExcessArguments } from './cli/arguments.js';
import { addGlobalOptions } from './cli/globals.js';
import type { Runtime } from './cli/runtime.js';
import type { ExplainPorts } from './tools/explain/ports.js';
import type { VerifyPorts } from './tools/verify/ports.js';

type CreateCommand = (runtime: Runtime) => Command;

/** Every command, in the order of the help. A new one is a file in commands/ and its line here. */
const commands: Readonly<Record<string, () => Promise<CreateCommand>>> = {
  exchange: async () => (await import('./commands/exchange.js')).exchangeCommand,
  listen: async () => (await import('./tools/listen/command.js')).listenCommand,
  login: async () => (await import('./tools/login/command.js')).loginCommand,
  token: async () => (await import('./commands/token.js')).tokenCommand,
  exec: async () => (await import('./commands/exec.js')).execCommand,
  export: async () => (await import('./commands/export.js')).exportCommand,
  refresh: async () => (await import('./commands/refresh.js')).refreshCommand,
  claims: async () => (await import('./commands/claims.js')).claimsCommand,
  files: async () => (await import('./commands/files.js')).filesCommand,
  accounts: async () => (await import('./commands/accounts.js')).accountsCommand,
  verify: async () => {
    const { verifyCommand } = await import('./tools/verify/command.js');
    return (runtime) => verifyCommand(runtime, verifyPorts);
  },
  check: async () => (await import('./tools/check/command.js')).checkCommand,
  status: async () => (await import('./tools/status/command.js')).statusCommand,
  doctor: async () => (await import('./tools/doctor/command.js')).doctorCommand,
  revoke: async () => (await import('./commands/revoke.js')).revokeCommand,
  explain: async () => {
    const { explainCommand } = await import('./tools/explain/command.js');
    return (runtime) => explainCommand(runtime, explainPorts);
  },
  emulator: async () => (await import('./tools/emulator/command.js')).emulatorCommand,
  completion: async () => (await import('./tools/completion/command.js')).completionCommand,
  __complete: async () => (await import('./tools/completion/command.js')).completeCommand,
};

/** What `gsac verify` takes from the other tools, loaded when a flow needs it. */
export const verifyPorts: VerifyPorts = {
  async emulator(work) {
    const { createEmulatorClient } = await import('./tools/emulator/client.js');
    return createEmulatorClient(work);
  },
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
    const { result } = await runCheck({ directory, strict: false }, provided);
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
 * @param writeHelp takes the text of `--help` and `--version`; nothing else is written from here.
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
      '\nExample:\n  $ gsac exchange --client client_secret.json 4/0AdQt8qh…\n  $ curl -H "$(gsac token --format header)" https://www.googleapis.com/drive/v3/about\n\nWithout a Google account: gsac emulator start',
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
      throw isOfProgram(error, command, runtime) ? withDashes(error, command) : error;
    })
    .helpOption('-h, --help', 'show help')
    // They are refused below, with a better sentence.
    .allowExcessArguments(true)
    .configureHelp({ showGlobalOptions: command.parent !== null })
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

/** Whether an option that is not ours is probably one of the program that a command runs. */
function isOfProgram({ code }: CommanderError, command: Command, runtime: Runtime): boolean {
  const runsProgram = command.registeredArguments[0]?.name() === 'command';
  return runsProgram && code === 'commander.unknownOption' && !runtime.argv().includes('--');
}

/** The error with a hint in the place of commander's suggestion, which is of our own options. */
function withDashes({ exitCode, code, message }: CommanderError, command: Command): CommanderError {
  const [what = ''] = message.split('\n');
  const hint = `The command and its options stand behind --: \`${pathOf(command)} -- <command> [args…]\`.`;
  return new CommanderError(exitCode, code, `${what}\n${hint}`);
}
