#ifndef POSTERN_CLINUX_H
#define POSTERN_CLINUX_H

// What Swift's Glibc module leaves out: epoll, eventfd, signalfd, accept4, fallocate and a few
// macros that the importer cannot see.
#ifndef _GNU_SOURCE
#define _GNU_SOURCE
#endif
#include <errno.h>
#include <fcntl.h>
#include <malloc.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sched.h>
#include <signal.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <sys/types.h>

// <sys/socket.h> declares accept4 only when _GNU_SOURCE was set before the first system header,
// which a module that is built on its own cannot promise.
extern int accept4(int, struct sockaddr *, socklen_t *, int);

static inline int postern_accept4(int fd, struct sockaddr *address, socklen_t *length, int flags) {
    return accept4(fd, address, length, flags);
}

// epoll_event is packed on x86-64 and its union is awkward from Swift.
static inline int postern_epoll_ctl(int epoll, int operation, int fd, uint32_t events, uint64_t data) {
    struct epoll_event event;
    event.events = events;
    event.data.u64 = data;
    return epoll_ctl(epoll, operation, fd, &event);
}
static inline uint64_t postern_event_data(const struct epoll_event *event) { return event->data.u64; }
static inline uint32_t postern_event_mask(const struct epoll_event *event) { return event->events; }

static inline void *_Nullable postern_map_failed(void) { return MAP_FAILED; }

#endif
