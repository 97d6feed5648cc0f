/* SPDX-License-Identifier: MIT */
/* The same of yyjson, whose document is a tree of values: see ours.c. `decode` leaves the bytes as
 * they are, as ours does; `load` may overwrite them, which is its cheapest way. Both take every
 * entry's members out of the tree, since what nobody looked at was not validated. */
#define _POSIX_C_SOURCE 200809L
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "yyjson.h"

static double now(void) {
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return (double)time.tv_sec + (double)time.tv_nsec / 1e9;
}

static char *read_file(const char *path, size_t *len) {
    FILE *file = fopen(path, "rb");
    char *data = NULL;
    if (file != NULL && fseek(file, 0, SEEK_END) == 0) {
        *len = (size_t)ftell(file);
        rewind(file);
        data = malloc(*len + YYJSON_PADDING_SIZE);
        if (data != NULL && fread(data, 1, *len, file) != *len) {
            exit(1);
        }
        memset(data + *len, 0, YYJSON_PADDING_SIZE);
    }
    if (file != NULL) {
        fclose(file);
    }
    return data;
}

static unsigned long long sum_of(yyjson_doc *doc) {
    yyjson_val *entry;
    yyjson_val *paths = yyjson_obj_get(yyjson_doc_get_root(doc), "paths");
    size_t i;
    size_t count;
    unsigned long long sum = 0;
    yyjson_arr_foreach(paths, i, count, entry) {
        sum += yyjson_get_uint(yyjson_obj_get(entry, "size")) +
               (unsigned long long)yyjson_get_sint(yyjson_obj_get(entry, "mtime")) +
               yyjson_get_len(yyjson_obj_get(entry, "path")) +
               (unsigned char)yyjson_get_str(yyjson_obj_get(entry, "hash"))[0];
    }
    return sum;
}

int main(int argc, char **argv) {
    if (argc != 3) {
        fprintf(stderr, "usage: yyjson_peer FILE decode|encode|load\n");
        return 2;
    }
    size_t len = 0;
    double begun = now();
    char *data = read_file(argv[1], &len);
    begun = strcmp(argv[2], "load") == 0 ? begun : now();
    yyjson_read_flag flags = strcmp(argv[2], "load") == 0 ? YYJSON_READ_INSITU : YYJSON_READ_NOFLAG;
    yyjson_doc *doc = data == NULL ? NULL : yyjson_read_opts(data, len, flags, NULL, NULL);
    if (doc == NULL) {
        fprintf(stderr, "yyjson_peer: %s: cannot be read\n", argv[1]);
        return 1;
    }
    unsigned long long sum = 0;
    if (strcmp(argv[2], "encode") == 0) {
        begun = now();
        sum = yyjson_write(doc, YYJSON_WRITE_NOFLAG, &len) == NULL ? 0 : len;
    } else {
        sum = sum_of(doc);
    }
    double seconds = now() - begun;
    printf("%llu\n%.9f\n", sum, seconds);
    return sum == 0;
}
