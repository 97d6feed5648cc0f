/* SPDX-License-Identifier: MIT */
/* In the place of tpl__fs_stat, by the linker's --wrap. */
#include "fresh.h"

#include "fs.h"

atomic_bool fresh_files;

int __real_tpl__fs_stat(tpl__stat *out, int fd);
int __wrap_tpl__fs_stat(tpl__stat *out, int fd);

int __wrap_tpl__fs_stat(tpl__stat *out, int fd) {
    int error = __real_tpl__fs_stat(out, fd);
    if (error == 0 && atomic_load(&fresh_files) && out->type == TPL__TYPE_FILE) {
        out->ctime = tpl__fs_now();
    }
    return error;
}
