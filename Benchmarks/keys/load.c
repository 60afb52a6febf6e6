// Sends HTTPS requests at a constant rate and says how long their answers took.
//
// A request is due at its time whatever the server does, and its latency counts from then on, so
// a server that stands still is charged for all that had to wait. Answers must have a
// Content-Length. Loopback only.
//
//     load PORT HOST PATH CONNECTIONS RATE STATUS SECONDS:TOKENS...
//
// TOKENS is a file of tokens, one a line, sent in turn for so many seconds; `none` sends no token,
// `unknown-keys` one of the right shape whose `kid` nobody has seen before, a new one each time.
// The result is one line of JSON, times in microseconds.
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/tcp.h>
#include <openssl/rand.h>
#include <openssl/ssl.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <time.h>
#include <unistd.h>

enum { BUFFER = 16384, CONNECTIONS_MAX = 1024, SEGMENTS_MAX = 16, STATUS_MAX = 600, WAIT_S = 10 };

typedef struct {
    int fd, busy, in, out, sent;
    SSL *ssl;
    int64_t due;
    char input[BUFFER], output[BUFFER];
} Connection;

typedef struct {
    double seconds;
    int makes_keys, count;
    char **tokens;
} Segment;

static struct sockaddr_in address = {.sin_family = AF_INET};
static const char *host, *path;
static SSL_CTX *context;
static int poller;

// A queue, so that each connection is used in turn and none is closed for being idle.
static Connection *idle[CONNECTIONS_MAX];
static int first, idles;

static void fail(const char *words) {
    fprintf(stderr, "load: %s\n", words);
    exit(2);
}

static int64_t now(void) {
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return time.tv_sec * 1000000000LL + time.tv_nsec;
}

static void rest(Connection *c) {
    idle[(first + idles++) % CONNECTIONS_MAX] = c;
}

static Connection *take(void) {
    Connection *c = idle[first];
    first = (first + 1) % CONNECTIONS_MAX;
    idles--;
    return c;
}

static void dial(Connection *c) {
    if (c->ssl) {
        SSL_free(c->ssl);
        close(c->fd);
    }
    int yes = 1;
    c->fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    setsockopt(c->fd, IPPROTO_TCP, TCP_NODELAY, &yes, sizeof yes);
    if (c->fd < 0 || connect(c->fd, (struct sockaddr *)&address, sizeof address)) fail("no connection");
    c->ssl = SSL_new(context);
    SSL_set_fd(c->ssl, c->fd);
    SSL_set_tlsext_host_name(c->ssl, host);
    if (SSL_connect(c->ssl) != 1) fail("no TLS handshake");
    fcntl(c->fd, F_SETFL, O_NONBLOCK);
    struct epoll_event event = {.events = EPOLLIN | EPOLLOUT | EPOLLET, .data.ptr = c};
    if (epoll_ctl(poller, EPOLL_CTL_ADD, c->fd, &event)) fail("epoll_ctl");
    c->busy = 0;
}

static void send_rest(Connection *c) {
    while (c->sent < c->out) {
        int count = SSL_write(c->ssl, c->output + c->sent, c->out - c->sent);
        if (count <= 0) return;
        c->sent += count;
    }
}

// The status of a complete answer, 0 while there is none, -1 when the connection is over.
static int receive(Connection *c) {
    for (;;) {
        int count = SSL_read(c->ssl, c->input + c->in, BUFFER - 1 - c->in);
        if (count <= 0) {
            if (SSL_get_error(c->ssl, count) != SSL_ERROR_WANT_READ) return -1;
            break;
        }
        c->in += count;
        if (c->in == BUFFER - 1) return -1;
    }
    c->input[c->in] = 0;
    char *end = strstr(c->input, "\r\n\r\n");
    char *length = strcasestr(c->input, "\r\ncontent-length:");
    if (!end || !length) return 0;
    if (c->in < end + 4 - c->input + atoi(length + 17)) return 0;
    int status = atoi(c->input + 9);
    return status > 0 && status < STATUS_MAX ? status : -1;
}

static Segment read_segment(const char *text) {
    Segment s = {.seconds = atof(text)};
    const char *name = strchr(text, ':');
    if (!name) fail("a segment is SECONDS:TOKENS");
    s.makes_keys = !strcmp(name + 1, "unknown-keys");
    if (s.makes_keys || !strcmp(name + 1, "none")) return s;
    FILE *file = fopen(name + 1, "r");
    if (!file) fail(name + 1);
    char line[8192];
    while (fgets(line, sizeof line, file)) {
        line[strcspn(line, "\n")] = 0;
        s.tokens = realloc(s.tokens, (s.count + 1) * sizeof *s.tokens);
        s.tokens[s.count++] = strdup(line);
    }
    fclose(file);
    if (!s.count) fail("no tokens");
    return s;
}

// {"alg":"ES256","kid":"..."} in base64url; the claims and the signature are never looked at.
static void make_unknown_key(char *token, int size) {
    unsigned char random[12], header[60], coded[96];
    static const char claims[] = "eyJpc3MiOiJodHRwczovL2lkcC50ZXN0LyJ9";
    RAND_bytes(random, sizeof random);
    int at = sprintf((char *)header, "{\"alg\":\"ES256\",\"kid\":\"");
    for (int i = 0; i < 12; i++) at += sprintf((char *)header + at, "%02x", random[i]);
    at += sprintf((char *)header + at, "\"}");
    EVP_EncodeBlock(coded, header, at);
    for (char *c = (char *)coded; *c; c++) *c = *c == '+' ? '-' : *c == '/' ? '_' : *c == '=' ? 0 : *c;
    snprintf(token, size, "%s.%s.%.86s", coded, claims,
        "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA");
}

static void write_request(Connection *c, const Segment *s, int64_t number) {
    char made[512], *token = s->count ? s->tokens[number % s->count] : NULL;
    if (s->makes_keys) make_unknown_key(token = made, sizeof made);
    c->in = c->sent = 0;
    c->out = snprintf(c->output, BUFFER, "GET %s HTTP/1.1\r\nHost: %s\r\nUser-Agent: load\r\n%s%s%s\r\n",
        path, host, token ? "Authorization: Bearer " : "", token ? token : "", token ? "\r\n" : "");
    if (c->out >= BUFFER) fail("a request is too long");
    c->busy = 1;
}

static int ascending(const void *a, const void *b) {
    int32_t x = *(const int32_t *)a, y = *(const int32_t *)b;
    return (x > y) - (x < y);
}

int main(int count, char **words) {
    if (count < 8 || count - 7 > SEGMENTS_MAX) fail("PORT HOST PATH CONNECTIONS RATE STATUS SECONDS:TOKENS...");
    signal(SIGPIPE, SIG_IGN);
    address.sin_port = htons(atoi(words[1]));
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    host = words[2];
    path = words[3];
    int connections = atoi(words[4]), wanted = atoi(words[6]), segments = count - 7;
    double rate = atof(words[5]);
    if (connections < 1 || connections > CONNECTIONS_MAX || rate <= 0) fail("bad CONNECTIONS or RATE");
    Segment segment[SEGMENTS_MAX];
    int64_t last[SEGMENTS_MAX], total = 0;
    for (int i = 0; i < segments; i++) {
        segment[i] = read_segment(words[7 + i]);
        last[i] = total += (int64_t)(rate * segment[i].seconds);
    }
    context = SSL_CTX_new(TLS_client_method());
    SSL_CTX_set_mode(context, SSL_MODE_ENABLE_PARTIAL_WRITE | SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER);
    poller = epoll_create1(EPOLL_CLOEXEC);
    Connection *all = calloc(connections, sizeof *all);
    for (int i = 0; i < connections; i++) {
        dial(&all[i]);
        rest(&all[i]);
    }

    int32_t *latency = malloc((total + 1) * sizeof *latency);
    int64_t status[STATUS_MAX] = {0}, begun = 0, ended = 0, broken = 0, spikes = 0, current = 0;
    int64_t start = now(), latest = start + (int64_t)(1e9 * (total / rate + WAIT_S)), time;
    struct epoll_event events[256];
    while (begun < total || ended < begun) {
        if ((time = now()) > latest) break;
        while (begun < total && idles > 0) {
            int64_t due = start + (int64_t)(begun * 1e9 / rate);
            if (due > time) break;
            while (begun >= last[current]) current++;
            Connection *c = take();
            c->due = due;
            write_request(c, &segment[current], begun++);
            send_rest(c);
        }
        int64_t wait = 100000000;
        if (begun < total && idles > 0) wait = start + (int64_t)(begun * 1e9 / rate) - now();
        struct timespec nap = {0, wait < 0 ? 0 : wait > 100000000 ? 100000000 : wait};
        int ready = epoll_pwait2(poller, events, 256, &nap, NULL);
        for (int i = 0; i < ready; i++) {
            Connection *c = events[i].data.ptr;
            if (c->busy) send_rest(c);
            int got = receive(c);
            if (got == 0 || (got > 0 && !c->busy)) continue;
            if (got < 0) {
                int was_busy = c->busy;
                dial(c);
                if (was_busy) broken++, ended++, rest(c);
                continue;
            }
            int64_t taken = (now() - c->due) / 1000;
            latency[ended - broken] = taken;
            ended++;
            status[got]++;
            spikes += got == wanted && taken > 5000;
            c->busy = 0;
            rest(c);
        }
    }
    int64_t answers = ended - broken;
    qsort(latency, answers, sizeof *latency, ascending);
#define AT(part) (long)(answers ? latency[(int64_t)((answers - 1) * (part))] : 0)
    printf("{\"requests\":%ld,\"lost\":%ld,\"seconds\":%.3f,\"p50\":%ld,\"p99\":%ld,\"p999\":%ld,\"max\":%ld,"
        "\"over5ms\":%ld,\"broken\":%ld,\"status\":{",
        (long)total, (long)(total - status[wanted]), (now() - start) / 1e9, AT(.5), AT(.99), AT(.999), AT(1),
        (long)spikes, (long)broken);
    const char *comma = "";
    for (int i = 0; i < STATUS_MAX; i++)
        if (status[i]) printf("%s\"%d\":%ld", comma, i, (long)status[i]), comma = ",";
    printf("}}\n");
    return 0;
}
