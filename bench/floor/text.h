/* The text of a listing in one buffer. */
#include <stdint.h>
#include <string.h>
#include <unistd.h>

static char text[64 * 1024];
static size_t written;

static void write_out(void) {
  for (size_t at = 0; at < written;) {
    ssize_t size = write(1, text + at, written - at);
    check(size > 0, "write");
    at += size;
  }
  written = 0;
}

static void add(const char *words) {
  size_t size = strlen(words);
  memcpy(text + written, words, size);
  written += size;
}

static void add_number(uint64_t value) {
  char digits[20];
  int count = 0;
  do digits[count++] = '0' + value % 10;
  while (value /= 10);
  while (count > 0) text[written++] = digits[--count];
}

static void fill(size_t column) {
  while (written < column) text[written++] = ' ';
}

static void add_right(uint64_t value, int width) {
  int count = 1;
  for (uint64_t rest = value; rest >= 10; rest /= 10) count++;
  fill(written + (count < width ? width - count : 0));
  add_number(value);
}
