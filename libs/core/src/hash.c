/* SPDX-License-Identifier: MIT */
/* XXH3-128 values, one-shot and incremental. */
#include "tpl/hash.h"

#include <stdint.h>

#include "fail.h"
#include "hash_kernel.h"
#include "hex.h"
#include "mem.h"
#include "poll.h"

/* Between two questions: read at 20 MB/s, it takes 50 ms. */
#define PIECE ((size_t)1 << 20)

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

static tpl_status hash_pieces(tpl_hasher *hasher, const char *data, size_t len, const tpl_run *run,
                              tpl_error *err) {
    tpl__poll poll = tpl__poll_start(run);
    for (size_t at = 0; at < len; at += PIECE) {
        tpl_hasher_update(hasher, data + at, len - at < PIECE ? len - at : PIECE);
        if (tpl__poll_stops(&poll)) {
            return tpl__fail_cancelled(err);
        }
    }
    return TPL_OK;
}

tpl_status tpl_hash_memory(tpl_hash128 *out, const void *data, size_t len, const tpl_run *run,
                           tpl_error *err) {
    if (len <= PIECE) {
        *out = tpl_hash_bytes(data, len);
        return TPL_OK;
    }
    tpl_hasher *hasher = NULL;
    if (tpl_hasher_new(&hasher) != TPL_OK) {
        return tpl__fail_nomem(err);
    }
    tpl_status status = hash_pieces(hasher, data, len, run, err);
    if (status == TPL_OK) {
        *out = tpl_hasher_digest(hasher);
    }
    tpl_hasher_free(hasher);
    return status;
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
