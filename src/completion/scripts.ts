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
_ipvsadm() {
  local line=\${COMP_LINE:0:COMP_POINT} words typed breaks before='' candidate
  read -ra words <<<"$line"
  [[ $line == *[[:space:]] ]] && words+=('')
  typed=\${words[-1]}
  # Bash begins a new word at : and =, and replaces only what follows the last of them.
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
