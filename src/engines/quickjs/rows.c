/* Copies replies of the kernel to rows, and sorts rows: see rows.h. */
#include "rows.h"
#include "arrays.h"

#include <linux/genetlink.h>
#include <linux/netlink.h>
#include <netinet/in.h>
#include <stdbool.h>
#include <string.h>
#include <sys/socket.h>

/** The layout of a reply: src/ipvs/server-layout.ts. Places are words from the first attribute. */
struct layout {
  uint32_t length, address;
  const uint32_t *headers, *steps;
  size_t header_count, step_count;
};

/** The words of an entry of `headers`: place of an attribute's header, the header. */
enum { HEADER_PLACE, HEADER_VALUE, HEADER };

/** The words of an entry of `steps`: the same, the column, how to copy. */
enum { STEP_PLACE, STEP_VALUE, STEP_COLUMN, STEP_COPY, STEP };

/** How to copy: a mask, or one of these. */
#define COPY_U16BE 0
#define COPY_U32 UINT32_MAX
#define COPY_U64 (UINT32_MAX - 1)

static uint32_t word_at(const uint8_t *memory, size_t place) {
  uint32_t word;
  memcpy(&word, memory + place * sizeof word, sizeof word);
  return word;
}

/** Whether everything that a layout refers to is in a message, or in a row. */
static bool is_valid(const struct layout *layout) {
  size_t words = layout->length / sizeof(uint32_t);
  if (layout->length % sizeof(uint32_t) || words < 4 || layout->address > words - 4) return false;
  for (size_t at = 0; at + HEADER <= layout->header_count; at += HEADER) {
    if (layout->headers[at + HEADER_PLACE] >= words) return false;
  }
  for (size_t at = 0; at + STEP <= layout->step_count; at += STEP) {
    const uint32_t *step = layout->steps + at;
    size_t width = step[STEP_COPY] == COPY_U64 ? 2 : 1;
    if (words < 1 + width || step[STEP_PLACE] > words - 1 - width) return false;
    if (step[STEP_COLUMN] > ROW_WORDS - width) return false;
  }
  return true;
}

static bool overlap(const uint32_t *a, size_t a_count, const uint32_t *b, size_t b_count) {
  return (uintptr_t)a < (uintptr_t)(b + b_count) && (uintptr_t)b < (uintptr_t)(a + a_count);
}

/** Copies the attributes of a reply. @returns false if it has another layout. */
static bool copy_row(const struct layout *layout, const uint8_t *attributes, uint32_t *row) {
  for (size_t at = 0; at + HEADER <= layout->header_count; at += HEADER) {
    const uint32_t *header = layout->headers + at;
    if (word_at(attributes, header[HEADER_PLACE]) != header[HEADER_VALUE]) return false;
  }
  for (size_t at = 0; at + STEP <= layout->step_count; at += STEP) {
    const uint32_t *step = layout->steps + at;
    size_t place = step[STEP_PLACE];
    if (word_at(attributes, place) != step[STEP_VALUE]) return false;
    uint32_t value = word_at(attributes, place + 1), *target = row + step[STEP_COLUMN];
    switch (step[STEP_COPY]) {
      case COPY_U64:
        target[1] = word_at(attributes, place + 2);
        // fall through
      case COPY_U32:
        target[0] = value;
        break;
      case COPY_U16BE:
        target[0] = ntohs((uint16_t)value);
        break;
      default:
        target[0] = value & step[STEP_COPY];
    }
  }
  if (row[ROW_FAMILY] == 0) return false; // rare: the service's family
  size_t words = row[ROW_FAMILY] == AF_INET ? 1 : 4;
  if (words == 4) row[ROW_FAMILY] = AF_INET6; // as src/ipvs/convert.ts
  for (size_t word = 0; word < 4; word++) {
    row[ROW_ADDRESS + word] = word < words ? ntohl(word_at(attributes, layout->address + word)) : 0;
  }
  row[ROW_INCOMPLETE] = 0;
  return true;
}

JSValue copy_rows(JSContext *context, JSValueConst self, int count, JSValueConst *values) {
  struct layout layout;
  uint32_t start, sequence, row;
  size_t size, word_count;
  if (JS_ToUint32(context, &start, values[1]) || JS_ToUint32(context, &sequence, values[2]) ||
      JS_ToUint32(context, &layout.length, values[3]) || JS_ToUint32(context, &layout.address, values[4]) ||
      JS_ToUint32(context, &row, values[8]))
    return JS_EXCEPTION;
  const uint8_t *datagram = memory_of(context, values[0], &size);
  layout.headers = datagram ? words_of(context, values[5], &layout.header_count) : NULL;
  layout.steps = layout.headers ? words_of(context, values[6], &layout.step_count) : NULL;
  uint32_t *rows = layout.steps ? words_of(context, values[7], &word_count) : NULL;
  if (!rows) return JS_EXCEPTION;
  // Copying must not change a layout that has been checked.
  if (overlap(rows, word_count, layout.headers, layout.header_count) ||
      overlap(rows, word_count, layout.steps, layout.step_count) || !is_valid(&layout) || start > size)
    return JS_NewInt32(context, 0);

  const size_t first = NLMSG_HDRLEN + GENL_HDRLEN, message_size = first + layout.length;
  int32_t done = 0;
  for (size_t at = start; message_size <= size - at && row < word_count / ROW_WORDS; at += message_size) {
    struct nlmsghdr header;
    memcpy(&header, datagram + at, sizeof header);
    if (header.nlmsg_len != message_size || header.nlmsg_seq != sequence ||
        header.nlmsg_type < NLMSG_MIN_TYPE || header.nlmsg_flags & NLM_F_DUMP_INTR ||
        !copy_row(&layout, datagram + at + first, rows + (size_t)row * ROW_WORDS))
      break;
    row++;
    done++;
  }
  return JS_NewInt32(context, done);
}

typedef int64_t (*comparison)(const uint32_t *a, const uint32_t *b);

/** As in ipvsadm: the wrapped difference of unsigned words, read as signed. */
static int64_t compare_listed(const uint32_t *a, const uint32_t *b) {
  size_t words = a[ROW_FAMILY] == AF_INET ? 1 : 4;
  for (size_t word = ROW_ADDRESS; word < ROW_ADDRESS + words; word++) {
    int32_t difference = (int32_t)(a[word] - b[word]);
    if (difference) return difference;
  }
  return (int64_t)a[ROW_PORT] - b[ROW_PORT];
}

/** As in state documents: by family, address and port. */
static int64_t compare_keys(const uint32_t *a, const uint32_t *b) {
  if (a[ROW_FAMILY] != b[ROW_FAMILY]) return (int64_t)a[ROW_FAMILY] - b[ROW_FAMILY];
  for (size_t word = ROW_ADDRESS; word < ROW_ADDRESS + 4; word++) {
    if (a[word] != b[word]) return (int64_t)a[word] - b[word];
  }
  return (int64_t)a[ROW_PORT] - b[ROW_PORT];
}

struct sorting {
  const uint32_t *rows;
  uint32_t *numbers, *scratch;
  comparison compare;
};

static const uint32_t *row_of(const struct sorting *sorting, uint32_t number) {
  return sorting->rows + (size_t)number * ROW_WORDS;
}

/** As qsort of the GNU C library: src/model/order.ts. */
static void merge_sort(const struct sorting *sorting, size_t from, size_t to) {
  if (to - from < 2) return;
  size_t middle = from + (to - from) / 2;
  merge_sort(sorting, from, middle);
  merge_sort(sorting, middle, to);
  uint32_t *numbers = sorting->numbers, *scratch = sorting->scratch;
  memcpy(scratch + from, numbers + from, (middle - from) * sizeof *numbers);
  size_t left = from, right = middle, at = from;
  while (left < middle && right < to) {
    int64_t order = sorting->compare(row_of(sorting, scratch[left]), row_of(sorting, numbers[right]));
    numbers[at++] = order <= 0 ? scratch[left++] : numbers[right++];
  }
  while (left < middle) numbers[at++] = scratch[left++];
}

JSValue order_rows(JSContext *context, JSValueConst self, int count, JSValueConst *values) {
  int as_in_documents = JS_ToBool(context, values[2]);
  if (as_in_documents < 0) return JS_EXCEPTION;
  size_t word_count, number_count;
  struct sorting sorting = {.compare = as_in_documents ? compare_keys : compare_listed};
  sorting.rows = words_of(context, values[0], &word_count);
  sorting.numbers = sorting.rows ? words_of(context, values[1], &number_count) : NULL;
  if (!sorting.numbers) return JS_EXCEPTION;
  for (size_t at = 0; at < number_count; at++) {
    if (sorting.numbers[at] >= word_count / ROW_WORDS) return JS_ThrowRangeError(context, "no such row");
  }
  sorting.scratch = js_malloc(context, (number_count + 1) * sizeof *sorting.scratch);
  if (!sorting.scratch) return JS_EXCEPTION;
  merge_sort(&sorting, 0, number_count);
  js_free(context, sorting.scratch);
  return JS_UNDEFINED;
}
