/* SPDX-License-Identifier: MIT */
/* The named tuples that the module returns. */
#ifndef NATIVE_RECORDS_H
#define NATIVE_RECORDS_H

#include "module.h"
#include "tpl/manifest.h"
#include "tpl/run.h"
#include "tpl/snapshot.h"

/* Each returns a new record, or NULL with an exception. */
PyObject *native_entry_new(const native_state *state, const tpl_entry *entry);
PyObject *native_progress_new(const native_state *state, const tpl_progress *progress);
PyObject *native_skipped_new(const native_state *state, const tpl_warning *warning);
PyObject *native_unreadable_new(const native_state *state, PyObject *path, const char *error);
PyObject *native_stats_new(const native_state *state, const tpl_snapshot_stats *stats);

/* Takes over all of `values`, each of which may be NULL with an exception set: then so is the
 * result. */
PyObject *native_record_new(PyObject *cls, PyObject *const *values, int count);

#endif
