/* SPDX-License-Identifier: MIT */
/* XXH3 on 256-bit vectors. */
#define TPL__HASH_VARIANT(name) name##_avx2
#define TPL__HASH_NAME "xxh3-avx2"
#include "hash_variant.h"
