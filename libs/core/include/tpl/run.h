/* SPDX-License-Identifier: MIT */
/* How a long call runs: threads, progress, warnings, cancellation. Callbacks come on the caller's
 * thread only. */
#ifndef TPL_RUN_H
#define TPL_RUN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* Phases a call goes through, in this order; a call may leave some out. Name, word for a person. */
#define TPL_PHASE_MAP(X)                                                                           \
    X(SCAN, "scanning")                                                                            \
    X(HASH, "hashing")                                                                             \
    X(WRITE, "writing")                                                                            \
    X(DONE, "done")

typedef enum tpl_phase {
#define TPL_PHASE_ENUM(name, word) TPL_PHASE_##name,
    TPL_PHASE_MAP(TPL_PHASE_ENUM)
#undef TPL_PHASE_ENUM
    TPL_PHASE_COUNT
} tpl_phase;

typedef struct tpl_progress {
    tpl_phase phase;
    bool total_known;     /* false while files are still being found: the totals then grow */
    uint64_t files_done;  /* hashed, reused or compared */
    uint64_t files_total; /* found so far */
    uint64_t bytes_done;  /* read and hashed */
    uint64_t bytes_total; /* 0 when not known */
} tpl_progress;

/* What was met and passed over without ending the work. Name, name in JSON documents, one-line
 * text.
 */
#define TPL_WARNING_MAP(X)                                                                         \
    X(SPECIAL_FILE, "special-file", "not a regular file, skipped")                                 \
    X(DANGLING_LINK, "dangling-link", "symbolic link leads nowhere, skipped")                      \
    X(LINK_LOOP, "link-loop", "symbolic link leads in a circle, skipped")                          \
    X(UNREADABLE, "unreadable", "cannot be read, skipped")                                         \
    X(CHANGED, "changed", "kept changing while it was read, skipped")                              \
    X(PATTERN_IS_DIRECTORY, "pattern-is-directory",                                                \
      "names a directory, so it selects no file by itself")                                        \
    X(INDEX_DAMAGED, "index-damaged", "index is damaged: made anew")                               \
    X(INDEX_VERSION, "index-version", "index of another version: made anew")                       \
    X(INDEX_OTHER_TREE, "index-other-tree", "index of another tree: made anew")                    \
    X(INDEX_FOREIGN, "index-foreign", "is no index: not used, and left as it is")                  \
    X(INDEX_UNREADABLE, "index-unreadable", "index cannot be read: not used")                      \
    X(INDEX_UNWRITTEN, "index-unwritten", "index cannot be written: left as it is")                \
    X(LINK_OUTSIDE, "link-outside", "symbolic link leads outside the tree, skipped")               \
    X(INPUT_REFERENCED, "input-referenced", "input does not exist: counts as a referenced path")   \
    X(INPUT_MISSING, "input-missing", "input does not exist")                                      \
    X(INPUT_DIRECTORY, "input-directory", "input is a directory, not a file")                      \
    X(INPUT_SPECIAL, "input-special", "input is not a regular file")

typedef enum tpl_warning_kind {
#define TPL_WARNING_ENUM(name, word, text) TPL_WARN_##name,
    TPL_WARNING_MAP(TPL_WARNING_ENUM)
#undef TPL_WARNING_ENUM
    TPL_WARNING_COUNT
} tpl_warning_kind;

typedef struct tpl_warning {
    tpl_warning_kind kind;
    const char *path; /* WTF-8, relative to the root (a pattern or index: as given); borrowed for
                         the call */
    size_t path_len;
    int sys_errno; /* why it could not be read, or 0 */
} tpl_warning;

/* Whether it is about a file that is not in the result. */
bool tpl_warning_is_skip(tpl_warning_kind kind);

/* Static strings; a value outside the list gives "unknown". */
const char *tpl_phase_word(tpl_phase phase);
const char *tpl_warning_name(tpl_warning_kind kind); /* "special-file", as in JSON documents */
const char *tpl_warning_text(tpl_warning_kind kind);

/* Called first, then at most every 100 ms, then last. Non-zero stops the work: TPL_E_CANCELLED. */
typedef int (*tpl_progress_fn)(const tpl_progress *progress, void *payload);

/* Called once a warning, in the order of their paths, when the work that met them is done. */
typedef void (*tpl_warning_fn)(const tpl_warning *warning, void *payload);

/* Called about every 20 ms while work goes on. Non-zero stops the work: TPL_E_CANCELLED. */
typedef int (*tpl_poll_fn)(void *payload);

typedef struct tpl_run {
    unsigned jobs;            /* worker threads; 0 chooses */
    tpl_progress_fn progress; /* may be NULL, like the two below */
    tpl_warning_fn warning;
    tpl_poll_fn poll;
    void *payload; /* handed to all three */
} tpl_run;

#define TPL_RUN_INIT {0, NULL, NULL, NULL, NULL}

#ifdef __cplusplus
}
#endif
#endif
