# Runs jobs in a guest. Reads commands from stdin and replies on stdout:
#   run N    run the job in /jobs/N; replies "@lab done N STATUS" when it ends (see job.sh)
#   kill N   kill that job and all its processes
#   quit     end the agent, like the end of input
# A fork takes milliseconds in a guest, so each job uses as few processes as possible.
# shellcheck shell=dash

scripts=$1

echo "@lab ready $(uname -r)"
while read -r command number; do
  case $command in
    run)
      unshare -m -n -p -f --mount-proc /lab/busybox sh "$scripts/job.sh" "$number" &
      echo $! >"/run/job-$number"
      jobs >/dev/null # reap the jobs that have ended
      ;;
    kill)
      # The child of unshare above is the init process of the job's PID namespace: killing it kills
      # them all.
      parent=$(cat "/run/job-$number")
      first=$(awk -v parent="$parent" '$4 == parent { print $1 }' /proc/[0-9]*/stat 2>/dev/null)
      [ -z "$first" ] || kill -KILL "$first" && echo "@lab done $number 137"
      ;;
    quit) break ;;
  esac
done
