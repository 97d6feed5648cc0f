/* SPDX-License-Identifier: MIT */
/* A list of files, shared out among the workers. */
#include "listed.h"

#include <errno.h>
#include <stdatomic.h>
#include <string.h>

#include "fail.h"
#include "tpl/text.h"

typedef struct listing {
    const tpl__walk_order *order;
    const tpl__tree_files *files;
    atomic_size_t next;
    atomic_bool failed; /* set once, by whom `error` then belongs to */
    tpl_error error;
} listing;

static void fail(listing *l, const char *os, tpl__outcome outcome, int sys_errno) {
    atomic_store(&l->order->pool->stop, true);
    if (outcome == TPL__STOPPED || atomic_exchange(&l->failed, true)) {
        return;
    }
    if (outcome == TPL__CHANGED) {
        tpl__fail_at(&l->error, TPL_E_CHANGED, os, tpl_status_text(TPL_E_CHANGED));
    } else if (outcome == TPL__NOT_FILE) {
        tpl__fail_at(&l->error, TPL_E_INPUTS, os, tpl_warning_text(TPL_WARN_INPUT_SPECIAL));
    } else {
        tpl__fail_os(&l->error, sys_errno, os);
    }
}

static bool visit(listing *l, unsigned worker, const tpl_asset_path *path, tpl_buffer *os) {
    os->len = 0;
    if (tpl_text_to_os(os, path->text, path->len) != TPL_OK ||
        tpl_buffer_append(os, "", 1) != TPL_OK) {
        fail(l, "", TPL__FAILED, ENOMEM);
        return false;
    }
    tpl__found found = {.type = TPL__TYPE_FILE,
                        .at = TPL__FS_CWD,
                        .name = os->data,
                        .path = path->text + l->files->skip,
                        .path_len = path->len - l->files->skip,
                        .links = TPL__LINKS_FOLLOW};
    int sys_errno = 0;
    tpl__outcome outcome = l->order->visit(worker, &found, &sys_errno, l->order->payload);
    if (outcome != TPL__DONE) {
        fail(l, os->data, outcome, sys_errno);
    }
    return outcome == TPL__DONE;
}

static void body(unsigned worker, void *arg) {
    listing *l = arg;
    tpl_buffer os = TPL_BUFFER_INIT;
    bool good = true;
    while (good && !tpl__pool_stopped(l->order->pool)) {
        size_t index = atomic_fetch_add(&l->next, 1);
        good = index < l->files->count && visit(l, worker, &l->files->paths[index], &os);
    }
    tpl_buffer_dispose(&os);
}

tpl_status tpl__listed(const tpl__walk_order *order, const tpl__tree_files *files, tpl_error *err) {
    listing l = {.order = order, .files = files, .error = TPL_ERROR_INIT};
    atomic_init(&l.next, 0);
    atomic_init(&l.failed, false);
    uint64_t bytes = 0;
    for (size_t i = 0; i < files->count; i++) {
        bytes += files->paths[i].size;
    }
    atomic_store(&order->pool->files_total, files->count);
    atomic_store(&order->pool->bytes_total, bytes);
    atomic_store(&order->pool->total_known, true);
    tpl_status status = tpl__pool_run(order->pool, order->workers, body, &l, order->run, err);
    if (status == TPL_OK && atomic_load(&l.failed)) {
        status = l.error.status;
        if (err != NULL) {
            tpl_error_dispose(err);
            *err = l.error;
            l.error = (tpl_error)TPL_ERROR_INIT;
        }
    }
    tpl_error_dispose(&l.error);
    return status;
}
