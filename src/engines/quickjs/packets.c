/*
 * What Node has no system calls for, as a helper of the program on Node, which runs this executable
 * with argv[0] `ipvsadm-packets`:
 *
 *   announce INTERFACE ADDRESS...   tells the neighbours that this machine has the addresses: a gratuitous
 *                                   ARP request and reply (RFC 5227 section 3), for IPv6 an unsolicited
 *                                   neighbour advertisement with the override flag (RFC 4861 section 7.2.6)
 *   relay tcp|udp TIMEOUT SOURCE ADDRESS PORT [device NAME] [mark NUMBER]
 *                                   connects and copies: relay.h
 *   ask INTERFACE MILLISECONDS ADDRESS...
 *                                   who else has the addresses: ask.h
 *   guard FIFO MILLISECONDS PROGRAM ARGUMENT...
 *                                   runs a program as long as there are signs of life: guard.h
 *
 * The exit status is 0, 1 if a system call failed (with a line on standard error), 2 for wrong words.
 */
#include "packets.h"
#include "ask.h"
#include "frames.h"
#include "guard.h"
#include "relay.h"

#include <arpa/inet.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

static int announce_ipv6(const struct interface *interface, const struct in6_addr *address) {
  int raw = open_discovery(interface);
  if (raw < 0) return FAILED;
  struct sockaddr_in6 from = {.sin6_family = AF_INET6, .sin6_addr = *address, .sin6_scope_id = interface->index};
  struct in6_addr everybody;
  inet_pton(AF_INET6, "ff02::1", &everybody);
  int status = bind(raw, (struct sockaddr *)&from, sizeof from) < 0
                   ? failed("bind")
                   : send_discovery(interface, raw, ND_NEIGHBOR_ADVERT, ND_OPT_TARGET_LINKADDR, address, &everybody);
  close(raw);
  return status;
}

static int announce(int count, char **words) {
  if (count < 2) return WRONG_WORDS;
  struct interface interface;
  if (open_interface(words[0], &interface) != OK) return FAILED;
  int status = OK;
  for (int at = 1; at < count; at++) {
    uint8_t address[16];
    int one = OK;
    if (inet_pton(AF_INET, words[at], address) == 1) {
      one = send_arp(&interface, ARPOP_REQUEST, address, address);
      if (one == OK) one = send_arp(&interface, ARPOP_REPLY, address, address);
    } else if (inet_pton(AF_INET6, words[at], address) == 1) {
      struct in6_addr ipv6;
      memcpy(&ipv6, address, sizeof ipv6);
      one = announce_ipv6(&interface, &ipv6);
    } else {
      return WRONG_WORDS;
    }
    if (one != OK) status = one;
  }
  return status;
}

int packets_main(int argc, char **argv) {
  if (argc > 1 && strcmp(argv[1], "announce") == 0) return announce(argc - 2, argv + 2);
  if (argc > 1 && strcmp(argv[1], "ask") == 0) return ask(argc - 2, argv + 2);
  if (argc > 1 && strcmp(argv[1], "guard") == 0) return guard(argc - 2, argv + 2);
  if (argc > 1 && strcmp(argv[1], "relay") == 0) return relay(argc - 2, argv + 2);
  return WRONG_WORDS;
}
