#include "connection.h"

#include <arpa/inet.h>
#include <errno.h>
#include <net/if.h>
#include <netinet/in.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#ifndef IP_BIND_ADDRESS_NO_PORT
#define IP_BIND_ADDRESS_NO_PORT 24
#endif

/** Reads a decimal number of at most `most`. @returns whether it is one. */
static int read_number(const char *text, unsigned long most, unsigned long *out) {
  char *end;
  if (*text < '0' || *text > '9') return 0;
  errno = 0;
  *out = strtoul(text, &end, 10);
  return errno == 0 && *end == '\0' && *out <= most;
}

/** The index of the interface behind `%` of an IPv6 address, which is cut off. @returns 0 if there is none. */
static unsigned take_scope(char *address) {
  char *percent = strchr(address, '%');
  if (!percent) return 0;
  *percent = '\0';
  return if_nametoindex(percent + 1);
}

/** Fills in a socket address. @returns its length; 0 if the text is no address. */
static socklen_t socket_address(struct sockaddr_storage *out, const char *text, uint16_t port) {
  memset(out, 0, sizeof *out);
  struct sockaddr_in *four = (struct sockaddr_in *)out;
  if (inet_pton(AF_INET, text, &four->sin_addr) == 1) {
    four->sin_family = AF_INET;
    four->sin_port = htons(port);
    return sizeof *four;
  }
  char plain[INET6_ADDRSTRLEN + IFNAMSIZ + 1];
  if (strlen(text) >= sizeof plain) return 0;
  strcpy(plain, text);
  struct sockaddr_in6 *six = (struct sockaddr_in6 *)out;
  six->sin6_scope_id = take_scope(plain);
  if (inet_pton(AF_INET6, plain, &six->sin6_addr) == 1) {
    six->sin6_family = AF_INET6;
    six->sin6_port = htons(port);
    return sizeof *six;
  }
  return 0;
}

/** @returns 0; NO_CONNECTION with errno; BAD_WORDS. */
static int set_options(int connection, const struct target *target, const char **what) {
  for (int at = 0; at < target->count; at += 2) {
    if (at + 1 == target->count) return BAD_WORDS;
    const char *value = target->words[at + 1];
    if (strcmp(target->words[at], "device") == 0) {
      *what = "SO_BINDTODEVICE";
      if (setsockopt(connection, SOL_SOCKET, SO_BINDTODEVICE, value, strlen(value) + 1) < 0) return NO_CONNECTION;
    } else if (strcmp(target->words[at], "mark") == 0) {
      unsigned long number;
      if (!read_number(value, 0xffffffff, &number)) return BAD_WORDS;
      uint32_t mark = (uint32_t)number;
      *what = "SO_MARK";
      if (setsockopt(connection, SOL_SOCKET, SO_MARK, &mark, sizeof mark) < 0) return NO_CONNECTION;
    } else {
      return BAD_WORDS;
    }
  }
  return 0;
}

static int bind_source(int connection, const char *source) {
  struct sockaddr_storage own;
  socklen_t length = socket_address(&own, source, 0);
  if (length == 0) return BAD_WORDS;
  // The kernel chooses the port when it knows the other end, so that one port serves several of those.
  // Kernels before 4.2 do not know it.
  int later = 1;
  setsockopt(connection, IPPROTO_IP, IP_BIND_ADDRESS_NO_PORT, &later, sizeof later);
  return bind(connection, (struct sockaddr *)&own, length) < 0 ? NO_CONNECTION : 0;
}

/** @returns 0, or NO_CONNECTION with errno. */
static int finish_connecting(int connection) {
  struct pollfd wait = {.fd = connection, .events = POLLOUT};
  int ready;
  do {
    ready = poll(&wait, 1, -1);
  } while (ready < 0 && errno == EINTR);
  if (ready < 0) return NO_CONNECTION;
  int error = 0;
  socklen_t size = sizeof error;
  if (getsockopt(connection, SOL_SOCKET, SO_ERROR, &error, &size) < 0) return NO_CONNECTION;
  errno = error;
  return error == 0 ? 0 : NO_CONNECTION;
}

static int connect_socket(int connection, const struct target *target, const struct sockaddr_storage *to,
                          socklen_t length, const char **what) {
  int status = set_options(connection, target, what);
  if (status != 0) return status;
  if (strcmp(target->source, "-") != 0) {
    *what = "bind";
    status = bind_source(connection, target->source);
    if (status != 0) return status;
  }
  *what = "connect";
  if (connect(connection, (const struct sockaddr *)to, length) == 0) return 0;
  return errno == EINPROGRESS ? finish_connecting(connection) : NO_CONNECTION;
}

int open_connection(const struct target *target, const char **what) {
  struct sockaddr_storage to;
  unsigned long port;
  if (!read_number(target->port, 65535, &port)) return BAD_WORDS;
  socklen_t length = socket_address(&to, target->address, (uint16_t)port);
  if (length == 0) return BAD_WORDS;
  *what = "socket";
  int connection = socket(to.ss_family, target->type | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
  if (connection < 0) return NO_CONNECTION;
  int status = connect_socket(connection, target, &to, length, what);
  if (status == 0) return connection;
  int error = errno;
  close(connection);
  errno = error;
  return status;
}
