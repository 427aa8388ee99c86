# The part of a guest that serves jobs, told by lines on stdin and answering on stdout:
#   run N    runs the job in /jobs/N, answered in the end by "@lab done N STATUS" (see job.sh)
#   kill N   ends that job at once, with all its processes
#   quit     (or the end of input) ends the agent
# Every fork costs milliseconds in a guest, hence the few processes per job.
# shellcheck shell=dash

scripts=$1

echo "@lab ready $(uname -r)"
while read -r order number; do
  case $order in
    run)
      unshare -m -n -p -f --mount-proc /lab/busybox sh "$scripts/job.sh" "$number" &
      echo $! >"/run/job-$number"
      jobs >/dev/null # buries those that have ended
      ;;
    kill)
      # The child of the unshare above is the first process of the job's namespaces: all die with it.
      parent=$(cat "/run/job-$number")
      first=$(awk -v parent="$parent" '$4 == parent { print $1 }' /proc/[0-9]*/stat 2>/dev/null)
      [ -z "$first" ] || kill -KILL "$first" && echo "@lab done $number 137"
      ;;
    quit) break ;;
  esac
done
