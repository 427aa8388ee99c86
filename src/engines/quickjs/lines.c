/* Writes the lines of rows from their description, src/format/line-steps.ts: see rows.h. */
#include "arrays.h"
#include "rows.h"

#include <inttypes.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>

/** The words of an operation: its number, and up to four operands. */
enum { STEP = 5 };

/** The operations; src/format/line-steps.ts has their operands. */
enum { TEXT, ENDPOINT, ADDRESS, NUMBER, COUNTER, CHOICE, MARK, PAD, UNLESS, REQUIRE };

/** How counters are written. */
enum { SCALED, EXACT, BARE, JSON };

/** The longest of what an operation writes besides texts and padding: an IPv6 endpoint. */
enum { LONGEST = 64 };

/** From this value on, counters have units, or need more than their column. */
#define LARGE 100000000

/** The largest integer that every JSON reader reads exactly. */
#define MAX_SAFE_INTEGER ((UINT64_C(1) << 53) - 1)

struct line_program {
  const uint32_t *steps;
  size_t step_words, end;
  const uint8_t *texts;
  size_t text_length;
};

/** Text that grows up to `end`. */
struct line {
  uint8_t *at;
  const uint8_t *end;
};

static size_t room(const struct line *line) { return (size_t)(line->end - line->at); }

static bool put_bytes(struct line *line, const void *bytes, size_t length) {
  if (length > room(line)) return false;
  memcpy(line->at, bytes, length);
  line->at += length;
  return true;
}

/** Spaces until the text behind `start` has a width. */
static bool pad_to(struct line *line, const uint8_t *start, size_t width) {
  size_t length = (size_t)(line->at - start);
  if (length >= width) return true;
  if (width - length > room(line)) return false;
  memset(line->at, ' ', width - length);
  line->at += width - length;
  return true;
}

/* The functions below write at most LONGEST bytes, for which there is room. */

static uint8_t *decimal(uint8_t *to, uint64_t value) {
  uint8_t digits[20];
  size_t count = 0;
  do digits[count++] = (uint8_t)('0' + value % 10);
  while (value /= 10);
  while (count) *to++ = digits[--count];
  return to;
}

static uint8_t *small_decimal(uint8_t *to, uint32_t value) {
  uint8_t digits[10];
  size_t count = 0;
  do digits[count++] = (uint8_t)('0' + value % 10);
  while (value /= 10);
  while (count) *to++ = digits[--count];
  return to;
}

static uint8_t *ipv4_address(uint8_t *to, uint32_t word) {
  for (int shift = 24; shift > 0; shift -= 8) {
    to = small_decimal(to, word >> shift & 255);
    *to++ = '.';
  }
  return small_decimal(to, word & 255);
}

static uint8_t *hexadecimal(uint8_t *to, uint32_t value) {
  int shift = 12;
  while (shift > 0 && value >> shift == 0) shift -= 4;
  for (; shift >= 0; shift -= 4) *to++ = (uint8_t)"0123456789abcdef"[value >> shift & 15];
  return to;
}

/** As formatIpv6 of src/model/address.ts; inet_ntop differs among C libraries. */
static uint8_t *ipv6_address(uint8_t *to, const uint32_t *words) {
  uint32_t groups[8];
  int start = -1, longest = 1; // of the first of the longest runs of two or more zero groups
  for (int group = 0; group < 8; group++) groups[group] = words[group / 2] >> (group % 2 ? 0 : 16) & 0xffff;
  for (int group = 0; group < 8; group++) {
    int run = 0;
    while (group + run < 8 && groups[group + run] == 0) run++;
    if (run > longest) {
      start = group;
      longest = run;
    }
    group += run;
  }
  bool dotted = start == 0 && (longest == 6 || (longest == 5 && groups[5] == 0xffff));
  int count = dotted ? 6 : 8;
  for (int group = 0; group < count; group++) {
    if (group == start) {
      *to++ = ':';
      *to++ = ':';
      group += longest - 1;
      continue;
    }
    if (group > 0 && group != start + longest) *to++ = ':';
    to = hexadecimal(to, groups[group]);
  }
  if (!dotted) return to;
  if (longest == 5) *to++ = ':';
  return ipv4_address(to, words[3]);
}

static uint8_t *address(uint8_t *to, const uint32_t *row) {
  return row[ROW_FAMILY] == AF_INET ? ipv4_address(to, row[ROW_ADDRESS]) : ipv6_address(to, row + ROW_ADDRESS);
}

static uint8_t *endpoint(uint8_t *to, const uint32_t *row) {
  bool bracketed = row[ROW_FAMILY] != AF_INET;
  if (bracketed) *to++ = '[';
  to = address(to, row);
  if (bracketed) *to++ = ']';
  *to++ = ':';
  return small_decimal(to, row[ROW_PORT]);
}

static uint8_t *number(uint8_t *to, uint32_t value, bool is_signed) {
  if (!is_signed || value <= INT32_MAX) return small_decimal(to, value);
  *to++ = '-';
  return small_decimal(to, 0 - value);
}

/** A number at the end of `width` columns, at most LONGEST. */
static uint8_t *right(uint8_t *to, uint64_t value, size_t width) {
  uint8_t digits[20];
  size_t length = (size_t)(decimal(digits, value) - digits);
  for (size_t column = length; column < width; column++) *to++ = ' ';
  memcpy(to, digits, length);
  return to + length;
}

/** As formatCounter of src/format/counter.ts: rounded down to thousands, millions etc. */
static uint8_t *scaled(uint8_t *to, uint64_t value) {
  static const struct {
    uint64_t from, divisor;
    uint8_t suffix;
  } units[] = {
      {UINT64_C(100000000000000), UINT64_C(1000000000000), 'T'},
      {UINT64_C(100000000000), 1000000000, 'G'},
      {1000000000, 1000000, 'M'},
      {LARGE, 1000, 'K'},
  };
  size_t unit = 0;
  while (value < units[unit].from) unit++;
  to = right(to, value / units[unit].divisor, 8);
  *to++ = units[unit].suffix;
  return to;
}

static uint8_t *counter(uint8_t *to, uint64_t value, size_t width, uint32_t style) {
  if (style == SCALED && value >= LARGE) return scaled(to, value);
  if (style == EXACT && value >= LARGE) {
    *to++ = ' ';
    return decimal(to, value);
  }
  if (style != JSON || value <= MAX_SAFE_INTEGER) return right(to, value, width);
  *to++ = '"';
  to = decimal(to, value);
  *to++ = '"';
  return to;
}

/** A part of the texts. */
static bool put_text(struct line *line, const struct line_program *program, size_t from, size_t length) {
  if (from > program->text_length || length > program->text_length - from) return false;
  return put_bytes(line, program->texts + from, length);
}

static bool put_choice(struct line *line, const struct line_program *program, const uint32_t *step, uint32_t value) {
  size_t choice = value < step[4] ? value : step[4], place = step[3] + 2 * choice;
  if (place >= program->step_words || program->step_words - place < 2) return false;
  return put_text(line, program, program->steps[place], program->steps[place + 1]);
}

/** Writes a line. @returns false if the row is unusual, or there is no room. */
static bool put_line(struct line *line, const struct line_program *program, const uint32_t *row) {
  const uint8_t *mark = line->at;
  for (size_t at = 0; at + STEP <= program->end; at += STEP) {
    const uint32_t *step = program->steps + at;
    const uint8_t *start = line->at;
    bool has_column = step[1] < ROW_WORDS;
    switch (step[0]) {
      case TEXT:
        if (!put_text(line, program, step[1], step[2])) return false;
        break;
      case ENDPOINT:
        if (room(line) < LONGEST) return false;
        line->at = endpoint(line->at, row);
        if (!pad_to(line, start, step[1])) return false;
        break;
      case ADDRESS:
        if (room(line) < LONGEST) return false;
        line->at = address(line->at, row);
        break;
      case NUMBER:
        if (!has_column || room(line) < LONGEST) return false;
        line->at = number(line->at, row[step[1]], step[3] == 1);
        if (!pad_to(line, start, step[2])) return false;
        break;
      case COUNTER:
        if (step[1] >= ROW_WORDS - 1 || room(line) < LONGEST || step[2] > LONGEST / 2) return false;
        line->at = counter(line->at, (uint64_t)row[step[1] + 1] << 32 | row[step[1]], step[2], step[3]);
        break;
      case CHOICE:
        if (!has_column || !put_choice(line, program, step, row[step[1]] & step[2])) return false;
        break;
      case MARK:
        mark = line->at;
        break;
      case PAD:
        if (!pad_to(line, mark, step[1])) return false;
        break;
      case UNLESS:
        if (!has_column) return false;
        if ((row[step[1]] & step[2]) != step[3]) at += (size_t)STEP * step[4];
        break;
      case REQUIRE:
        if (!has_column || (row[step[1]] & step[2]) != step[3]) return false;
        break;
      default:
        return false;
    }
  }
  return true;
}

JSValue write_lines(JSContext *context, JSValueConst self, int count, JSValueConst *values) {
  struct line_program program;
  uint32_t end;
  size_t word_count, order_count, size, cursor_count;
  if (JS_ToUint32(context, &end, values[1])) return JS_EXCEPTION;
  program.steps = words_of(context, values[0], &program.step_words);
  program.texts = program.steps ? memory_of(context, values[2], &program.text_length) : NULL;
  const uint32_t *rows = program.texts ? words_of(context, values[3], &word_count) : NULL;
  const uint32_t *order = rows ? words_of(context, values[4], &order_count) : NULL;
  uint8_t *bytes = order ? memory_of(context, values[5], &size) : NULL;
  uint32_t *cursor = bytes ? words_of(context, values[6], &cursor_count) : NULL;
  if (!cursor) return JS_EXCEPTION;
  if (end > program.step_words || cursor_count < 2 || cursor[1] > size) {
    return JS_ThrowRangeError(context, "no such lines");
  }
  program.end = end;
  struct line line = {.at = bytes + cursor[1], .end = bytes + size};
  size_t next = cursor[0];
  for (; next < order_count && order[next] < word_count / ROW_WORDS; next++) {
    struct line before = line;
    if (put_line(&line, &program, rows + (size_t)order[next] * ROW_WORDS)) continue;
    line = before;
    break;
  }
  cursor[0] = (uint32_t)next;
  cursor[1] = (uint32_t)(line.at - bytes);
  return JS_UNDEFINED;
}
