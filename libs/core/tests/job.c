/* SPDX-License-Identifier: MIT */
#include "job.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "check.h"

/* Appends text with the current directory as ~. */
static void show(char *out, size_t size, const char *text) {
    char cwd[1024];
    assert_non_null(getcwd(cwd, sizeof(cwd)));
    size_t len = strlen(cwd);
    size_t used = strlen(out);
    bool below = strncmp(text, cwd, len) == 0 && (text[len] == '/' || text[len] == '\0');
    assert_true(snprintf(out + used, size - used, "%s%s", below ? "~" : "",
                         below ? text + len : text) < (int)(size - used));
}

static void split(tpl_strings *out, char *words) {
    char *next = words;
    while (next != NULL) {
        char *word = next;
        next = strchr(word, ' ');
        if (next != NULL) {
            *next++ = '\0';
        }
        assert_int_equal(tpl_strings_append(out, word), TPL_OK);
    }
}

static void on_warning(const tpl_warning *warning, void *payload) {
    job *j = payload;
    char path[512];
    assert_true(warning->path_len < sizeof(path));
    memcpy(path, warning->path, warning->path_len);
    path[warning->path_len] = '\0';
    show(j->warnings, sizeof(j->warnings), tpl_warning_name(warning->kind));
    show(j->warnings, sizeof(j->warnings), " ");
    show(j->warnings, sizeof(j->warnings), path);
    show(j->warnings, sizeof(j->warnings), ";");
}

void job_begin(job *j, char *inputs, char *directories, char *outputs, char *referenced) {
    *j = (job){.references = TPL_REFERENCES_INIT, .options = TPL_SUBMISSION_OPTIONS_INIT};
    split(&j->references.inputs, inputs);
    split(&j->references.directories, directories);
    split(&j->references.outputs, outputs);
    split(&j->references.referenced, referenced);
    j->options.run.warning = on_warning;
    j->options.run.payload = j;
}

void job_locate(job *j, const char *name, const char *path, bool shared) {
    j->locations[j->profile.location_count++] = (tpl_location){name, path, shared};
    j->profile.locations = j->locations;
    j->options.profile = &j->profile;
}

void job_end(job *j) {
    tpl_references_dispose(&j->references);
    tpl_strings_dispose(&j->options.exclude);
    tpl_strings_dispose(&j->options.omit);
}

static void show_paths(job *j, const char *word, const tpl_asset_path *paths, size_t count) {
    for (size_t i = 0; i < count; i++) {
        assert_int_equal(strlen(paths[i].text), paths[i].len);
        show(j->shown, sizeof(j->shown), i == 0 ? word : ",");
        show(j->shown, sizeof(j->shown), paths[i].text);
    }
}

const char *job_group(job *j) {
    tpl_error err = TPL_ERROR_INIT;
    tpl_submission *made = NULL;
    j->shown[0] = '\0';
    j->warnings[0] = '\0';
    tpl_status status = tpl_submission_new(&made, &j->references, &j->options, &err);
    assert_true((made != NULL) == (status == TPL_OK));
    if (status != TPL_OK) {
        assert_int_equal(err.status, status);
        show(j->shown, sizeof(j->shown), tpl_status_name(status));
        show(j->shown, sizeof(j->shown), " ");
        show(j->shown, sizeof(j->shown), err.path == NULL ? "" : err.path);
        show(j->shown, sizeof(j->shown), ": ");
        show(j->shown, sizeof(j->shown), err.message);
    }
    for (size_t i = 0; made != NULL && i < tpl_submission_count(made); i++) {
        tpl_asset_root root;
        tpl_submission_root(made, i, &root);
        assert_int_equal(strlen(root.path), root.path_len);
        show(j->shown, sizeof(j->shown), root.path);
        show(j->shown, sizeof(j->shown), root.location == NULL ? "" : "@");
        show(j->shown, sizeof(j->shown), root.location == NULL ? "" : root.location);
        show_paths(j, " in:", root.inputs, root.input_count);
        show_paths(j, " out:", root.outputs, root.output_count);
        show_paths(j, " ref:", root.references, root.reference_count);
        show(j->shown, sizeof(j->shown), ";");
    }
    tpl_submission_free(made);
    tpl_error_dispose(&err);
    return j->shown;
}
