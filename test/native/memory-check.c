/*
 * Checks src/engines/quickjs/memory.c: pieces of every size are made, resized and freed at random,
 * and filled with bytes that must still be there.
 */
#include "memory.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define PIECES 2000
#define STEPS 400000

struct piece {
  uint8_t *bytes;
  size_t size;
  uint8_t filling;
};

static uint64_t state = 20261126;

static uint32_t random_below(uint32_t limit) {
  state = state * 6364136223846793005u + 1442695040888963407u;
  return (uint32_t)(state >> 33) % limit;
}

/** Mostly small, as the engine's are; sometimes at the limit between two kinds of pieces. */
static size_t random_size(void) {
  switch (random_below(10)) {
    case 0: return 1 + random_below(100000);
    case 1: return 1 + random_below(20000);
    case 2: return 16384 + random_below(32);
    case 3: return 1024 + random_below(32);
    default: return 1 + random_below(300);
  }
}

static void fail(const char *what, size_t size) {
  printf("%s, size %zu\n", what, size);
  exit(1);
}

static void check(const struct piece *piece, size_t size) {
  for (size_t at = 0; at < size; at++) {
    if (piece->bytes[at] != piece->filling) fail("overwritten", piece->size);
  }
}

static void fill(struct piece *piece, size_t size) {
  if ((uintptr_t)piece->bytes % 16) fail("not aligned", size);
  if (memory_functions.js_malloc_usable_size(piece->bytes) < size) fail("too small", size);
  piece->size = size;
  piece->filling = (uint8_t)random_below(256);
  memset(piece->bytes, piece->filling, memory_functions.js_malloc_usable_size(piece->bytes));
}

int main(void) {
  static struct piece pieces[PIECES];
  JSMallocState counts = {0};
  for (int step = 0; step < STEPS; step++) {
    struct piece *piece = &pieces[random_below(PIECES)];
    size_t size = random_size();
    if (!piece->bytes) {
      piece->bytes = memory_functions.js_malloc(&counts, size);
      if (!piece->bytes) fail("no memory", size);
      fill(piece, size);
    } else if (random_below(2)) {
      check(piece, piece->size);
      memory_functions.js_free(&counts, piece->bytes);
      piece->bytes = NULL;
    } else {
      size_t kept = size < piece->size ? size : piece->size;
      piece->bytes = memory_functions.js_realloc(&counts, piece->bytes, size);
      if (!piece->bytes) fail("no memory to resize", size);
      check(piece, kept);
      fill(piece, size);
    }
  }
  for (int at = 0; at < PIECES; at++) {
    if (pieces[at].bytes) check(&pieces[at], pieces[at].size);
    memory_functions.js_free(&counts, pieces[at].bytes);
  }
  if (counts.malloc_count || counts.malloc_size) fail("pieces are counted that are free", counts.malloc_size);
  if (memory_functions.js_malloc(&counts, SIZE_MAX - 4)) fail("an impossible size", SIZE_MAX - 4);
  printf("ok\n");
  return 0;
}
