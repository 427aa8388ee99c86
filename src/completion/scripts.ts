/** A completion script for each shell: the table, the awk program that finds the candidates, and what the shell wants. */
import { candidates } from './candidates';
import { type CommandTree, completionTable } from './table';

export const completionScripts = {
  bash: (tree: CommandTree) => `# Completion of ipvsadm for bash: source this file.
_ipvsadm_candidates() {
  printf '%s' ${quotedForSh(completionTable(tree))} | awk ${quotedForSh(candidates)} "$@"
}
_ipvsadm() {
  local line=\${COMP_LINE:0:COMP_POINT} words typed breaks before='' candidate
  read -ra words <<<"$line"
  [[ $line == *[[:space:]] ]] && words+=('')
  typed=\${words[-1]}
  # Addresses have colons, at which bash begins a new word: it wants only what follows.
  breaks=\${COMP_WORDBREAKS//[^:=]/}
  [[ $breaks ]] && before=\${typed%"\${typed##*[$breaks]}"}
  COMPREPLY=()
  while IFS=$'\\t' read -r candidate _; do
    if [[ $candidate == :file ]]; then
      compopt -o filenames 2>/dev/null
      mapfile -t COMPREPLY < <(compgen -f -- "\${typed#--*=}")
    else
      COMPREPLY+=("\${candidate#"$before"}")
    fi
  done < <(IPVSADM_COMPLETING=\${words[0]} _ipvsadm_candidates "\${words[@]:1}")
}
complete -F _ipvsadm ipvsadm
`,

  zsh: (tree: CommandTree) => `#compdef ipvsadm
# Completion of ipvsadm for zsh: source this file, or lay it as _ipvsadm into a directory of fpath.
_ipvsadm_candidates() {
  printf '%s' ${quotedForSh(completionTable(tree))} | awk ${quotedForSh(candidates)} "$@"
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

  fish: (tree: CommandTree) => `# Completion of ipvsadm for fish.
function __ipvsadm_candidates
    printf '%s' ${quotedForFish(completionTable(tree))} | awk ${quotedForFish(candidates)} $argv
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
} as const;

function quotedForSh(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`;
}

/** Between single quotes fish reads \\\\ and \\' as one character; nothing else is special. */
function quotedForFish(text: string): string {
  return `'${text.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`;
}
