/*
 * Converts lines of /proc/net/ip_vs_conn: the same as src/format/fast-connection-lines.ts, for many
 * lines at once.
 */
#include "arrays.h"
#include "bulk-lines.h"

#include <stdbool.h>
#include <string.h>

/** No line that is written is longer. */
#define MAX_LINE_LENGTH 256
#define MAX_WORD_LENGTH 32
#define MAX_DIGITS 9

/** A line of the kernel. */
struct line {
  const uint8_t *protocol;
  size_t protocol_length;
  uint32_t addresses[3];
  uint32_t ports[3];
  const uint8_t *state;
  size_t state_length;
  uint32_t seconds;
};

/** The capital letters, digits and underscores at `at`, and spaces. @returns NULL if there is not at least one of each. */
static const uint8_t *word(const uint8_t *at, const uint8_t *end, size_t *length) {
  const uint8_t *start = at;
  while (at < end && at - start < MAX_WORD_LENGTH &&
         ((*at >= 'A' && *at <= 'Z') || *at == '_' || (*at >= '0' && *at <= '9')))
    at++;
  *length = (size_t)(at - start);
  if (at == start || at == end || *at != ' ') return NULL;
  while (at < end && *at == ' ') at++;
  return at;
}

/** `count` capital hexadecimal digits and a space. @returns NULL if they are not there. */
static const uint8_t *hexadecimal(const uint8_t *at, const uint8_t *end, int count, uint32_t *value) {
  if (end - at <= count || at[count] != ' ') return NULL;
  uint32_t sum = 0;
  for (int digit = 0; digit < count; digit++) {
    uint8_t byte = at[digit];
    if (byte >= '0' && byte <= '9') sum = sum << 4 | (uint32_t)(byte - '0');
    else if (byte >= 'A' && byte <= 'F') sum = sum << 4 | (uint32_t)(byte - 'A' + 10);
    else return NULL;
  }
  *value = sum;
  return at + count + 1;
}

/** Reads a line. @returns where the next one begins; NULL if it does not have the usual form or is incomplete. */
static const uint8_t *read_line(const uint8_t *at, const uint8_t *end, struct line *line) {
  line->protocol = at;
  at = word(at, end, &line->protocol_length);
  for (int pair = 0; at && pair < 3; pair++) {
    at = hexadecimal(at, end, 8, &line->addresses[pair]);
    if (at) at = hexadecimal(at, end, 4, &line->ports[pair]);
  }
  if (!at) return NULL;
  line->state = at;
  at = word(at, end, &line->state_length);
  if (!at) return NULL;
  const uint8_t *digits = at;
  for (line->seconds = 0; at < end && *at >= '0' && *at <= '9'; at++) {
    if (at - digits == MAX_DIGITS) return NULL;
    line->seconds = 10 * line->seconds + (uint32_t)(*at - '0');
  }
  return at > digits && at < end && *at == '\n' ? at + 1 : NULL;
}

static uint8_t *put_bytes(uint8_t *to, const uint8_t *bytes, size_t length) {
  memmove(to, bytes, length);
  return to + length;
}

static uint8_t *put_spaces(uint8_t *to, const uint8_t *end) {
  while (to < end) *to++ = ' ';
  return to;
}

static uint8_t *put_decimal(uint8_t *to, uint32_t value) {
  uint8_t digits[10];
  int count = 0;
  do digits[count++] = (uint8_t)('0' + value % 10);
  while (value /= 10);
  while (count) *to++ = digits[--count];
  return to;
}

static uint8_t *put_two_digits(uint8_t *to, uint32_t value) {
  if (value < 10) *to++ = '0';
  return put_decimal(to, value);
}

static uint8_t *put_endpoint(uint8_t *to, uint32_t address, uint32_t port) {
  for (int shift = 24; shift >= 0; shift -= 8) {
    to = put_decimal(to, address >> shift & 255);
    *to++ = shift ? '.' : ':';
  }
  return put_decimal(to, port);
}

/** Writes a line, at most MAX_LINE_LENGTH bytes. */
static uint8_t *write_line(uint8_t *to, const struct line *line) {
  const uint8_t *column = to;
  to = put_spaces(put_bytes(to, line->protocol, line->protocol_length), column + 3);
  *to++ = ' ';
  column = to;
  to = put_two_digits(to, line->seconds / 60);
  *to++ = ':';
  to = put_spaces(put_two_digits(to, line->seconds % 60), column + 6);
  *to++ = ' ';
  column = to;
  to = put_spaces(put_bytes(to, line->state, line->state_length), column + 11);
  for (int pair = 0; pair < 3; pair++) {
    *to++ = ' ';
    column = to;
    to = put_endpoint(to, line->addresses[pair], line->ports[pair]);
    if (pair < 2) to = put_spaces(to, column + 18);
  }
  *to++ = '\n';
  return to;
}

/** Indices in the cursor: `connectionCursor` in src/platform/bulk-lines.ts. */
enum { NEXT_BYTE, OUTPUT_END, CURSOR };

/** (block, output, cursor) */
JSValue take_connections(JSContext *context, JSValueConst self, int count, JSValueConst *values) {
  size_t size, room, cursor_count;
  const uint8_t *block = memory_of(context, values[0], &size);
  uint8_t *output = block ? memory_of(context, values[1], &room) : NULL;
  uint32_t *cursor = output ? words_of(context, values[2], &cursor_count) : NULL;
  if (!cursor) return JS_EXCEPTION;
  if (cursor_count < CURSOR || cursor[NEXT_BYTE] > size || cursor[OUTPUT_END] > room)
    return JS_ThrowRangeError(context, "no such place");
  const uint8_t *at = block + cursor[NEXT_BYTE];
  uint8_t *to = output + cursor[OUTPUT_END];
  while (output + room - to >= MAX_LINE_LENGTH) {
    struct line line;
    const uint8_t *next = read_line(at, block + size, &line);
    if (!next) break;
    to = write_line(to, &line);
    at = next;
  }
  cursor[NEXT_BYTE] = (uint32_t)(at - block);
  cursor[OUTPUT_END] = (uint32_t)(to - output);
  return JS_UNDEFINED;
}
