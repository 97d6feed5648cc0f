/* SPDX-License-Identifier: MIT */
/* Whole files at the edge of the library: read one, or replace one safely. */
#ifndef TPL_FILE_H
#define TPL_FILE_H

#include <stdbool.h>
#include <stdint.h>

#include "tpl/buffer.h"
#include "tpl/run.h"
#include "tpl/status.h"

#ifdef __cplusplus
extern "C" {
#endif

/* Appends everything in the file at an operating-system path, or of an open descriptor (`name` is
 * for messages). Pipes are read to their end, polling `run` (may be NULL) meanwhile. `mtime_ns`
 * (may be NULL) gets the modification time in nanoseconds since the epoch. TPL_E_IO (a directory is
 * EISDIR), TPL_E_CANCELLED, TPL_E_NOMEM. */
tpl_status tpl_file_read(tpl_buffer *out, const char *path, int64_t *mtime_ns, const tpl_run *run,
                         tpl_error *err);
tpl_status tpl_file_read_fd(tpl_buffer *out, int fd, const char *name, const tpl_run *run,
                            tpl_error *err);

/* Whether the path is a directory (links followed). Anything else, nothing at all included, is
 * false. */
bool tpl_file_is_directory(const char *path);

/* A file being replaced. Bytes go to a temporary file beside it, made at the first write; commit
 * flushes it to the disk and renames it over the target (the target of a symlink, not the link). A
 * device, pipe or socket is written to directly. */
typedef struct tpl_output tpl_output;

/* Checks early that the file can be written, and touches nothing. `run` (may be NULL; copied) is
 * polled while bytes are written, also while a pipe waits for its reader. TPL_E_IO, TPL_E_NOMEM. */
tpl_status tpl_output_new(tpl_output **out, const char *path, const tpl_run *run, tpl_error *err);

/* Drops what was written since, if it was not committed: no temporary file stays. */
void tpl_output_free(tpl_output *output);

/* A tpl_write_fn whose payload is a tpl_output; a failure's cause is kept for tpl_output_commit()
 * to report. */
tpl_status tpl_output_write(const void *data, size_t len, void *output);

/* Puts the new contents in place; without a write before it, an empty file. TPL_E_IO, TPL_E_NOMEM
 * and TPL_E_CANCELLED leave the old file untouched. */
tpl_status tpl_output_commit(tpl_output *output, tpl_error *err);

#ifdef __cplusplus
}
#endif
#endif
