/* Memory for QuickJS: see memory.h. */
#define _GNU_SOURCE
#include "memory.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

/** Nearly what every run needs; the kernel provides it at once. Later regions grow page by page. */
#define FIRST_REGION (512 * 1024)
#define REGION (256 * 1024)

/**
 * Before each piece stands its size. Sizes are odd multiples of 8, so that pieces are aligned to 16
 * bytes, as by malloc(3).
 */
typedef size_t header;
#define UNIT 16
#define HALF_UNIT 8

/** Pieces of up to this number of units and a half come from regions; larger ones from malloc(3). */
#define MOST_UNITS 1024
/** Up to this number of units there is a list for each size, and then four for each doubling. */
#define EXACT_UNITS 64
#define LISTS (EXACT_UNITS + 17)

/** Where a piece begins in what malloc(3) returns: after its header, and aligned. */
#define LARGE_OFFSET UNIT

static char *next, *end;
static void *freed[LISTS];

static size_t units_for(size_t size) { return size <= HALF_UNIT ? 0 : (size - HALF_UNIT + UNIT - 1) / UNIT; }

/** How many low bits of a number of units are rounded up. */
static int rounded_bits(size_t units) {
  return units <= EXACT_UNITS ? 0 : (int)(8 * sizeof(long)) - 3 - __builtin_clzl(units - 1);
}

/** The list for pieces of `*units`, which is rounded up to what the pieces of that list have. */
static size_t list_of(size_t *units) {
  int bits = rounded_bits(*units);
  if (bits == 0) return *units;
  size_t step = (*units - 1) >> bits; // 4 to 7
  *units = (step + 1) << bits;
  return EXACT_UNITS + 4 * (size_t)(bits - 4) + step - 3;
}

static header *header_of(const void *piece) { return (header *)(uintptr_t)piece - 1; }

static int is_large(size_t size) { return size > MOST_UNITS * UNIT + HALF_UNIT; }

/** Maps the next region. What is left of the last one is lost. @returns whether that succeeded. */
static int map_region(void) {
  size_t size = end ? REGION : FIRST_REGION;
  int flags = MAP_PRIVATE | MAP_ANONYMOUS | (end ? 0 : MAP_POPULATE);
  char *region = mmap(NULL, size, PROT_READ | PROT_WRITE, flags, -1, 0);
  if (region == MAP_FAILED) return 0;
  next = region + UNIT;
  end = region + size;
  return 1;
}

static void *small_piece(size_t size) {
  size_t units = units_for(size);
  size_t list = list_of(&units);
  void *piece = freed[list];
  if (piece) {
    memcpy(&freed[list], piece, sizeof freed[list]);
    return piece;
  }
  size_t length = (units + 1) * UNIT; // with the header of the next piece
  if ((size_t)(end - next) < length && !map_region()) return NULL;
  piece = next;
  next += length;
  *header_of(piece) = units * UNIT + HALF_UNIT;
  return piece;
}

static void *large_piece(void *old, size_t size) {
  if (size > SIZE_MAX - LARGE_OFFSET) return NULL;
  char *start = realloc(old ? (char *)old - LARGE_OFFSET : NULL, size + LARGE_OFFSET);
  if (!start) return NULL;
  *header_of(start + LARGE_OFFSET) = size;
  return start + LARGE_OFFSET;
}

static size_t usable_size(const void *piece) { return piece ? *header_of(piece) : 0; }

static void *count(JSMallocState *state, void *piece) {
  if (!piece) return NULL;
  state->malloc_count++;
  state->malloc_size += usable_size(piece);
  return piece;
}

static void *allocate(JSMallocState *state, size_t size) {
  return count(state, is_large(size) ? large_piece(NULL, size) : small_piece(size));
}

static void release(JSMallocState *state, void *piece) {
  if (!piece) return;
  size_t size = usable_size(piece);
  state->malloc_count--;
  state->malloc_size -= size;
  if (is_large(size)) {
    free((char *)piece - LARGE_OFFSET);
    return;
  }
  size_t units = units_for(size);
  size_t list = list_of(&units);
  memcpy(piece, &freed[list], sizeof freed[list]);
  freed[list] = piece;
}

static void *resize(JSMallocState *state, void *piece, size_t size) {
  if (!piece) return size ? allocate(state, size) : NULL;
  if (size == 0) {
    release(state, piece);
    return NULL;
  }
  size_t old = usable_size(piece);
  if (is_large(old) && is_large(size)) {
    void *moved = large_piece(piece, size);
    if (moved) state->malloc_size += size - old;
    return moved;
  }
  if (!is_large(old) && size <= old && size > old / 2) return piece;
  void *moved = allocate(state, size);
  if (!moved) return NULL;
  memcpy(moved, piece, size < old ? size : old);
  release(state, piece);
  return moved;
}

const JSMallocFunctions memory_functions = {allocate, release, resize, usable_size};
