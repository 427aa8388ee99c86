/*
 * Access to the operating system for the program on QuickJS: the functions of the global object
 * `native`.
 */
#ifndef WORLD_H
#define WORLD_H

#include "quickjs.h"

/** The arguments of the program, and the exit status that it sets. */
struct world {
  int argc;
  char **argv;
  int status;
};

/** Sets the global object `native` (see native.ts). @returns 0, or -1 with an exception pending. */
int add_world(JSContext *context, struct world *world);

/**
 * Opens /dev/null for each closed standard stream, so that no other file gets its number. Using it
 * fails.
 */
void occupy_standard_streams(void);

#endif
