/* SPDX-License-Identifier: MIT */
/* A directory of a test's own to work in: made and entered before the test, removed behind it.
 * Paths are relative to it. */
#ifndef TPL_TEST_SCRATCH_H
#define TPL_TEST_SCRATCH_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* For cmocka_unit_test_setup_teardown(); *state is the directory's absolute path. */
int scratch_enter(void **state);
int scratch_leave(void **state);
#define IN_SCRATCH(test) cmocka_unit_test_setup_teardown(test, scratch_enter, scratch_leave)

/* Each makes missing parent directories and fails the test when it cannot do its work. */
void scratch_write(const char *path, const char *text);
void scratch_write_bytes(const char *path, const void *data, size_t len);
void scratch_write_old(const char *path, const char *text); /* mtime 1,600,000,000.123456789 s */
void scratch_directory(const char *path);
void scratch_link(const char *path, const char *target);
void scratch_fifo(const char *path);
void scratch_set_mtime(const char *path, int64_t ns); /* since the epoch */

void scratch_assert_text(const char *path, const char *text); /* is all that the file holds */
size_t scratch_entries(const char *path);                     /* names in a directory */
bool scratch_exists(const char *path);                        /* links not followed */

#endif
