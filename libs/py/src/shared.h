/* SPDX-License-Identifier: MIT */
/* What outlives the Python object that made it, and is let go of on any thread, without the GIL. */
#ifndef NATIVE_SHARED_H
#define NATIVE_SHARED_H

#include <stddef.h>

#include "tpl/buffer.h"
#include "tpl/manifest.h"

/* Memory that knows how it is given back: the first member of a struct. */
typedef tpl_buffer native_block;
void *native_block_new(size_t size); /* zeroed; NULL when there is none */
void native_block_free(void *block); /* may be NULL */

/* A manifest with several owners. */
typedef struct native_shared native_shared;

/* Takes over `manifest` in any case; NULL when there is no memory. */
native_shared *native_shared_new(tpl_manifest *manifest);
native_shared *native_shared_take(native_shared *shared); /* one more owner */
void native_shared_drop(native_shared *shared);           /* the last one frees it; may be NULL */
const tpl_manifest *native_shared_get(const native_shared *shared);

#endif
