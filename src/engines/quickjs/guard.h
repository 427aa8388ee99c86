/* Runs a program as long as somebody who may freeze shows signs of life. */
#ifndef GUARD_H
#define GUARD_H

/**
 * guard FIFO MILLISECONDS PROGRAM ARGUMENT...
 *
 * Runs the program, and reads the FIFO, which has to exist. Each byte in it is a sign of life, or asks
 * for something: `w` for more patience (WAIT times the limit, until the next sign of life), `q` for the
 * end. When no byte has come for the limit, or SIGTERM or SIGINT comes, the program gets SIGTERM, and
 * SIGKILL after GRACE. The guard ends when the program has ended; until then the FIFO has a reader, so
 * that who writes into it knows that the program runs. The program gets SIGTERM if the guard is killed.
 *
 * @returns the exit status: the program's, 1 after a failure or a signal, 2 for wrong words.
 */
int guard(int count, char **words);

#endif
