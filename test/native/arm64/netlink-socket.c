/* For LD_PRELOAD: opening a generic netlink socket returns a copy of DESCRIPTOR (netlink-descriptor.c). */
#define _GNU_SOURCE
#include <linux/netlink.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

int socket(int domain, int type, int protocol) {
  if (domain == AF_NETLINK && protocol == NETLINK_GENERIC) return dup(DESCRIPTOR);
  return (int)syscall(SYS_socket, domain, type, protocol);
}
