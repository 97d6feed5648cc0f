/* SPDX-License-Identifier: MIT */
/* Listing a directory within a walk. */
#ifndef TPL__WALK_LIST_H
#define TPL__WALK_LIST_H

#include "walk_worker.h"

/* Lists a directory into the queue: every name that is there all the while, and once unless the
 * system itself gives it twice. */
void tpl__walk_list(tpl__walk_worker *worker, tpl__dir *dir);

/* Queues the directory `name` at worker->path, if there can be files that count below it. */
void tpl__walk_enter(tpl__walk_worker *worker, tpl__dir *parent, const char *name, bool link);

/* Whether a file at worker->path counts. */
bool tpl__walk_counts(tpl__walk_worker *worker);

#endif
