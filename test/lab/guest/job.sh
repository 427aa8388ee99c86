# The init process of a job's PID namespace. When it ends, the kernel kills the remaining processes
# of the job.
# shellcheck shell=dash

enter() { # folder of the job
  mount -a -T "$1/mounts" || return
  while read -r directory; do # see view.sh
    mkdir -p "$directory" && mount --rbind "/lab/shown$directory" "$directory" || return
  done </lab/hidden
  ip link set lo up && cd /tmp # without lo the kernel rejects every real server
}

# The script is not run with exec, because signals do not kill the init process of a namespace.
enter "/jobs/$1" 2>"/jobs/$1/stderr" && (. /job/launch) </job/stdin >/job/stdout 2>/job/stderr
echo "@lab done $1 $?"
