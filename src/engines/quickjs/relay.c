#include "relay.h"
#include "connection.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

enum { OK = 0, FAILED = 1, WRONG_WORDS = 2 };
enum { LENGTH_BYTES = 2, MAX_DATAGRAM = 0xffff, BUFFER = LENGTH_BYTES + MAX_DATAGRAM };
/** The longest that a relay may live, whatever it is told. */
enum { MAX_MILLISECONDS = 24 * 60 * 60 * 1000 };

/** The bytes start to end of the buffer are to be written. */
struct buffer {
  uint8_t bytes[BUFFER];
  size_t start;
  size_t end;
};

/** Static, because main's stack need not hold it. */
static struct buffer to_socket, from_socket;

static int failed(const char *what) {
  dprintf(STDERR_FILENO, "failed %d %s\n", errno, what);
  return FAILED;
}

static int is_empty(const struct buffer *buffer) { return buffer->start == buffer->end; }

static int would_wait(void) { return errno == EAGAIN || errno == EWOULDBLOCK || errno == EINTR; }

/** Reads into the free end of a buffer. @returns 1, 0 at the end of the file, -1 with errno. */
static int fill(struct buffer *buffer, int from) {
  if (is_empty(buffer)) buffer->start = buffer->end = 0;
  ssize_t got = read(from, buffer->bytes + buffer->end, BUFFER - buffer->end);
  if (got < 0) return would_wait() ? 1 : -1;
  buffer->end += (size_t)got;
  return got > 0;
}

/** @returns 0, or -1 with errno. */
static int drain(struct buffer *buffer, int to) {
  ssize_t written = write(to, buffer->bytes + buffer->start, buffer->end - buffer->start);
  if (written < 0) return would_wait() ? 0 : -1;
  buffer->start += (size_t)written;
  return 0;
}

static int set_nonblocking(int descriptor) {
  int flags = fcntl(descriptor, F_GETFL);
  return flags < 0 ? -1 : fcntl(descriptor, F_SETFL, flags | O_NONBLOCK);
}

/** What is waited for: standard input, standard output, the socket. */
enum { IN, OUT, SOCKET };

/** The reader of standard output is gone. */
static int is_abandoned(const struct pollfd *wait) { return wait[OUT].revents & (POLLERR | POLLNVAL); }

static int copy_stream(int socket) {
  int more = 1; // whether standard input has not ended
  int open = 1; // whether the other end has not closed
  for (;;) {
    struct pollfd wait[] = {
        [IN] = {.fd = more && is_empty(&to_socket) ? STDIN_FILENO : -1, .events = POLLIN},
        [OUT] = {.fd = STDOUT_FILENO, .events = is_empty(&from_socket) ? 0 : POLLOUT},
        [SOCKET] = {.fd = socket,
                    .events = (short)((open && is_empty(&from_socket) ? POLLIN : 0) |
                                      (is_empty(&to_socket) ? 0 : POLLOUT))},
    };
    // Otherwise a socket that is closed by the other end would be reported again and again.
    if (wait[SOCKET].events == 0) wait[SOCKET].fd = -1;
    if (poll(wait, 3, -1) < 0 && errno != EINTR) return failed("poll");
    if (is_abandoned(wait)) return OK;
    if (wait[SOCKET].revents & (POLLIN | POLLHUP | POLLERR) && open && is_empty(&from_socket)) {
      int got = fill(&from_socket, socket);
      if (got < 0) return failed("read");
      open = got;
    }
    if (wait[IN].revents) {
      int got = fill(&to_socket, STDIN_FILENO);
      if (got < 0) return failed("stdin");
      more = got;
      if (!more) shutdown(socket, SHUT_WR); // the buffer was empty
    }
    if (wait[SOCKET].revents & POLLOUT && !is_empty(&to_socket) && drain(&to_socket, socket) < 0) return failed("write");
    if (wait[OUT].revents & POLLOUT && !is_empty(&from_socket) && drain(&from_socket, STDOUT_FILENO) < 0) return OK;
    if (!open && is_empty(&from_socket)) return OK;
  }
}

/** Sends the complete datagrams of a buffer, and moves the rest to its beginning. @returns 0, -1 with errno. */
static int send_datagrams(struct buffer *buffer, int socket) {
  while (buffer->end - buffer->start >= LENGTH_BYTES) {
    const uint8_t *frame = buffer->bytes + buffer->start;
    size_t length = (size_t)(frame[0] << 8 | frame[1]);
    if (buffer->end - buffer->start < LENGTH_BYTES + length) break;
    if (send(socket, frame + LENGTH_BYTES, length, 0) < 0 && !would_wait()) return -1;
    buffer->start += LENGTH_BYTES + length;
  }
  memmove(buffer->bytes, buffer->bytes + buffer->start, buffer->end - buffer->start);
  buffer->end -= buffer->start;
  buffer->start = 0;
  return 0;
}

/** @returns 0, or -1 with errno. */
static int take_datagram(struct buffer *buffer, int socket) {
  ssize_t got = recv(socket, buffer->bytes + LENGTH_BYTES, MAX_DATAGRAM, 0);
  if (got < 0) return would_wait() ? 0 : -1;
  buffer->bytes[0] = (uint8_t)(got >> 8);
  buffer->bytes[1] = (uint8_t)got;
  buffer->start = 0;
  buffer->end = LENGTH_BYTES + (size_t)got;
  return 0;
}

static int copy_datagrams(int socket) {
  int more = 1;
  for (;;) {
    struct pollfd wait[] = {
        [IN] = {.fd = more ? STDIN_FILENO : -1, .events = POLLIN},
        [OUT] = {.fd = STDOUT_FILENO, .events = is_empty(&from_socket) ? 0 : POLLOUT},
        [SOCKET] = {.fd = is_empty(&from_socket) ? socket : -1, .events = POLLIN},
    };
    if (poll(wait, 3, -1) < 0 && errno != EINTR) return failed("poll");
    if (is_abandoned(wait)) return OK;
    if (wait[SOCKET].revents && take_datagram(&from_socket, socket) < 0) return failed("recv");
    if (wait[IN].revents) {
      more = fill(&to_socket, STDIN_FILENO);
      if (more < 0) return failed("stdin");
      if (send_datagrams(&to_socket, socket) < 0) return failed("send");
    }
    if (wait[OUT].revents & POLLOUT && drain(&from_socket, STDOUT_FILENO) < 0) return OK;
  }
}

/** Ends this process at the limit, or with the one that started it. @returns whether the limit is a time. */
static int set_limit(const char *text) {
  long limit = strtol(text, NULL, 10);
  if (limit <= 0 || limit > MAX_MILLISECONDS) return 0;
  struct itimerval timer = {.it_value = {.tv_sec = limit / 1000, .tv_usec = limit % 1000 * 1000}};
  signal(SIGALRM, SIG_DFL);
  signal(SIGPIPE, SIG_IGN); // write(2) fails with EPIPE instead
  prctl(PR_SET_PDEATHSIG, SIGKILL);
  return setitimer(ITIMER_REAL, &timer, NULL) == 0;
}

int relay(int count, char **words) {
  if (count < 5) return WRONG_WORDS;
  int datagrams = strcmp(words[0], "udp") == 0;
  if (!datagrams && strcmp(words[0], "tcp") != 0) return WRONG_WORDS;
  if (!set_limit(words[1])) return WRONG_WORDS;
  struct target target = {.type = datagrams ? SOCK_DGRAM : SOCK_STREAM,
                          .source = words[2],
                          .address = words[3],
                          .port = words[4],
                          .count = count - 5,
                          .words = words + 5};
  const char *what = "";
  int socket = open_connection(&target, &what);
  if (socket == BAD_WORDS) return WRONG_WORDS;
  if (socket < 0) {
    printf("failed %d %s\n", errno, what);
    fflush(stdout);
    return FAILED;
  }
  puts("connected");
  if (fflush(stdout) != 0 || set_nonblocking(STDIN_FILENO) < 0 || set_nonblocking(STDOUT_FILENO) < 0) return FAILED;
  return datagrams ? copy_datagrams(socket) : copy_stream(socket);
}
