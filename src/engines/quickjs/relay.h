/* Connects a socket with a mark, and copies between it and the standard streams. */
#ifndef RELAY_H
#define RELAY_H

/**
 * relay tcp|udp TIMEOUT SOURCE ADDRESS PORT [device NAME] [mark NUMBER]
 *
 * Prints `connected`, or `failed ERRNO STEP` and ends. Then copies standard input to the socket and the
 * socket to standard output, until the other end closes, standard output is closed, or TIMEOUT
 * milliseconds have passed since the beginning. With udp each datagram has its length in front, two bytes
 * in network order, in both directions. The end of standard input closes the connection for writing.
 * A failure while it copies is a line `failed ERRNO STEP` on standard error.
 *
 * @returns the exit status: 0, 1 after a failure, 2 for wrong words. It ends by SIGALRM at the limit.
 */
int relay(int count, char **words);

#endif
