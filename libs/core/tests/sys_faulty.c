/* SPDX-License-Identifier: MIT */
/* Stands between core and the C library: each wrapper fails when its number is up, else it calls
 * on. Functions whose symbol depends on the width of file offsets have a wrapper for either name.
 */
#include "sys_faulty.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <sched.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stddef.h>
#include <sys/poll.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/types.h>
#include <time.h>
#include <unistd.h>

typedef void *(*thread_body)(void *);

long __real_syscall(long number, ...);
long __wrap_syscall(long number, ...);
int __wrap_openat(int dir, const char *name, int flags, ...);
int __wrap_openat64(int dir, const char *name, int flags, ...);
ssize_t __wrap_pread(int fd, void *data, size_t size, off_t offset);
ssize_t __wrap_pread64(int fd, void *data, size_t size, off_t offset);
off_t __wrap_lseek(int fd, off_t offset, int whence);
off_t __wrap_lseek64(int fd, off_t offset, int whence);
int __wrap_getrlimit(int resource, struct rlimit *limit);
int __wrap_getrlimit64(int resource, struct rlimit *limit);
ssize_t __real_write(int fd, const void *data, size_t size);
ssize_t __wrap_write(int fd, const void *data, size_t size);
int __real_poll(struct pollfd *items, nfds_t count, int milliseconds);
int __wrap_poll(struct pollfd *items, nfds_t count, int milliseconds);
int __real_sync_file_range(int fd, off64_t from, off64_t size, unsigned flags);
int __wrap_sync_file_range(int fd, off64_t from, off64_t size, unsigned flags);
int __real_fsync(int fd);
int __wrap_fsync(int fd);
int __real_fchmod(int fd, mode_t mode);
int __wrap_fchmod(int fd, mode_t mode);
int __real_renameat(int from_dir, const char *from, int to_dir, const char *to);
int __wrap_renameat(int from_dir, const char *from, int to_dir, const char *to);
int __real_unlinkat(int dir, const char *name, int flags);
int __wrap_unlinkat(int dir, const char *name, int flags);
int __real_faccessat(int dir, const char *name, int mode, int flags);
int __wrap_faccessat(int dir, const char *name, int mode, int flags);
ssize_t __real_readlinkat(int dir, const char *name, char *text, size_t size);
ssize_t __wrap_readlinkat(int dir, const char *name, char *text, size_t size);
int __real_clock_getres(clockid_t clock, struct timespec *step);
int __wrap_clock_getres(clockid_t clock, struct timespec *step);
int __real_sched_getaffinity(pid_t pid, size_t size, cpu_set_t *set);
int __wrap_sched_getaffinity(pid_t pid, size_t size, cpu_set_t *set);
int __real_pthread_create(pthread_t *id, const pthread_attr_t *how, thread_body body, void *arg);
int __wrap_pthread_create(pthread_t *id, const pthread_attr_t *how, thread_body body, void *arg);

static atomic_uint_least64_t asked;
static atomic_uint_least64_t failed;
static atomic_uint_least64_t fail_at;
static atomic_int fail_with;
static atomic_bool fail_on;

void sys_faulty_arm(uint64_t nth, int sys_errno, bool forever) {
    atomic_store(&fail_at, 0);
    atomic_store(&fail_with, sys_errno);
    atomic_store(&fail_on, forever);
    atomic_store(&asked, 0);
    atomic_store(&failed, 0);
    atomic_store(&fail_at, nth);
}

uint64_t sys_faulty_failed(void) {
    return atomic_load(&failed);
}

static bool fails(bool interruptible) {
    uint64_t at = atomic_load(&fail_at);
    int with = atomic_load(&fail_with);
    if (at == 0 || with == SYS_FAULTY_SHORT || (with == EINTR && !interruptible)) {
        return false;
    }
    uint64_t number = atomic_fetch_add(&asked, 1) + 1;
    if (number != at && !(number > at && atomic_load(&fail_on))) {
        return false;
    }
    atomic_fetch_add(&failed, 1);
    errno = with;
    return true;
}

/* What is left of a read or write when it comes up short. */
static size_t shortened(size_t size) {
    uint64_t at = atomic_load(&fail_at);
    if (at == 0 || atomic_load(&fail_with) != SYS_FAULTY_SHORT || size < 2) {
        return size;
    }
    uint64_t number = atomic_fetch_add(&asked, 1) + 1;
    bool forever = atomic_load(&fail_on);
    if (number != at && !(number > at && forever)) {
        return size;
    }
    atomic_fetch_add(&failed, 1);
    return forever ? (size + 1) / 2 : 1;
}

long __wrap_syscall(long number, ...) {
    long args[6];
    va_list list;
    va_start(list, number);
    for (int i = 0; i < 6; i++) {
        args[i] = va_arg(list, long);
    }
    va_end(list);
    if (number == SYS_read) {
        args[2] = (long)shortened((size_t)args[2]);
    }
    return number != SYS_close && fails(true) /* whatever it says, close() closes */
               ? -1
               : __real_syscall(number, args[0], args[1], args[2], args[3], args[4], args[5]);
}

int __wrap_openat64(int dir, const char *name, int flags, ...) {
    va_list list;
    va_start(list, flags);
    unsigned mode = va_arg(list, unsigned);
    va_end(list);
    return fails(true) ? -1 : (int)__real_syscall(SYS_openat, dir, name, flags, mode);
}

int __wrap_openat(int dir, const char *name, int flags, ...) {
    va_list list;
    va_start(list, flags);
    unsigned mode = va_arg(list, unsigned);
    va_end(list);
    return __wrap_openat64(dir, name, flags, mode);
}

ssize_t __wrap_pread64(int fd, void *data, size_t size, off_t offset) {
    return fails(true) ? -1
                       : (ssize_t)__real_syscall(SYS_pread64, fd, data, shortened(size), offset);
}

ssize_t __wrap_pread(int fd, void *data, size_t size, off_t offset) {
    return __wrap_pread64(fd, data, size, offset);
}

off_t __wrap_lseek64(int fd, off_t offset, int whence) {
    return fails(false) ? -1 : (off_t)__real_syscall(SYS_lseek, fd, offset, whence);
}

off_t __wrap_lseek(int fd, off_t offset, int whence) {
    return __wrap_lseek64(fd, offset, whence);
}

int __wrap_getrlimit64(int resource, struct rlimit *limit) {
    return fails(false) ? -1 : (int)__real_syscall(SYS_prlimit64, 0, resource, NULL, limit);
}

int __wrap_getrlimit(int resource, struct rlimit *limit) {
    return __wrap_getrlimit64(resource, limit);
}

ssize_t __wrap_write(int fd, const void *data, size_t size) {
    return fails(true) ? -1 : __real_write(fd, data, shortened(size));
}

int __wrap_poll(struct pollfd *items, nfds_t count, int milliseconds) {
    return fails(true) ? -1 : __real_poll(items, count, milliseconds);
}

int __wrap_sync_file_range(int fd, off64_t from, off64_t size, unsigned flags) {
    return fails(true) ? -1 : __real_sync_file_range(fd, from, size, flags);
}

int __wrap_fsync(int fd) {
    return fails(true) ? -1 : __real_fsync(fd);
}

int __wrap_fchmod(int fd, mode_t mode) {
    return fails(false) ? -1 : __real_fchmod(fd, mode);
}

int __wrap_renameat(int from_dir, const char *from, int to_dir, const char *to) {
    return fails(false) ? -1 : __real_renameat(from_dir, from, to_dir, to);
}

int __wrap_unlinkat(int dir, const char *name, int flags) {
    return fails(false) ? -1 : __real_unlinkat(dir, name, flags);
}

int __wrap_faccessat(int dir, const char *name, int mode, int flags) {
    return fails(false) ? -1 : __real_faccessat(dir, name, mode, flags);
}

ssize_t __wrap_readlinkat(int dir, const char *name, char *text, size_t size) {
    return fails(false) ? -1 : __real_readlinkat(dir, name, text, size);
}

int __wrap_clock_getres(clockid_t clock, struct timespec *step) {
    return fails(false) ? -1 : __real_clock_getres(clock, step);
}

int __wrap_sched_getaffinity(pid_t pid, size_t size, cpu_set_t *set) {
    return fails(false) ? -1 : __real_sched_getaffinity(pid, size, set);
}

int __wrap_pthread_create(pthread_t *id, const pthread_attr_t *how, thread_body body, void *arg) {
    return fails(false) ? EAGAIN : __real_pthread_create(id, how, body, arg);
}
