/* Sockets that are connected with a source, a device and a mark. */
#ifndef CONNECTION_H
#define CONNECTION_H

#include <stdint.h>
#include <sys/socket.h>

/** What a socket is to be connected with. */
struct target {
  /** SOCK_STREAM or SOCK_DGRAM. */
  int type;
  /** An address of this machine, or "-": the kernel's choice. */
  const char *source;
  const char *address;
  const char *port;
  /** Pairs of words: `device NAME`, `mark NUMBER`. */
  int count;
  char **words;
};

enum { BAD_WORDS = -2, NO_CONNECTION = -1 };

/**
 * Connects a socket (non-blocking, close-on-exec), however long it takes.
 *
 * @param what receives the name of the step that failed: `socket`, `SO_MARK`, `connect` and so on.
 * @returns the descriptor; NO_CONNECTION with errno; BAD_WORDS.
 */
int open_connection(const struct target *target, const char **what);

#endif
