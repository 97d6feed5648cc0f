/* SPDX-License-Identifier: MIT */
/* What this build of the library is. All strings are static. */
#ifndef TPL_VERSION_H
#define TPL_VERSION_H

#ifdef __cplusplus
extern "C" {
#endif

/* The version in the file VERSION, as "1.2.3". */
const char *tpl_version(void);

/* 16 hex digits over core's sources, the compiler and its flags: equal in two binaries exactly when
 * they hold the same core. */
const char *tpl_build_id(void);

/* Names of what this build was made with and can do ("xxh3-avx2", "asan", ...), space separated, in
 * a fixed order. */
const char *tpl_features(void);

#ifdef __cplusplus
}
#endif
#endif
