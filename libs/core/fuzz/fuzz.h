/* SPDX-License-Identifier: MIT */
/* What the fuzz targets share. A target is LLVMFuzzerTestOneInput(): it takes any bytes, and must
 * neither crash nor find that something is not so. */
#ifndef TPL_FUZZ_H
#define TPL_FUZZ_H

#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

/* Ends the process, naming what is not so. */
#define MUST(condition)                                                                            \
    do {                                                                                           \
        if (!(condition)) {                                                                        \
            fprintf(stderr, "%s:%d: not so: %s\n", __FILE__, __LINE__, #condition);                \
            abort();                                                                               \
        }                                                                                          \
    } while (0)

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Takes one line, without its end, off the front of the input. */
typedef struct fuzz_text {
    const char *data;
    size_t len;
} fuzz_text;

static inline fuzz_text fuzz_line(fuzz_text *input) {
    fuzz_text line = {input->data, 0};
    while (line.len < input->len && line.data[line.len] != '\n') {
        line.len++;
    }
    size_t taken = line.len < input->len ? line.len + 1 : line.len;
    input->data += taken;
    input->len -= taken;
    return line;
}

#endif
