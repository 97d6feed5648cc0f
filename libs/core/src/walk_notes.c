/* SPDX-License-Identifier: MIT */
/* Warnings, gathered in any order and told in one. */
#include "walk_notes.h"

#include <stdlib.h>

#include "tpl/text.h"

void tpl__notes_dispose(tpl__notes *notes) {
    tpl_buffer_dispose(&notes->warnings);
    tpl__arena_dispose(&notes->arena);
}

tpl_status tpl__notes_add(tpl__notes *notes, tpl_warning_kind kind, const char *path, size_t len,
                          int sys_errno) {
    tpl_warning warning = {kind, tpl__arena_copy(&notes->arena, path, len), len, sys_errno};
    if (warning.path == NULL) {
        return TPL_E_NOMEM;
    }
    return tpl_buffer_append(&notes->warnings, &warning, sizeof(warning));
}

tpl_status tpl__notes_adopt(tpl__notes *notes, tpl__notes *from) {
    tpl_status status =
        tpl_buffer_append(&notes->warnings, from->warnings.data, from->warnings.len);
    if (status == TPL_OK) {
        tpl__arena_adopt(&notes->arena, &from->arena);
        tpl_buffer_dispose(&from->warnings);
    }
    return status;
}

static int by_path(const void *a, const void *b) {
    const tpl_warning *left = a;
    const tpl_warning *right = b;
    int order = tpl_text_compare(left->path, left->path_len, right->path, right->path_len);
    return order != 0 ? order : (int)left->kind - (int)right->kind;
}

void tpl__notes_tell(tpl__notes *notes, const tpl_run *run) {
    size_t count = notes->warnings.len / sizeof(tpl_warning);
    if (run == NULL || run->warning == NULL || count == 0) {
        return;
    }
    tpl_warning *warnings = (void *)notes->warnings.data;
    qsort(warnings, count, sizeof(*warnings), by_path);
    for (size_t i = 0; i < count; i++) {
        run->warning(&warnings[i], run->payload);
    }
}
