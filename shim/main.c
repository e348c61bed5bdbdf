/* SPDX-License-Identifier: MIT */
/* A finished patch: what its first words ask for. */
#include "channel/ctl.h"

#include "common/failure.h"
#include "complete.h"
#include "completion/completion.h"
#include "f4e_patch.h"
#include "front/front_process.h"
#include "information.h"
#include "live.h"
#include "message/message.h"
#include "options/options.h"
#include "session.h"

#include <stdio.h>
#include <string.h>

int main(int argc, char **argv)
{
    struct options options;
    struct failure failure = {0};
    const char *path = argc > 0 ? argv[0] : "";
    const char *slash = strrchr(path, '/');
    const char *program = slash != NULL ? slash + 1 : path;
    program = program[0] != '\0' ? program : f4e_patch.name;
    message_start(program, stderr);
    if (argc == 2 && strcmp(argv[1], FRONT_ARGUMENT) == 0) {
        front_process_run(&f4e_patch, NULL, &failure);
    } else if (argc > 1 && strcmp(argv[1], COMPLETION_ARGUMENT) == 0) {
        complete_run(&f4e_patch, argv + 2, (size_t)argc - 2, stdout);
        failure_check_output(&failure);
    } else if (argc > 1 && strcmp(argv[1], "ctl") == 0) {
        (void)ctl_run(&f4e_patch, program, &live_vocabulary, argc - 1, argv + 1,
                      &failure);
    } else if (options_parse(&options, &f4e_patch, argc, argv, &failure)) {
        if (options_is_information(&options)) {
            information_print(&f4e_patch, program, &options, &failure);
        } else {
            session_run(&f4e_patch, program, &options, NULL, &failure);
        }
    }
    if (failure.status != STATUS_OK) {
        message_failure(&failure);
    }
    return (int)failure.status;
}
