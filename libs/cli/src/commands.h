/* SPDX-License-Identifier: MIT */
/* The commands, one a file. */
#ifndef CLI_COMMANDS_H
#define CLI_COMMANDS_H

#include "cli.h"

extern const cli_command cli_cmd_completions;
extern const cli_command cli_cmd_convert;
extern const cli_command cli_cmd_diff;
extern const cli_command cli_cmd_hash;
extern const cli_command cli_cmd_help;
extern const cli_command cli_cmd_inspect;
extern const cli_command cli_cmd_man;
extern const cli_command cli_cmd_merge;
extern const cli_command cli_cmd_report;
extern const cli_command cli_cmd_snapshot;
extern const cli_command cli_cmd_submit;
extern const cli_command cli_cmd_surface;
extern const cli_command cli_cmd_verify;
extern const cli_command cli_cmd_version;

#endif
