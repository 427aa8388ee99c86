#include "ask.h"
#include "frames.h"

#include <arpa/inet.h>
#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

enum { MAX_MILLISECONDS = 10000, MAX_ADDRESSES = 1024, MAX_ANSWERS = 8 };
/** Room for either message with its headers; what is longer is cut off, and not looked at. */
enum { RECEIVED = 2048 };

struct question {
  int family;
  uint8_t address[16];
  /** Who has answered: each is told once. */
  uint8_t answers[MAX_ANSWERS][6];
  int answered;
};

/** Static, because main's stack need not hold them. */
static struct question questions[MAX_ADDRESSES];
static int asked;

static struct interface interface;
/** The sockets that hear the answers; -1: none is needed. */
static int arp = -1, discovery = -1;

static long long now(void) {
  struct timespec time;
  clock_gettime(CLOCK_MONOTONIC, &time);
  return time.tv_sec * 1000LL + time.tv_nsec / 1000000;
}

static int length_of(int family) { return family == AF_INET ? 4 : 16; }

/** Tells of an answer to one of the questions; the MAC address is another machine's. */
static void tell(int family, const uint8_t *address, const uint8_t *mac) {
  if (memcmp(mac, interface.mac, 6) == 0) return;
  for (int at = 0; at < asked; at++) {
    struct question *question = &questions[at];
    if (question->family != family || memcmp(question->address, address, (size_t)length_of(family)) != 0) continue;
    for (int known = 0; known < question->answered; known++) {
      if (memcmp(question->answers[known], mac, 6) == 0) return;
    }
    if (question->answered == MAX_ANSWERS) return;
    memcpy(question->answers[question->answered++], mac, 6);
    char text[INET6_ADDRSTRLEN];
    inet_ntop(family, address, text, sizeof text);
    printf("%s %02x:%02x:%02x:%02x:%02x:%02x\n", text, mac[0], mac[1], mac[2], mac[3], mac[4], mac[5]);
    return;
  }
}

/** Replies, and what another machine asks or announces in the name of the address. */
static void hear_arp(const uint8_t *bytes, size_t length) {
  struct arp_frame frame;
  if (length < sizeof frame) return;
  memcpy(&frame, bytes, sizeof frame);
  if (frame.arp.ar_pro != htons(ETHERTYPE_IP) || frame.arp.ar_hln != 6 || frame.arp.ar_pln != 4) return;
  tell(AF_INET, frame.sender, frame.sender_mac);
}

static void hear_discovery(const uint8_t *bytes, size_t length) {
  struct neighbour_message message;
  if (length < sizeof message) return;
  memcpy(&message, bytes, sizeof message);
  if (message.head.nd_na_type != ND_NEIGHBOR_ADVERT || message.option.nd_opt_type != ND_OPT_TARGET_LINKADDR) return;
  tell(AF_INET6, message.head.nd_na_target.s6_addr, message.mac);
}

static int needs(int family) {
  for (int at = 0; at < asked; at++) {
    if (questions[at].family == family) return 1;
  }
  return 0;
}

static int open_sockets(void) {
  if (needs(AF_INET)) {
    // Bound to the interface before it has a protocol, so that it never hears another one.
    arp = socket(AF_PACKET, SOCK_RAW | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    if (arp < 0) return failed("socket");
    struct sockaddr_ll here = interface.everybody;
    if (bind(arp, (struct sockaddr *)&here, sizeof here) < 0) return failed("bind");
  }
  if (needs(AF_INET6)) {
    discovery = open_discovery(&interface);
    if (discovery < 0) return FAILED;
    struct icmp6_filter filter;
    ICMP6_FILTER_SETBLOCKALL(&filter);
    ICMP6_FILTER_SETPASS(ND_NEIGHBOR_ADVERT, &filter);
    struct sockaddr_in6 here = {.sin6_family = AF_INET6, .sin6_scope_id = interface.index};
    if (setsockopt(discovery, IPPROTO_ICMPV6, ICMP6_FILTER, &filter, sizeof filter) < 0) return failed("setsockopt");
    if (bind(discovery, (struct sockaddr *)&here, sizeof here) < 0) return failed("bind");
  }
  return OK;
}

static int send_questions(void) {
  static const uint8_t nobody[4] = {0};
  int status = OK;
  for (int at = 0; at < asked; at++) {
    const struct question *question = &questions[at];
    if (question->family == AF_INET) {
      if (send_arp(&interface, ARPOP_REQUEST, nobody, question->address) != OK) status = FAILED;
      continue;
    }
    struct in6_addr target, group;
    memcpy(&target, question->address, sizeof target);
    inet_pton(AF_INET6, "ff02::1:ff00:0", &group); // the solicited-node group, RFC 4291
    memcpy(group.s6_addr + 13, target.s6_addr + 13, 3);
    if (send_discovery(&interface, discovery, ND_NEIGHBOR_SOLICIT, ND_OPT_SOURCE_LINKADDR, &target, &group) != OK)
      status = FAILED;
  }
  return status;
}

static void hear_until(long long end) {
  static uint8_t bytes[RECEIVED];
  for (long long left = end - now(); left > 0; left = end - now()) {
    struct pollfd sockets[2] = {{.fd = arp, .events = POLLIN}, {.fd = discovery, .events = POLLIN}};
    if (poll(sockets, 2, (int)left) <= 0) continue;
    for (int at = 0; at < 2; at++) {
      if (sockets[at].revents == 0) continue;
      ssize_t got = recv(sockets[at].fd, bytes, sizeof bytes, MSG_DONTWAIT);
      if (got > 0) (at == 0 ? hear_arp : hear_discovery)(bytes, (size_t)got);
    }
  }
}

static int read_words(int count, char **words, long *milliseconds) {
  if (count < 3 || count - 2 > MAX_ADDRESSES) return WRONG_WORDS;
  char *rest;
  *milliseconds = strtol(words[1], &rest, 10);
  if (*rest != '\0' || *milliseconds < 1 || *milliseconds > MAX_MILLISECONDS) return WRONG_WORDS;
  for (asked = 0; asked < count - 2; asked++) {
    struct question *question = &questions[asked];
    question->family = strchr(words[asked + 2], ':') ? AF_INET6 : AF_INET;
    if (inet_pton(question->family, words[asked + 2], question->address) != 1) return WRONG_WORDS;
  }
  return OK;
}

int ask(int count, char **words) {
  long milliseconds;
  int status = read_words(count, words, &milliseconds);
  if (status == OK) status = open_interface(words[0], &interface);
  if (status == OK) status = open_sockets();
  if (status != OK) return status;
  long long start = now();
  status = send_questions();
  hear_until(start + milliseconds / 2);
  if (send_questions() != OK) status = FAILED;
  hear_until(start + milliseconds);
  return fflush(stdout) == 0 ? status : FAILED;
}
