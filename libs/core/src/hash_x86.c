/* SPDX-License-Identifier: MIT */
/* The choice of the hash kernel on x86-64. */
#include "hash_kernel.h"

const tpl__hash_kernel *tpl__hash_best(void) {
    __builtin_cpu_init();
    /* GCOVR_EXCL_START: a machine has one kind of processor; each kernel has its tests */
    if (__builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512vl")) {
        return &tpl__hash_kernel_avx512;
    }
    return __builtin_cpu_supports("avx2") ? &tpl__hash_kernel_avx2 : &tpl__hash_kernel_base;
    /* GCOVR_EXCL_STOP */
}
