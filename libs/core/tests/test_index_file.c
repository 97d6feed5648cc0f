/* SPDX-License-Identifier: MIT */
/* What an index file may look like, and that nothing else is believed. */
#include "index_file.h"

#include <stdlib.h>
#include <string.h>

#include "check.h"
#include "tpl/entry.h"

enum {
    ROOT = 77,
    RECORDS = 3,
    BIT_COUNT = 8
};

#define PAIR "99aa06d3014798d86001c324468d497f,b5e9c1ad071b3e7fc779cfaa5e523818"
#define TEXT "a" PAIR "b" PAIR "c" PAIR
#define PIECE (sizeof("a" PAIR) - 1)

/* An index of three files, sealed; what is behind it must not matter. */
typedef struct sample {
    tpl__index_head head;
    tpl__index_record records[RECORDS];
    char text[sizeof(TEXT) - 1];
    char hash[sizeof(tpl_hash128)];
    char beyond[2];
} sample;

#define SAMPLE_LEN (offsetof(sample, hash) + sizeof(tpl_hash128))

static void seal(sample *s) {
    tpl_hash128 hash = tpl_hash_bytes(s, offsetof(sample, hash));
    memcpy(s->hash, &hash, sizeof(hash));
}

static sample *sample_new(void) {
    sample *s = calloc(1, sizeof(*s));
    assert_non_null(s);
    s->head = tpl__index_head_of(ROOT, RECORDS, sizeof(s->text));
    memcpy(s->text, TEXT, sizeof(s->text));
    for (int i = 0; i < RECORDS; i++) {
        s->records[i] = (tpl__index_record){.size = (uint64_t)i, .path_len = PIECE};
    }
    seal(s);
    return s;
}

static tpl__index_verdict parse(const sample *s, size_t len) {
    tpl__index_view view;
    tpl__index_verdict verdict = tpl__index_parse(&view, (const char *)s, len, ROOT);
    assert_true(verdict == TPL__INDEX_GOOD || (view.count == 0 && view.text_len == 0));
    return verdict;
}

static void a_sound_file_is_taken_apart(void **state) {
    (void)state;
    sample *s = sample_new();
    tpl__index_view view;
    assert_int_equal(tpl__index_parse(&view, (char *)s, SAMPLE_LEN, ROOT), TPL__INDEX_GOOD);
    assert_int_equal(view.count, RECORDS);
    assert_int_equal(view.records[2].size, 2);
    assert_int_equal(view.text_len, strlen(TEXT));
    assert_memory_equal(view.text, TEXT, view.text_len);
    free(s);
}

static void an_index_of_nothing_is_sound(void **state) {
    (void)state;
    struct {
        tpl__index_head head;
        tpl_hash128 hash;
    } s = {.head = tpl__index_head_of(ROOT, 0, 0)};
    s.hash = tpl_hash_bytes(&s.head, sizeof(s.head));
    tpl__index_view view;
    assert_int_equal(tpl__index_parse(&view, (char *)&s, sizeof(s), ROOT), TPL__INDEX_GOOD);
    assert_int_equal(view.count, 0);
}

static void has_chunks(tpl__index_record *record) {
    record->size = TPL_CHUNK_SIZE + 1;
    record->path_len = 1;
    record->chunks_len = sizeof(PAIR) - 1;
}

static void records_with_chunks_come_last_and_take_their_share_of_the_text(void **state) {
    (void)state;
    sample *s = sample_new();
    tpl__index_view view;
    for (int i = 0; i < RECORDS; i++) {
        has_chunks(&s->records[i]);
    }
    for (size_t whole = 0; whole <= RECORDS; whole++) {
        seal(s);
        assert_int_equal(tpl__index_parse(&view, (char *)s, SAMPLE_LEN, ROOT), TPL__INDEX_GOOD);
        assert_int_equal(view.whole, whole);
        if (whole < RECORDS) {
            s->records[whole].path_len = PIECE;
            s->records[whole].chunks_len = 0;
        }
    }
    has_chunks(&s->records[0]); /* before others without */
    seal(s);
    assert_int_equal(parse(s, SAMPLE_LEN), TPL__INDEX_DAMAGED);
    has_chunks(&s->records[1]);
    has_chunks(&s->records[2]);
    s->records[2].path_len = 2;
    seal(s);
    assert_int_equal(parse(s, SAMPLE_LEN), TPL__INDEX_DAMAGED);
    free(s);
}

/* Whether an index whose last file has these hashes of chunks is believed. */
static tpl__index_verdict judge_chunks(uint64_t size, const char *chunks) {
    sample *s = sample_new();
    tpl__index_record *last = &s->records[RECORDS - 1];
    last->size = size;
    last->chunks_len = (uint32_t)strlen(chunks);
    last->path_len = (uint32_t)(PIECE - last->chunks_len);
    memcpy(s->text + sizeof(s->text) - last->chunks_len, chunks, last->chunks_len);
    seal(s);
    tpl__index_verdict verdict = parse(s, SAMPLE_LEN);
    free(s);
    return verdict;
}

static void hashes_of_chunks_are_one_digest_for_each_of_them(void **state) {
    (void)state;
    const uint64_t two = TPL_CHUNK_SIZE + 1;
    assert_int_equal(judge_chunks(two, PAIR), TPL__INDEX_GOOD);
    assert_int_equal(judge_chunks(2 * TPL_CHUNK_SIZE, PAIR), TPL__INDEX_GOOD);
    assert_int_equal(judge_chunks(2 * TPL_CHUNK_SIZE + 1, PAIR), TPL__INDEX_DAMAGED);
    assert_int_equal(judge_chunks(UINT64_MAX, PAIR), TPL__INDEX_DAMAGED);
    assert_int_equal(judge_chunks(TPL_CHUNK_SIZE, "99aa06d3014798d86001c324468d497f"),
                     TPL__INDEX_DAMAGED);
    assert_int_equal(judge_chunks(0, "99aa06d3014798d86001c324468d497f"), TPL__INDEX_DAMAGED);
    static const char *const TEXTS[] = {
        "x",
        "99aa06d3014798d86001c324468d497f",
        "99aa06d3014798d86001c324468d497f;b5e9c1ad071b3e7fc779cfaa5e523818",
        "99aa06d3014798d86001c324468d497\",b5e9c1ad071b3e7fc779cfaa5e523818",
        "99aa06d3014798d86001c324468d497f,b5e9c1ad071b3e7fc779cfaa5e52381",
        "99aa06d3014798d86001c324468d497f,b5e9c1ad071b3e7fc779cfaa5e5238\x80z",
    };
    for (size_t i = 0; i < sizeof(TEXTS) / sizeof(*TEXTS); i++) {
        assert_int_equal(judge_chunks(two, TEXTS[i]), TPL__INDEX_DAMAGED);
    }
}

/* Two spellings of one text would pass for one path, and their directories for one place. */
static void a_path_that_is_no_text_is_damage_even_when_sealed(void **state) {
    (void)state;
    static const char *const PATHS[] = {"\xff", "\xc3", "\xed\xa0\x80\xed\xb0\x80"};
    for (size_t i = 0; i < sizeof(PATHS) / sizeof(*PATHS); i++) {
        sample *s = sample_new();
        memcpy(s->text, PATHS[i], strlen(PATHS[i]));
        seal(s);
        assert_int_equal(parse(s, SAMPLE_LEN), TPL__INDEX_DAMAGED);
        free(s);
    }
}

static void no_part_of_a_file_is_sound(void **state) {
    (void)state;
    sample *s = sample_new();
    for (size_t len = 0; len < SAMPLE_LEN; len++) {
        assert_int_equal(parse(s, len), TPL__INDEX_DAMAGED);
    }
    assert_int_equal(parse(s, SAMPLE_LEN + 1), TPL__INDEX_DAMAGED);
    free(s);
}

static void no_bit_can_be_another(void **state) {
    (void)state;
    sample *s = sample_new();
    for (size_t at = 0; at < SAMPLE_LEN; at++) {
        for (int bit = 0; bit < BIT_COUNT; bit++) {
            unsigned char *byte = (unsigned char *)s + at;
            *byte ^= (unsigned char)(1U << bit);
            assert_true(parse(s, SAMPLE_LEN) != TPL__INDEX_GOOD);
            *byte ^= (unsigned char)(1U << bit);
        }
    }
    assert_int_equal(parse(s, SAMPLE_LEN), TPL__INDEX_GOOD);
    free(s);
}

static void another_version_and_another_machine_are_told(void **state) {
    (void)state;
    sample *s = sample_new();
    s->head.version++;
    seal(s);
    assert_int_equal(parse(s, SAMPLE_LEN), TPL__INDEX_VERSION);
    s->head.version--;
    s->head.byte_order = 0x04030201;
    seal(s);
    assert_int_equal(parse(s, SAMPLE_LEN), TPL__INDEX_VERSION);
    free(s);
}

static void another_tree_is_told(void **state) {
    (void)state;
    sample *s = sample_new();
    tpl__index_view view;
    assert_int_equal(tpl__index_parse(&view, (char *)s, SAMPLE_LEN, ROOT + 1),
                     TPL__INDEX_OTHER_TREE);
    assert_int_equal(view.count, 0);
    free(s);
}

static void what_begins_otherwise_is_none(void **state) {
    (void)state;
    tpl__index_view view;
    static const char *const TEXTS[] = {"{\"hashAlg\":\"xxh128\"}", "x", "\x89tplidy\n"};
    for (size_t i = 0; i < sizeof(TEXTS) / sizeof(*TEXTS); i++) {
        assert_int_equal(tpl__index_parse(&view, TEXTS[i], strlen(TEXTS[i]), ROOT),
                         TPL__INDEX_FOREIGN);
    }
}

static void lengths_that_do_not_add_up_are_damage_even_when_sealed(void **state) {
    (void)state;
    static const uint64_t COUNTS[] = {0, 2, 4, (uint64_t)1 << 31, (uint64_t)1 << 58, UINT64_MAX};
    sample *s = sample_new();
    for (size_t i = 0; i < sizeof(COUNTS) / sizeof(*COUNTS); i++) {
        s->head.count = COUNTS[i];
        seal(s);
        assert_int_equal(parse(s, SAMPLE_LEN), TPL__INDEX_DAMAGED);
    }
    s->head.count = RECORDS;
    s->head.text_len = UINT64_MAX - 1;
    seal(s);
    assert_int_equal(parse(s, SAMPLE_LEN), TPL__INDEX_DAMAGED);
    s->head.text_len = sizeof(s->text);
    s->records[0].path_len = UINT32_MAX;
    seal(s);
    assert_int_equal(parse(s, SAMPLE_LEN), TPL__INDEX_DAMAGED);
    s->records[0].path_len = 1;
    seal(s);
    assert_int_equal(parse(s, SAMPLE_LEN), TPL__INDEX_DAMAGED);
    free(s);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_sound_file_is_taken_apart),
        cmocka_unit_test(an_index_of_nothing_is_sound),
        cmocka_unit_test(records_with_chunks_come_last_and_take_their_share_of_the_text),
        cmocka_unit_test(hashes_of_chunks_are_one_digest_for_each_of_them),
        cmocka_unit_test(a_path_that_is_no_text_is_damage_even_when_sealed),
        cmocka_unit_test(no_part_of_a_file_is_sound),
        cmocka_unit_test(no_bit_can_be_another),
        cmocka_unit_test(another_version_and_another_machine_are_told),
        cmocka_unit_test(another_tree_is_told),
        cmocka_unit_test(what_begins_otherwise_is_none),
        cmocka_unit_test(lengths_that_do_not_add_up_are_damage_even_when_sealed),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
