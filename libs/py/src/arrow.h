/* SPDX-License-Identifier: MIT */
/* Arrow's C data interface, the three structs of its published ABI, and a manifest as its batches.
 * Nothing here needs the GIL: who takes the data may do so, and release it, on any thread. */
#ifndef NATIVE_ARROW_H
#define NATIVE_ARROW_H

#include <stddef.h>
#include <stdint.h>

#include "tpl/manifest.h"

#define NATIVE_ARROW_NULLABLE 2 /* a schema's flag */

typedef struct native_arrow_schema {
    const char *format;
    const char *name;
    const char *metadata;
    int64_t flags;
    int64_t n_children;
    struct native_arrow_schema **children;
    struct native_arrow_schema *dictionary;
    void (*release)(struct native_arrow_schema *schema);
    void *private_data;
} native_arrow_schema;

typedef struct native_arrow_array {
    int64_t length;
    int64_t null_count;
    int64_t offset;
    int64_t n_buffers;
    int64_t n_children;
    const void **buffers;
    struct native_arrow_array **children;
    struct native_arrow_array *dictionary;
    void (*release)(struct native_arrow_array *array);
    void *private_data;
} native_arrow_array;

typedef struct native_arrow_stream {
    int (*get_schema)(struct native_arrow_stream *stream, native_arrow_schema *out);
    int (*get_next)(struct native_arrow_stream *stream, native_arrow_array *out);
    const char *(*get_last_error)(struct native_arrow_stream *stream);
    void (*release)(struct native_arrow_stream *stream);
    void *private_data;
} native_arrow_stream;

/* Which columns a manifest's table has. */
typedef unsigned native_arrow_columns;
native_arrow_columns native_arrow_columns_of(const tpl_manifest *manifest);

/* These fill *out, whose release gives everything back: 0, or ENOMEM. */
int native_arrow_schema_new(native_arrow_schema *out, native_arrow_columns columns);
int native_arrow_batch_new(native_arrow_array *out, const tpl_manifest *manifest,
                           native_arrow_columns columns, size_t first, size_t count);

#endif
