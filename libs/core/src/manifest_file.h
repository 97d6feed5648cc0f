/* SPDX-License-Identifier: MIT */
/* A manifest's file as a source of text: each reader sees its part through a window of its own. */
#ifndef TPL__MANIFEST_FILE_H
#define TPL__MANIFEST_FILE_H

#include <stdbool.h>
#include <stdint.h>

#include "manifest_v2023.h"
#include "pool.h"
#include "tpl/hash.h"
#include "tpl/status.h"

typedef struct tpl__stream {
    tpl__window window; /* first: `more` gets no other pointer */
    char *buffer;
    int fd;
    uint64_t at; /* in the file: where to read next, and where the part ends */
    uint64_t end;
    tpl_hasher *hasher; /* of what is read; NULL: the hash is not wanted */
    int sys_errno;      /* why reading failed */
} tpl__stream;

typedef struct tpl__manifest_file {
    int fd;
    bool regular;
    uint64_t size; /* as it began: it can grow while it is read */
    int64_t mtime_ns;
    unsigned readers;
    char *sight;
    tpl__stream streams[TPL__PROCESSORS_MOST];
} tpl__manifest_file;

/* Opens it; 0 or an errno. To be closed in either case. */
int tpl__manifest_file_open(tpl__manifest_file *file, const char *path);
void tpl__manifest_file_close(tpl__manifest_file *file);

/* Makes it a source for so many readers, which lives as long as the file: TPL_E_NOMEM. Its text can
 * be hashed by one reader, which reads it in one go. */
tpl_status tpl__manifest_file_source(tpl__v2023_source *out, tpl__manifest_file *file,
                                     unsigned readers, bool hashed);

/* Of a hashed file that has been read. */
tpl_hash128 tpl__manifest_file_hash(const tpl__manifest_file *file);

/* Why a reader returned TPL_E_IO: an errno. */
int tpl__manifest_file_errno(const tpl__manifest_file *file);

#endif
