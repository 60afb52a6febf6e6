#ifndef POSTERN_CLINUX_H
#define POSTERN_CLINUX_H

// What Swift's Glibc module leaves out. No feature macro may be defined here: the C library's
// headers would then differ from those that the Glibc module was built with. What they show only
// with _GNU_SOURCE is declared by hand.
#include <malloc.h>
#include <pthread.h>
#include <sched.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>

extern int accept4(int, struct sockaddr *, socklen_t *, int);
extern int pthread_setname_np(pthread_t, const char *);
extern void *memrchr(const void *, int, size_t);
extern void *memmem(const void *, size_t, const void *, size_t);

static inline int postern_accept4(int fd, struct sockaddr *address, socklen_t *length, int flags) {
    return accept4(fd, address, length, flags);
}
static inline int postern_thread_name(const char *name) {
    return pthread_setname_np(pthread_self(), name);
}

// SCHED_IDLE, which sched.h shows only with _GNU_SOURCE.
static inline int postern_thread_idle(void) {
    struct sched_param parameters = {0};
    return sched_setscheduler(0, 5, &parameters);
}
static inline const void *postern_last_byte(const void *bytes, int byte, size_t count) {
    return memrchr(bytes, byte, count);
}
static inline const void *postern_find(const void *bytes, size_t count, const void *wanted, size_t length) {
    return memmem(bytes, count, wanted, length);
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

// The values differ in type between C libraries.
static const int postern_sock_stream = SOCK_STREAM;
static const int postern_sock_flags = SOCK_NONBLOCK | SOCK_CLOEXEC;
static const int postern_eventfd_flags = EFD_CLOEXEC | EFD_NONBLOCK;
static const int postern_epoll_flags = EPOLL_CLOEXEC;

#endif
