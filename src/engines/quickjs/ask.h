/* Asks the neighbours who has an address. */
#ifndef ASK_H
#define ASK_H

/**
 * ask INTERFACE MILLISECONDS ADDRESS...
 *
 * Sends an ARP probe (RFC 5227: from 0.0.0.0, so that nobody's table changes), or a neighbour
 * solicitation, for each address, and again halfway. Prints `ADDRESS MAC` for each other machine that
 * answers within the time, which may be none; this machine may have the addresses itself.
 *
 * @returns the exit status: 0, 1 after a failure, 2 for wrong words.
 */
int ask(int count, char **words);

#endif
