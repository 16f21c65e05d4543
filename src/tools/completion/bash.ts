import {
  type CommandNode,
  flatten,
  type OptionNode,
  programRunners,
  type ValueHint,
} from './command-tree.js';

/** The completion of bash, 3.2 and later; it needs no other package. */
export function renderBashCompletion(root: CommandNode): string {
  const nodes = flatten(root);
  const paths = nodes.filter(({ path }) => path !== root.path).map(({ path }) => quote(path));
  return `# bash completion of gsac: eval "$(gsac completion bash)"

_gsac_accounts() { [ -n "$_gsac_probe" ] || gsac __complete accounts 2>/dev/null; }

# The commands and choices that may follow, one a line.
_gsac_words() {
  case "$1" in
${nodes.map((node) => `    ${quote(node.path)}) ${emit(wordsOf(node))} ;;`).join('\n')}
  esac
}

_gsac_options() {
  case "$1" in
${nodes.map((node) => `    ${quote(node.path)}) ${print(node.options.flatMap(({ names }) => names).concat('--help'))} ;;`).join('\n')}
  esac
}

# What an option takes; fails for one that takes nothing.
_gsac_value() {
  case "$1" in
${nodes.flatMap((node) => node.options.filter(takesValue).map((option) => `    ${option.names.map((name) => quote(`${node.path} ${name}`)).join('|')}) ${emit(option.value)} ;;`)).join('\n')}
    *) return 1 ;;
  esac
}

_gsac() {
  local line="\${COMP_LINE:0:COMP_POINT}" path=gsac cur prev="" word prefix found
  local -a words
  local -i at=0
  COMPREPLY=()
  # bash breaks words at @ and =, which stand in addresses and flags.
  read -ra words <<<"$line"
  case "$line" in *[[:space:]]) words+=("") ;; esac
  cur="\${words[\${#words[@]} - 1]}"
  unset "words[\${#words[@]}-1]"
  for word in "\${words[@]:1}"; do
    at+=1
    if [ "$word" = "--" ]; then
      # A program of its own follows, then what that takes.
      case "$path:$((\${#words[@]} - at))" in
        ${programRunners(root)
          .map((runner) => quote(`${runner}:1`))
          .join(
            '|',
          )}) while IFS= read -r word; do COMPREPLY+=("$word"); done < <(compgen -c -- "$2") ;;
        *) compopt -o default 2>/dev/null ;;
      esac
      return
    fi
    if [ -n "$prev" ]; then prev=""; continue; fi
    case "$path $word" in
      ${paths.join('|')}) path="$path $word" ;;
      *' '-*=*) ;;
      *' '-*) if _gsac_probe=1 _gsac_value "$path $word" >/dev/null; then prev="$word"; fi ;;
    esac
  done
  case "$cur" in
    --*=*) prev="\${cur%%=*}" ;;
  esac
  if [ -n "$prev" ]; then
    found=$(_gsac_value "$path $prev")
    case "$cur" in --*=*) found=$(printf '%s\\n' "$found" | sed "s/^./$prev=&/") ;; esac
  elif [ "\${cur:0:1}" = - ]; then
    found=$(_gsac_options "$path")
  else
    found=$(_gsac_words "$path")
  fi
  if [ "$found" = "\${found%:files}:files" ] && [ -n "$found" ]; then
    compopt -o default 2>/dev/null
    return
  fi
  # What is replaced is the second argument: bash keeps what stands before it, and not the @ itself.
  prefix="\${cur%"$2"}"
  while IFS= read -r word; do
    case "$word" in
      "") ;;
      "$cur"*) COMPREPLY+=("\${word#"$prefix"}") ;;
    esac
  done <<<"$found"
}

complete -F _gsac gsac
`;
}

function takesValue(option: OptionNode): boolean {
  return option.value !== undefined;
}

function wordsOf(node: CommandNode): ValueHint {
  if (node.commands.length > 0) {
    return { kind: 'choices', choices: node.commands.map(({ name }) => name) };
  }
  return node.arguments[0]?.value ?? { kind: 'nothing' };
}

function emit(hint: ValueHint | undefined): string {
  if (hint === undefined || hint.kind === 'nothing') return ':';
  if (hint.kind === 'choices') return print(hint.choices);
  return hint.kind === 'accounts' ? '_gsac_accounts' : 'echo :files';
}

function print(words: readonly string[]): string {
  return `printf '%s\\n' ${[...new Set(words)].map(quote).join(' ')}`;
}

function quote(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`;
}
