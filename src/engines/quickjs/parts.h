/*
 * The parts of the program, which are modules linked as bytecode: the program itself, and what few
 * commands need.
 */
#ifndef PARTS_H
#define PARTS_H

#include "quickjs.h"

#include <stdint.h>

struct part {
  const char *name;
  const uint8_t *code;
  const uint32_t *size;
};

/** The parts; the last one has no name. Written by scripts/native/build.ts. */
extern const struct part parts[];

/** The part that is the program itself. */
#define PROGRAM "program"

/** Runs the top level of a part. @returns what it exports, or an exception. */
JSValue load_part(JSContext *context, const char *name);

#endif
