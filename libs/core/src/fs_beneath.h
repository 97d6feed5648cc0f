/* SPDX-License-Identifier: MIT */
/* Paths that may not leave a directory, judged here and not by the kernel. */
#ifndef TPL__FS_BENEATH_H
#define TPL__FS_BENEATH_H

/* Opens what openat2 would with RESOLVE_BENEATH: symbolic links are followed, and EXDEV is what
 * leads outside `at`, be it for a moment. One component at a time, each opened in its parent's
 * descriptor and never through a link, so nothing can be exchanged in between. Beyond openat2's
 * errors there is ENOMEM. `flags` are open's. */
int tpl__fs_open_beneath(int *fd, int at, const char *name, int flags);

#endif
