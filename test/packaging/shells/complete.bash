# Reads command lines, and prints the candidates of each, without the part of the word that bash
# keeps. $1 is the completion script.
source "$1"
while IFS= read -r COMP_LINE; do
  COMP_POINT=${#COMP_LINE}
  $(complete -p ipvsadm | sed 's/.*-F \([^ ]*\) .*/\1/')
  echo "$COMP_LINE => ${COMPREPLY[*]}"
done
