/* SPDX-License-Identifier: MIT */
/* The floor under "hash every file of a tree": openat, read, statx, close and XXH3-128 per file.
 * Usage: scan_hash DIR THREADS. */
#define _GNU_SOURCE
#include "tree.h"

#define XXH_INLINE_ALL
#include <xxhash.h>

static uint64_t visit(int dir, const char *name, char *buffer) {
    int file = openat(dir, name, O_RDONLY | O_CLOEXEC);
    ssize_t n = read(file, buffer, BUFFER);
    struct statx st;
    statx(file, "", AT_EMPTY_PATH, STATX_SIZE | STATX_MTIME | STATX_CTIME, &st);
    XXH128_hash_t hash;
    if (n == BUFFER) {
        XXH3_state_t state;
        XXH3_128bits_reset(&state);
        for (; n > 0; n = read(file, buffer, BUFFER)) {
            XXH3_128bits_update(&state, buffer, (size_t)n);
        }
        hash = XXH3_128bits_digest(&state);
    } else {
        hash = XXH3_128bits(buffer, (size_t)n);
    }
    close(file);
    return hash.low64;
}
