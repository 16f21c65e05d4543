import { type CommandNode, flatten } from './command-tree.js';

/** What the exit codes mean, for whoever reads them in a script. */
export const exitCodes: readonly (readonly [number, string])[] = [
  [0, 'Done.'],
  [1, 'An unexpected failure: a bug, or a broken local file.'],
  [2, 'Usage: bad flags or bad input; nothing was sent.'],
  [3, 'The network or Google is unavailable: trying again may work.'],
  [4, 'Google said no, or there is no such account: a person must act.'],
  [5, 'The store is unavailable, locked or refuses.'],
  [6, 'It ran, and a check failed; the results are printed.'],
  [126, 'gsac exec: the command cannot be run.'],
  [127, 'gsac exec: there is no such command.'],
  [130, 'Cancelled.'],
];

const variables: readonly (readonly [string, string])[] = [
  ['GSAC_HOME', 'The folder of all files of gsac, in place of the platform’s usual ones.'],
  ['GSAC_ACCOUNT', 'As --account.'],
  ['GSAC_CLIENT', 'As --client.'],
  ['GSAC_CLIENT_ID, GSAC_CLIENT_SECRET', 'As --client-id, with its secret.'],
  ['GSAC_STORE', 'As --store: keychain, file or env.'],
  ['GSAC_PASSPHRASE, GSAC_FILE_KEY', 'Open the file store; the key is 32 random bytes in base64.'],
  ['GSAC_CREDENTIALS', 'An authorized_user JSON or its path: the env store.'],
  ['GSAC_REFRESH_TOKEN', 'With GSAC_CLIENT_ID and GSAC_CLIENT_SECRET: the env store.'],
  ['BROWSER', 'The program that gsac login opens an address with; none for no program.'],
  ['NO_COLOR, FORCE_COLOR', 'Without colour, or with it wherever the output goes.'],
  ['HTTPS_PROXY, NO_PROXY', 'The proxy, and what is not asked through it; loopback never is.'],
];

/**
 * The manual of gsac(1) in roff, from the same declarations as the help: every command with its
 * options and examples, the global options once, the exit codes.
 */
export function renderManPage(root: CommandNode, version: string): string {
  const nodes = flatten(root).filter(({ path }) => path !== root.path);
  const globals = root.options;
  const blocks = [
    `.TH GSAC 1 "" ${argument(`gsac ${version}`)} "User Commands"`,
    section('NAME', text(`gsac - ${lowerFirst(root.description.replace(/\.$/, ''))}`)),
    section('SYNOPSIS', `${bold('gsac')} ${text('<command> [options]')}`),
    section(
      'DESCRIPTION',
      text(
        'Results go to stdout; progress, warnings and errors go to stderr. A result is written for people, or with --json as one JSON document. Secrets are masked unless a command exists to print them.',
      ),
    ),
    section('COMMANDS', nodes.map(describeCommand).join('\n')),
    section('GLOBAL OPTIONS', globals.map(describeOption).join('\n')),
    section('EXIT STATUS', exitCodes.map(([code, what]) => item(String(code), what)).join('\n')),
    section('ENVIRONMENT', variables.map(([name, what]) => item(name, what)).join('\n')),
    section('EXAMPLES', example(root.epilogue)),
    section('SEE ALSO', text('https://developers.google.com/identity/sign-in/ios/offline-access')),
  ];
  return `${blocks.join('\n')}\n`;
}

function describeCommand(node: CommandNode): string {
  const own = node.options.filter(({ isGlobal, names }) => !isGlobal && !names.includes('--help'));
  return [
    `.SS ${argument(node.usage.replace(' [options]', ''))}`,
    text(node.description),
    ...node.arguments
      .filter(({ description }) => description !== '')
      .map(({ name, description }) => item(`<${name}>`, description)),
    ...own.map(describeOption),
    example(node.epilogue),
  ].join('\n');
}

function describeOption({ flags, description }: { flags: string; description: string }): string {
  return item(flags, description);
}

function section(title: string, body: string): string {
  return `.SH ${argument(title)}\n${body}`;
}

function item(term: string, description: string): string {
  return `.TP\n${bold(term)}\n${text(description)}`;
}

/** The lines below a help: those with a prompt keep their shape. */
function example(epilogue: string): string {
  const lines = epilogue.split('\n').filter((line) => line.trim() !== '');
  const out: string[] = [];
  let isShaped = false;
  for (const line of lines) {
    const wants = line.startsWith('  ');
    if (wants !== isShaped) out.push(wants ? '.PP\n.RS 4\n.nf' : '.fi\n.RE');
    if (!wants) out.push('.PP');
    out.push(text(wants ? line.slice(2) : line));
    isShaped = wants;
  }
  if (isShaped) out.push('.fi\n.RE');
  return out.join('\n');
}

function bold(plain: string): string {
  return `\\fB${toRoff(plain)}\\fR`;
}

/** A line of text: one that begins with a dot or a quote would be taken for a request. */
function text(plain: string): string {
  return plain
    .split('\n')
    .map((line) => (/^[.']/.test(line) ? `\\&${toRoff(line)}` : toRoff(line)))
    .join('\n');
}

function argument(plain: string): string {
  return `"${toRoff(plain).replaceAll('"', '\\(dq')}"`;
}

/** A hyphen that is typed must stay one, and a backslash is roff's own. */
function toRoff(plain: string): string {
  return plain
    .replaceAll('\\', '\\e')
    .replaceAll('-', '\\-')
    .replaceAll('`', '\\(ga')
    .replaceAll('’', '\\(cq')
    .replaceAll('…', '...')
    .replaceAll('–', '\\(en');
}

function lowerFirst(plain: string): string {
  return plain.charAt(0).toLowerCase() + plain.slice(1);
}
