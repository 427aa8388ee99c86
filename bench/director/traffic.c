/*
 * The traffic of the comparison of directors: real servers, clients that count, and a look at the
 * kernel's table every few milliseconds. In C, because several of each run in one guest with one
 * processor, next to what is measured. Times are CLOCK_MONOTONIC in milliseconds.
 *
 *   traffic serve NAME PORT       answers HTTP with its name, and echoes what begins with a dot;
 *                                 2 s late from SIGUSR1 on
 *   traffic visit ADDRESS PORT    20 long connections that speak every 100 ms, and a new connection
 *                                 every 20 ms that has to be answered within 250 ms. Prints
 *                                 `visit TIME DURATION SERVER OUTCOME`, and on SIGTERM `mark TIME` for
 *                                 each SIGUSR1 and `long ALIVE`
 *   traffic watch                 prints `table TIME SERVICES [SERVER=WEIGHT]...` at each change
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <math.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

enum { MOST = 256, LONG = 20, PAUSE = 20, SPEAK = 100, LIMIT = 250, TICK = 10, LATE = 2000, PATIENCE = 4000 };

/* One connection of either side. */
struct connection {
    int fd; /* 0: none */
    double since, limit;
    char text[1024];
    size_t length;
    /* A long connection: bytes sent (a server: to be sent), bytes that came back, when to send next. */
    long sent, answered;
    double due;
    int connected, ended;
};

static struct connection connections[MOST];
static struct pollfd polled[MOST];
static volatile sig_atomic_t late, ending, marks;
static double marked[64];

static double now(void) {
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return time.tv_sec * 1e3 + time.tv_nsec / 1e6;
}

static void on_signal(int number) {
    if (number == SIGTERM) ending = 1;
    else if (marks < 64) { marked[marks] = now(); marks = marks + 1; late = 1; }
}

static struct connection *unused(int from) {
    for (int i = from; i < MOST; i++)
        if (connections[i].fd == 0) return &connections[i];
    fprintf(stderr, "traffic: too many connections\n");
    exit(1);
}

static void end(struct connection *one) {
    close(one->fd);
    one->fd = 0;
}

/* Waits for what the events of each connection say; 0 is the listening socket of a server. */
static void wait_for(short (*events)(const struct connection *), int milliseconds) {
    int count = 0;
    for (int i = 0; i < MOST; i++) {
        if (connections[i].fd > 0) count = i + 1;
        polled[i].fd = connections[i].fd > 0 && !connections[i].ended ? connections[i].fd : -1;
        polled[i].events = events(&connections[i]);
        polled[i].revents = 0;
    }
    if (poll(polled, (nfds_t)count, milliseconds) < 0)
        for (int i = 0; i < MOST; i++) polled[i].revents = 0;
}

/* ---- the real server ---- */

static short always_reads(const struct connection *one) {
    (void)one;
    return POLLIN;
}

static void take(int listener) {
    int fd = accept4(listener, NULL, NULL, SOCK_NONBLOCK);
    if (fd < 0) return;
    struct connection *one = unused(1);
    memset(one, 0, sizeof *one);
    one->fd = fd;
}

static void hear(struct connection *one) {
    char text[sizeof one->text];
    ssize_t got = recv(one->fd, text, sizeof text, 0);
    if (got <= 0) {
        if (got == 0 || errno != EAGAIN) end(one);
        return;
    }
    if (one->due == 0) one->due = now() + (late ? LATE : 0);
    if (one->length == 0 && text[0] == '.') {
        one->sent += got;
        return;
    }
    size_t room = sizeof one->text - 1 - one->length, more = (size_t)got < room ? (size_t)got : room;
    memcpy(one->text + one->length, text, more);
    one->length += more;
}

static void answer(struct connection *one, const char *name) {
    char text[256];
    if (one->sent > 0) {
        memset(text, '.', sizeof text);
        size_t count = one->sent < (long)sizeof text ? (size_t)one->sent : sizeof text;
        if (send(one->fd, text, count, MSG_NOSIGNAL) > 0) one->sent -= (long)count;
        one->due = 0;
    } else if (strstr(one->text, "\r\n\r\n")) {
        int length = snprintf(text, sizeof text, "HTTP/1.0 200 OK\r\nContent-Length: %zu\r\n\r\n%s\n",
                              strlen(name) + 1, name);
        send(one->fd, text, (size_t)length, MSG_NOSIGNAL);
        end(one);
    }
}

static int serve(const char *name, int port) {
    int listener = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0), yes = 1;
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons((unsigned short)port)};
    setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes);
    if (bind(listener, (struct sockaddr *)&address, sizeof address) != 0 || listen(listener, 512) != 0) {
        perror("traffic: serve");
        return 1;
    }
    connections[0].fd = listener;
    while (!ending) {
        wait_for(always_reads, late ? 10 : 1000);
        if (polled[0].revents) take(listener);
        for (int i = 1; i < MOST; i++)
            if (connections[i].fd > 0 && polled[i].revents) hear(&connections[i]);
        double time = now();
        for (int i = 1; i < MOST; i++)
            if (connections[i].fd > 0 && connections[i].due > 0 && connections[i].due <= time)
                answer(&connections[i], name);
    }
    return 0;
}

/* ---- the client ---- */

static struct sockaddr_in target;

/* From a port that none was from: the kernel would still know the server of that one. */
static void begin(struct connection *one) {
    static unsigned short port = 10000;
    struct sockaddr_in own = {.sin_family = AF_INET, .sin_port = htons(port++)};
    memset(one, 0, sizeof *one);
    one->fd = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);
    bind(one->fd, (struct sockaddr *)&own, sizeof own);
    one->since = now();
    one->limit = one->since + LIMIT;
    if (connect(one->fd, (struct sockaddr *)&target, sizeof target) != 0 && errno != EINPROGRESS) one->ended = errno;
}

static short asks(const struct connection *one) {
    return one->connected ? POLLIN : POLLOUT;
}

static const char *word_of(int problem) {
    return problem == ECONNREFUSED ? "refused" : problem == ECONNRESET || problem == EPIPE ? "reset"
         : problem == ETIMEDOUT ? "timeout" : problem == ENOTCONN ? "closed" : "unreachable";
}

static void report(struct connection *one, const char *server, const char *outcome) {
    printf("visit %.1f %.1f %s %s\n", one->since, now() - one->since, server, outcome);
    end(one);
}

/* What has happened to a connection. @returns 0, or an error number, which is also in `ended`. */
static int advance(struct connection *one, const char *request) {
    if (!one->connected) {
        socklen_t size = sizeof one->ended;
        getsockopt(one->fd, SOL_SOCKET, SO_ERROR, &one->ended, &size);
        if (one->ended) return one->ended;
        one->connected = 1;
        if (request && send(one->fd, request, strlen(request), MSG_NOSIGNAL) < 0) one->ended = errno;
        return one->ended;
    }
    ssize_t got = recv(one->fd, one->text + one->length, sizeof one->text - 1 - one->length, 0);
    if (got == 0) one->ended = ENOTCONN;
    else if (got < 0 && errno != EAGAIN) one->ended = errno;
    else if (got > 0) one->answered += got;
    if (got > 0 && request) one->length += (size_t)got;
    return one->ended;
}

static void visited(struct connection *one, int happened) {
    char server[16];
    if (happened && !one->ended) advance(one, "GET / HTTP/1.0\r\nHost: www\r\n\r\n");
    const char *body = strstr(one->text, "\r\n\r\n");
    if (body && sscanf(body, " %15[^\n]\n", server) == 1) report(one, server, "ok");
    else if (one->ended) report(one, "-", word_of(one->ended));
    else if (now() >= one->limit) report(one, "-", "timeout");
}

static void speak(struct connection *one) {
    if (one->ended || !one->connected || now() < one->due) return;
    if (send(one->fd, ".", 1, MSG_NOSIGNAL) == 1) one->sent++;
    else if (errno != EAGAIN) one->ended = errno;
    one->due = (floor(now() / SPEAK) + 1) * SPEAK; /* all at once: fewer wake-ups */
}

/* How many long connections have been answered so often; `more`: still may be. */
static int answered(const long *wanted, int *more) {
    int count = 0;
    *more = 0;
    for (int i = 0; i < LONG; i++) {
        if (!connections[i].ended && connections[i].answered >= wanted[i]) count++;
        else if (!connections[i].ended) *more = 1;
    }
    return count;
}

/* While the guest stands still, for the sake of other guests, no time passes for requests. */
static void turn(int milliseconds) {
    static double before;
    wait_for(asks, milliseconds);
    double time = now(), stood = time - before - milliseconds;
    before = time;
    if (stood > TICK)
        for (int i = LONG; i < MOST; i++) connections[i].limit += stood;
    for (int i = 0; i < LONG; i++) {
        if (polled[i].revents && !connections[i].ended) advance(&connections[i], NULL);
        speak(&connections[i]);
    }
    for (int i = LONG; i < MOST; i++)
        if (connections[i].fd > 0) visited(&connections[i], polled[i].revents);
}

static int visit(void) {
    long wanted[LONG];
    int more;
    for (int i = 0; i < LONG; i++) begin(&connections[i]), wanted[i] = 1;
    while (answered(wanted, &more) < LONG && more && !ending) turn(PAUSE);
    for (double next = now(); !ending; turn((int)(next - now() > 0 ? next - now() : 0))) {
        if (now() < next) continue;
        begin(unused(LONG));
        next = next + PAUSE > now() ? next + PAUSE : now() + PAUSE;
    }
    for (int i = 0; i < marks; i++) printf("mark %.1f\n", marked[i]);
    for (int i = 0; i < LONG; i++) wanted[i] = connections[i].sent + 1;
    for (double until = now() + PATIENCE; now() < until && (answered(wanted, &more), more);) turn(PAUSE);
    printf("long %d\n", answered(wanted, &more));
    return 0;
}

/* ---- the table ---- */

static void describe(char *text, char *line, int *services) {
    char place[64];
    long weight;
    if (strncmp(line, "  -> ", 5) == 0) {
        if (sscanf(line, "  -> %63[^:]:%*s %*s %ld", place, &weight) == 2)
            sprintf(text + strlen(text), " %s=%ld", place, weight);
    } else if (strncmp(line, "TCP", 3) == 0) ++*services;
}

static int watch(void) {
    char former[4096] = "", content[8192], text[4096];
    while (!ending) {
        int fd = open("/proc/net/ip_vs", O_RDONLY), services = 0;
        ssize_t length = read(fd, content, sizeof content - 1);
        double time = now();
        close(fd);
        content[length < 0 ? 0 : length] = text[0] = '\0';
        for (char *line = strtok(content, "\n"); line; line = strtok(NULL, "\n")) describe(text, line, &services);
        sprintf(text + strlen(text), " %d", services);
        if (strcmp(text, former) != 0) printf("table %.1f %d%.*s\n", time, services, (int)(strrchr(text, ' ') - text), text);
        strcpy(former, text);
        usleep(25000);
    }
    return 0;
}

int main(int count, char **words) {
    const char *mode = count > 1 ? words[1] : "";
    struct sigaction action = {.sa_handler = on_signal};
    for (const int *each = (int[]){SIGUSR1, SIGTERM, 0}; *each; each++) sigaction(*each, &action, NULL);
    setvbuf(stdout, NULL, _IOLBF, 0);
    if (strcmp(mode, "serve") == 0 && count == 4) return serve(words[2], atoi(words[3]));
    if (strcmp(mode, "watch") == 0) return watch();
    if (strcmp(mode, "visit") != 0 || count != 4) return 2;
    target = (struct sockaddr_in){.sin_family = AF_INET, .sin_port = htons((unsigned short)atoi(words[3]))};
    inet_pton(AF_INET, words[2], &target.sin_addr);
    return visit();
}
