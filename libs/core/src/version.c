/* SPDX-License-Identifier: MIT */
/* What this build is, from what CMake says of it. */
#include "tpl/version.h"

#include "build_id.h"
#include "hash_kernel.h"

const char *tpl_version(void) {
    return TPL__VERSION;
}

const char *tpl_build_id(void) {
    return TPL__BUILD_ID;
}

const char *tpl_features(void) {
    return TPL__FEATURES;
}

const char *tpl_hash_kernel(void) {
    return tpl__hash_best()->name;
}
