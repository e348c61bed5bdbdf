/* SPDX-License-Identifier: MIT */
/* --emit systemd: the unit file alone. */
#include "emit/emit_systemd.h"

#include "base/file.h"
#include "embedded.h"
#include "emit/emit.h"
#include "emit/identifier.h"
#include "render.h"

bool emit_systemd_unit(struct buf *text, const char *id, const char *program,
                       const char *manual, struct arena *arena,
                       struct diag *diag)
{
    const struct render_value values[] = {
        {"ID", id},
        {"VERSION", F4E_VERSION},
        {"UNIT", arena_format(arena, "%s.service", id)},
        {"DEFAULTS", arena_format(arena, "/etc/default/%s", id)},
        {"PROGRAM", program},
        {"MANUAL", manual},
        {"AT", "@"},
    };
    return render_template(text, "service.in", template_service, values,
                           sizeof(values) / sizeof(values[0]), diag);
}

bool emit_systemd(const struct emit_job *job, const char **summary,
                  struct arena *arena, struct diag *diag)
{
    const char *id = identifier_program(job->patch->given_name, arena);
    struct buf text;
    buf_init(&text, arena);
    if (!emit_systemd_unit(&text, id,
                           arena_format(arena, "/usr/local/bin/%s", id),
                           "f4e-patch", arena, diag) ||
        !file_save(job->options->output, text.bytes, text.length, 0666, diag)) {
        return false;
    }
    *summary = arena_format(arena, "%s starts /usr/local/bin/%s",
                            job->options->output, id);
    return true;
}
