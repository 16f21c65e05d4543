import { type CommandNode, flatten, type OptionNode, type ValueHint } from './command-tree.js';

/** What may follow on a command line. */
export interface Completion {
  /** What the shell offers: what is in `entries`, files, or what a program behind `--` takes. */
  kind: 'words' | 'files' | 'program';
  /** What the word at the cursor may become, each with what it means. */
  entries: [word: string, description: string][];
}

/**
 * What the last of some words may become. Whatever a shell does not replace as a whole word, such as
 * the part behind an `@` in bash, is the shell's script to cut off.
 *
 * @param words what is typed behind `gsac`; the last is the word at the cursor, and may be empty.
 * @param known asked for the names of what is on this machine if one may follow.
 */
export async function complete(
  root: CommandNode,
  words: readonly string[],
  known: (what: 'accounts' | 'stores') => Promise<string[]>,
): Promise<Completion> {
  const current = words.at(-1) ?? '';
  const nodes = new Map(flatten(root).map((node) => [node.path, node]));
  let node = root;
  let option: OptionNode | undefined;
  for (const word of words.slice(0, -1)) {
    if (word === '--') {
      const runsProgram = node.arguments[0]?.name === 'command';
      return { kind: runsProgram ? 'program' : 'files', entries: [] };
    }
    if (option !== undefined) option = undefined;
    else if (word.startsWith('-')) option = valued(node, word);
    else node = nodes.get(`${node.path} ${word}`) ?? node;
  }
  const [flag, lead] = splitFlag(current);
  if (option === undefined && lead !== '') option = valued(node, flag);

  async function fromHint(hint: ValueHint): Promise<Completion> {
    if (hint.kind === 'files') return { kind: 'files', entries: [] };
    if (hint.kind === 'nothing') return offer([]);
    const values = hint.kind === 'choices' ? hint.choices : await known(hint.kind);
    return offer(values.map((value) => [`${lead}${value}`, '']));
  }
  const offer = (entries: Completion['entries']): Completion => ({
    kind: 'words',
    entries: entries.filter(([word]) => word.startsWith(current)),
  });

  if (option?.value !== undefined) return fromHint(option.value);
  if (current.startsWith('-')) {
    const options = node.options.flatMap(({ names, description }) =>
      names.map((name): [string, string] => [name, description]),
    );
    return offer([...options, ['--help', 'show help']]);
  }
  if (node.commands.length > 0) {
    return offer(node.commands.map(({ name, summary }) => [name, summary]));
  }
  return fromHint(node.arguments[0]?.value ?? { kind: 'nothing' });
}

/** `--store=fi` as its flag, and what stands before the value. */
function splitFlag(word: string): [flag: string, lead: string] {
  const at = word.startsWith('--') ? word.indexOf('=') : -1;
  return at < 0 ? [word, ''] : [word.slice(0, at), word.slice(0, at + 1)];
}

function valued({ options }: CommandNode, name: string): OptionNode | undefined {
  return options.find(({ names, value }) => value !== undefined && names.includes(name));
}
