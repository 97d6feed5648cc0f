/* SPDX-License-Identifier: MIT */
#include "parted.h"

#include "thread.h"

static const char *look(uint64_t offset, size_t *len, void *payload) {
    const parted *t = payload;
    size_t left = t->hidden ? 0 : t->data->len - (size_t)offset;
    *len = left < *len ? left : *len;
    return t->data->data + offset;
}

static tpl_status fail_to_read(tpl__window *window) {
    (void)window;
    return TPL_E_IO;
}

static tpl__window *show(unsigned reader, uint64_t from, uint64_t to, void *payload) {
    parted *t = payload;
    tpl__window *window = &t->windows[reader];
    *window = (tpl__window){.at = t->data->data + from, .end = t->data->data + to, .ended = true};
    if (atomic_fetch_add(&t->opened, 1) == t->broken) {
        *window = (tpl__window){.at = window->at, .end = window->at, .more = fail_to_read};
    } else if (t->more != NULL) {
        window->ended = false;
        window->more = t->more;
    }
    return window;
}

tpl__v2023_source parted_source(parted *text, uint64_t part_size, unsigned readers) {
    atomic_store(&text->opened, 0);
    return (tpl__v2023_source){text->data->len, part_size, readers, look, show, text};
}

static atomic_bool asked;

int parted_stop(void *of_parted) {
    parted *t = of_parted;
    bool open = atomic_load(&t->opened) > 0;
    atomic_store(&asked, open);
    return open;
}

tpl_status parted_wait(tpl__window *window) {
    while (!atomic_load(&asked)) {
        tpl__sleep_ms(1);
    }
    tpl__sleep_ms(20); /* the answer takes its way */
    window->ended = true;
    return TPL_OK;
}
