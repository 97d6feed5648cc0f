/* SPDX-License-Identifier: MIT */
/* The floor under "has any file of a tree changed": per directory open, getdents64, close; per file
 * one statx, on THREADS threads. It sorts nothing, names nothing, compares nothing and prints one
 * line. Usage: scan_stat DIR THREADS; directories two levels deep at most. */
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

enum {
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

static void stat_dir(int fd, char *listing, int collect) {
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
                struct statx st;
                statx(fd, r->name, AT_SYMLINK_NOFOLLOW,
                      STATX_SIZE | STATX_MTIME | STATX_CTIME | STATX_INO, &st);
                total += st.stx_size + (uint64_t)st.stx_mtime.tv_sec;
                count++;
            }
        }
    }
    atomic_fetch_add(&files, count);
    atomic_fetch_add(&sum, total);
}

static void *work(void *arg) {
    char *listing = malloc(LISTING);
    for (;;) {
        size_t i = atomic_fetch_add(&next_dir, 1);
        if (i >= dir_count) {
            return arg;
        }
        int fd = openat(root, dirs[i], O_RDONLY | O_DIRECTORY | O_CLOEXEC);
        stat_dir(fd, listing, 0);
        close(fd);
    }
}

int main(int argc, char **argv) {
    if (argc != 3) {
        fprintf(stderr, "usage: scan_stat DIR THREADS\n");
        return 2;
    }
    root = open(argv[1], O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    stat_dir(root, malloc(LISTING), 1);
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
