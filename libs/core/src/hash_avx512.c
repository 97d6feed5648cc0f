/* SPDX-License-Identifier: MIT */
/* XXH3 on 512-bit vectors. */
#define TPL__HASH_VARIANT(name) name##_avx512
#define TPL__HASH_NAME "xxh3-avx512"
#include "hash_variant.h"
