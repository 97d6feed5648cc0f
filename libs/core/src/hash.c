/* SPDX-License-Identifier: MIT */
/* XXH3-128 values, one-shot and incremental. */
#include "tpl/hash.h"

#include <stdint.h>

#include "hash_kernel.h"
#include "hex.h"
#include "mem.h"

struct tpl_hasher {
    const tpl__hash_kernel *kernel;
    void *state; /* inside this allocation, aligned */
};

void tpl_hash128_to_hex(tpl_hash128 hash, char out[TPL_HASH_HEX_LEN + 1]) {
    tpl__hash_to_hex(hash, out);
    out[TPL_HASH_HEX_LEN] = '\0';
}

bool tpl_hash128_from_hex(tpl_hash128 *out, const char *hex, size_t len) {
    tpl_hash128 hash;
    if (len != TPL_HASH_HEX_LEN || !tpl__hash_from_hex(&hash, hex)) {
        return false;
    }
    *out = hash;
    return true;
}

tpl_hash128 tpl_hash_bytes(const void *data, size_t len) {
    return tpl__hash_best()->one_shot(len == 0 ? "" : data, len);
}

tpl_status tpl_hasher_new(tpl_hasher **out) {
    *out = NULL;
    tpl_hasher *hasher = tpl__alloc(sizeof(*hasher) + TPL__HASH_STATE_SIZE + TPL__HASH_STATE_ALIGN);
    if (hasher == NULL) {
        return TPL_E_NOMEM;
    }
    uintptr_t end = (uintptr_t)(hasher + 1);
    uintptr_t pad = (TPL__HASH_STATE_ALIGN - end % TPL__HASH_STATE_ALIGN) % TPL__HASH_STATE_ALIGN;
    hasher->kernel = tpl__hash_best();
    hasher->state = (char *)(hasher + 1) + pad;
    hasher->kernel->reset(hasher->state);
    *out = hasher;
    return TPL_OK;
}

void tpl_hasher_free(tpl_hasher *hasher) {
    tpl__free(hasher);
}

void tpl_hasher_reset(tpl_hasher *hasher) {
    hasher->kernel->reset(hasher->state);
}

void tpl_hasher_update(tpl_hasher *hasher, const void *data, size_t len) {
    if (len > 0) {
        hasher->kernel->update(hasher->state, data, len);
    }
}

tpl_hash128 tpl_hasher_digest(const tpl_hasher *hasher) {
    return hasher->kernel->digest(hasher->state);
}

tpl_status tpl_hasher_write(const void *data, size_t len, void *hasher) {
    tpl_hasher_update(hasher, data, len);
    return TPL_OK;
}
