/* SPDX-License-Identifier: MIT */
/* XXH3 as wide as every processor of this architecture has it (SSE2, NEON, scalar). */
#define TPL__HASH_VARIANT(name) name##_base
#define TPL__HASH_NAME "xxh3-base"
#include "hash_variant.h"
