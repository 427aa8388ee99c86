# Reads command lines, and prints the candidates of each. $argv[1] is the completion script.
source $argv[1]
while read --line given
    set --local offered (complete --do-complete $given | string replace --regex '\t.*' '')
    echo "$given => $offered"
end
