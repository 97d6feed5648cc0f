/* SPDX-License-Identifier: MIT */
/* A job's paths in the scratch directory, and what they are grouped into, as text. */
#ifndef TPL_TEST_JOB_H
#define TPL_TEST_JOB_H

#include "tpl/submit.h"

typedef struct job {
    tpl_references references;
    tpl_location locations[4];
    tpl_profile profile;
    tpl_submission_options options;
    char warnings[1024]; /* "NAME PATH;" each, the scratch directory being ~ */
    char shown[4096];
} job;

/* Space separated paths each; NULL: none. The strings last as long as the job. */
void job_begin(job *j, char *inputs, char *directories, char *outputs, char *referenced);
void job_locate(job *j, const char *name, const char *path, bool shared);
void job_end(job *j);

/* Groups them, and returns "ROOT@LOCATION in:A,B out:C ref:D;" for each root; on failure the
 * status's name and the error's path and message. */
const char *job_group(job *j);

#endif
