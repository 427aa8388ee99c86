/* The memory of typed arrays: see arrays.h. */
#include "arrays.h"

/**
 * The memory of a typed array with elements of `width` bytes, and its length in bytes.
 * @returns NULL with an exception pending if it is not one.
 */
static uint8_t *elements_of(JSContext *context, JSValueConst array, size_t width, size_t *length) {
  size_t offset, actual, whole;
  JSValue buffer = JS_GetTypedArrayBuffer(context, array, &offset, length, &actual);
  if (JS_IsException(buffer)) return NULL;
  uint8_t *memory = JS_GetArrayBuffer(context, &whole, buffer);
  JS_FreeValue(context, buffer); // the array keeps it
  if (!memory) return NULL;
  if (actual == width && offset <= whole && *length <= whole - offset) return memory + offset;
  JS_ThrowTypeError(context, "no array of %d bytes an element", (int)width);
  return NULL;
}

uint8_t *memory_of(JSContext *context, JSValueConst array, size_t *length) {
  return elements_of(context, array, sizeof(uint8_t), length);
}

uint32_t *words_of(JSContext *context, JSValueConst array, size_t *count) {
  size_t length = 0;
  uint8_t *memory = elements_of(context, array, sizeof(uint32_t), &length);
  *count = length / sizeof(uint32_t);
  return (uint32_t *)(void *)memory; // aligned, as the language requires of the offset
}
