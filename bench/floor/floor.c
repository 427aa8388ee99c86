/*
 * The floor of the benchmarks: a program that does no more than the kernel requires, with one socket,
 * many changes in a datagram, one dump for each service and one buffer for the text. TCP over IPv4.
 *
 *   floor -R                     adds the rules of standard input, as bench/tables.ts writes them
 *   floor -ln | -Ln | -Sn | -Ln --stats
 *   floor wait ADDRESS PORT SERVERS WEIGHT
 *                                waits until a service has so many real servers, and one of the
 *                                weight unless it is 0
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include "messages.h"
#include "restore.h"
#include "text.h"

struct service {
  struct row row;
  char scheduler[IP_VS_SCHEDNAME_MAXLEN];
};

static void add_endpoint(const struct row *row) {
  const unsigned char *bytes = (const void *)&row->address;
  for (int index = 0; index < 4; index++) {
    add_number(bytes[index]);
    text[written++] = index < 3 ? '.' : ':';
  }
  add_number(ntohs(row->port));
}

/* Listing */

static enum { TABLE, RULES, STATISTICS } format;
static struct service *services;
static size_t service_count, service_room;
static struct row *rows;
static size_t row_count, row_room;

static void *grown(void *list, size_t count, size_t *room, size_t size) {
  if (count < *room) return list;
  *room = 2 * *room + 64;
  list = realloc(list, *room * size);
  check(list != NULL, "realloc");
  return list;
}

static void add_counters(struct row *row, const void *nest) {
  const void *found[IPVS_STATS_ATTR_MAX + 1];
  check(nest != NULL, "statistics");
  attributes_of(nest, size_of(nest), found, IPVS_STATS_ATTR_MAX);
  for (int index = 0; index < COUNTERS; index++) {
    check(found[index + 1] && size_of(found[index + 1]) >= sizeof(uint64_t), "statistics");
    memcpy(&row->counters[index], found[index + 1], sizeof(uint64_t));
  }
}

static void use_service(const void *attributes, size_t size) {
  const void *top[IPVS_CMD_ATTR_MAX + 1], *found[IPVS_SVC_ATTR_MAX + 1];
  attributes_of(attributes, size, top, IPVS_CMD_ATTR_MAX);
  check(top[IPVS_CMD_ATTR_SERVICE] != NULL, "service");
  attributes_of(top[IPVS_CMD_ATTR_SERVICE], size_of(top[IPVS_CMD_ATTR_SERVICE]), found, IPVS_SVC_ATTR_MAX);
  services = grown(services, service_count, &service_room, sizeof *services);
  struct service *service = &services[service_count++];
  memset(service, 0, sizeof *service);
  service->row.address = number(found[IPVS_SVC_ATTR_ADDR]);
  service->row.port = short_number(found[IPVS_SVC_ATTR_PORT]);
  check(found[IPVS_SVC_ATTR_SCHED_NAME] != NULL, "scheduler");
  strncpy(service->scheduler, found[IPVS_SVC_ATTR_SCHED_NAME], sizeof service->scheduler - 1);
  if (format == STATISTICS) add_counters(&service->row, found[IPVS_SVC_ATTR_STATS64]);
}

static void use_server(const void *attributes, size_t size) {
  const void *top[IPVS_CMD_ATTR_MAX + 1], *found[IPVS_DEST_ATTR_MAX + 1];
  attributes_of(attributes, size, top, IPVS_CMD_ATTR_MAX);
  check(top[IPVS_CMD_ATTR_DEST] != NULL, "server");
  attributes_of(top[IPVS_CMD_ATTR_DEST], size_of(top[IPVS_CMD_ATTR_DEST]), found, IPVS_DEST_ATTR_MAX);
  rows = grown(rows, row_count, &row_room, sizeof *rows);
  struct row *row = &rows[row_count++];
  row->address = number(found[IPVS_DEST_ATTR_ADDR]);
  row->port = short_number(found[IPVS_DEST_ATTR_PORT]);
  row->forwarding = number(found[IPVS_DEST_ATTR_FWD_METHOD]) & IP_VS_CONN_F_FWD_MASK;
  row->weight = number(found[IPVS_DEST_ATTR_WEIGHT]);
  row->active = number(found[IPVS_DEST_ATTR_ACTIVE_CONNS]);
  row->inactive = number(found[IPVS_DEST_ATTR_INACT_CONNS]);
  if (format == STATISTICS) add_counters(row, found[IPVS_DEST_ATTR_STATS64]);
}

static int compare(const void *one, const void *other) {
  const struct row *a = one, *b = other;
  uint32_t first = ntohl(a->address), second = ntohl(b->address);
  if (first != second) return first < second ? -1 : 1;
  return (int)ntohs(a->port) - (int)ntohs(b->port);
}

static void get_servers(const struct row *service) {
  begin(family, NLM_F_DUMP, IPVS_CMD_GET_DEST);
  struct nlattr *nest = open_nest(IPVS_CMD_ATTR_SERVICE);
  put_key(service);
  close_nest(nest);
  finish();
  row_count = 0;
  exchange(use_server);
}

static void add_row_counters(const struct row *row, size_t column) {
  fill(column);
  for (int index = 0; index < COUNTERS; index++) add_right(row->counters[index], 9);
  add("\n");
}

static void list_server(const struct service *service, const struct row *row) {
  static const char *const names[] = {"Masq", "Local", "Tunnel", "Route"};
  static const char *const options[] = {" -m -w ", " -g -w ", " -i -w ", " -g -w "};
  uint32_t method = row->forwarding < 4 ? row->forwarding : 3;
  size_t start = written;
  if (format == RULES) {
    add("-a -t ");
    add_endpoint(&service->row);
    add(" -r ");
    add_endpoint(row);
    add(options[method]);
    add_number(row->weight);
    add("\n");
    return;
  }
  add("  -> ");
  add_endpoint(row);
  if (format == STATISTICS) {
    add_row_counters(row, start + 33);
    return;
  }
  fill(start + 34);
  add(names[method]);
  fill(start + 42);
  add_number(row->weight);
  fill(start + 49);
  add_number(row->active);
  fill(start + 60);
  add_number(row->inactive);
  fill(start + 70);
  add("\n");
}

static void list_service(const struct service *service) {
  size_t start = written;
  add(format == RULES ? "-A -t " : "TCP  ");
  add_endpoint(&service->row);
  if (format == STATISTICS) {
    add_row_counters(&service->row, start + 33);
  } else {
    add(format == RULES ? " -s " : " ");
    add(service->scheduler);
    add("\n");
  }
  get_servers(&service->row);
  qsort(rows, row_count, sizeof *rows, compare);
  for (size_t index = 0; index < row_count; index++) {
    list_server(service, &rows[index]);
    if (written > sizeof text - 1024) write_out();
  }
}

static void use_info(const void *attributes, size_t size) {
  const void *found[IPVS_INFO_ATTR_MAX + 1];
  attributes_of(attributes, size, found, IPVS_INFO_ATTR_MAX);
  uint32_t version = number(found[IPVS_INFO_ATTR_VERSION]);
  written += sprintf(text + written, "IP Virtual Server version %u.%u.%u (size=%u)\n", version >> 16,
                     version >> 8 & 255, version & 255, number(found[IPVS_INFO_ATTR_CONN_TAB_SIZE]));
}

static void list(void) {
  if (format != RULES) {
    begin(family, 0, IPVS_CMD_GET_INFO);
    finish();
    exchange(use_info);
  }
  if (format == TABLE) {
    add("Prot LocalAddress:Port Scheduler Flags\n"
        "  -> RemoteAddress:Port           Forward Weight ActiveConn InActConn\n");
  } else if (format == STATISTICS) {
    add("Prot LocalAddress:Port               Conns   InPkts  OutPkts  InBytes OutBytes\n"
        "  -> RemoteAddress:Port\n");
  }
  begin(family, NLM_F_DUMP, IPVS_CMD_GET_SERVICE);
  finish();
  exchange(use_service);
  qsort(services, service_count, sizeof *services, compare);
  for (size_t index = 0; index < service_count; index++) list_service(&services[index]);
  write_out();
}

/* Waiting */

static void wait_for(char **words) {
  struct row service = {.address = inet_addr(words[0]), .port = htons(atoi(words[1]))};
  size_t wanted = strtoul(words[2], NULL, 10);
  uint32_t weight = strtoul(words[3], NULL, 10);
  for (;; usleep(2000)) {
    int found = weight == 0;
    get_servers(&service);
    for (size_t index = 0; index < row_count; index++) found |= rows[index].weight == weight;
    if (found && row_count == wanted) return;
  }
}

static void use_family(const void *attributes, size_t size) {
  const void *found[CTRL_ATTR_FAMILY_ID + 1];
  attributes_of(attributes, size, found, CTRL_ATTR_FAMILY_ID);
  family = short_number(found[CTRL_ATTR_FAMILY_ID]);
}

int main(int count, char **words) {
  struct sockaddr_nl kernel = {.nl_family = AF_NETLINK};
  int room = 1 << 20;
  check(count > 1, "arguments");
  netlink = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_GENERIC);
  check(netlink >= 0 && connect(netlink, (void *)&kernel, sizeof kernel) == 0, "socket");
  setsockopt(netlink, SOL_SOCKET, SO_RCVBUF, &room, sizeof room);
  begin(GENL_ID_CTRL, 0, CTRL_CMD_GETFAMILY);
  put(CTRL_ATTR_FAMILY_NAME, IPVS_GENL_NAME, sizeof IPVS_GENL_NAME);
  finish();
  exchange(use_family);
  if (strcmp(words[1], "-R") == 0) restore();
  else if (strcmp(words[1], "wait") == 0 && count == 6) wait_for(words + 2);
  else {
    format = strcmp(words[1], "-Sn") == 0 ? RULES : count > 2 ? STATISTICS : TABLE;
    list();
  }
  return 0;
}
