#define _GNU_SOURCE
#include "guard.h"
#include "frames.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/signalfd.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { MAX_MILLISECONDS = 3600 * 1000, WAIT = 4, GRACE = 2000 };
/** If the guard itself wakes up so late, the machine stood still: who writes gets this long once more. */
enum { LATE = 250, AGAIN = 500 };

static long long now(void) {
  struct timespec time;
  clock_gettime(CLOCK_MONOTONIC, &time);
  return time.tv_sec * 1000LL + time.tv_nsec / 1000000;
}

/** Opened for writing as well, so that the end of a writer is not the end of the file. @returns it, or -1. */
static int open_fifo(const char *path) {
  int fifo = open(path, O_RDWR | O_NONBLOCK | O_CLOEXEC | O_NOFOLLOW);
  // Only pipes have a size. fstat needs a newer C library than the program may ask for.
  if (fifo < 0 || fcntl(fifo, F_GETPIPE_SZ) > 0) return fifo;
  close(fifo);
  errno = EINVAL;
  return -1;
}

static pid_t start(char **words, const sigset_t *former) {
  pid_t parent = getpid();
  pid_t program = fork();
  if (program != 0) return program;
  setpgid(0, 0); // what it starts ends with it, even if it is stopped
  sigprocmask(SIG_SETMASK, former, NULL);
  prctl(PR_SET_PDEATHSIG, SIGTERM);
  if (getppid() != parent) _exit(FAILED); // it was killed before
  execv(words[0], words);
  _exit(failed(words[0]));
}

/** When the program is to end; what the last bytes of the FIFO ask for. */
static long long deadline(int fifo, long limit, long long before) {
  char bytes[512];
  long long end = before;
  for (ssize_t got = read(fifo, bytes, sizeof bytes); got > 0; got = read(fifo, bytes, sizeof bytes)) {
    if (memchr(bytes, 'q', (size_t)got)) return now();
    end = now() + (bytes[got - 1] == 'w' ? WAIT * limit : limit);
  }
  return end;
}

/** Waits until the program has ended. @returns its exit status. */
static int watch(pid_t program, int fifo, int signals, long limit) {
  long long end = now() + limit;
  int told = 0, ending = 0, again = 0;
  for (;;) {
    int status;
    pid_t ended = waitpid(program, &status, WNOHANG);
    if (ended == program) return WIFEXITED(status) ? WEXITSTATUS(status) : FAILED;
    if (ended < 0 && errno != EINTR) return failed("wait");
    if (!ending && !told) end = deadline(fifo, limit, end);
    long long left = end - now();
    if (left < -LATE && !ending && !again) {
      again = 1;
      left = AGAIN;
      end = now() + left;
    } else if (left <= 0) {
      if (ending) kill(-program, SIGKILL);
      else kill(program, SIGTERM);
      ending = 1;
      left = GRACE;
      end = now() + left;
    }
    struct pollfd both[2] = {{.fd = signals, .events = POLLIN}, {.fd = ending ? -1 : fifo, .events = POLLIN}};
    if (poll(both, 2, (int)left) <= 0) continue;
    struct signalfd_siginfo signal;
    if (both[0].revents && read(signals, &signal, sizeof signal) == sizeof signal) {
      if (signal.ssi_signo != SIGCHLD && !ending) {
        told = 1;
        end = now();
      }
    }
    if (both[1].revents) again = 0;
  }
}

int guard(int count, char **words) {
  if (count < 3) return WRONG_WORDS;
  char *rest;
  long limit = strtol(words[1], &rest, 10);
  if (*rest != '\0' || limit < 1 || limit > MAX_MILLISECONDS) return WRONG_WORDS;
  int fifo = open_fifo(words[0]);
  if (fifo < 0) return failed(words[0]);
  sigset_t heard, former;
  sigemptyset(&heard);
  sigaddset(&heard, SIGCHLD);
  sigaddset(&heard, SIGTERM);
  sigaddset(&heard, SIGINT);
  sigprocmask(SIG_BLOCK, &heard, &former);
  int signals = signalfd(-1, &heard, SFD_CLOEXEC | SFD_NONBLOCK);
  if (signals < 0) return failed("signalfd");
  pid_t program = start(words + 2, &former);
  if (program < 0) return failed("fork");
  return watch(program, fifo, signals, limit);
}
