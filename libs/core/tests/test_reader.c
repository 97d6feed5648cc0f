/* SPDX-License-Identifier: MIT */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "check.h"
#include "fs.h"
#include "reader.h"
#include "scratch.h"
#include "thread.h"

typedef struct meddler {
    int steps;
    int stop_at;      /* stop the reading at this step */
    int append_up_to; /* write to the file during that many steps */
    size_t bytes;
} meddler;

static bool step(size_t bytes, void *payload) {
    meddler *m = payload;
    m->steps++;
    m->bytes += bytes;
    if (bytes > 0 && m->steps <= m->append_up_to) {
        int fd = open("file", O_WRONLY | O_APPEND);
        assert_int_equal(write(fd, "x", 1), 1);
        close(fd);
    }
    return m->stop_at == 0 || m->steps < m->stop_at;
}

/* --- what a file's state is said to be, by the linker's --wrap --- */

typedef void alteration(tpl__stat *stat, int call);

static struct {
    alteration *alter; /* NULL: the truth */
    int calls;
} lie;

int __real_tpl__fs_stat(tpl__stat *out, int fd);
int __wrap_tpl__fs_stat(tpl__stat *out, int fd);

int __wrap_tpl__fs_stat(tpl__stat *out, int fd) {
    int error = __real_tpl__fs_stat(out, fd);
    if (error == 0 && lie.alter != NULL) {
        lie.alter(out, lie.calls++);
    }
    return error;
}

static tpl__outcome hash(meddler *m, const char *name, tpl__links links, tpl__content *out) {
    tpl__reader *reader = tpl__reader_new(step, m);
    assert_non_null(reader);
    tpl__outcome outcome = tpl__reader_hash(reader, TPL__FS_CWD, name, links, out);
    tpl__reader_free(reader);
    return outcome;
}

static void expect_content(size_t size) {
    char *data = malloc(size + 1);
    for (size_t i = 0; i < size; i++) {
        data[i] = (char)(i * 7 + i / 300);
    }
    scratch_write_bytes("file", data, size);
    meddler m = {.steps = 0};
    tpl__content content;
    assert_int_equal(hash(&m, "file", TPL__LINKS_NOFOLLOW, &content), TPL__DONE);
    tpl_hash128 want = tpl_hash_bytes(data, size);
    assert_true(content.hash.high == want.high && content.hash.low == want.low);
    assert_true(content.size == size && content.stat.size == size);
    assert_true(m.bytes >= size);
    free(data);
}

static bool same(tpl_hash128 a, tpl_hash128 b) {
    return a.high == b.high && a.low == b.low;
}

/* As many chunks as it must have, each with the hash of its bytes; one alone is the file's. */
static void expect_chunks(tpl__reader *reader, size_t chunk, size_t size) {
    char *data = malloc(size + 1);
    assert_non_null(data);
    for (size_t i = 0; i < size; i++) {
        data[i] = (char)(i * 7 + i / 300);
    }
    scratch_write_bytes("file", data, size);
    tpl__content content;
    assert_int_equal(tpl__reader_hash(reader, TPL__FS_CWD, "file", TPL__LINKS_NOFOLLOW, &content),
                     TPL__DONE);
    assert_true(content.size == size);
    size_t count = size <= chunk ? 0 : (size - 1) / chunk + 1;
    assert_int_equal(content.chunk_count, count);
    for (size_t i = 0; i < count; i++) {
        size_t len = size - i * chunk < chunk ? size - i * chunk : chunk;
        assert_true(same(content.chunks[i], tpl_hash_bytes(data + i * chunk, len)));
    }
    assert_true(count > 0 || same(content.hash, tpl_hash_bytes(data, size)));
    free(data);
}

static void hashes_large_files_chunk_by_chunk(void **state) {
    (void)state;
    const size_t unit = TPL__CHUNK_UNIT;
    const size_t sizes[] = {0,        5,       unit, unit + 1, 2 * unit, 2 * unit + 1, 3 * unit - 1,
                            4 * unit, 7 * unit};
    meddler m = {.steps = 0};
    tpl__reader *reader = tpl__reader_new(step, &m);
    assert_non_null(reader);
    for (size_t chunk = unit; chunk <= 3 * unit; chunk += unit) {
        tpl__reader_chunk(reader, chunk);
        for (size_t i = 0; i < sizeof(sizes) / sizeof(sizes[0]); i++) {
            expect_chunks(reader, chunk, sizes[i]);
        }
    }
    tpl__reader_chunk(reader, 0);
    expect_chunks(reader, SIZE_MAX, 3 * unit);
    tpl__reader_free(reader);
}

static void hashes_files_around_the_size_of_its_buffer(void **state) {
    (void)state;
    enum {
        BUFFER = 256 << 10
    };
    static const size_t sizes[] = {0, 1, 4096, BUFFER - 1, BUFFER, BUFFER + 1, 3 * BUFFER};
    for (size_t i = 0; i < sizeof(sizes) / sizeof(*sizes); i++) {
        expect_content(sizes[i]);
    }
}

static void reads_again_what_changed_meanwhile(void **state) {
    (void)state;
    scratch_write_old("file", "begin");
    meddler m = {.append_up_to = 1};
    tpl__content content;
    assert_int_equal(hash(&m, "file", TPL__LINKS_NOFOLLOW, &content), TPL__DONE);
    tpl_hash128 want = tpl_hash_bytes("beginx", 6);
    assert_true(content.hash.high == want.high && content.hash.low == want.low);
    assert_true(content.size == 6);
    assert_true(m.bytes == 6);
}

static void gives_up_on_what_changes_every_time(void **state) {
    (void)state;
    scratch_write_old("file", "begin");
    meddler m = {.append_up_to = 100000};
    tpl__content content;
    assert_int_equal(hash(&m, "file", TPL__LINKS_NOFOLLOW, &content), TPL__CHANGED);
}

static void from_tomorrow(tpl__stat *stat, int call) {
    (void)call;
    stat->ctime = tpl__fs_now();
    stat->ctime.sec += 86400;
}

static void now_and_then(tpl__stat *stat, int call) {
    stat->ctime = tpl__fs_now();
    stat->ctime.nsec = stat->ctime.nsec / 1000 * 1000 + (uint32_t)call % 1000;
}

static void other_inode(tpl__stat *stat, int call) {
    from_tomorrow(stat, call);
    stat->ino += call < 2 ? (uint64_t)call : 2;
    stat->ctime.sec = 4000000000;
    stat->ctime.nsec = 0;
}

static void other_device(tpl__stat *stat, int call) {
    other_inode(stat, 0);
    stat->dev += call < 2 ? (uint64_t)call : 2;
}

static void other_mtime(tpl__stat *stat, int call) {
    other_inode(stat, 0);
    stat->mtime.sec += call < 2 ? call : 2;
}

static void other_ctime(tpl__stat *stat, int call) {
    other_inode(stat, 0);
    stat->ctime.sec += call < 2 ? call : 2;
}

static void other_size(tpl__stat *stat, int call) {
    other_inode(stat, 0);
    stat->size += call < 2 ? (uint64_t)call + 1 : 3;
}

/* A clock that is wrong proves nothing, so two readings have to agree in everything. */
static void a_time_from_tomorrow_needs_two_readings_that_agree(void **state) {
    (void)state;
    static const struct {
        alteration *alter;
        int readings;
    } lies[] = {
        {from_tomorrow, 0}, {other_inode, 4}, {other_device, 4},
        {other_mtime, 4},   {other_ctime, 4}, {other_size, 4},
    };
    scratch_write_old("file", "begin");
    for (size_t i = 0; i < sizeof(lies) / sizeof(*lies); i++) {
        meddler m = {.steps = 0};
        tpl__content content;
        lie.alter = lies[i].alter;
        lie.calls = 0;
        tpl__outcome outcome = hash(&m, "file", TPL__LINKS_NOFOLLOW, &content);
        lie.alter = NULL;
        assert_true(outcome == TPL__DONE);
        assert_true(same(content.hash, tpl_hash_bytes("begin", 5)));
        assert_true(lie.calls >= 2 && (lies[i].readings == 0 || lie.calls == lies[i].readings));
    }
}

static void what_is_fresh_every_time_is_never_done(void **state) {
    (void)state;
    scratch_write_old("file", "begin");
    meddler m = {.steps = 0};
    tpl__content content;
    lie.alter = now_and_then;
    lie.calls = 0;
    assert_int_equal(hash(&m, "file", TPL__LINKS_NOFOLLOW, &content), TPL__CHANGED);
    lie.alter = NULL;
}

static void what_is_expected_is_done_as_soon_as_it_is_read(void **state) {
    (void)state;
    scratch_write_old("file", "begin");
    static const struct {
        const char *content;
        uint64_t size;
        tpl__outcome outcome;
    } table[] = {{"begin", 5, TPL__DONE}, {"begin", 6, TPL__CHANGED}, {"other", 5, TPL__CHANGED}};
    for (size_t i = 0; i < sizeof(table) / sizeof(*table); i++) {
        meddler m = {.steps = 0};
        tpl_hash128 hash = tpl_hash_bytes(table[i].content, 5);
        tpl__reader *reader = tpl__reader_new(step, &m);
        assert_non_null(reader);
        tpl__content content;
        tpl__reader_expect(reader, &hash, table[i].size);
        lie.alter = now_and_then;
        lie.calls = 0;
        assert_int_equal(
            tpl__reader_hash(reader, TPL__FS_CWD, "file", TPL__LINKS_NOFOLLOW, &content),
            table[i].outcome);
        assert_int_equal(lie.calls == 0, table[i].outcome == TPL__DONE);
        lie.alter = NULL;
        tpl__reader_free(reader);
    }
}

/* A sparse file: all zeros. Read twice or not, every byte of it is told once. */
static int pieces_read_of_new_file(off_t size, unsigned age_ms) {
    scratch_write("large", "");
    assert_int_equal(truncate("large", size), 0);
    tpl__sleep_ms(age_ms);
    meddler m = {.steps = 0};
    tpl__content content;
    assert_int_equal(hash(&m, "large", TPL__LINKS_NOFOLLOW, &content), TPL__DONE);
    assert_true(content.size == (uint64_t)size);
    assert_true(m.bytes == (size_t)size);
    return m.steps;
}

static void reads_twice_what_somebody_may_still_be_writing_at_one_go(void **state) {
    (void)state;
    const off_t piece = (off_t)TPL__CHUNK_UNIT;
    assert_int_equal(pieces_read_of_new_file(1024 * piece, 20), 2048); /* a second's work */
    assert_int_equal(pieces_read_of_new_file(64 * piece, 200), 64);    /* 60 ms' work */
}

static void stops_when_it_is_told_to(void **state) {
    (void)state;
    scratch_write_old("file", "text");
    meddler m = {.stop_at = 1};
    tpl__content content;
    assert_int_equal(hash(&m, "file", TPL__LINKS_NOFOLLOW, &content), TPL__STOPPED);
}

static void tells_files_from_what_is_none(void **state) {
    (void)state;
    scratch_fifo("pipe");
    scratch_directory("dir");
    scratch_write_old("real", "text");
    scratch_link("link", "real");
    meddler m = {.steps = 0};
    tpl__content content;
    assert_int_equal(hash(&m, "pipe", TPL__LINKS_NOFOLLOW, &content), TPL__NOT_FILE);
    assert_int_equal(hash(&m, "dir", TPL__LINKS_NOFOLLOW, &content), TPL__NOT_FILE);
    assert_int_equal(hash(&m, "none", TPL__LINKS_NOFOLLOW, &content), TPL__FAILED);
    assert_int_equal(content.sys_errno, ENOENT);
    assert_int_equal(hash(&m, "link", TPL__LINKS_NOFOLLOW, &content), TPL__FAILED);
    assert_int_equal(content.sys_errno, ELOOP);
    assert_int_equal(hash(&m, "link", TPL__LINKS_FOLLOW, &content), TPL__DONE);
}

static void takes_files_without_a_size_at_their_word(void **state) {
    (void)state;
    meddler m = {.steps = 0};
    tpl__reader *reader = tpl__reader_new(step, &m);
    tpl__content content;
    assert_int_equal(tpl__reader_hash(reader, TPL__FS_CWD, "/proc/sys/kernel/ostype",
                                      TPL__LINKS_FOLLOW, &content),
                     TPL__DONE);
    tpl_hash128 want = tpl_hash_bytes("Linux\n", 6);
    assert_true(content.hash.high == want.high && content.size == 6);
    tpl__reader_free(reader);
}

static void drains_a_pipe_to_its_end(void **state) {
    (void)state;
    meddler m = {.steps = 0};
    int ends[2];
    assert_int_equal(pipe(ends), 0);
    assert_int_equal(write(ends[1], "hello world", 11), 11);
    close(ends[1]);
    tpl__reader *reader = tpl__reader_new(step, &m);
    tpl__content content;
    assert_int_equal(tpl__reader_drain(reader, ends[0], &content), TPL__DONE);
    tpl_hash128 want = tpl_hash_bytes("hello world", 11);
    assert_true(content.hash.low == want.low && content.size == 11);
    tpl__reader_free(reader);
    tpl__reader_free(NULL);
    close(ends[0]);
}

static void a_silent_pipe_can_be_left(void **state) {
    (void)state;
    meddler m = {.stop_at = 2};
    int ends[2];
    assert_int_equal(pipe(ends), 0);
    tpl__reader *reader = tpl__reader_new(step, &m);
    tpl__content content;
    assert_int_equal(tpl__reader_drain(reader, ends[0], &content), TPL__STOPPED);
    tpl__reader_free(reader);
    close(ends[0]);
    close(ends[1]);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        IN_SCRATCH(hashes_large_files_chunk_by_chunk),
        IN_SCRATCH(hashes_files_around_the_size_of_its_buffer),
        IN_SCRATCH(reads_again_what_changed_meanwhile),
        IN_SCRATCH(gives_up_on_what_changes_every_time),
        IN_SCRATCH(a_time_from_tomorrow_needs_two_readings_that_agree),
        IN_SCRATCH(what_is_fresh_every_time_is_never_done),
        IN_SCRATCH(what_is_expected_is_done_as_soon_as_it_is_read),
        IN_SCRATCH(reads_twice_what_somebody_may_still_be_writing_at_one_go),
        IN_SCRATCH(stops_when_it_is_told_to),
        IN_SCRATCH(tells_files_from_what_is_none),
        IN_SCRATCH(takes_files_without_a_size_at_their_word),
        IN_SCRATCH(drains_a_pipe_to_its_end),
        IN_SCRATCH(a_silent_pipe_can_be_left),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
