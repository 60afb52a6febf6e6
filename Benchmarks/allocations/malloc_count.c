// Counts the allocations of each thread of a process, and where they come from.
//
// Those that libcrypto makes for OpenSSL are counted apart from all others.
// Loaded with LD_PRELOAD. The counts stand in a file that is shared with whoever watches:
// MALLOC_COUNT_FILE names it. The watcher sets `records_stacks` to have call stacks noted as well.
// It relies on glibc, whose own names for the allocator need no dlsym.

#define _GNU_SOURCE
#include <errno.h>
#include <execinfo.h>
#include <fcntl.h>
#include <link.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#define THREADS_MAX 64
#define STACKS_MAX 1024
#define FRAMES_MAX 24

// The layout is known to run.py.
struct thread_count {
    char name[16];
    _Atomic uint64_t calls;
    _Atomic uint64_t bytes;
    _Atomic uint64_t openssl_calls;
};

struct stack_count {
    _Atomic uint64_t hash;
    _Atomic uint64_t calls;
    uint64_t thread;
    uint64_t bytes;
    uint64_t depth;
    uint64_t frames[FRAMES_MAX];
};

struct board {
    _Atomic uint64_t records_stacks;
    _Atomic uint64_t threads;
    struct thread_count thread[THREADS_MAX];
    struct stack_count stack[STACKS_MAX];
};

extern void *__libc_malloc(size_t);
extern void *__libc_calloc(size_t, size_t);
extern void *__libc_realloc(void *, size_t);
extern void *__libc_memalign(size_t, size_t);

static struct board *board;
static uintptr_t openssl_start, openssl_end;
static __thread int place __attribute__((tls_model("initial-exec"))) = -1;
static __thread int is_inside __attribute__((tls_model("initial-exec")));

// All of OpenSSL allocates through libcrypto.
static int find_openssl(struct dl_phdr_info *library, size_t size, void *unused) {
    (void)size, (void)unused;
    if (!strstr(library->dlpi_name, "/libcrypto.so")) return 0;
    for (int i = 0; i < library->dlpi_phnum; i++) {
        if (library->dlpi_phdr[i].p_type != PT_LOAD) continue;
        uintptr_t start = library->dlpi_addr + library->dlpi_phdr[i].p_vaddr;
        if (!openssl_start) openssl_start = start;
        openssl_end = start + library->dlpi_phdr[i].p_memsz;
    }
    return 1;
}

__attribute__((constructor)) static void begin(void) {
    const char *path = getenv("MALLOC_COUNT_FILE");
    if (!path) return;
    void *first[4];
    backtrace(first, 4);  // The first call loads a library, which allocates.
    dl_iterate_phdr(find_openssl, NULL);
    int file = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    if (file < 0 || ftruncate(file, sizeof(struct board)) != 0) return;
    void *memory = mmap(NULL, sizeof(struct board), PROT_READ | PROT_WRITE, MAP_SHARED, file, 0);
    close(file);
    if (memory != MAP_FAILED) board = memory;
}

static void note_stack(size_t bytes) {
    void *frames[FRAMES_MAX + 3];
    int depth = backtrace(frames, FRAMES_MAX + 3) - 2;  // without this file's own two
    if (depth <= 0) return;
    if (depth > FRAMES_MAX) depth = FRAMES_MAX;
    uint64_t hash = 1469598103934665603u ^ (uint64_t)place;
    for (int i = 0; i < depth; i++) hash = (hash ^ (uint64_t)frames[i + 2]) * 1099511628211u;
    if (hash == 0) hash = 1;
    for (uint64_t step = 0; step < STACKS_MAX; step++) {
        struct stack_count *stack = &board->stack[(hash + step) % STACKS_MAX];
        uint64_t seen = atomic_load(&stack->hash);
        if (seen == 0 && atomic_compare_exchange_strong(&stack->hash, &seen, hash)) {
            stack->thread = (uint64_t)place;
            stack->bytes = bytes;
            stack->depth = (uint64_t)depth;
            for (int i = 0; i < depth; i++) stack->frames[i] = (uint64_t)frames[i + 2];
            seen = hash;
        }
        if (seen == hash) {
            atomic_fetch_add(&stack->calls, 1);
            return;
        }
    }
}

__attribute__((noinline)) static void note(size_t bytes, void *caller) {
    if (!board || is_inside) return;
    is_inside = 1;
    if (place < 0) {
        place = (int)atomic_fetch_add(&board->threads, 1);
        if (place >= THREADS_MAX) place = THREADS_MAX - 1;
    }
    struct thread_count *count = &board->thread[place];
    // A thread gets its name after its first allocations.
    if (atomic_fetch_add(&count->calls, 1) < 64)
        pthread_getname_np(pthread_self(), count->name, sizeof count->name);
    atomic_fetch_add(&count->bytes, bytes);
    if ((uintptr_t)caller >= openssl_start && (uintptr_t)caller < openssl_end)
        atomic_fetch_add(&count->openssl_calls, 1);
    if (atomic_load_explicit(&board->records_stacks, memory_order_relaxed)) note_stack(bytes);
    is_inside = 0;
}

#define CALLER __builtin_return_address(0)

void *malloc(size_t bytes) {
    note(bytes, CALLER);
    return __libc_malloc(bytes);
}

void *calloc(size_t count, size_t bytes) {
    note(count * bytes, CALLER);
    return __libc_calloc(count, bytes);
}

void *realloc(void *old, size_t bytes) {
    note(bytes, CALLER);
    return __libc_realloc(old, bytes);
}

void *memalign(size_t alignment, size_t bytes) {
    note(bytes, CALLER);
    return __libc_memalign(alignment, bytes);
}

void *aligned_alloc(size_t alignment, size_t bytes) {
    note(bytes, CALLER);
    return __libc_memalign(alignment, bytes);
}

int posix_memalign(void **result, size_t alignment, size_t bytes) {
    note(bytes, CALLER);
    void *memory = __libc_memalign(alignment, bytes);
    if (!memory) return ENOMEM;
    *result = memory;
    return 0;
}
