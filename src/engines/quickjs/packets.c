/*
 * What Node has no system calls for, as a helper of the program on Node, which runs this executable
 * with argv[0] `ipvsadm-packets`:
 *
 *   announce INTERFACE ADDRESS...   tells the neighbours that this machine has the addresses: a gratuitous
 *                                   ARP request and reply (RFC 5227 section 3), for IPv6 an unsolicited
 *                                   neighbour advertisement with the override flag (RFC 4861 section 7.2.6)
 *   relay tcp|udp TIMEOUT SOURCE ADDRESS PORT [device NAME] [mark NUMBER]
 *                                   connects and copies: relay.h
 *
 * The exit status is 0, 1 if a system call failed (with a line on standard error), 2 for wrong words.
 */
#include "packets.h"
#include "relay.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/if_packet.h>
#include <net/ethernet.h>
#include <net/if.h>
#include <net/if_arp.h>
#include <netinet/icmp6.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>

enum { OK = 0, FAILED = 1, WRONG_WORDS = 2 };

static int failed(const char *what) {
  fprintf(stderr, "%s: %s\n", what, strerror(errno));
  return FAILED;
}

/* An ARP packet of IPv4 over Ethernet, with its Ethernet header: 42 bytes. */
struct arp_frame {
  struct ether_header ethernet;
  struct arphdr arp;
  uint8_t sender_mac[6];
  uint8_t sender[4];
  uint8_t target_mac[6];
  uint8_t target[4];
} __attribute__((packed));

/* Sender and target are both the announced address. */
static int send_arp(int packets, const struct sockaddr_ll *to, const uint8_t *mac, const uint8_t *address,
                    uint16_t operation) {
  struct arp_frame frame = {0};
  memset(frame.ethernet.ether_dhost, 0xff, 6);
  memcpy(frame.ethernet.ether_shost, mac, 6);
  frame.ethernet.ether_type = htons(ETHERTYPE_ARP);
  frame.arp.ar_hrd = htons(ARPHRD_ETHER);
  frame.arp.ar_pro = htons(ETHERTYPE_IP);
  frame.arp.ar_hln = 6;
  frame.arp.ar_pln = 4;
  frame.arp.ar_op = htons(operation);
  memcpy(frame.sender_mac, mac, 6);
  memcpy(frame.sender, address, 4);
  memset(frame.target_mac, operation == ARPOP_REPLY ? 0xff : 0, 6);
  memcpy(frame.target, address, 4);
  ssize_t sent = sendto(packets, &frame, sizeof frame, 0, (const struct sockaddr *)to, sizeof *to);
  return sent == (ssize_t)sizeof frame ? OK : failed("send");
}

/* The kernel fills in the checksum of ICMPv6. */
static int send_advertisement(unsigned index, const uint8_t *mac, const struct in6_addr *address) {
  struct {
    struct nd_neighbor_advert advert;
    struct nd_opt_hdr option;
    uint8_t mac[6];
  } __attribute__((packed)) message = {0};
  message.advert.nd_na_type = ND_NEIGHBOR_ADVERT;
  message.advert.nd_na_flags_reserved = ND_NA_FLAG_OVERRIDE;
  message.advert.nd_na_target = *address;
  message.option.nd_opt_type = ND_OPT_TARGET_LINKADDR;
  message.option.nd_opt_len = 1; // in units of 8 bytes
  memcpy(message.mac, mac, 6);

  int raw = socket(AF_INET6, SOCK_RAW | SOCK_CLOEXEC, IPPROTO_ICMPV6);
  if (raw < 0) return failed("socket");
  int hops = 255; // neighbours drop any other: it may have come from afar
  int status = OK;
  struct sockaddr_in6 from = {.sin6_family = AF_INET6, .sin6_addr = *address, .sin6_scope_id = index};
  struct sockaddr_in6 to = {.sin6_family = AF_INET6, .sin6_scope_id = index};
  inet_pton(AF_INET6, "ff02::1", &to.sin6_addr);
  if (setsockopt(raw, IPPROTO_IPV6, IPV6_MULTICAST_HOPS, &hops, sizeof hops) < 0 ||
      setsockopt(raw, IPPROTO_IPV6, IPV6_MULTICAST_IF, &index, sizeof index) < 0) {
    status = failed("setsockopt");
  } else if (bind(raw, (struct sockaddr *)&from, sizeof from) < 0) {
    status = failed("bind");
  } else if (sendto(raw, &message, sizeof message, 0, (struct sockaddr *)&to, sizeof to) < 0) {
    status = failed("send");
  }
  close(raw);
  return status;
}

static int announce(int count, char **words) {
  if (count < 2) return WRONG_WORDS;
  unsigned index = if_nametoindex(words[0]);
  if (index == 0) return failed(words[0]);
  int packets = socket(AF_PACKET, SOCK_RAW | SOCK_CLOEXEC, 0);
  if (packets < 0) return failed("socket");
  struct ifreq request = {0};
  strncpy(request.ifr_name, words[0], IFNAMSIZ - 1);
  if (ioctl(packets, SIOCGIFHWADDR, &request) < 0) return failed(words[0]);
  const uint8_t *mac = (const uint8_t *)request.ifr_hwaddr.sa_data;
  struct sockaddr_ll to = {
      .sll_family = AF_PACKET, .sll_protocol = htons(ETHERTYPE_ARP), .sll_ifindex = (int)index, .sll_halen = 6};
  memset(to.sll_addr, 0xff, 6);

  int status = OK;
  for (int at = 1; at < count; at++) {
    uint8_t address[16];
    int one = OK;
    if (inet_pton(AF_INET, words[at], address) == 1) {
      one = send_arp(packets, &to, mac, address, ARPOP_REQUEST);
      if (one == OK) one = send_arp(packets, &to, mac, address, ARPOP_REPLY);
    } else if (inet_pton(AF_INET6, words[at], address) == 1) {
      one = send_advertisement(index, mac, (const struct in6_addr *)address);
    } else {
      return WRONG_WORDS;
    }
    if (one != OK) status = one;
  }
  return status;
}

int packets_main(int argc, char **argv) {
  if (argc > 1 && strcmp(argv[1], "announce") == 0) return announce(argc - 2, argv + 2);
  if (argc > 1 && strcmp(argv[1], "relay") == 0) return relay(argc - 2, argv + 2);
  return WRONG_WORDS;
}
