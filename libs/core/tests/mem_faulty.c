/* SPDX-License-Identifier: MIT */
/* The allocator that fails on demand, for any number of threads. */
#include "mem_faulty.h"

#include <stdatomic.h>
#include <stddef.h>
#include <stdlib.h>

#include "mem.h"

static atomic_uint_least64_t asked;
static atomic_uint_least64_t failed;
static atomic_uint_least64_t fail_at;
static atomic_bool fail_on;
static atomic_int_least64_t live;

void mem_faulty_arm(uint64_t nth, bool forever) {
    atomic_store(&fail_at, nth);
    atomic_store(&fail_on, forever);
    atomic_store(&asked, 0);
    atomic_store(&failed, 0);
}

uint64_t mem_faulty_asked(void) {
    return atomic_load(&asked);
}

uint64_t mem_faulty_failed(void) {
    return atomic_load(&failed);
}

int64_t mem_faulty_live(void) {
    return atomic_load(&live);
}

static bool is_out(void) {
    uint64_t number = atomic_fetch_add(&asked, 1) + 1;
    uint64_t at = atomic_load(&fail_at);
    bool out = at != 0 && (number == at || (number > at && atomic_load(&fail_on)));
    atomic_fetch_add(&failed, out ? 1 : 0);
    return out;
}

static void *counted(void *memory) {
    atomic_fetch_add(&live, memory == NULL ? 0 : 1);
    return memory;
}

void *tpl__alloc(size_t size) {
    return is_out() ? NULL : counted(malloc(size));
}

void *tpl__alloc_array(size_t count, size_t size) {
    return is_out() ? NULL : counted(calloc(count == 0 ? 1 : count, size));
}

void *tpl__realloc_array(void *old, size_t count, size_t size) {
    if (is_out() || (size != 0 && count > SIZE_MAX / size)) {
        return NULL;
    }
    void *grown = realloc(old, count * size == 0 ? 1 : count * size);
    return old == NULL ? counted(grown) : grown;
}

void tpl__free(void *memory) {
    atomic_fetch_sub(&live, memory == NULL ? 0 : 1);
    free(memory);
}
