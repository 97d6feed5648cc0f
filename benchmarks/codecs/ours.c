/* SPDX-License-Identifier: MIT */
/* Times our codec inside one process, through the public headers. Usage: ours FILE WHAT; the last
 * line of its output is the time in seconds of `decode` (bytes in memory to a table), `encode` (the
 * table to canonical bytes in memory) or `load` (a file to a table). */
#define _POSIX_C_SOURCE 200809L
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "tpl/file.h"
#include "tpl/manifest.h"

static double now(void) {
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return (double)time.tv_sec + (double)time.tv_nsec / 1e9;
}

static tpl_status measure(double *seconds, const char *path, const char *what) {
    tpl_buffer text = TPL_BUFFER_INIT;
    tpl_buffer again = TPL_BUFFER_INIT;
    tpl_manifest *manifest = NULL;
    bool load = strcmp(what, "load") == 0;
    double begun = now();
    tpl_status status = load ? tpl_manifest_load(&manifest, path, NULL, NULL, NULL, NULL)
                             : tpl_file_read(&text, path, NULL, NULL, NULL);
    begun = load ? begun : now();
    if (status == TPL_OK && !load) {
        status = tpl_manifest_decode(&manifest, text.data, text.len, NULL, NULL);
    }
    if (status == TPL_OK && strcmp(what, "encode") == 0) {
        begun = now();
        status = tpl_manifest_encode_into(manifest, TPL_FORMAT_DEFAULT, tpl_buffer_room, &again,
                                          NULL, NULL);
    }
    *seconds = now() - begun;
    if (status == TPL_OK && again.len > 0 &&
        (again.len != text.len || memcmp(again.data, text.data, text.len) != 0)) {
        status = TPL_E_MANIFEST;
    }
    tpl_manifest_free(manifest);
    tpl_buffer_dispose(&again);
    tpl_buffer_dispose(&text);
    return status;
}

int main(int argc, char **argv) {
    double seconds = 0;
    if (argc != 3) {
        fprintf(stderr, "usage: ours FILE decode|encode|load\n");
        return 2;
    }
    tpl_status status = measure(&seconds, argv[1], argv[2]);
    if (status != TPL_OK) {
        fprintf(stderr, "ours: %s\n", tpl_status_text(status));
        return 1;
    }
    printf("%.9f\n", seconds);
    return 0;
}
