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

/* What this build was made with, space separated, in a fixed order ("gcc-12.2.0 release
 * xxhash-0.8.1"). */
const char *tpl_features(void);

/* The hash function's vector width on this processor ("xxh3-avx2"). */
const char *tpl_hash_kernel(void);

#ifdef __cplusplus
}
#endif
#endif
