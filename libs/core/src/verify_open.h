/* SPDX-License-Identifier: MIT */
/* Opening files of a tree by manifest path, one worker's worth: the last directory stays open. */
#ifndef TPL__VERIFY_OPEN_H
#define TPL__VERIFY_OPEN_H

#include "reader.h"
#include "tpl/buffer.h"
#include "tpl/snapshot.h"

typedef struct tpl__opener {
    int root_fd; /* borrowed */
    tpl_symlinks symlinks;
    tpl_buffer dir; /* WTF-8 path of the open directory, with its last slash; empty: the root */
    int dir_fd;     /* -1: none */
    tpl_buffer os;  /* the path at hand as the system wants it, NUL-terminated */
} tpl__opener;

void tpl__opener_init(tpl__opener *opener, int root_fd, tpl_symlinks symlinks);
void tpl__opener_dispose(tpl__opener *opener);

/* Hashes the file at a WTF-8 path that tpl_text_is_inside(). A path that no file here can have is
 * ENOENT. What is no regular file is not opened. */
tpl__outcome tpl__opener_hash(tpl__opener *opener, tpl__reader *reader, const char *path,
                              size_t len, tpl__content *out);

/* What the link at a path says, free with tpl__free(); what is there. 0 or an errno. */
int tpl__opener_read_link(tpl__opener *opener, const char *path, size_t len, char **target);
int tpl__opener_stat(tpl__opener *opener, const char *path, size_t len, tpl__stat *stat);

#endif
