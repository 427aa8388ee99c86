/*
 * Names of the static executable. Its C library, musl, differs from the one that ipvsadm uses: it knows the
 * services of TCP and UDP only, compares the case of names in hosts(5), reads numbers in files differently, and
 * does not append the domains of resolv.conf(5) to a name that has a dot. Here names are found as by glibc
 * without nsswitch.conf(5): files, then DNS. The linker's --wrap sends calls here (scripts/native/build.ts).
 */
#include <arpa/inet.h>
#include <ctype.h>
#include <netdb.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#define SPACE " \t\n\v\f\r"
#define LONGEST_NAME 255

struct hostent *__real_gethostbyname(const char *name);

typedef bool uses_line(char *first, char **rest, void *wanted);

/** Calls `use` with the words of each line until it returns true. @returns whether it did. */
static bool each_line(const char *path, const char *comments, uses_line *use, void *wanted) {
  FILE *file = fopen(path, "re");
  if (!file) return false;
  char *line = NULL;
  size_t size = 0;
  bool found = false;
  while (!found && getline(&line, &size, file) >= 0) {
    line[strcspn(line, comments)] = 0;
    char *rest = NULL;
    char *first = strtok_r(line, SPACE, &rest);
    if (first) found = use(first, &rest, wanted);
  }
  free(line);
  fclose(file);
  return found;
}

static char *next_word(char **rest) { return strtok_r(NULL, SPACE, rest); }

/* services(5) */

struct service {
  const char *name; // NULL: any
  int port;         // in network byte order; -1: any
  const char *protocol;
  struct servent entry;
};

static char service_name[LONGEST_NAME + 1];
static char *no_aliases[] = {NULL};

static bool is_service(char *first, char **rest, void *wanted) {
  struct service *service = wanted;
  char *number = next_word(rest);
  char *slash = number ? strchr(number, '/') : NULL;
  if (!slash || !isdigit((unsigned char)number[0])) return false;
  char *end;
  unsigned long port = strtoul(number, &end, 0);
  if (end != slash || strcmp(slash + 1, service->protocol)) return false;
  if (service->port >= 0 && htons((uint16_t)port) != service->port) return false; // as glibc truncates it
  bool matches = !service->name || !strcmp(first, service->name);
  for (char *alias; !matches && (alias = next_word(rest));) matches = !strcmp(alias, service->name);
  if (!matches || strlen(first) > LONGEST_NAME) return false;
  strcpy(service_name, first);
  service->entry =
      (struct servent){.s_name = service_name, .s_aliases = no_aliases, .s_port = htons((uint16_t)port)};
  return true;
}

static struct servent *find_service(const char *name, int port, const char *protocol) {
  static struct service found;
  found = (struct service){.name = name, .port = port, .protocol = protocol};
  return each_line("/etc/services", "#", is_service, &found) ? &found.entry : NULL;
}

struct servent *getservbyname(const char *name, const char *protocol) { return find_service(name, -1, protocol); }

struct servent *getservbyport(int port, const char *protocol) { return find_service(NULL, port, protocol); }

/* hosts(5) */

struct host {
  const char *name; // NULL: any
  int family;
  struct in6_addr address; // or its first bytes
};

/** An IPv4 address may be written as one of IPv6. */
static bool read_address(const char *text, int family, struct in6_addr *address) {
  if (inet_pton(family, text, address) == 1) return true;
  struct in6_addr six;
  if (family != AF_INET || inet_pton(AF_INET6, text, &six) != 1) return false;
  static const uint8_t local[] = {127, 0, 0, 1};
  if (IN6_IS_ADDR_LOOPBACK(&six))
    memcpy(address, local, sizeof local);
  else if (IN6_IS_ADDR_V4MAPPED(&six))
    memcpy(address, six.s6_addr + 12, sizeof local);
  else
    return false;
  return true;
}

static bool is_host(char *first, char **rest, void *wanted) {
  struct host *host = wanted;
  if (!read_address(first, host->family, &host->address)) return false;
  for (char *name; (name = next_word(rest));)
    if (!strcasecmp(name, host->name)) return true;
  return false;
}

static char host_name[LONGEST_NAME + 1];

static bool has_address(char *first, char **rest, void *wanted) {
  struct host *host = wanted;
  struct in6_addr address;
  size_t length = host->family == AF_INET ? sizeof(struct in_addr) : sizeof address;
  if (!read_address(first, host->family, &address) || memcmp(&address, &host->address, length)) return false;
  char *name = next_word(rest);
  if (name && strlen(name) > LONGEST_NAME) return false;
  strcpy(host_name, name ? name : ""); // an address alone has the empty name
  return true;
}

/* resolv.conf(5) */

#define DOMAINS 6 // as in glibc

struct domains {
  int count;
  char names[DOMAINS][LONGEST_NAME + 1];
};

/** Collects the domains of the last line `search` or `domain`. */
static bool is_search(char *first, char **rest, void *wanted) {
  struct domains *domains = wanted;
  bool search = !strcmp(first, "search");
  if (!search && strcmp(first, "domain")) return false;
  domains->count = 0;
  for (char *name; domains->count < (search ? DOMAINS : 1) && (name = next_word(rest));)
    if (strlen(name) <= LONGEST_NAME) strcpy(domains->names[domains->count++], name);
  return false;
}

/** Of the entry, only the first address and the name are as by gethostbyname(3) and gethostbyaddr(3). */
static struct hostent *entry_of(const struct host *host, char *name) {
  static struct in6_addr address;
  static char *addresses[] = {(char *)&address, NULL};
  static struct hostent entry = {.h_addr_list = addresses, .h_aliases = no_aliases};
  address = host->address;
  entry.h_name = name;
  entry.h_addrtype = host->family;
  entry.h_length = host->family == AF_INET ? sizeof(struct in_addr) : sizeof address;
  return &entry;
}

/** musl's gethostbyaddr would return the number of an address that has no name. */
static bool name_in_dns(const struct host *host) {
  struct sockaddr_in four = {.sin_family = AF_INET};
  struct sockaddr_in6 six = {.sin6_family = AF_INET6, .sin6_addr = host->address};
  memcpy(&four.sin_addr, &host->address, sizeof four.sin_addr);
  const struct sockaddr *address = host->family == AF_INET ? (void *)&four : (void *)&six;
  socklen_t length = host->family == AF_INET ? sizeof four : sizeof six;
  return !getnameinfo(address, length, host_name, sizeof host_name, NULL, 0, NI_NAMEREQD);
}

struct hostent *__wrap_gethostbyaddr(const void *address, socklen_t length, int family) {
  struct host host = {.family = family};
  if (length > sizeof host.address) return NULL;
  memcpy(&host.address, address, length);
  if (each_line("/etc/hosts", "#", has_address, &host)) return entry_of(&host, host_name);
  return name_in_dns(&host) ? entry_of(&host, host_name) : NULL;
}

struct hostent *__wrap_gethostbyname(const char *name) {
  struct host host = {.name = name, .family = AF_INET};
  struct in_addr number;
  if (!inet_aton(name, &number) && each_line("/etc/hosts", "#", is_host, &host))
    return entry_of(&host, (char *)name);
  struct hostent *found = __real_gethostbyname(name);
  size_t length = strlen(name);
  // musl has appended the domains to a name without a dot.
  if (found || h_errno != HOST_NOT_FOUND || !strchr(name, '.') || name[length - 1] == '.') return found;
  struct domains domains = {0};
  each_line("/etc/resolv.conf", "#;", is_search, &domains);
  for (int i = 0; !found && i < domains.count; i++) {
    char full[2 * LONGEST_NAME + 3];
    int size = snprintf(full, sizeof full, "%s.%s.", name, domains.names[i]);
    if (size > 0 && size <= LONGEST_NAME) found = __real_gethostbyname(full);
  }
  return found;
}
