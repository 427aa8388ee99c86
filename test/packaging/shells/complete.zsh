# Reads command lines, types each into an interactive zsh, followed by a tab, and prints the
# candidates. $1 is the completion script.
zmodload zsh/zpty
zpty inner zsh -f -i
say() { zpty -w inner "$1"; zpty -r inner answer "*ready*" }
say "PROMPT= RPROMPT=; stty -echo; autoload -U compinit; compinit -D -u; source $1; fpath+=(/none)
  compadd() { local -a hits; builtin compadd -O hits \"\$@\"; print -rn -- \"<\$hits>\" }
  offer() { _main_complete; print -rn -- 'end' }
  zle -C offer complete-word offer; bindkey '^I' offer; print ready''"
while IFS= read -r line; do
  zpty -w -n inner $'\C-u'"$line"$'\t'
  zpty -r inner answer "*end*"
  [[ $answer == *\<* ]] || answer='<>'
  print -r -- "$line => ${${answer##*<}%%>*}"
done
