/* SPDX-License-Identifier: MIT */
/* Memory and manifests that are owned apart from Python's objects. */
#include "shared.h"

#include <stdatomic.h>
#include <string.h>

struct native_shared {
    native_block block;
    tpl_manifest *manifest;
    atomic_size_t owners;
};

void *native_block_new(size_t size) {
    native_block block = TPL_BUFFER_INIT;
    if (tpl_buffer_reserve(&block, size) != TPL_OK) {
        return NULL;
    }
    memset(block.data, 0, size);
    memcpy(block.data, &block, sizeof(block));
    return block.data;
}

void native_block_free(void *block) {
    if (block != NULL) {
        native_block own;
        memcpy(&own, block, sizeof(own));
        tpl_buffer_dispose(&own);
    }
}

native_shared *native_shared_new(tpl_manifest *manifest) {
    native_shared *shared = native_block_new(sizeof(*shared));
    if (shared == NULL) {
        tpl_manifest_free(manifest);
        return NULL;
    }
    shared->manifest = manifest;
    atomic_init(&shared->owners, 1);
    return shared;
}

native_shared *native_shared_take(native_shared *shared) {
    atomic_fetch_add(&shared->owners, 1);
    return shared;
}

void native_shared_drop(native_shared *shared) {
    if (shared != NULL && atomic_fetch_sub(&shared->owners, 1) == 1) {
        tpl_manifest_free(shared->manifest);
        native_block_free(shared);
    }
}

const tpl_manifest *native_shared_get(const native_shared *shared) {
    return shared->manifest;
}
