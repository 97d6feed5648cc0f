/* SPDX-License-Identifier: MIT */
/* What the floors that walk a tree share: open, getdents64 and close per directory, on some
 * threads. Nothing is sorted, named or checked; directories two levels deep at most. */
#ifndef FLOORS_TREE_H
#define FLOORS_TREE_H

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

enum {
    BUFFER = 256 << 10,
    LISTING = 32 << 10,
    MOST_DIRS = 1 << 20,
    MOST_THREADS = 64
};

struct record {
    uint64_t ino;
    int64_t offset;
    unsigned short length;
    unsigned char type;
    char name[];
};

static char *dirs[MOST_DIRS];
static size_t dir_count;
static atomic_size_t next_dir;
static int root;
static atomic_uint_least64_t files, sum;

/* What a floor does with a regular file: its share of `sum`. `buffer` is the thread's own. */
static uint64_t visit(int dir, const char *name, char *buffer);

static void list_dir(int fd, char *listing, char *buffer, int collect) {
    uint64_t count = 0;
    uint64_t total = 0;
    long got = 0;
    while ((got = syscall(SYS_getdents64, fd, listing, LISTING)) > 0) {
        for (long at = 0; at < got;) {
            struct record *r = (struct record *)(listing + at);
            at += r->length;
            if (r->type == DT_DIR && collect && r->name[0] != '.') {
                dirs[dir_count++] = strdup(r->name);
            }
            if (r->type == DT_REG) {
                total += visit(fd, r->name, buffer);
                count++;
            }
        }
    }
    atomic_fetch_add(&files, count);
    atomic_fetch_add(&sum, total);
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
        list_dir(fd, listing, buffer, 0);
        close(fd);
    }
}

/* NAME DIR THREADS: one line, how many files and the sum of their shares. */
int main(int argc, char **argv) {
    if (argc != 3) {
        fprintf(stderr, "usage: %s DIR THREADS\n", argv[0]);
        return 2;
    }
    root = open(argv[1], O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    list_dir(root, malloc(LISTING), malloc(BUFFER), 1);
    int threads = (int)strtol(argv[2], NULL, 10);
    pthread_t ids[MOST_THREADS];
    for (int i = 0; i < threads && i < MOST_THREADS; i++) {
        pthread_create(&ids[i], NULL, work, NULL);
    }
    for (int i = 0; i < threads && i < MOST_THREADS; i++) {
        pthread_join(ids[i], NULL);
    }
    printf("%llu files %016llx\n", (unsigned long long)files, (unsigned long long)sum);
    return 0;
}

#endif
