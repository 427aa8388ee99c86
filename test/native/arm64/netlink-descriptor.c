/*
 * PROGRAM ARGUMENTS...: runs a program with a generic netlink socket as DESCRIPTOR. qemu-user refuses to
 * open one, but passes the datagrams of a socket that exists.
 */
#define _GNU_SOURCE
#include <linux/netlink.h>
#include <stdio.h>
#include <sys/socket.h>
#include <unistd.h>

int main(int argc, char **argv) {
  int descriptor = socket(AF_NETLINK, SOCK_RAW, NETLINK_GENERIC);
  if (argc < 2 || descriptor < 0 || dup2(descriptor, DESCRIPTOR) < 0) return perror("netlink-descriptor"), 125;
  if (descriptor != DESCRIPTOR) close(descriptor);
  execvp(argv[1], argv + 1);
  return perror(argv[1]), 126;
}
