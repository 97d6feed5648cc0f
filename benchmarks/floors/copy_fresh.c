/* SPDX-License-Identifier: MIT */
/* The floor under "encode to bytes in memory": as many bytes copied to memory that nobody has
 * touched yet. Usage: copy_fresh FILE; the last line of its output is the time in seconds. */
#define _GNU_SOURCE
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <time.h>

static double now(void) {
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return (double)time.tv_sec + (double)time.tv_nsec / 1e9;
}

int main(int argc, char **argv) {
    FILE *file = argc == 2 ? fopen(argv[1], "rb") : NULL;
    if (file == NULL || fseek(file, 0, SEEK_END) != 0) {
        fprintf(stderr, "usage: copy_fresh FILE\n");
        return 2;
    }
    size_t size = (size_t)ftell(file);
    rewind(file);
    char *text = malloc(size);
    if (text == NULL || fread(text, 1, size, file) != size) {
        return 1;
    }
    double begun = now();
    char *fresh = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (fresh == MAP_FAILED) {
        return 1;
    }
    memcpy(fresh, text, size);
    double seconds = now() - begun;
    printf("%.9f\n", seconds);
    return memcmp(fresh, text, size) != 0;
}
