# Reads command lines and prints for each what the completion in $argv[1] offers.
source $argv[1]
while read --line given
    set --local offered (complete --do-complete $given | string replace --regex '\t.*' '')
    echo "$given => $offered"
end
