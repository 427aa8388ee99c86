/*
 * The functions of `native`: system calls, and names by the C library's resolver, as in ipvsadm. A
 * negative number is an errno, as in the kernel. Text has one character per byte.
 */
#define _GNU_SOURCE
#include "arrays.h"
#include "bulk-lines.h"
#include "parts.h"
#include "rows.h"
#include "world.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <linux/netlink.h>
#include <netdb.h>
#include <netinet/in.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <spawn.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

/**
 * Room for the errors of a complete batch: 128 messages, including the kernel's overhead for each.
 */
#define RECEIVE_BUFFER (1024 * 1024)
/** Room for a complete batch of 64 KiB. The kernel grants less if net.core.wmem_max is smaller. */
#define SEND_BUFFER (256 * 1024)

/** What one call of `memory` maps at most. */
#define MOST_MEMORY (64 * 1024 * 1024)

extern char **environ;

/* Texts and bytes */

/** Bytes as text of one character per byte. QuickJS takes UTF-8. */
static JSValue text_of(JSContext *context, const char *bytes, size_t length) {
  char *utf8 = js_malloc(context, 2 * length + 1);
  if (!utf8) return JS_EXCEPTION;
  size_t used = 0;
  for (size_t at = 0; at < length; at++) {
    unsigned char byte = (unsigned char)bytes[at];
    if (byte < 0x80) {
      utf8[used++] = (char)byte;
    } else {
      utf8[used++] = (char)(0xc0 | byte >> 6);
      utf8[used++] = (char)(0x80 | (byte & 0x3f));
    }
  }
  JSValue text = JS_NewStringLen(context, utf8, used);
  js_free(context, utf8);
  return text;
}

static JSValue text_or_undefined(JSContext *context, const char *bytes) {
  return bytes ? text_of(context, bytes, strlen(bytes)) : JS_UNDEFINED;
}

/**
 * The bytes of a text, terminated by NUL, to be freed by js_free. A character above 255 ends the
 * text, as NUL does.
 * @returns NULL with an exception pending.
 */
static char *bytes_of(JSContext *context, JSValueConst text) {
  size_t length;
  const char *utf8 = JS_ToCStringLen(context, &length, text);
  if (!utf8) return NULL;
  char *bytes = js_malloc(context, length + 1);
  size_t used = 0;
  for (size_t at = 0; bytes && at < length; at++) {
    unsigned char byte = (unsigned char)utf8[at];
    if (byte >= 0x80) {
      if (byte > 0xc3) break;
      at += 1; // QuickJS writes complete characters
      byte = (unsigned char)(byte << 6 | ((unsigned char)utf8[at] & 0x3f));
    }
    bytes[used++] = (char)byte;
  }
  if (bytes) bytes[used] = 0;
  JS_FreeCString(context, utf8);
  return bytes;
}

/** The result of a system call, or its errno. */
static JSValue number(JSContext *context, long value) {
  return JS_NewInt32(context, value < 0 ? -errno : (int32_t)value);
}

/* Descriptors */

static JSValue open_file(JSContext *context, JSValueConst self, int count, JSValueConst *values) {
  char *path = bytes_of(context, values[0]);
  if (!path) return JS_EXCEPTION;
  JSValue descriptor = number(context, open(path, O_RDONLY | O_CLOEXEC));
  js_free(context, path);
  return descriptor;
}

static JSValue close_file(JSContext *context, JSValueConst self, int count, JSValueConst *values) {
  int descriptor;
  if (JS_ToInt32(context, &descriptor, values[0])) return JS_EXCEPTION;
  return number(context, close(descriptor));
}

/** Waits until a descriptor no longer blocks. */
static void wait_for(int descriptor, short what) {
  struct pollfd wanted = {.fd = descriptor, .events = what};
  poll(&wanted, 1, -1);
}

/** A descriptor and the memory to read into or write. @returns NULL with an exception pending. */
static uint8_t *transfer_of(JSContext *context, JSValueConst *values, int *descriptor, size_t *length) {
  if (JS_ToInt32(context, descriptor, values[0])) return NULL;
  return memory_of(context, values[1], length);
}

static JSValue read_file(JSContext *context, JSValueConst self, int count, JSValueConst *values) {
  int descriptor;
  size_t length;
  uint8_t *memory = transfer_of(context, values, &descriptor, &length);
  if (!memory) return JS_EXCEPTION;
  for (;;) {
    ssize_t got = read(descriptor, memory, length);
    if (got >= 0 || (errno != EINTR && errno != EAGAIN)) return number(context, got);
    if (errno == EAGAIN) wait_for(descriptor, POLLIN);
  }
}

static JSValue write_file(JSContext *context, JSValueConst self, int count, JSValueConst *values) {
  int descriptor;
  size_t length;
  uint8_t *memory = transfer_of(context, values, &descriptor, &length);
  if (!memory) return JS_EXCEPTION;
  for (size_t at = 0; at < length;) {
    ssize_t done = write(descriptor, memory + at, length - at);
    if (done >= 0) at += (size_t)done;
    else if (errno == EAGAIN) wait_for(descriptor, POLLOUT);
    else if (errno != EINTR) return number(context, done);
  }
  return number(context, 0);
}

static JSValue is_terminal(JSContext *context, JSValueConst self, int count, JSValueConst *values) {
  int descriptor;
  if (JS_ToInt32(context, &descriptor, values[0])) return JS_EXCEPTION;
  return JS_NewBool(context, isatty(descriptor));
}

void occupy_standard_streams(void) {
  static const int modes[] = {O_WRONLY, O_RDONLY, O_RDONLY}; // wrong direction: using them fails
  for (int descriptor = 0; descriptor <= 2; descriptor++) {
    if (fcntl(descriptor, F_GETFD) >= 0 || errno != EBADF) continue;
    if (open("/dev/null", modes[descriptor]) != descriptor) _exit(2); // the lowest free one
  }
}

/* Netlink */

static JSValue open_netlink(JSContext *context, JSValueConst self, int count, JSValueConst *values) {
  int descriptor = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_GENERIC);
  int received = RECEIVE_BUFFER, sent = SEND_BUFFER;
  if (descriptor < 0) return number(context, descriptor);
  setsockopt(descriptor, SOL_SOCKET, SO_RCVBUF, &received, sizeof received);
  setsockopt(descriptor, SOL_SOCKET, SO_SNDBUF, &sent, sizeof sent);
  return number(context, descriptor);
}

static JSValue receive_buffer(JSContext *context, JSValueConst self, int count, JSValueConst *values) {
  int descriptor, size = 0;
  socklen_t length = sizeof size;
  if (JS_ToInt32(context, &descriptor, values[0])) return JS_EXCEPTION;
  int failed = getsockopt(descriptor, SOL_SOCKET, SO_RCVBUF, &size, &length);
  return number(context, failed ? failed : size);
}

static JSValue send_datagram(JSContext *context, JSValueConst self, int count, JSValueConst *values) {
  static const struct sockaddr_nl kernel = {.nl_family = AF_NETLINK};
  int descriptor;
  size_t length;
  uint8_t *memory = transfer_of(context, values, &descriptor, &length);
  if (!memory) return JS_EXCEPTION;
  ssize_t done;
  do {
    done = sendto(descriptor, memory, length, 0, (const struct sockaddr *)&kernel, sizeof kernel);
  } while (done < 0 && errno == EINTR);
  return number(context, done);
}

/**
 * Never blocks: the kernel replies inside sendto, and creates the next part of a dump inside
 * recvmsg.
 */
static JSValue receive_datagram(JSContext *context, JSValueConst self, int count, JSValueConst *values) {
  int descriptor;
  size_t length;
  uint8_t *memory = transfer_of(context, values, &descriptor, &length);
  if (!memory) return JS_EXCEPTION;
  for (;;) {
    struct sockaddr_nl sender = {0};
    struct iovec part = {.iov_base = memory, .iov_len = length};
    struct msghdr message = {
        .msg_name = &sender, .msg_namelen = sizeof sender, .msg_iov = &part, .msg_iovlen = 1};
    ssize_t got = recvmsg(descriptor, &message, MSG_DONTWAIT);
    if (got < 0 && errno == EINTR) continue;
    if (got >= 0 && message.msg_flags & MSG_TRUNC) return JS_NewInt32(context, -EMSGSIZE);
    if (got >= 0 && sender.nl_pid != 0) continue; // from another process: the kernel's port id is 0
    return number(context, got);
  }
}

/* Names: the functions that ipvsadm calls, so that nsswitch.conf(5) has the same effect */

static JSValue address_of_host(JSContext *context, JSValueConst self, int count, JSValueConst *values) {
  char *name = bytes_of(context, values[0]);
  if (!name) return JS_EXCEPTION;
  struct hostent *host = gethostbyname(name);
  js_free(context, name);
  if (!host || host->h_addrtype != AF_INET || !host->h_addr_list[0]) return JS_UNDEFINED;
  return text_of(context, host->h_addr_list[0], sizeof(struct in_addr));
}

static JSValue name_of_address(JSContext *context, JSValueConst self, int count, JSValueConst *values) {
  size_t length;
  uint8_t *address = memory_of(context, values[0], &length);
  if (!address) return JS_EXCEPTION;
  if (length != sizeof(struct in_addr) && length != sizeof(struct in6_addr)) return JS_UNDEFINED;
  int family = length == sizeof(struct in_addr) ? AF_INET : AF_INET6;
  struct hostent *host = gethostbyaddr(address, (socklen_t)length, family);
  return text_or_undefined(context, host ? host->h_name : NULL);
}

static JSValue port_of_service(JSContext *context, JSValueConst self, int count, JSValueConst *values) {
  char *name = bytes_of(context, values[0]);
  char *protocol = name ? bytes_of(context, values[1]) : NULL;
  struct servent *service = protocol ? getservbyname(name, protocol) : NULL;
  bool failed = !protocol;
  js_free(context, name);
  js_free(context, protocol);
  if (failed) return JS_EXCEPTION;
  return service ? JS_NewInt32(context, ntohs((uint16_t)service->s_port)) : JS_UNDEFINED;
}

static JSValue service_of_port(JSContext *context, JSValueConst self, int count, JSValueConst *values) {
  int port;
  if (JS_ToInt32(context, &port, values[0])) return JS_EXCEPTION;
  char *protocol = bytes_of(context, values[1]);
  if (!protocol) return JS_EXCEPTION;
  struct servent *service = getservbyport(htons((uint16_t)port), protocol);
  js_free(context, protocol);
  return text_or_undefined(context, service ? service->s_name : NULL);
}

/* Directories and namespaces */

/** Appends a text to a list. @returns -1 with an exception pending. */
static int append(JSContext *context, JSValueConst list, uint32_t index, const char *bytes) {
  JSValue text = text_of(context, bytes, strlen(bytes));
  return JS_IsException(text) ? -1 : JS_SetPropertyUint32(context, list, index, text);
}

static JSValue directory_names(JSContext *context, JSValueConst self, int count, JSValueConst *values) {
  char *path = bytes_of(context, values[0]);
  if (!path) return JS_EXCEPTION;
  DIR *directory = opendir(path);
  js_free(context, path);
  if (!directory) return JS_UNDEFINED;
  JSValue list = JS_NewArray(context);
  uint32_t length = 0;
  for (struct dirent *entry; !JS_IsException(list) && (entry = readdir(directory));) {
    if (!strcmp(entry->d_name, ".") || !strcmp(entry->d_name, "..")) continue;
    if (append(context, list, length++, entry->d_name) < 0) {
      JS_FreeValue(context, list);
      list = JS_EXCEPTION;
    }
  }
  closedir(directory);
  return list;
}

static JSValue enter_namespace(JSContext *context, JSValueConst self, int count, JSValueConst *values) {
  char *path = bytes_of(context, values[0]);
  if (!path) return JS_EXCEPTION;
  int file = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK); /* a pipe would wait for a writer */
  int result = file < 0 || setns(file, CLONE_NEWNET) < 0 ? -errno : 0;
  if (file >= 0) close(file);
  js_free(context, path);
  return JS_NewInt32(context, result);
}

/* Processes */

static struct world *world_of(JSContext *context) { return JS_GetContextOpaque(context); }

static JSValue arguments(JSContext *context, JSValueConst self, int count, JSValueConst *values) {
  struct world *world = world_of(context);
  JSValue list = JS_NewArray(context);
  for (int at = 0; at < world->argc; at++) {
    if (append(context, list, (uint32_t)at, world->argv[at]) < 0) {
      JS_FreeValue(context, list);
      return JS_EXCEPTION;
    }
  }
  return list;
}

static JSValue environment(JSContext *context, JSValueConst self, int count, JSValueConst *values) {
  char *name = bytes_of(context, values[0]);
  if (!name) return JS_EXCEPTION;
  const char *value = secure_getenv(name); // a setuid program must not start what its caller names
  js_free(context, name);
  return text_or_undefined(context, value);
}

static JSValue executable(JSContext *context, JSValueConst self, int count, JSValueConst *values) {
  char path[PATH_MAX];
  ssize_t length = readlink("/proc/self/exe", path, sizeof path);
  return length < 0 ? JS_UNDEFINED : text_of(context, path, (size_t)length);
}

/**
 * Replaces the process by another program with the same arguments. Returns only on failure, an
 * errno.
 */
/** Sets a variable of the environment, or unsets it if the value is ''. @returns -1 with an exception pending. */
static int set_environment(JSContext *context, const char *name, JSValueConst value) {
  char *text = bytes_of(context, value);
  if (!text) return -1;
  if (*text) setenv(name, text, 1);
  else unsetenv(name);
  js_free(context, text);
  return 0;
}

static JSValue become(JSContext *context, JSValueConst self, int count, JSValueConst *values) {
  char *path = bytes_of(context, values[0]);
  if (!path) return JS_EXCEPTION;
  if (set_environment(context, "IPVSADM_CALLED", values[1]) || set_environment(context, "IPVSADM_NATIVE", values[2])) {
    js_free(context, path);
    return JS_EXCEPTION;
  }
  unsetenv("IPVSADM_WORDS"); // if it names a native program, too, that would become itself for ever
  signal(SIGPIPE, SIG_DFL);
  execv(path, world_of(context)->argv);
  JSValue reason = JS_NewInt32(context, -errno);
  signal(SIGPIPE, SIG_IGN);
  js_free(context, path);
  return reason;
}

static JSValue load_module(JSContext *context, JSValueConst self, int count, JSValueConst *values) {
  static char *const command[] = {"modprobe", "--", "ip_vs", NULL};
  posix_spawn_file_actions_t streams;
  posix_spawnattr_t signals;
  sigset_t ignored;
  pid_t child;
  // modprobe takes directories of modules from it, also if it was started by a setuid program.
  if (!secure_getenv("MODPROBE_OPTIONS")) unsetenv("MODPROBE_OPTIONS");
  sigemptyset(&ignored);
  sigaddset(&ignored, SIGPIPE);
  if (posix_spawn_file_actions_init(&streams)) return JS_UNDEFINED;
  if (!posix_spawnattr_init(&signals)) {
    posix_spawn_file_actions_addopen(&streams, 0, "/dev/null", O_RDONLY, 0);
    posix_spawn_file_actions_addopen(&streams, 1, "/dev/null", O_WRONLY, 0);
    posix_spawnattr_setsigdefault(&signals, &ignored);
    posix_spawnattr_setflags(&signals, POSIX_SPAWN_SETSIGDEF);
    if (!posix_spawn(&child, "/sbin/modprobe", &streams, &signals, command, environ)) {
      while (waitpid(child, NULL, 0) < 0 && errno == EINTR) continue;
    }
    posix_spawnattr_destroy(&signals);
  }
  posix_spawn_file_actions_destroy(&streams);
  return JS_UNDEFINED;
}

/** Gives back what `memory` mapped. */
static void unmap(JSRuntime *runtime, void *length, void *memory) { munmap(memory, (size_t)(uintptr_t)length); }

/**
 * An ArrayBuffer of zeros for large buffers: unlike the engine's own, its pages cost nothing until
 * they are used.
 */
static JSValue memory(JSContext *context, JSValueConst self, int count, JSValueConst *values) {
  uint32_t length;
  if (JS_ToUint32(context, &length, values[0])) return JS_EXCEPTION;
  if (length == 0 || length > MOST_MEMORY) return JS_ThrowRangeError(context, "no such length");
  void *mapped = mmap(NULL, length, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (mapped == MAP_FAILED) return JS_ThrowOutOfMemory(context);
  JSValue buffer = JS_NewArrayBuffer(context, mapped, length, unmap, (void *)(uintptr_t)length, false);
  if (JS_IsException(buffer)) munmap(mapped, length);
  return buffer;
}

/** The parts of the program that few commands need. */
static JSValue part(JSContext *context, JSValueConst self, int count, JSValueConst *values) {
  char *name = bytes_of(context, values[0]);
  if (!name) return JS_EXCEPTION;
  JSValue exports = load_part(context, name);
  js_free(context, name);
  return exports;
}

static JSValue exit_with(JSContext *context, JSValueConst self, int count, JSValueConst *values) {
  if (JS_ToInt32(context, &world_of(context)->status, values[0])) return JS_EXCEPTION;
  return JS_UNDEFINED;
}

static const JSCFunctionListEntry functions[] = {
    JS_CFUNC_DEF("open", 1, open_file),
    JS_CFUNC_DEF("close", 1, close_file),
    JS_CFUNC_DEF("read", 2, read_file),
    JS_CFUNC_DEF("write", 2, write_file),
    JS_CFUNC_DEF("isTerminal", 1, is_terminal),
    JS_CFUNC_DEF("openNetlink", 0, open_netlink),
    JS_CFUNC_DEF("receiveBuffer", 1, receive_buffer),
    JS_CFUNC_DEF("send", 2, send_datagram),
    JS_CFUNC_DEF("receive", 2, receive_datagram),
    JS_CFUNC_DEF("addressOfHost", 1, address_of_host),
    JS_CFUNC_DEF("nameOfAddress", 1, name_of_address),
    JS_CFUNC_DEF("portOfService", 2, port_of_service),
    JS_CFUNC_DEF("serviceOfPort", 2, service_of_port),
    JS_CFUNC_DEF("directory", 1, directory_names),
    JS_CFUNC_DEF("enterNamespace", 1, enter_namespace),
    JS_CFUNC_DEF("arguments", 0, arguments),
    JS_CFUNC_DEF("environment", 1, environment),
    JS_CFUNC_DEF("executable", 0, executable),
    JS_CFUNC_DEF("become", 3, become),
    JS_CFUNC_DEF("loadModule", 0, load_module),
    JS_CFUNC_DEF("memory", 1, memory),
    JS_CFUNC_DEF("takeRules", 8, take_rules),
    JS_CFUNC_DEF("takeConnections", 3, take_connections),
    JS_CFUNC_DEF("part", 1, part),
    JS_CFUNC_DEF("exit", 1, exit_with),
    JS_CFUNC_DEF("copyRows", 9, copy_rows),
    JS_CFUNC_DEF("orderRows", 3, order_rows),
    JS_CFUNC_DEF("writeLines", 7, write_lines),
};

int add_world(JSContext *context, struct world *world) {
  JS_SetContextOpaque(context, world);
  JSValue native = JS_NewObject(context);
  if (JS_IsException(native)) return -1;
  JS_SetPropertyFunctionList(context, native, functions, sizeof functions / sizeof *functions);
  JSValue global = JS_GetGlobalObject(context);
  int done = JS_SetPropertyStr(context, global, "native", native);
  JS_FreeValue(context, global);
  return done < 0 ? -1 : 0;
}
