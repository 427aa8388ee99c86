#include "frames.h"

#include <errno.h>
#include <net/if.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>

int failed(const char *what) {
  fprintf(stderr, "%s: %s\n", what, strerror(errno));
  return FAILED;
}

int open_interface(const char *name, struct interface *interface) {
  memset(interface, 0, sizeof *interface);
  interface->index = if_nametoindex(name);
  if (interface->index == 0) return failed(name);
  interface->packets = socket(AF_PACKET, SOCK_RAW | SOCK_CLOEXEC, 0);
  if (interface->packets < 0) return failed("socket");
  struct ifreq request = {0};
  strncpy(request.ifr_name, name, IFNAMSIZ - 1);
  if (ioctl(interface->packets, SIOCGIFHWADDR, &request) < 0) return failed(name);
  memcpy(interface->mac, request.ifr_hwaddr.sa_data, 6);
  interface->everybody = (struct sockaddr_ll){.sll_family = AF_PACKET,
                                              .sll_protocol = htons(ETHERTYPE_ARP),
                                              .sll_ifindex = (int)interface->index,
                                              .sll_halen = 6};
  memset(interface->everybody.sll_addr, 0xff, 6);
  return OK;
}

int send_arp(const struct interface *interface, uint16_t operation, const uint8_t *sender, const uint8_t *target) {
  struct arp_frame frame = {0};
  memset(frame.ethernet.ether_dhost, 0xff, 6);
  memcpy(frame.ethernet.ether_shost, interface->mac, 6);
  frame.ethernet.ether_type = htons(ETHERTYPE_ARP);
  frame.arp.ar_hrd = htons(ARPHRD_ETHER);
  frame.arp.ar_pro = htons(ETHERTYPE_IP);
  frame.arp.ar_hln = 6;
  frame.arp.ar_pln = 4;
  frame.arp.ar_op = htons(operation);
  memcpy(frame.sender_mac, interface->mac, 6);
  memcpy(frame.sender, sender, 4);
  memset(frame.target_mac, operation == ARPOP_REPLY ? 0xff : 0, 6);
  memcpy(frame.target, target, 4);
  ssize_t sent = sendto(interface->packets, &frame, sizeof frame, 0,
                        (const struct sockaddr *)&interface->everybody, sizeof interface->everybody);
  return sent == (ssize_t)sizeof frame ? OK : failed("send");
}

int open_discovery(const struct interface *interface) {
  int raw = socket(AF_INET6, SOCK_RAW | SOCK_CLOEXEC, IPPROTO_ICMPV6);
  if (raw < 0) {
    failed("socket");
    return -1;
  }
  int hops = 255; // neighbours drop any other: it may have come from afar
  int loop = 0;   // this machine would answer itself
  if (setsockopt(raw, IPPROTO_IPV6, IPV6_MULTICAST_HOPS, &hops, sizeof hops) < 0 ||
      setsockopt(raw, IPPROTO_IPV6, IPV6_MULTICAST_LOOP, &loop, sizeof loop) < 0 ||
      setsockopt(raw, IPPROTO_IPV6, IPV6_MULTICAST_IF, &interface->index, sizeof interface->index) < 0) {
    failed("setsockopt");
    close(raw);
    return -1;
  }
  return raw;
}

/* The kernel fills in the checksum of ICMPv6. */
int send_discovery(const struct interface *interface, int raw, uint8_t type, uint8_t option,
                   const struct in6_addr *target, const struct in6_addr *to) {
  struct neighbour_message message = {0};
  message.head.nd_na_type = type;
  message.head.nd_na_flags_reserved = type == ND_NEIGHBOR_ADVERT ? ND_NA_FLAG_OVERRIDE : 0;
  message.head.nd_na_target = *target;
  message.option.nd_opt_type = option;
  message.option.nd_opt_len = 1; // in units of 8 bytes
  memcpy(message.mac, interface->mac, 6);
  struct sockaddr_in6 address = {.sin6_family = AF_INET6, .sin6_addr = *to, .sin6_scope_id = interface->index};
  ssize_t sent = sendto(raw, &message, sizeof message, 0, (struct sockaddr *)&address, sizeof address);
  return sent == (ssize_t)sizeof message ? OK : failed("send");
}
