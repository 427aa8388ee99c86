# Reads command lines and prints for each what the completion that $1 defines offers, after what bash keeps of the word.
source "$1"
while IFS= read -r COMP_LINE; do
  COMP_POINT=${#COMP_LINE}
  $(complete -p ipvsadm | sed 's/.*-F \([^ ]*\) .*/\1/')
  echo "$COMP_LINE => ${COMPREPLY[*]}"
done
