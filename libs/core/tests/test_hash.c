/* SPDX-License-Identifier: MIT */
#include <stdlib.h>
#include <string.h>

#include "check.h"
#include "hash_kernel.h"
#include "poll.h"
#include "thread.h"
#include "tpl/hash.h"

static uint64_t clock_ms;
static uint64_t clock_step;

uint64_t __wrap_tpl__monotonic_ms(void);

uint64_t __wrap_tpl__monotonic_ms(void) {
    return clock_ms += clock_step;
}

static void expect_hex(const void *data, size_t len, const char *hex) {
    char got[TPL_HASH_HEX_LEN + 1];
    tpl_hash128_to_hex(tpl_hash_bytes(data, len), got);
    assert_string_equal(got, hex);
}

static void gives_the_published_digests(void **state) {
    (void)state;
    static const struct {
        const char *text;
        const char *hex;
    } cases[] = {
        {"", "99aa06d3014798d86001c324468d497f"},
        {"a", "a96faf705af16834e6c632b61e964e1f"},
        {"hello", "b5e9c1ad071b3e7fc779cfaa5e523818"},
        {"world", "fa0d38a9b38280d0891e4985bdb2583e"},
        {"hello world", "df8d09e93f874900a99b8775cc15b6c7"},
        {"/tmp", "a0271fe0c8b1c1f99b82b442cd878122"},
        {"/home/u/proj", "2f8e6d4af8cf0f344a599ab8cce4f675"},
        {"C:\\Users\\u\\proj", "7f2598ab7617dff67d4c48be88abf884"},
    };
    for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
        expect_hex(cases[i].text, strlen(cases[i].text), cases[i].hex);
    }
    unsigned char bytes[256];
    for (int i = 0; i < 256; i++) {
        bytes[i] = (unsigned char)i;
    }
    expect_hex(bytes, sizeof(bytes), "f1f8a93f50849ac39408a4433b952d71");
    static const char zeros[1000];
    expect_hex(zeros, sizeof(zeros), "3fb94aea6d09b97224c1ea6074dd588c");
    expect_hex(NULL, 0, "99aa06d3014798d86001c324468d497f");
}

static void reads_only_canonical_digits(void **state) {
    (void)state;
    tpl_hash128 hash = {7, 7};
    assert_true(tpl_hash128_from_hex(&hash, "99aa06d3014798d86001c324468d497f", 32));
    assert_true(hash.high == 0x99aa06d3014798d8 && hash.low == 0x6001c324468d497f);
    hash = (tpl_hash128){7, 7};
    assert_false(tpl_hash128_from_hex(&hash, "99AA06d3014798d86001c324468d497f", 32));
    assert_false(tpl_hash128_from_hex(&hash, "99aa06d3014798d86001c324468d497", 31));
    assert_false(tpl_hash128_from_hex(&hash, "99aa06d3014798d86001c324468d497g", 32));
    assert_true(hash.high == 7 && hash.low == 7);
}

static void any_split_gives_the_same_digest(void **state) {
    (void)state;
    enum {
        SIZE = 3000
    };
    unsigned char bytes[SIZE];
    for (int i = 0; i < SIZE; i++) {
        bytes[i] = (unsigned char)(i * 31 + i / 7);
    }
    tpl_hash128 whole = tpl_hash_bytes(bytes, SIZE);
    tpl_hasher *hasher = NULL;
    assert_int_equal(tpl_hasher_new(&hasher), TPL_OK);
    for (size_t piece = 1; piece < SIZE; piece = piece * 2 + 1) {
        tpl_hasher_reset(hasher);
        for (size_t at = 0; at < SIZE; at += piece) {
            size_t len = SIZE - at < piece ? SIZE - at : piece;
            assert_int_equal(tpl_hasher_write(bytes + at, len, hasher), TPL_OK);
        }
        tpl_hash128 got = tpl_hasher_digest(hasher);
        assert_true(got.high == whole.high && got.low == whole.low);
    }
    tpl_hasher_free(hasher);
    tpl_hasher_free(NULL);
}

/* The widths have to agree, whichever this processor prefers. */
static void every_kernel_that_runs_here_agrees(void **state) {
    (void)state;
    const tpl__hash_kernel *best = tpl__hash_best();
    unsigned char *bytes = malloc(1 << 16);
    for (int i = 0; i < 1 << 16; i++) {
        bytes[i] = (unsigned char)(i ^ (i >> 8));
    }
    for (size_t len = 0; len <= 1 << 16; len = len * 3 + 1) {
        tpl_hash128 a = best->one_shot(bytes, len);
        tpl_hash128 b = tpl__hash_kernel_base.one_shot(bytes, len);
        assert_true(a.high == b.high && a.low == b.low);
    }
    free(bytes);
}

static int stop_now(void *payload) {
    ++*(int *)payload;
    return 1;
}

static void long_memory_has_the_same_digest_and_can_be_stopped(void **state) {
    (void)state;
    static char bytes[(5 << 20) + 3]; /* pieces, and a rest */
    for (size_t i = 0; i < sizeof(bytes); i++) {
        bytes[i] = (char)(i * 31 >> 3);
    }
    int asked = 0;
    const tpl_run run = {.poll = stop_now, .payload = &asked};
    static const size_t sizes[] = {0, 1, 1 << 20, (1 << 20) + 1, sizeof(bytes)};
    for (size_t i = 0; i < sizeof(sizes) / sizeof(*sizes); i++) {
        tpl_hash128 hash = {7, 7};
        tpl_hash128 expected = tpl_hash_bytes(bytes, sizes[i]);
        assert_int_equal(tpl_hash_memory(&hash, bytes, sizes[i], NULL, NULL), TPL_OK);
        assert_true(hash.high == expected.high && hash.low == expected.low);
    }
    clock_ms = 0;
    clock_step = TPL__POLL_MS;
    tpl_hash128 hash = {7, 7};
    assert_int_equal(tpl_hash_memory(&hash, bytes, sizeof(bytes), &run, NULL), TPL_E_CANCELLED);
    assert_int_equal(asked, 1);
    assert_true(hash.high == 7 && hash.low == 7);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(gives_the_published_digests),
        cmocka_unit_test(reads_only_canonical_digits),
        cmocka_unit_test(any_split_gives_the_same_digest),
        cmocka_unit_test(every_kernel_that_runs_here_agrees),
        cmocka_unit_test(long_memory_has_the_same_digest_and_can_be_stopped),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
