/* The mode of the executable that does what the program on Node cannot: see packets.c. */
#ifndef PACKETS_H
#define PACKETS_H

/** The name (argv[0]) under which the executable is this helper. */
#define PACKETS_NAME "ipvsadm-packets"

/** @returns the exit status. */
int packets_main(int argc, char **argv);

#endif
