/* SPDX-License-Identifier: MIT */
/* The index by itself with states that are made up, and under snapshots of trees. */
#include "index.h"

#include <fcntl.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "check.h"
#include "index_file.h"
#include "scratch.h"
#include "thread.h"
#include "tpl/file.h"

#define INDEX "index"

enum {
    AGES = 50, /* milliseconds that make a file old */
    LARGE = 10000,
    SECOND = 1000000000
};

typedef struct told {
    int count;
    tpl_warning_kind kind;
    int sys_errno;
} told;

static void listen(const tpl_warning *warning, void *payload) {
    told *t = payload;
    t->count++;
    t->kind = warning->kind;
    t->sys_errno = warning->sys_errno;
}

/* --- what it costs --- */

static atomic_int opened;
static atomic_int asked;

int __real_tpl__fs_open_file(int *fd, int at, const char *name, tpl__links links);
int __wrap_tpl__fs_open_file(int *fd, int at, const char *name, tpl__links links);
int __real_tpl__fs_stat_at(tpl__stat *out, int at, const char *name, bool follow);
int __wrap_tpl__fs_stat_at(tpl__stat *out, int at, const char *name, bool follow);

int __wrap_tpl__fs_open_file(int *fd, int at, const char *name, tpl__links links) {
    atomic_fetch_add(&opened, 1);
    return __real_tpl__fs_open_file(fd, at, name, links);
}

int __wrap_tpl__fs_stat_at(tpl__stat *out, int at, const char *name, bool follow) {
    atomic_fetch_add(&asked, 1);
    return __real_tpl__fs_stat_at(out, at, name, follow);
}

/* --- made up --- */

static tpl__index *open_at(int64_t begun_sec, const char *path) {
    static const tpl_run quiet = TPL_RUN_INIT;
    static tpl__index_order order;
    order = (tpl__index_order){path, ".", false, 2, {begun_sec, 0}, &quiet};
    tpl__index *index = NULL;
    assert_int_equal(tpl__index_new(&index, &order, NULL), TPL_OK);
    return index;
}

static uint64_t device(void) {
    tpl__stat stat;
    assert_int_equal(tpl__fs_stat_at(&stat, TPL__FS_CWD, ".", true), 0);
    return stat.dev;
}

static tpl__stat state_at(int64_t sec, uint32_t nsec) {
    return (tpl__stat){.type = TPL__TYPE_FILE,
                       .size = 10,
                       .mtime = {sec, nsec},
                       .ctime = {sec, nsec},
                       .dev = device(),
                       .ino = 5};
}

/* Whether a file of that state, read by a scan that began at second 1000, is known to the next. */
static bool is_remembered(tpl__stat stat, uint64_t size) {
    const tpl_filter everything = TPL_FILTER_INIT;
    tpl__index *index = open_at(1000, "made-up");
    tpl__index_news news = {"a", 1, &stat, size, {.digest = {1, 2}}};
    assert_true(tpl__index_note(index, 1, &news));
    assert_int_equal(tpl__index_save(index, &everything, NULL), TPL_OK);
    tpl__index_free(index);
    index = open_at(2000, "made-up");
    tpl__index_hash hash = {.chunks = NULL};
    bool found = tpl__index_find(index, &(tpl__index_query){1, "a", 1, &stat}, &hash);
    assert_true(!found || (hash.digest.high == 1 && hash.digest.low == 2));
    assert_true(found != tpl__index_is_empty(index));
    tpl__index_free(index);
    assert_int_equal(unlink("made-up"), 0);
    return found;
}

static void what_may_have_changed_since_is_not_remembered(void **state) {
    (void)state;
    const uint32_t tick = (uint32_t)tpl__fs_tick();
    assert_true(is_remembered(state_at(999, SECOND - tick - 1), 10));
    assert_false(is_remembered(state_at(999, SECOND - tick), 10));
    assert_false(is_remembered(state_at(1000, 5), 10));
    assert_false(is_remembered(state_at(5000, 5), 10)); /* the clock cannot be trusted */
}

static void a_time_stamp_without_fractions_may_be_two_seconds_off(void **state) {
    (void)state;
    assert_false(is_remembered(state_at(998, 0), 10));
    assert_true(is_remembered(state_at(997, 0), 10));
}

static void a_size_that_means_nothing_is_not_remembered(void **state) {
    (void)state;
    tpl__stat stat = state_at(10, 5);
    assert_false(is_remembered(stat, 9));
    stat.size = 0;
    assert_true(is_remembered(stat, 0)); /* it could not grow without another state */
    stat.dev++;
    assert_false(is_remembered(stat, 0)); /* but it could in /proc */
}

static void a_time_that_cannot_be_recorded_is_not(void **state) {
    (void)state;
    tpl__stat early = state_at(10, 5);
    early.ctime.sec = INT64_MIN;
    assert_false(is_remembered(state_at(INT64_MIN, 5), 10));
    assert_false(is_remembered(early, 10));
    assert_true(is_remembered(state_at(-5000, 5), 10));
}

static void every_part_of_the_state_counts(void **state) {
    (void)state;
    const tpl_filter everything = TPL_FILTER_INIT;
    const tpl__stat same = state_at(10, 5);
    tpl__stat other[6] = {same, same, same, same, same, same};
    other[0].size++;
    other[1].mtime.nsec++;
    other[2].ctime.nsec++;
    other[3].ino++;
    other[4].dev++;
    other[5].mtime.sec = INT64_MAX;
    tpl__index *index = open_at(1000, "made-up");
    tpl__index_news news = {"a/b", 3, &same, 10, {.digest = {1, 2}}};
    assert_true(tpl__index_note(index, 0, &news));
    assert_int_equal(tpl__index_save(index, &everything, NULL), TPL_OK);
    tpl__index_free(index);
    index = open_at(2000, "made-up");
    tpl__index_hash hash;
    for (int i = 0; i < 6; i++) {
        assert_false(tpl__index_find(index, &(tpl__index_query){0, "a/b", 3, &other[i]}, &hash));
    }
    assert_false(tpl__index_find(index, &(tpl__index_query){0, "a/c", 3, &same}, &hash));
    assert_true(tpl__index_find(index, &(tpl__index_query){0, "a/b", 3, &same}, &hash));
    tpl__index_free(index);
}

static const char PAIR[] = "99aa06d3014798d86001c324468d497f,b5e9c1ad071b3e7fc779cfaa5e523818";

static tpl__stat large(void) {
    tpl__stat stat = state_at(10, 5);
    stat.size = TPL_CHUNK_SIZE + 1;
    return stat;
}

static void note(tpl__index *index, const char *path, const tpl__stat *stat, bool chunks) {
    tpl__index_news news = {path, strlen(path), stat, stat->size, {.digest = {3, 4}}};
    if (chunks) {
        news.hash = (tpl__index_hash){.chunks = PAIR, .chunks_len = strlen(PAIR)};
    }
    assert_true(tpl__index_note(index, 0, &news));
}

static void save(tpl__index *index) {
    const tpl_filter everything = TPL_FILTER_INIT;
    assert_int_equal(tpl__index_save(index, &everything, NULL), TPL_OK);
    tpl__index_free(index);
}

static bool finds(tpl__index *index, const char *path, const tpl__stat *stat) {
    tpl__index_hash hash;
    bool found = tpl__index_find(index, &(tpl__index_query){0, path, strlen(path), stat}, &hash);
    if (found) {
        assert_null(hash.chunks);
        assert_true(hash.digest.high == 3 && hash.digest.low == 4);
    }
    return found;
}

static bool finds_chunks(tpl__index *index, const char *path, const tpl__stat *stat) {
    tpl__index_hash hash;
    bool found =
        tpl__index_find_chunks(index, &(tpl__index_query){0, path, strlen(path), stat}, &hash);
    if (found) {
        assert_int_equal(hash.chunks_len, strlen(PAIR));
        assert_memory_equal(hash.chunks, PAIR, strlen(PAIR));
    }
    return found;
}

/* One index serves both formats: neither throws out what the other one needs. */
static void hashes_of_a_file_and_of_its_chunks_are_kept_apart(void **state) {
    (void)state;
    const tpl__stat stat = large();
    tpl__index *index = open_at(1000, "made-up");
    note(index, "z", &stat, true);
    note(index, "a", &stat, false);
    note(index, "b", &stat, true);
    save(index);
    index = open_at(2000, "made-up");
    assert_true(finds(index, "a", &stat));
    assert_false(finds_chunks(index, "a", &stat));
    assert_false(finds(index, "b", &stat));
    assert_true(finds_chunks(index, "z", &stat));
    note(index, "a", &stat, true);
    note(index, "b", &stat, false);
    save(index);
    for (int round = 0; round < 2; round++) {
        index = open_at(3000, "made-up");
        assert_true(finds(index, "a", &stat));
        assert_true(finds(index, "b", &stat));
        assert_int_equal(finds(index, "z", &stat), false);
        save(index);
    }
    index = open_at(4000, "made-up");
    assert_true(finds_chunks(index, "a", &stat));
    assert_true(finds_chunks(index, "b", &stat));
    assert_true(finds_chunks(index, "z", &stat));
    tpl__index_free(index);
}

static void an_index_of_chunks_alone_is_not_empty(void **state) {
    (void)state;
    const tpl__stat stat = large();
    tpl__index *index = open_at(1000, "made-up");
    note(index, "a", &stat, true);
    save(index);
    index = open_at(2000, "made-up");
    assert_false(tpl__index_is_empty(index));
    assert_true(finds_chunks(index, "a", &stat));
    tpl__index_free(index);
}

static void a_scan_whose_time_cannot_be_told_remembers_nothing(void **state) {
    (void)state;
    const tpl__stat stat = state_at(10, 5);
    tpl__index *index = open_at(INT64_MAX, "made-up");
    note(index, "a", &stat, false);
    save(index);
    index = open_at(2000, "made-up");
    assert_true(tpl__index_is_empty(index));
    tpl__index_free(index);
}

static void both_hashes_of_a_file_go_when_it_changes(void **state) {
    (void)state;
    const tpl__stat stat = large();
    tpl__stat changed = stat;
    changed.ctime.nsec++;
    tpl__index *index = open_at(1000, "made-up");
    note(index, "a", &stat, true);
    note(index, "a", &stat, false);
    save(index);
    index = open_at(2000, "made-up");
    assert_false(finds(index, "a", &changed));
    note(index, "a", &changed, false);
    save(index);
    index = open_at(3000, "made-up");
    assert_false(finds_chunks(index, "a", &stat));
    assert_false(finds_chunks(index, "a", &changed));
    assert_true(finds(index, "a", &changed));
    tpl__index_free(index);
}

/* --- under snapshots --- */

static told warned;

static tpl_snapshot_options options_with(const char *index) {
    tpl_snapshot_options options = TPL_SNAPSHOT_OPTIONS_INIT;
    options.index = index;
    options.run = (tpl_run){.jobs = 2, .warning = listen, .payload = &warned};
    warned = (told){0};
    return options;
}

static tpl_manifest *scan(const tpl_snapshot_options *options, tpl_snapshot_stats *stats) {
    tpl_manifest *manifest = NULL;
    assert_int_equal(tpl_snapshot(&manifest, "tree", options, stats, NULL), TPL_OK);
    return manifest;
}

/* Snapshots the tree with the index: so many files are read, and so many not. */
static void expect(uint64_t hashed, uint64_t reused) {
    const tpl_snapshot_options options = options_with(INDEX);
    const tpl_snapshot_options plain = TPL_SNAPSHOT_OPTIONS_INIT;
    tpl_snapshot_stats stats;
    tpl_manifest *manifest = scan(&options, &stats);
    tpl_manifest *truth = scan(&plain, NULL);
    assert_int_equal(stats.hashed_files, hashed);
    assert_int_equal(stats.reused_files, reused);
    assert_true(tpl_manifest_equal(manifest, truth));
    tpl_manifest_free(manifest);
    tpl_manifest_free(truth);
}

static int enter_with_tree(void **state) {
    scratch_enter(state);
    scratch_write_old("tree/a", "1");
    scratch_write_old("tree/b/c", "22");
    scratch_write_old("tree/b/d", "");
    scratch_link("tree/link", "a");
    tpl__sleep_ms(AGES);
    return 0;
}

static uint64_t inode(const char *path) {
    struct stat stat;
    assert_int_equal(lstat(path, &stat), 0);
    return stat.st_ino;
}

static void a_second_run_reads_nothing_and_writes_nothing(void **state) {
    (void)state;
    expect(4, 0);
    const uint64_t before = inode(INDEX);
    expect(0, 4);
    assert_true(inode(INDEX) == before);
    assert_int_equal(warned.count, 0);
}

static void an_unchanged_file_costs_one_call(void **state) {
    (void)state;
    const tpl_snapshot_options options = options_with(INDEX);
    tpl_manifest_free(scan(&options, NULL));
    atomic_store(&opened, 0);
    atomic_store(&asked, 0);
    tpl_manifest_free(scan(&options, NULL));
    assert_int_equal(atomic_load(&opened), 1);    /* the index */
    assert_int_equal(atomic_load(&asked), 4 + 3); /* files; root, index, index as part of it */
}

static void a_file_in_chunks_is_not_read_again(void **state) {
    (void)state;
    assert_int_equal(truncate("tree/a", (off_t)TPL_CHUNK_SIZE + 1), 0);
    scratch_set_mtime("tree/a", 1000);
    tpl__sleep_ms(AGES);
    tpl_snapshot_options options = options_with(INDEX);
    options.format = TPL_FORMAT_2025_12_04_BETA;
    options.filter.symlinks = TPL_SYMLINKS_SKIP;
    tpl_snapshot_stats stats;
    tpl_manifest *first = scan(&options, &stats);
    assert_int_equal(stats.hashed_files, 3);
    atomic_store(&opened, 0);
    atomic_store(&asked, 0);
    tpl_manifest *second = scan(&options, &stats);
    assert_int_equal(stats.reused_files, 3);
    assert_int_equal(atomic_load(&opened), 1);
    assert_int_equal(atomic_load(&asked), 3 + 3);
    assert_true(tpl_manifest_equal(first, second));
    options.base = first;
    options.delta = true;
    tpl_manifest *none = scan(&options, &stats);
    assert_int_equal(stats.hashed_files, 0);
    assert_int_equal(tpl_manifest_count(none), 0);
    tpl_manifest_free(first);
    tpl_manifest_free(second);
    tpl_manifest_free(none);
}

static void content_that_changed_behind_size_and_mtime_is_read(void **state) {
    (void)state;
    expect(4, 0);
    scratch_write_old("tree/b/c", "33");
    tpl__sleep_ms(AGES);
    expect(1, 3);
    expect(0, 4);
}

static void another_file_under_the_name_is_read(void **state) {
    (void)state;
    scratch_write_old("other", "9");
    tpl__sleep_ms(AGES);
    expect(4, 0);
    assert_int_equal(rename("other", "tree/a"), 0);
    tpl__sleep_ms(AGES);
    expect(2, 2); /* by its own name, and by the link's */
}

static void what_is_gone_leaves_the_index(void **state) {
    (void)state;
    expect(4, 0);
    assert_int_equal(unlink("tree/b/c"), 0);
    const uint64_t before = inode(INDEX);
    expect(0, 3);
    assert_true(inode(INDEX) != before);
}

static void what_a_filter_leaves_out_stays_in_the_index(void **state) {
    (void)state;
    const char *patterns[] = {"b/**"};
    expect(4, 0);
    scratch_write_old("tree/b/c", "changed");
    tpl__sleep_ms(AGES);
    tpl_snapshot_options options = options_with(INDEX);
    options.filter.include = (tpl_strings){patterns, 1, 1};
    tpl_snapshot_stats stats;
    tpl_manifest_free(scan(&options, &stats));
    assert_true(stats.hashed_files == 1 && stats.reused_files == 1);
    expect(0, 4);
}

static void a_tree_that_moved_keeps_its_index(void **state) {
    (void)state;
    expect(4, 0);
    assert_int_equal(rename("tree", "elsewhere"), 0);
    scratch_directory("tree");
    assert_int_equal(rmdir("tree"), 0);
    assert_int_equal(rename("elsewhere", "tree"), 0);
    expect(0, 4);
}

static void the_index_of_another_tree_is_made_anew(void **state) {
    (void)state;
    expect(4, 0);
    assert_int_equal(rename("tree", "old"), 0);
    scratch_write_old("tree/a", "1");
    expect(1, 0);
    assert_int_equal(warned.kind, TPL_WARN_INDEX_OTHER_TREE);
}

static void rehashing_reads_all_and_renews_the_index(void **state) {
    (void)state;
    expect(4, 0);
    const uint64_t before = inode(INDEX);
    tpl_snapshot_options options = options_with(INDEX);
    options.rehash = true;
    tpl_snapshot_stats stats;
    tpl_manifest_free(scan(&options, &stats));
    assert_true(stats.hashed_files == 4 && stats.reused_files == 0);
    assert_true(inode(INDEX) != before);
    expect(0, 4);
}

static void damage_is_told_and_costs_time_only(void **state) {
    (void)state;
    expect(4, 0);
    int fd = open(INDEX, O_WRONLY);
    assert_int_equal(pwrite(fd, "x", 1, 100), 1);
    assert_int_equal(close(fd), 0);
    expect(4, 0);
    assert_true(warned.count == 1 && warned.kind == TPL_WARN_INDEX_DAMAGED);
    assert_int_equal(truncate(INDEX, 50), 0);
    expect(4, 0);
    assert_true(warned.count == 1 && warned.kind == TPL_WARN_INDEX_DAMAGED);
    expect(0, 4);
    assert_int_equal(warned.count, 0);
}

/* The paths in the index's file, in its order. */
static tpl_buffer paths_of_index(size_t *count) {
    tpl_buffer data = TPL_BUFFER_INIT;
    tpl_buffer paths = TPL_BUFFER_INIT;
    tpl__index_view view;
    struct stat stat;
    assert_int_equal(lstat("tree", &stat), 0);
    assert_int_equal(tpl_file_read(&data, INDEX, NULL, NULL, NULL), TPL_OK);
    assert_int_equal(tpl__index_parse(&view, data.data, data.len, stat.st_ino), TPL__INDEX_GOOD);
    const char *text = view.text;
    for (size_t i = 0; i < view.count; i++) {
        assert_int_equal(tpl_buffer_append(&paths, text, view.records[i].path_len), TPL_OK);
        assert_int_equal(tpl_buffer_append(&paths, " ", 1), TPL_OK);
        text += view.records[i].path_len + view.records[i].chunks_len;
    }
    *count = view.count;
    assert_int_equal(tpl_buffer_append(&paths, "", 1), TPL_OK);
    tpl_buffer_dispose(&data);
    return paths;
}

static void what_is_new_takes_its_place_among_what_stays(void **state) {
    (void)state;
    expect(4, 0);
    scratch_write_old("tree/b/bb", "new");
    scratch_write_old("tree/0", "first");
    scratch_write_old("tree/z", "last");
    scratch_write_old("tree/b/d", "changed");
    assert_int_equal(unlink("tree/b/c"), 0);
    tpl__sleep_ms(AGES);
    expect(4, 2);
    size_t count;
    tpl_buffer paths = paths_of_index(&count);
    assert_int_equal(count, 6);
    assert_string_equal(paths.data, "0 a b/bb b/d link z ");
    tpl_buffer_dispose(&paths);
    expect(0, 6);
    assert_int_equal(warned.count, 0);
}

/* Somebody else's doing, the hash included. */
static void seal_index(tpl_buffer *data) {
    tpl_hash128 hash = tpl_hash_bytes(data->data, data->len);
    assert_int_equal(tpl_buffer_append(data, &hash, sizeof(hash)), TPL_OK);
    scratch_write_bytes(INDEX, data->data, data->len);
    tpl_buffer_dispose(data);
}

static void expect_damage(void) {
    expect(4, 0);
    assert_true(warned.count == 1 && warned.kind == TPL_WARN_INDEX_DAMAGED);
    expect(0, 4);
    assert_int_equal(warned.count, 0);
}

static void an_index_out_of_order_is_not_believed(void **state) {
    (void)state;
    tpl_buffer data = TPL_BUFFER_INIT;
    expect(4, 0);
    assert_int_equal(tpl_file_read(&data, INDEX, NULL, NULL, NULL), TPL_OK);
    tpl__index_record *records = (void *)(data.data + sizeof(tpl__index_head));
    char *text = (char *)&records[4];
    assert_memory_equal(text, "ab/cb/dlink", 11);
    memcpy(text, "zb/cb/dlink", 11);
    data.len -= sizeof(tpl_hash128);
    seal_index(&data);
    expect_damage();
}

/* Bytes that take three times their room where paths are sorted. */
static void an_index_of_paths_that_are_no_text_is_not_believed(void **state) {
    (void)state;
    enum {
        LONG = 4000
    };
    static char text[LONG + 1];
    memset(text, 0xff, LONG);
    text[LONG] = 'a'; /* in no order */
    const tpl__index_record records[] = {{.path_len = LONG}, {.path_len = 1}};
    const tpl__index_head head = tpl__index_head_of(inode("tree"), 2, sizeof(text));
    tpl_buffer data = TPL_BUFFER_INIT;
    assert_int_equal(tpl_buffer_append(&data, &head, sizeof(head)), TPL_OK);
    assert_int_equal(tpl_buffer_append(&data, records, sizeof(records)), TPL_OK);
    assert_int_equal(tpl_buffer_append(&data, text, sizeof(text)), TPL_OK);
    seal_index(&data);
    expect_damage();
}

static void what_is_no_index_is_left_alone(void **state) {
    (void)state;
    scratch_write(INDEX, "{\"precious\": true}");
    expect(4, 0);
    assert_true(warned.count == 1 && warned.kind == TPL_WARN_INDEX_FOREIGN);
    scratch_assert_text(INDEX, "{\"precious\": true}");
    assert_int_equal(unlink(INDEX), 0);
    scratch_directory(INDEX);
    expect(4, 0);
    assert_true(warned.count == 1 && warned.kind == TPL_WARN_INDEX_FOREIGN);
    assert_int_equal(rmdir(INDEX), 0);
    scratch_fifo(INDEX);
    expect(4, 0);
    assert_true(warned.count == 1 && warned.kind == TPL_WARN_INDEX_FOREIGN);
}

static void an_index_without_a_place_is_told(void **state) {
    (void)state;
    const tpl_snapshot_options options = options_with("missing/index");
    tpl_manifest_free(scan(&options, NULL));
    assert_true(warned.count == 1 && warned.kind == TPL_WARN_INDEX_UNWRITTEN);
    assert_int_equal(warned.sys_errno, 2);
    const tpl_snapshot_options beneath = options_with("tree/a/index");
    tpl_manifest_free(scan(&beneath, NULL));
    assert_true(warned.count == 1 && warned.kind == TPL_WARN_INDEX_UNREADABLE);
}

static void an_index_is_no_part_of_its_tree(void **state) {
    (void)state;
    const tpl_snapshot_options options = options_with("tree/b/index");
    for (int i = 0; i < 3; i++) {
        tpl_manifest *manifest = scan(&options, NULL);
        assert_int_equal(tpl_manifest_count(manifest), 4);
        tpl_manifest_free(manifest);
    }
    assert_true(scratch_exists("tree/b/index"));
}

/* The strongest evidence decides: what the base takes for the same may not be. */
static void a_delta_believes_the_index_more_than_the_base(void **state) {
    (void)state;
    const tpl_snapshot_options plain = TPL_SNAPSHOT_OPTIONS_INIT;
    tpl_manifest *base = scan(&plain, NULL);
    scratch_write_old("tree/b/c", "33"); /* same size and mtime */
    tpl__sleep_ms(AGES);
    expect(4, 0);
    tpl_snapshot_options options = options_with(INDEX);
    options.base = base;
    options.delta = true;
    tpl_snapshot_stats stats;
    tpl_manifest *delta = scan(&options, &stats);
    assert_int_equal(tpl_manifest_count(delta), 1);
    assert_true(stats.hashed_files == 0 && stats.reused_files == 4);
    tpl_manifest_free(delta);
    tpl_manifest_free(base);
}

static void a_missing_tree_is_the_error_that_it_is_without(void **state) {
    (void)state;
    tpl_error err = TPL_ERROR_INIT;
    const tpl_snapshot_options options = options_with(INDEX);
    tpl_manifest *manifest = NULL;
    assert_int_equal(tpl_snapshot(&manifest, "nowhere", &options, NULL, &err), TPL_E_IO);
    assert_null(manifest);
    assert_false(scratch_exists(INDEX));
    tpl_error_dispose(&err);
}

static int refuse(void *payload) {
    (void)payload;
    return 1;
}

static void reading_a_large_index_can_be_cancelled(void **state) {
    (void)state;
    const tpl_filter everything = TPL_FILTER_INIT;
    const tpl__stat stat = state_at(10, 5);
    tpl__index *index = open_at(1000, INDEX);
    for (int i = 0; i < LARGE; i++) {
        char path[16];
        size_t len = (size_t)snprintf(path, sizeof(path), "f%d", i);
        tpl__index_news news = {path, len, &stat, 10, {.digest = {1, 2}}};
        assert_true(tpl__index_note(index, 0, &news));
    }
    assert_int_equal(tpl__index_save(index, &everything, NULL), TPL_OK);
    tpl__index_free(index);
    const tpl_run run = {.poll = refuse};
    const tpl__index_order order = {INDEX, ".", false, 1, tpl__fs_now(), &run};
    tpl_error err = TPL_ERROR_INIT;
    assert_int_equal(tpl__index_new(&index, &order, &err), TPL_E_CANCELLED);
    assert_null(index);
    assert_int_equal(err.status, TPL_E_CANCELLED);
    tpl_error_dispose(&err);
}

#define WITH_TREE(test) cmocka_unit_test_setup_teardown(test, enter_with_tree, scratch_leave)

static void what_is_left_out_is_so_when_it_is_known_too(void **state) {
    (void)state;
    const char *omitted[] = {"tree/b/c"};
    expect(4, 0);
    tpl_snapshot_options options = options_with(INDEX);
    options.filter.omit = (tpl_strings){omitted, 1, 1};
    tpl_manifest *manifest = scan(&options, NULL);
    assert_int_equal(tpl_manifest_count(manifest), 3);
    options.index = NULL;
    options.base = manifest;
    tpl_manifest *again = scan(&options, NULL);
    assert_true(tpl_manifest_equal(manifest, again));
    tpl_manifest_free(again);
    tpl_manifest_free(manifest);
    const tpl_snapshot_options all = options_with(INDEX);
    manifest = scan(&all, NULL);
    options.base = manifest; /* which has it */
    again = scan(&options, NULL);
    assert_int_equal(tpl_manifest_count(again), 3);
    tpl_manifest_free(again);
    tpl_manifest_free(manifest);
}

static void trouble_with_an_index_needs_no_listener(void **state) {
    (void)state;
    scratch_write(INDEX, "not one");
    tpl_snapshot_options options = TPL_SNAPSHOT_OPTIONS_INIT;
    options.index = INDEX;
    tpl_snapshot_stats stats;
    tpl_manifest_free(scan(&options, &stats));
    assert_int_equal(stats.hashed_files, 4);
    scratch_assert_text(INDEX, "not one");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        IN_SCRATCH(what_may_have_changed_since_is_not_remembered),
        IN_SCRATCH(a_time_stamp_without_fractions_may_be_two_seconds_off),
        IN_SCRATCH(a_size_that_means_nothing_is_not_remembered),
        IN_SCRATCH(a_time_that_cannot_be_recorded_is_not),
        IN_SCRATCH(hashes_of_a_file_and_of_its_chunks_are_kept_apart),
        IN_SCRATCH(an_index_of_chunks_alone_is_not_empty),
        IN_SCRATCH(a_scan_whose_time_cannot_be_told_remembers_nothing),
        IN_SCRATCH(both_hashes_of_a_file_go_when_it_changes),
        IN_SCRATCH(every_part_of_the_state_counts),
        WITH_TREE(a_second_run_reads_nothing_and_writes_nothing),
        WITH_TREE(an_unchanged_file_costs_one_call),
        WITH_TREE(a_file_in_chunks_is_not_read_again),
        WITH_TREE(what_is_left_out_is_so_when_it_is_known_too),
        WITH_TREE(trouble_with_an_index_needs_no_listener),
        WITH_TREE(content_that_changed_behind_size_and_mtime_is_read),
        WITH_TREE(another_file_under_the_name_is_read),
        WITH_TREE(what_is_gone_leaves_the_index),
        WITH_TREE(what_a_filter_leaves_out_stays_in_the_index),
        WITH_TREE(a_tree_that_moved_keeps_its_index),
        WITH_TREE(the_index_of_another_tree_is_made_anew),
        WITH_TREE(rehashing_reads_all_and_renews_the_index),
        WITH_TREE(damage_is_told_and_costs_time_only),
        WITH_TREE(what_is_new_takes_its_place_among_what_stays),
        WITH_TREE(an_index_out_of_order_is_not_believed),
        WITH_TREE(an_index_of_paths_that_are_no_text_is_not_believed),
        WITH_TREE(what_is_no_index_is_left_alone),
        WITH_TREE(an_index_without_a_place_is_told),
        WITH_TREE(an_index_is_no_part_of_its_tree),
        WITH_TREE(a_delta_believes_the_index_more_than_the_base),
        WITH_TREE(a_missing_tree_is_the_error_that_it_is_without),
        IN_SCRATCH(reading_a_large_index_can_be_cancelled),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
