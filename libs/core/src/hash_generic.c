/* SPDX-License-Identifier: MIT */
/* The choice of the hash kernel where there is only one. */
#include "hash_kernel.h"

const tpl__hash_kernel *tpl__hash_best(void) {
    return &tpl__hash_kernel_base;
}
