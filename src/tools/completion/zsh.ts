import { type CommandNode, flatten, programRunners, type ValueHint } from './command-tree.js';

/** The completion of zsh, with a word on each command and option. */
export function renderZshCompletion(root: CommandNode): string {
  const nodes = flatten(root);
  const paths = nodes.filter(({ path }) => path !== root.path).map(({ path }) => quote(path));
  return `#compdef gsac
# zsh completion of gsac: put it into a folder of $fpath as _gsac, or: eval "$(gsac completion zsh)"

_gsac_accounts() {
  local -a accounts
  accounts=(\${(f)"$(gsac __complete accounts 2>/dev/null)"})
  compadd -a accounts
}

_gsac_words() {
  local -a entries
  case "$1" in
${nodes.map((node) => `    ${quote(node.path)}) ${wordsOf(node)} ;;`).join('\n')}
  esac
}

_gsac_options() {
  local -a entries
  case "$1" in
${nodes
  .map(
    (node) =>
      `    ${quote(node.path)}) ${describe(
        'option',
        node.options.flatMap(({ names, description }) =>
          names.map((name): [string, string] => [name, description]),
        ),
      )} ;;`,
  )
  .join('\n')}
  esac
}

# What an option takes; fails for one that takes nothing.
_gsac_value() {
  local -a entries
  case "$1" in
${nodes
  .flatMap((node) =>
    node.options
      .filter(({ value }) => value !== undefined)
      .map(
        ({ names, value }) =>
          `    ${names.map((name) => quote(`${node.path} ${name}`)).join('|')}) [[ -n "$2" ]] || { ${emit(value)} } ;;`,
      ),
  )
  .join('\n')}
    *) return 1 ;;
  esac
  return 0
}

_gsac() {
  local path_=gsac prev="" word
  local -i at=1
  for word in "\${(@)words[2,CURRENT-1]}"; do
    (( at += 1 ))
    if [[ "$word" == -- ]]; then
      case "$path_" in
        ${programRunners(root).map(quote).join('|')}) shift $at words; (( CURRENT -= at )); _normal ;;
        *) _default ;;
      esac
      return
    fi
    if [[ -n "$prev" ]]; then prev=""; continue; fi
    case "$path_ $word" in
      ${paths.join('|')}) path_="$path_ $word" ;;
      *' '-*=*) ;;
      *' '-*) if _gsac_value "$path_ $word" test; then prev="$word"; fi ;;
    esac
  done
  if [[ -n "$prev" ]]; then
    _gsac_value "$path_ $prev" ""
  elif [[ "\${words[CURRENT]}" == --*=* ]]; then
    compset -P '*='
    _gsac_value "$path_ \${words[CURRENT]%%=*}" ""
  elif [[ "\${words[CURRENT]}" == -* ]]; then
    _gsac_options "$path_"
  else
    _gsac_words "$path_"
  fi
}

if [[ "\${funcstack[1]}" == _gsac ]]; then _gsac "$@"; else compdef _gsac gsac; fi
`;
}

function wordsOf(node: CommandNode): string {
  if (node.commands.length === 0) return emit(node.arguments[0]?.value);
  return describe(
    'command',
    node.commands.map(({ name, summary }) => [name, summary]),
  );
}

function emit(hint: ValueHint | undefined): string {
  if (hint === undefined || hint.kind === 'nothing') return ':;';
  if (hint.kind === 'choices') return `compadd -- ${hint.choices.map(quote).join(' ')};`;
  return hint.kind === 'accounts' ? '_gsac_accounts;' : '_files;';
}

function describe(what: string, entries: readonly [string, string][]): string {
  const items = entries.map(([name, text]) => quote(`${name.replaceAll(':', '\\:')}:${text}`));
  return `entries=(${items.join(' ')}); _describe -t ${what}s ${what} entries`;
}

function quote(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`;
}
