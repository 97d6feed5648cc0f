/* SPDX-License-Identifier: MIT */
/* XXH3-128 in one vector width. A variant's source file defines TPL__HASH_VARIANT(name) and
 * includes this; the compiler flags of that file choose the width. */
#include "hash_kernel.h"

#define XXH_INLINE_ALL
#include <xxhash.h>

static XXH3_state_t *state_of(void *memory) {
    return memory;
}

static tpl_hash128 value_of(XXH128_hash_t hash) {
    return (tpl_hash128){hash.high64, hash.low64};
}

static tpl_hash128 one_shot(const void *data, size_t len) {
    return value_of(XXH3_128bits(data, len));
}

static void reset(void *state) {
    XXH3_128bits_reset(state_of(state));
}

static void update(void *state, const void *data, size_t len) {
    XXH3_128bits_update(state_of(state), data, len);
}

static tpl_hash128 digest(const void *state) {
    return value_of(XXH3_128bits_digest(state));
}

const tpl__hash_kernel TPL__HASH_VARIANT(tpl__hash_kernel) = {
    TPL__HASH_NAME, one_shot, reset, update, digest,
};

_Static_assert(sizeof(XXH3_state_t) <= TPL__HASH_STATE_SIZE, "TPL__HASH_STATE_SIZE is too small");
