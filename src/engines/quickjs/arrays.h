/*
 * The memory of typed arrays. Get it after every other argument has been converted: a conversion
 * may run code of the program, which could replace the memory.
 */
#ifndef ARRAYS_H
#define ARRAYS_H

#include "quickjs.h"

#include <stddef.h>
#include <stdint.h>

/**
 * The bytes of a Uint8Array and their number; valid until code of the program runs.
 * @returns NULL with an exception pending if it is not one.
 */
uint8_t *memory_of(JSContext *context, JSValueConst array, size_t *length);

/**
 * The words of an Int32Array or Uint32Array and their number; valid until code of the program runs.
 * @returns NULL with an exception pending if it is neither.
 */
uint32_t *words_of(JSContext *context, JSValueConst array, size_t *count);

#endif
