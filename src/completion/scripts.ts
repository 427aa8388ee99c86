import { type CommandTree, completionTable } from './table';

export type Shell = 'bash' | 'zsh' | 'fish';

/**
 * The completion script of each shell: it runs `program`, the text of candidates.awk, on the
 * completion table, and hands the candidates to the shell.
 */
export const completionScripts: Readonly<Record<Shell, (tree: CommandTree, program: string) => string>> = {
  bash: (tree, program) => `# Completion of ipvsadm for bash: source this file.
_ipvsadm_candidates() {
  printf '%s' ${quotedForSh(completionTable(tree))} | awk ${quotedForSh(program)} "$@"
}
# Splits a command line into words without quotes and backslashes. Sets quote to the one left open.
_ipvsadm_split() {
  local line=$1 word='' begun='' next
  words=() quote=''
  while [[ $line ]]; do
    next=\${line:0:1} line=\${line:1}
    if [[ $quote && $next == "$quote" ]]; then
      quote=''
    elif [[ $next == "$backslash" && ( ! $quote || $quote == "$double" && $line == $special* ) ]]; then
      word+=\${line:0:1} line=\${line:1} begun=1
    elif [[ ! $quote && ( $next == "$single" || $next == "$double" ) ]]; then
      quote=$next begun=1
    elif [[ ! $quote && $next == [[:space:]] ]]; then
      [[ $begun ]] && words+=("$word")
      word='' begun=''
    else
      word+=$next begun=1
    fi
  done
  words+=("$word")
}
# Sets reply to a candidate quoted so that bash reads it as one word without expansions.
_ipvsadm_quote() {
  local rest=$1 next
  [[ $quote ]] || { printf -v reply %q "$1"; return; }
  reply=''
  while [[ $rest ]]; do
    next=\${rest:0:1} rest=\${rest:1}
    if [[ $quote == "$single" && $next == "$single" ]]; then reply+=$single$backslash$single
    elif [[ $quote == "$double" && $next == $special ]]; then reply+=$backslash
    fi
    reply+=$next
  done
}
_ipvsadm() {
  local words typed quote breaks before='' candidate reply
  local single="'" double='"' backslash='\\' special='[\\\\"\`$]'
  _ipvsadm_split "\${COMP_LINE:0:COMP_POINT}"
  typed=\${words[-1]}
  # Bash begins a new word at : and = outside quotes, and replaces only what follows the last of them.
  breaks=\${COMP_WORDBREAKS//[^:=]/}
  [[ $breaks && ! $quote ]] && before=\${typed%"\${typed##*[$breaks]}"}
  COMPREPLY=()
  while IFS=$'\\t' read -r candidate _; do
    if [[ $candidate == :file ]]; then
      compopt -o filenames 2>/dev/null
      mapfile -t COMPREPLY < <(compgen -f -- "\${typed#--*=}")
    else
      _ipvsadm_quote "\${candidate#"$before"}"
      COMPREPLY+=("$reply")
    fi
  done < <(IPVSADM_COMPLETING=\${words[0]} _ipvsadm_candidates "\${words[@]:1}")
}
complete -F _ipvsadm ipvsadm
`,

  zsh: (tree, program) => `#compdef ipvsadm
# Completion of ipvsadm for zsh: source this file, or install it as _ipvsadm in fpath.
_ipvsadm_candidates() {
  printf '%s' ${quotedForSh(completionTable(tree))} | awk ${quotedForSh(program)} "$@"
}
_ipvsadm() {
  local candidate meaning
  local -a found shown given
  given=("\${(@Q)words[2,CURRENT-1]}" "\${(Q)PREFIX}")
  while IFS=$'\\t' read -r candidate meaning; do
    if [[ $candidate == :file ]]; then
      compset -P '--*='
      _files
    else
      found+=("$candidate")
      shown+=("$candidate\${meaning:+  -- $meaning}")
    fi
  done < <(IPVSADM_COMPLETING=\${words[1]} _ipvsadm_candidates "\${given[@]}")
  (( $#found )) && compadd -l -d shown -a found
}
if [[ $funcstack[1] == _ipvsadm ]]; then
  _ipvsadm "$@"
else
  compdef _ipvsadm ipvsadm
fi
`,

  fish: (tree, program) => `# Completion of ipvsadm for fish.
function __ipvsadm_candidates
    printf '%s' ${quotedForFish(completionTable(tree))} | awk ${quotedForFish(program)} $argv
end
function __ipvsadm_complete
    set -l given (commandline -opc)
    set -lx IPVSADM_COMPLETING $given[1]
    set -e given[1]
    set -l typed (commandline -ct)
    for line in (__ipvsadm_candidates $given "$typed")
        if test $line = :file
            __fish_complete_path (string replace -r '^--.*?=' '' -- "$typed")
        else
            echo $line
        end
    end
end
complete -c ipvsadm -f -a '(__ipvsadm_complete)'
`,
};

/** Text between single quotes, as POSIX shells read it. */
function quotedForSh(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`;
}

/**
 * Text between single quotes, as fish reads it: a backslash escapes a backslash and a quote,
 * nothing else.
 */
function quotedForFish(text: string): string {
  return `'${text.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`;
}
