/**
 * What each shell loads. All of them ask `gsac __complete words -- <words…>` at a TAB, whose first
 * line says what to offer, and whose other lines are words, each with a tabulator and what it means.
 * So a script never has to be made anew for a later gsac.
 */
export const scripts = {
  /** bash, 3.2 and later; it needs no other package. */
  bash: `# bash completion of gsac: eval "$(gsac completion bash)"

_gsac() {
  local line="\${COMP_LINE:0:COMP_POINT}" typed="\${2#[\\"\\']}" at char quote begun cur kind word prefix
  local -a words
  COMPREPLY=()
  # bash breaks words at @ and =, which stand in addresses and flags. Quotes hold words together.
  for ((at = 0; at < \${#line}; at++)); do
    char="\${line:at:1}"
    if [ -z "$quote" ] && [[ "$char" == [[:space:]] ]]; then
      [ -z "$begun" ] || words+=("$cur")
      cur="" begun=""
      continue
    fi
    begun=1
    case "$char" in
      "$quote") quote="" ;;
      \\\\) [ "$quote" = "'" ] || char="\${line:$((++at)):1}"; cur+="$char" ;;
      [\\"\\']) if [ -z "$quote" ]; then quote="$char"; else cur+="$char"; fi ;;
      *) cur+="$char" ;;
    esac
  done
  words+=("$cur")
  # What is replaced is the second argument: bash keeps what stands before it, and not the @ itself.
  prefix="\${cur%"$typed"}"
  while IFS=$'\\t' read -r word _; do
    if [ -z "$kind" ]; then kind="$word"; else COMPREPLY+=("\${word#"$prefix"}"); fi
  done < <(gsac __complete words -- "\${words[@]:1}" 2>/dev/null)
  case "$kind" in
    files) compopt -o default 2>/dev/null ;;
    program)
      case "$line" in
        *' -- '*[[:space:]]*) compopt -o default 2>/dev/null ;;
        *) while IFS= read -r word; do COMPREPLY+=("$word"); done < <(compgen -c -- "$2") ;;
      esac ;;
  esac
}

complete -F _gsac gsac
`,
  zsh: `#compdef gsac
# zsh completion of gsac: put it into a folder of $fpath as _gsac, or: eval "$(gsac completion zsh)"

_gsac() {
  local -a found entries
  local -i at
  # The quote at the cursor may still be open, which (Q) leaves as it is.
  found=("\${(@f)$(gsac __complete words -- "\${(@Q)words[2,CURRENT-1]}" \\
    "\${\${(Q)words[CURRENT]}#[\\"\\']}" 2>/dev/null)}")
  case "\${found[1]}" in
    files) [[ "\${words[CURRENT]}" == --*=* ]] && compset -P '*='; _files ;;
    program) at=\${words[(i)--]}; shift $at words; (( CURRENT -= at )); _normal ;;
    words)
      found=("\${(@)found[2,-1]//:/\\\\:}")
      entries=("\${(@)found//$'\\t'/:}")
      _describe -V gsac entries ;;
  esac
}

if [[ "\${funcstack[1]}" == _gsac ]]; then _gsac "$@"; else compdef _gsac gsac; fi
`,
  fish: `# fish completion of gsac: gsac completion fish | source

function __gsac_complete
    set -l before (commandline -opc)
    set -l typed (commandline -ct)
    set -l found (gsac __complete words -- $before[2..-1] (string unescape -- $typed) 2>/dev/null)
    switch "$found[1]"
        case files
            # fish itself reads the path, with its quotes.
            set -l lead (string match -r -- '^--[^=]*=' $typed)
            set -l path (string replace -- "$lead" '' $typed)
            for found in (complete -C "'' $path")
                echo "$lead$found"
            end
        case program
            set -l at (contains -i -- -- $before)
            set -e before[1..$at]
            complete -C (string join ' ' -- (string escape -- $before) $typed)
        case words
            string join \\n -- $found[2..-1]
    end
end

complete -c gsac -f -a '(__gsac_complete)'
`,
  /** Windows PowerShell 5.1 and later. */
  powershell: `# PowerShell completion of gsac: gsac completion powershell | Add-Content $PROFILE

Register-ArgumentCompleter -Native -CommandName gsac -ScriptBlock {
    param($current, $line, $cursor)
    $words = @($line.CommandElements | Select-Object -Skip 1 |
        Where-Object { $_.Extent.StartOffset -lt $cursor } | ForEach-Object { "$_" })
    # An empty word would be lost on the way, and a bare -- as well.
    $what = if ($current -eq '') { 'next' } else { 'words' }
    $found = @(gsac __complete $what '--' @words 2>$null)
    # Without an answer PowerShell completes paths.
    if ($found[0] -ne 'words') { return }
    $found | Select-Object -Skip 1 | ForEach-Object {
        $word, $meaning = $_ -split "\`t", 2
        if (-not $meaning) { $meaning = $word }
        [System.Management.Automation.CompletionResult]::new($word, $word, 'ParameterValue', $meaning)
    }
}
`,
} as const;
