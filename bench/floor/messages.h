/* Netlink messages to IPVS, many in a buffer, and their replies. */
#pragma once
#include <linux/genetlink.h>
#include <linux/ip_vs.h>
#include <linux/netlink.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

enum { BATCH = 128, MESSAGE = 256 };

static int netlink, family;
static uint32_t sequence;
static char sent[BATCH * MESSAGE] __attribute__((aligned(8)));
static char received[64 * 1024] __attribute__((aligned(8)));
static size_t length;
static struct nlmsghdr *last;

static void check(int right, const char *what) {
  if (right) return;
  perror(what);
  exit(1);
}

static void *end(void) { return sent + length; }

static void put(int type, const void *value, size_t size) {
  struct nlattr *attribute = end();
  check(length + NLA_HDRLEN + NLA_ALIGN(size) <= sizeof sent, "message");
  attribute->nla_type = type;
  attribute->nla_len = NLA_HDRLEN + size;
  if (size > 0) {
    memset(attribute + 1, 0, NLA_ALIGN(size));
    memcpy(attribute + 1, value, size);
  }
  length += NLA_HDRLEN + NLA_ALIGN(size);
}

static void put_number(int type, uint32_t value) { put(type, &value, sizeof value); }
static void put_short(int type, uint16_t value) { put(type, &value, sizeof value); }

static struct nlattr *open_nest(int type) {
  struct nlattr *nest = end();
  put(type | NLA_F_NESTED, NULL, 0);
  return nest;
}

static void close_nest(struct nlattr *nest) { nest->nla_len = (char *)end() - (char *)nest; }

static void begin(int type, int flags, int command) {
  struct genlmsghdr *header;
  last = end();
  check(length + NLMSG_HDRLEN + GENL_HDRLEN <= sizeof sent, "message");
  memset(last, 0, NLMSG_HDRLEN + GENL_HDRLEN);
  last->nlmsg_type = type;
  last->nlmsg_flags = NLM_F_REQUEST | flags;
  last->nlmsg_seq = ++sequence;
  header = NLMSG_DATA(last);
  header->cmd = command;
  header->version = 1;
  length += NLMSG_HDRLEN + GENL_HDRLEN;
}

static void finish(void) { last->nlmsg_len = (char *)end() - (char *)last; }

static void flush(void) {
  check(send(netlink, sent, length, 0) == (ssize_t)length, "send");
  length = 0;
}

/* Returns the attributes of one level by type. */
static void attributes_of(const void *from, size_t size, const void **found, int most) {
  const char *at = from, *stop = at + size;
  for (int type = 0; type <= most; type++) found[type] = NULL;
  while (stop - at >= NLA_HDRLEN) {
    const struct nlattr *attribute = (const void *)at;
    int type = attribute->nla_type & NLA_TYPE_MASK;
    check(attribute->nla_len >= NLA_HDRLEN && attribute->nla_len <= stop - at, "attribute");
    if (type <= most) found[type] = at + NLA_HDRLEN;
    at += NLA_ALIGN(attribute->nla_len);
    if (at > stop) break;
  }
}

static size_t size_of(const void *payload) {
  return ((const struct nlattr *)payload - 1)->nla_len - NLA_HDRLEN;
}

static uint32_t number(const void *payload) {
  uint32_t value = 0;
  check(payload && size_of(payload) >= sizeof value, "number");
  memcpy(&value, payload, sizeof value);
  return value;
}

static uint16_t short_number(const void *payload) {
  uint16_t value = 0;
  check(payload && size_of(payload) >= sizeof value, "number");
  memcpy(&value, payload, sizeof value);
  return value;
}

/* Sends what there is, and calls `use` with the attributes of each reply, until the last one. */
static void exchange(void (*use)(const void *attributes, size_t size)) {
  flush();
  for (;;) {
    ssize_t size = recv(netlink, received, sizeof received, 0);
    check(size > 0, "recv");
    int left = size;
    for (struct nlmsghdr *reply = (void *)received; NLMSG_OK(reply, left); reply = NLMSG_NEXT(reply, left)) {
      if (reply->nlmsg_type == NLMSG_DONE) return;
      if (reply->nlmsg_type == NLMSG_ERROR) {
        struct nlmsgerr *error = NLMSG_DATA(reply);
        check(error->error == 0, "refused");
        if (reply->nlmsg_seq == sequence) return;
        continue;
      }
      use((char *)NLMSG_DATA(reply) + GENL_HDRLEN, reply->nlmsg_len - NLMSG_HDRLEN - GENL_HDRLEN);
      if (!(reply->nlmsg_flags & NLM_F_MULTI)) return;
    }
  }
}
