/*
 * Scans rules that add services and real servers, and writes the messages for them: the same as
 * src/classic/fast-rule.ts and src/ipvs/fast-change.ts, for many lines at once.
 */
#include "arrays.h"
#include "bulk-lines.h"

#include <netinet/in.h>
#include <stdbool.h>
#include <string.h>

/** forwardingMethods in src/model/real-server.ts. */
enum { MASQUERADING = 0, GATEWAYING = 3 };

#define MAX_SCHEDULER_LENGTH 15

/** Where a message has its sequence number, in words. */
#define SEQUENCE_WORD 2

/** The values of a rule, in the order of `RuleTemplate` in src/platform/bulk-lines.ts. */
enum value { PROTOCOL, SERVICE_ADDRESS, SERVICE_PORT, SERVER_ADDRESS, SERVER_PORT, FORWARDING, WEIGHT, VALUES };
#define SERVICE_VALUES (SERVICE_PORT + 1)

/** A message to copy: where its words for the values are, and what is stored as its kind. */
struct template {
  uint32_t kind;
  size_t value_count;
  uint32_t places[VALUES];
  const uint32_t *words;
  size_t length;
};

/** The text that is scanned. */
struct text {
  const uint8_t *at;
  const uint8_t *end;
};

static bool skip(struct text *text, const char *expected) {
  for (; *expected; expected++, text->at++) {
    if (text->at == text->end || *text->at != (uint8_t)*expected) return false;
  }
  return true;
}

/** A byte that is one of two. */
static bool either(struct text *text, uint8_t one, uint8_t other, uint8_t *found) {
  if (text->at == text->end || (*text->at != one && *text->at != other)) return false;
  *found = *text->at++;
  return true;
}

/** At most `most` (9) decimal digits without a leading zero. */
static bool number(struct text *text, int most, uint32_t *value) {
  const uint8_t *start = text->at;
  uint32_t sum = 0;
  for (; text->at < text->end && *text->at >= '0' && *text->at <= '9'; text->at++) {
    if (text->at - start == most) return false;
    sum = 10 * sum + (uint32_t)(*text->at - '0');
  }
  *value = sum;
  return text->at > start && (text->at - start == 1 || *start != '0');
}

/** A dotted quad, a colon and a port: as words of a message. */
static bool endpoint(struct text *text, uint32_t *address, uint32_t *port) {
  uint32_t sum = 0;
  for (int part = 0; part < 4; part++) {
    uint32_t value;
    if (!number(text, 3, &value) || value > 255 || !skip(text, part < 3 ? "." : ":")) return false;
    sum = sum << 8 | value;
  }
  uint32_t value;
  if (!number(text, 5, &value) || value > 65535) return false;
  *address = htonl(sum);
  *port = htons((uint16_t)value);
  return true;
}

static bool service(struct text *text, uint32_t *values) {
  uint8_t letter;
  if (!skip(text, "-") || !either(text, 't', 'u', &letter) || !skip(text, " ")) return false;
  values[PROTOCOL] = letter == 't' ? IPPROTO_TCP : IPPROTO_UDP;
  return endpoint(text, &values[SERVICE_ADDRESS], &values[SERVICE_PORT]);
}

/** Where a rule says to which service a real server is added, with the space before the server. */
struct beginning {
  const uint8_t *bytes;
  size_t length;
};

/**
 * @param last the beginning of the rule before, if any: `values` has what it says. Set to that of
 * this rule.
 */
static bool server_rule(struct text *text, struct beginning *last, uint32_t *values) {
  uint8_t letter;
  if (last->length > 0 && (size_t)(text->end - text->at) > last->length &&
      !memcmp(text->at, last->bytes, last->length)) {
    text->at += last->length;
  } else {
    last->bytes = text->at;
    if (!skip(text, "-a ") || !service(text, values) || !skip(text, " -r ")) return false;
    last->length = (size_t)(text->at - last->bytes);
  }
  if (!endpoint(text, &values[SERVER_ADDRESS], &values[SERVER_PORT])) return false;
  if (!skip(text, " -") || !either(text, 'm', 'g', &letter)) return false;
  values[FORWARDING] = letter == 'm' ? MASQUERADING : GATEWAYING;
  if (letter == 'g') values[SERVER_PORT] = values[SERVICE_PORT]; // direct routing cannot change the port
  return skip(text, " -w ") && number(text, 9, &values[WEIGHT]) && skip(text, "\n");
}

static bool service_rule(struct text *text, uint32_t *values, const char *scheduler) {
  if (!skip(text, "-A ") || !service(text, values) || values[SERVICE_PORT] == 0) return false;
  return skip(text, " -s ") && skip(text, scheduler) && skip(text, "\n");
}

/**
 * A template from the words of its array: kind, places, message.
 * @returns false if it is none, with an exception pending.
 */
static bool template_of(JSContext *context, JSValueConst array, size_t value_count, struct template *out) {
  size_t length;
  const uint32_t *words = words_of(context, array, &length);
  if (!words) return false;
  if (length > 1 + value_count + SEQUENCE_WORD) {
    *out = (struct template){words[0], value_count, {0}, words + 1 + value_count, length - 1 - value_count};
    size_t good = 0;
    for (size_t at = 0; at < value_count; at++) {
      out->places[at] = words[1 + at];
      good += out->places[at] < out->length;
    }
    if (good == value_count) return true;
  }
  JS_ThrowRangeError(context, "no template");
  return false;
}

/** Copies the name of a scheduler to `name`, with a NUL. @returns false with an exception pending. */
static bool scheduler_of(JSContext *context, JSValueConst array, char *name) {
  size_t length;
  const uint8_t *bytes = memory_of(context, array, &length);
  if (!bytes) return false;
  if (length == 0 || length > MAX_SCHEDULER_LENGTH || memchr(bytes, 0, length)) {
    JS_ThrowRangeError(context, "no name of a scheduler");
    return false;
  }
  memcpy(name, bytes, length);
  name[length] = 0;
  return true;
}

/** Indices in the cursor: `ruleCursor` in src/platform/bulk-lines.ts. */
enum { NEXT_BYTE, NEXT_WORD, MESSAGES, SEQUENCE, MOST_MESSAGES, CURSOR };

/** (block, server template, service template, scheduler, words, starts, kinds, cursor) */
JSValue take_rules(JSContext *context, JSValueConst self, int count, JSValueConst *values) {
  struct template server, service;
  char scheduler[MAX_SCHEDULER_LENGTH + 1];
  size_t size, word_count, start_count, kind_count, cursor_count;
  const uint8_t *block = memory_of(context, values[0], &size);
  if (!block || !template_of(context, values[1], VALUES, &server) ||
      !template_of(context, values[2], SERVICE_VALUES, &service) || !scheduler_of(context, values[3], scheduler))
    return JS_EXCEPTION;
  uint32_t *words = words_of(context, values[4], &word_count);
  uint32_t *starts = words ? words_of(context, values[5], &start_count) : NULL;
  uint8_t *kinds = starts ? memory_of(context, values[6], &kind_count) : NULL;
  uint32_t *cursor = kinds ? words_of(context, values[7], &cursor_count) : NULL;
  if (!cursor) return JS_EXCEPTION;
  if (cursor_count < CURSOR || cursor[NEXT_BYTE] > size || cursor[NEXT_WORD] > word_count)
    return JS_ThrowRangeError(context, "no such place");
  const uint8_t *at = block + cursor[NEXT_BYTE];
  size_t word = cursor[NEXT_WORD];
  uint32_t sequence = cursor[SEQUENCE];
  size_t messages = cursor[MESSAGES], most = cursor[MOST_MESSAGES];
  if (most > start_count) most = start_count;
  if (most > kind_count) most = kind_count;

  uint32_t found[VALUES];
  struct beginning last = {NULL, 0};
  for (; messages < most; messages++) {
    struct text text = {at, block + size};
    bool adds_server = size - (size_t)(at - block) > 1 && at[1] == 'a';
    if (!adds_server) last.length = 0;
    if (!(adds_server ? server_rule(&text, &last, found) : service_rule(&text, found, scheduler))) break;
    const struct template *template = adds_server ? &server : &service;
    if (template->length > word_count - word) break;
    uint32_t *message = words + word;
    memmove(message, template->words, template->length * sizeof *message);
    message[SEQUENCE_WORD] = sequence++;
    for (size_t value = 0; value < template->value_count; value++) message[template->places[value]] = found[value];
    starts[messages] = (uint32_t)(word * sizeof *message);
    kinds[messages] = (uint8_t)template->kind;
    word += template->length;
    at = text.at;
  }
  cursor[NEXT_BYTE] = (uint32_t)(at - block);
  cursor[NEXT_WORD] = (uint32_t)word;
  cursor[MESSAGES] = (uint32_t)messages;
  cursor[SEQUENCE] = sequence;
  return JS_UNDEFINED;
}
