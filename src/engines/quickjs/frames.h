/* What the helper sends to neighbours: ARP frames and messages of ICMPv6, on one interface. */
#ifndef FRAMES_H
#define FRAMES_H

#include <linux/if_packet.h>
#include <net/ethernet.h>
#include <net/if_arp.h>
#include <netinet/icmp6.h>
#include <netinet/in.h>
#include <stdint.h>

/** The exit statuses of the helper. */
enum { OK = 0, FAILED = 1, WRONG_WORDS = 2 };

/** Says on standard error what failed, with errno. @returns FAILED. */
int failed(const char *what);

struct interface {
  unsigned index;
  uint8_t mac[6];
  /** A packet socket that receives nothing, and the address of everybody on the link. */
  int packets;
  struct sockaddr_ll everybody;
};

/** Opens a packet socket for an interface. @returns OK, or FAILED after a message. */
int open_interface(const char *name, struct interface *interface);

/** An ARP packet of IPv4 over Ethernet, with its Ethernet header: 42 bytes. */
struct arp_frame {
  struct ether_header ethernet;
  struct arphdr arp;
  uint8_t sender_mac[6];
  uint8_t sender[4];
  uint8_t target_mac[6];
  uint8_t target[4];
} __attribute__((packed));

/** A neighbour solicitation or advertisement with one option, which holds a link-layer address. */
struct neighbour_message {
  struct nd_neighbor_advert head; // a solicitation has the same form
  struct nd_opt_hdr option;
  uint8_t mac[6];
} __attribute__((packed));

/** Broadcasts an ARP packet. @returns OK, or FAILED after a message. */
int send_arp(const struct interface *interface, uint16_t operation, const uint8_t *sender, const uint8_t *target);

/** A raw socket of ICMPv6 for neighbour discovery on an interface. @returns it, or -1 after a message. */
int open_discovery(const struct interface *interface);

/** Sends a message with the MAC address of the interface in its option. @returns OK, or FAILED after a message. */
int send_discovery(const struct interface *interface, int raw, uint8_t type, uint8_t option,
                   const struct in6_addr *target, const struct in6_addr *to);

#endif
