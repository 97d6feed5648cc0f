/* SPDX-License-Identifier: MIT */
/* The floor under "hash every file of a tree": per directory open, getdents64, close; per file
 * openat, read, statx, close and XXH3-128, on THREADS threads. It sorts nothing, names nothing,
 * checks nothing and prints one line. Usage: scan_hash DIR THREADS; directories two levels deep at
 * most. */
#define _GNU_SOURCE
#include <dirent.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#define XXH_INLINE_ALL
#include <xxhash.h>

enum {
    BUFFER = 256 << 10,
    LISTING = 32 << 10,
    MOST_DIRS = 1 << 20
};

static char *dirs[MOST_DIRS];
static size_t dir_count;
static atomic_size_t next_dir;
static int root;
static atomic_uint_least64_t files, sum;

struct record {
    uint64_t ino;
    int64_t offset;
    unsigned short length;
    unsigned char type;
    char name[];
};

static void hash_dir(int fd, char *listing, char *buffer, int collect) {
    for (;;) {
        long got = syscall(SYS_getdents64, fd, listing, LISTING);
        if (got <= 0) {
            return;
        }
        for (long at = 0; at < got;) {
            struct record *r = (struct record *)(listing + at);
            at += r->length;
            if (r->type == DT_DIR && collect && r->name[0] != '.') {
                dirs[dir_count++] = strdup(r->name);
            }
            if (r->type != DT_REG) {
                continue;
            }
            int file = openat(fd, r->name, O_RDONLY | O_CLOEXEC);
            ssize_t n = read(file, buffer, BUFFER);
            struct statx st;
            statx(file, "", AT_EMPTY_PATH, STATX_SIZE | STATX_MTIME | STATX_CTIME, &st);
            if (n == BUFFER) {
                XXH3_state_t state;
                XXH3_128bits_reset(&state);
                for (; n > 0; n = read(file, buffer, BUFFER)) {
                    XXH3_128bits_update(&state, buffer, (size_t)n);
                }
                atomic_fetch_add(&sum, XXH3_128bits_digest(&state).low64);
            } else {
                atomic_fetch_add(&sum, XXH3_128bits(buffer, (size_t)n).low64);
            }
            close(file);
            atomic_fetch_add_explicit(&files, 1, memory_order_relaxed);
        }
    }
}

static void *work(void *arg) {
    char *listing = malloc(LISTING);
    char *buffer = malloc(BUFFER);
    for (;;) {
        size_t i = atomic_fetch_add(&next_dir, 1);
        if (i >= dir_count) {
            return arg;
        }
        int fd = openat(root, dirs[i], O_RDONLY | O_DIRECTORY | O_CLOEXEC);
        hash_dir(fd, listing, buffer, 0);
        close(fd);
    }
}

int main(int argc, char **argv) {
    if (argc != 3) {
        fprintf(stderr, "usage: scan_hash DIR THREADS\n");
        return 2;
    }
    root = open(argv[1], O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    hash_dir(root, malloc(LISTING), malloc(BUFFER), 1);
    int threads = (int)strtol(argv[2], NULL, 10);
    pthread_t ids[64];
    for (int i = 0; i < threads && i < 64; i++) {
        pthread_create(&ids[i], NULL, work, NULL);
    }
    for (int i = 0; i < threads && i < 64; i++) {
        pthread_join(ids[i], NULL);
    }
    printf("%llu files %016llx\n", (unsigned long long)files, (unsigned long long)sum);
    return 0;
}
