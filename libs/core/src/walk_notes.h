/* SPDX-License-Identifier: MIT */
/* The warnings that one worker of a walk gathers. */
#ifndef TPL__WALK_NOTES_H
#define TPL__WALK_NOTES_H

#include "arena.h"
#include "tpl/buffer.h"
#include "tpl/run.h"

typedef struct tpl__notes {
    tpl_buffer warnings; /* of tpl_warning, their paths in the arena */
    tpl__arena arena;
} tpl__notes;

#define TPL__NOTES_INIT {TPL_BUFFER_INIT, TPL__ARENA_INIT}

void tpl__notes_dispose(tpl__notes *notes);

/* TPL_E_NOMEM. */
tpl_status tpl__notes_add(tpl__notes *notes, tpl_warning_kind kind, const char *path, size_t len,
                          int sys_errno);

/* Moves what `from` holds to `notes`. TPL_E_NOMEM. */
tpl_status tpl__notes_adopt(tpl__notes *notes, tpl__notes *from);

/* Hands all of them to run->warning, ordered by path. `run` may be NULL. */
void tpl__notes_tell(tpl__notes *notes, const tpl_run *run);

#endif
