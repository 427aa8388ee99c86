/* What the program on QuickJS can do beside computing: the functions of the global object `native`. */
#ifndef WORLD_H
#define WORLD_H

#include "quickjs.h"

/** How the program was called, and the exit status that it asks for. */
struct world {
  int argc;
  char **argv;
  int status;
};

/** Sets the global object `native` (native.ts says what it holds). @returns 0, or -1 with an exception pending. */
int add_world(JSContext *context, struct world *world);

/** Whatever was closed when the program started takes nothing and gives nothing, and is no new file's number. */
void occupy_standard_streams(void);

#endif
