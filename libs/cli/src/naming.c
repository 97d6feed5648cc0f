/* SPDX-License-Identifier: MIT */
/* Puts a destination, a stem and the clock together. */
#include "naming.h"

#include <string.h>

#include "manifests.h"
#include "out.h"
#include "platform.h"
#include "report.h"
#include "tpl/snapshot.h"

static tpl_status make_path(cli_naming *naming, const char *root, tpl_error *err) {
    char stamp[CLI_STAMP_SIZE];
    const char *folder = naming->destination;
    size_t len = strlen(folder);
    bool slash = len > 0 && folder[len - 1] != '/';
    tpl_status status = tpl_buffer_append(&naming->path, folder, len);
    if (status == TPL_OK && slash) {
        status = tpl_buffer_append(&naming->path, "/", 1);
    }
    if (status != TPL_OK) {
        return cli_error(err, status);
    }
    cli_clock_stamp(stamp);
    status = tpl_snapshot_name(&naming->path, root, naming->name, stamp, err);
    if (status == TPL_OK && tpl_buffer_append(&naming->path, "", 1) != TPL_OK) {
        status = cli_error(err, TPL_E_NOMEM);
    }
    return status;
}

bool cli_naming_apply(cli_naming *naming, cli_context *cli, const char *root, const char **output,
                      cli_exit *code) {
    tpl_error err = TPL_ERROR_INIT;
    if (naming->destination == NULL && naming->name == NULL) {
        *code = CLI_EXIT_USAGE;
        return !cli_json_needs_file(cli, *output, "manifest");
    }
    if (naming->destination == NULL) {
        *code = cli_usage(cli, "--name needs --destination", NULL, NULL);
        return false;
    }
    if (*output != NULL) {
        *code = cli_usage(cli, "--destination and --output are two places for one manifest", NULL,
                          NULL);
        return false;
    }
    if (make_path(naming, root, &err) != TPL_OK) {
        *code = cli_fail(cli, &err);
        return false;
    }
    *output = naming->path.data;
    return true;
}

tpl_status cli_naming_tell(const cli_naming *naming, const cli_context *cli, tpl_error *err) {
    if (naming->path.len == 0 || cli->json) {
        return TPL_OK;
    }
    cli_text line = CLI_TEXT_INIT;
    cli_put_os(&line, naming->path.data);
    cli_put(&line, "\n");
    return cli_print(&line, err);
}

void cli_naming_dispose(cli_naming *naming) {
    tpl_buffer_dispose(&naming->path);
}
