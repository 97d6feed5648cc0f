/* SPDX-License-Identifier: MIT */
/* XXH3-128 values, one-shot and incremental. */
#include "tpl/hash.h"

#include <stdint.h>

#include "hash_kernel.h"
#include "mem.h"

#define HEX_PER_HALF 16
#define BITS_PER_DIGIT 4

struct tpl_hasher {
    const tpl__hash_kernel *kernel;
    void *state; /* inside this allocation, aligned */
};

static void half_to_hex(uint64_t half, char *out) {
    for (int i = HEX_PER_HALF - 1; i >= 0; i--) {
        out[i] = "0123456789abcdef"[half & 0xF];
        half >>= BITS_PER_DIGIT;
    }
}

void tpl_hash128_to_hex(tpl_hash128 hash, char out[TPL_HASH_HEX_LEN + 1]) {
    half_to_hex(hash.high, out);
    half_to_hex(hash.low, out + HEX_PER_HALF);
    out[TPL_HASH_HEX_LEN] = '\0';
}

static bool half_from_hex(uint64_t *out, const char *hex) {
    uint64_t half = 0;
    for (int i = 0; i < HEX_PER_HALF; i++) {
        char c = hex[i];
        if (c >= '0' && c <= '9') {
            half = half << BITS_PER_DIGIT | (uint64_t)(c - '0');
        } else if (c >= 'a' && c <= 'f') {
            half = half << BITS_PER_DIGIT | (uint64_t)(c - 'a' + 10);
        } else {
            return false;
        }
    }
    *out = half;
    return true;
}

bool tpl_hash128_from_hex(tpl_hash128 *out, const char *hex, size_t len) {
    tpl_hash128 hash = {0, 0};
    if (len != TPL_HASH_HEX_LEN || !half_from_hex(&hash.high, hex) ||
        !half_from_hex(&hash.low, hex + HEX_PER_HALF)) {
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
