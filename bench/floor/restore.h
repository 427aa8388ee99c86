/* Rules, in the form in which bench/tables.ts writes them, become messages. */
#include <arpa/inet.h>
#include <netinet/in.h>
#include "messages.h"

enum { COUNTERS = 5 };

struct row {
  uint32_t address, forwarding, weight, active, inactive;
  uint16_t port;
  uint64_t counters[COUNTERS];
};

static void put_key(const struct row *row) {
  uint32_t address[4] = {row->address};
  put_short(IPVS_SVC_ATTR_AF, AF_INET);
  put_short(IPVS_SVC_ATTR_PROTOCOL, IPPROTO_TCP);
  put(IPVS_SVC_ATTR_ADDR, address, sizeof address);
  put_short(IPVS_SVC_ATTR_PORT, row->port);
}

/* Reads ADDRESS:PORT. Returns what follows, without a blank. */
static char *endpoint_of(char *at, struct row *row) {
  unsigned char *bytes = (void *)&row->address;
  for (int index = 0; index < 4; index++, at++) bytes[index] = strtoul(at, &at, 10);
  row->port = htons(strtoul(at, &at, 10));
  return *at == ' ' ? at + 1 : at;
}

static void no_reply(const void *attributes, size_t size) {
  (void)attributes;
  (void)size;
}

static uint32_t method_of(char letter) {
  return letter == 'm' ? IP_VS_CONN_F_MASQ : letter == 'i' ? IP_VS_CONN_F_TUNNEL : IP_VS_CONN_F_DROUTE;
}

static void add_rule(char *line) {
  struct row service = {0}, server = {0};
  int is_service = line[1] == 'A';
  char *at = endpoint_of(line + strlen("-A -t "), &service);
  begin(family, 0, is_service ? IPVS_CMD_NEW_SERVICE : IPVS_CMD_NEW_DEST);
  struct nlattr *nest = open_nest(IPVS_CMD_ATTR_SERVICE);
  put_key(&service);
  if (is_service) {
    struct ip_vs_flags flags = {.flags = 0, .mask = ~0u};
    at += strlen("-s ");
    at[strcspn(at, " \n")] = 0;
    put(IPVS_SVC_ATTR_SCHED_NAME, at, strlen(at) + 1);
    put(IPVS_SVC_ATTR_FLAGS, &flags, sizeof flags);
    put_number(IPVS_SVC_ATTR_TIMEOUT, 0);
    put_number(IPVS_SVC_ATTR_NETMASK, ~0u);
    close_nest(nest);
    finish();
    return;
  }
  close_nest(nest);
  at = endpoint_of(at + strlen("-r "), &server);
  uint32_t address[4] = {server.address};
  nest = open_nest(IPVS_CMD_ATTR_DEST);
  put(IPVS_DEST_ATTR_ADDR, address, sizeof address);
  put_short(IPVS_DEST_ATTR_PORT, server.port);
  put_number(IPVS_DEST_ATTR_FWD_METHOD, method_of(at[1]));
  put_number(IPVS_DEST_ATTR_WEIGHT, strtoul(at + strlen("-m -w "), NULL, 10));
  put_number(IPVS_DEST_ATTR_U_THRESH, 0);
  put_number(IPVS_DEST_ATTR_L_THRESH, 0);
  put_short(IPVS_DEST_ATTR_ADDR_FAMILY, AF_INET);
  close_nest(nest);
  finish();
}

static void send_batch(void) {
  last->nlmsg_flags |= NLM_F_ACK;
  exchange(no_reply);
}

static void restore(void) {
  static char line[1024];
  int count = 0;
  while (fgets(line, sizeof line, stdin)) {
    add_rule(line);
    if (++count % BATCH == 0) send_batch();
  }
  if (length > 0) send_batch();
}
