import { type CommandNode, flatten, programRunners, type ValueHint } from './command-tree.js';

/** The completion of fish, with a word on each command and option. */
export function renderFishCompletion(root: CommandNode): string {
  const nodes = flatten(root);
  const valued = nodes.flatMap((node) =>
    node.options
      .filter(({ value }) => value !== undefined)
      .flatMap(({ names }) => names.map((name) => quote(`${node.path} ${name}`))),
  );
  const paths = nodes.filter(({ path }) => path !== root.path).map(({ path }) => quote(path));
  return `# fish completion of gsac: gsac completion fish | source

function __gsac_accounts
    gsac __complete accounts 2>/dev/null
end

# Whether the words so far name this command.
function __gsac_at
    set -l path gsac
    set -l skip 0
    for word in (commandline -opc)[2..-1]
        if test $skip = 1
            set skip 0
            continue
        end
        if test "$word" = --
            set path "$path --"
            break
        end
        if contains -- "$path $word" ${paths.join(' ')}
            set path "$path $word"
        else if contains -- "$path $word" ${valued.join(' ')}
            set skip 1
        end
    end
    test "$path" = "$argv[1]"
end

# What a program takes whose command line follows --.
function __gsac_program
    set -l words (commandline -opc)
    set -l at (contains -i -- -- $words)
    set -e words[1..$at]
    complete -C (string join ' ' -- (string escape -- $words) (commandline -ct))
end

complete -c gsac -f
${programRunners(root)
  .map(
    (path) =>
      `complete -c gsac -n ${quote(`__gsac_at ${quote(`${path} --`)}`)} -a '(__gsac_program)'`,
  )
  .join('\n')}
${nodes.flatMap(linesOf).join('\n')}
`;
}

function linesOf(node: CommandNode): string[] {
  const at = `complete -c gsac -n ${quote(`__gsac_at ${quote(node.path)}`)}`;
  const commands = node.commands.map(
    ({ name, summary }) => `${at} -a ${quote(name)} -d ${quote(summary)}`,
  );
  const words = commands.length > 0 ? [] : argumentLines(at, node.arguments[0]?.value);
  const options = node.options.map(({ names, description, value }) => {
    const spelled = names.map((name) =>
      name.startsWith('--') ? `-l ${quote(name.slice(2))}` : `-s ${quote(name.slice(1))}`,
    );
    return `${at} ${spelled.join(' ')}${takenBy(value)} -d ${quote(description)}`;
  });
  return [...commands, ...words, ...options];
}

function argumentLines(at: string, hint: ValueHint | undefined): string[] {
  if (hint === undefined || hint.kind === 'nothing') return [];
  return [hint.kind === 'files' ? `${at} -F` : `${at} -a ${listOf(hint)}`];
}

function takenBy(hint: ValueHint | undefined): string {
  if (hint === undefined) return '';
  if (hint.kind === 'files') return ' -r -F';
  return hint.kind === 'nothing' ? ' -x' : ` -x -a ${listOf(hint)}`;
}

function listOf(hint: ValueHint): string {
  return quote(hint.kind === 'choices' ? hint.choices.join(' ') : '(__gsac_accounts)');
}

function quote(text: string): string {
  return `'${text.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`;
}
