/* SPDX-License-Identifier: MIT */
/*
 * --emit deb: the executable and its service as a Debian package. Written
 * here, so that no tool of Debian's but gzip is needed and the same input gives
 * the same bytes.
 */
#include "emit/emit.h"

#include "base/file.h"
#include "base/process.h"
#include "completion/completion.h"
#include "embedded.h"
#include "emit/ar.h"
#include "emit/elf_needs.h"
#include "emit/emit_systemd.h"
#include "emit/identifier.h"
#include "emit/manual.h"
#include "emit/tar.h"
#include "render.h"

enum { MAX_PROGRAM_BYTES = 1 << 30 };

struct package {
    const struct emit_job *job;
    const char *id; /* of the package, the program and the service */
    const char *unit;
    const char *version;
    const uint8_t *program;
    size_t size;
    struct elf_needs needs;
    struct arena *arena;
};

/*
 * The new name first: where both are names of alsa-lib, that is a package, and
 * what has the old one may also be Ubuntu's stand-in for OSS. Releases before
 * 2024 have the old name alone.
 */
static const char alsa_lib[] = ", libasound2t64 | libasound2";

static const char *depends(const struct package *package)
{
    struct arena *arena = package->arena;
    const char *libc =
        package->needs.glibc_minor > 0
            ? arena_format(arena, "libc6 (>= 2.%u)", package->needs.glibc_minor)
            : "libc6";
    return arena_format(arena, "%s%s", libc,
                        package->needs.has_alsa ? alsa_lib : "");
}

/* As debian's tools take it; the environment is part of the input. */
static const char *maintainer(struct arena *arena)
{
    const char *name = getenv("DEBFULLNAME");
    const char *mail = getenv("DEBEMAIL");
    name = name != NULL && name[0] != '\0' ? name : "nobody";
    mail = mail != NULL && mail[0] != '\0' ? mail : "nobody@localhost";
    if (strpbrk(name, "\n<>") != NULL || strpbrk(mail, "\n<> ") != NULL) {
        return "nobody <nobody@localhost>";
    }
    return arena_format(arena, "%s <%s>", name, mail);
}

static bool add_script(struct buf *tar, const struct package *package,
                       const char *path, const char *template_name,
                       const char *template, struct diag *diag)
{
    const struct render_value value = {"UNIT", package->unit};
    struct buf text;
    buf_init(&text, package->arena);
    if (!render_template(&text, template_name, template, &value, 1, diag)) {
        return false;
    }
    tar_add(tar, path, 0755, text.bytes, text.length);
    return true;
}

static bool make_control(struct buf *tar, const struct package *package,
                         struct diag *diag)
{
    struct arena *arena = package->arena;
    const struct render_value values[] = {
        {"PACKAGE", package->id},
        {"VERSION", package->version},
        {"ARCHITECTURE", package->needs.debian},
        {"MAINTAINER", maintainer(arena)},
        {"KIB", arena_format(arena, "%zu", package->size / 1024 + 8)},
        {"DEPENDS", depends(package)},
        {"ID", package->id},
        {"BUILD", F4E_VERSION},
    };
    const char *conffile =
        arena_format(arena, "/etc/default/%s\n", package->id);
    struct buf text;
    buf_init(&text, arena);
    if (!render_template(&text, "deb_control.in", template_deb_control, values,
                         sizeof(values) / sizeof(values[0]), diag)) {
        return false;
    }
    tar_add_folder(tar, "./");
    tar_add(tar, "./control", 0644, text.bytes, text.length);
    tar_add(tar, "./conffiles", 0644, conffile, strlen(conffile));
    if (!add_script(tar, package, "./postinst", "deb_postinst.in",
                    template_deb_postinst, diag) ||
        !add_script(tar, package, "./prerm", "deb_prerm.in", template_deb_prerm,
                    diag)) {
        return false;
    }
    tar_end(tar);
    return true;
}

/* The shim's licence goes along with it; the patch's own is its author's. */
static const char *copyright(const struct package *package)
{
    return arena_format(package->arena,
                        "%s was made by f4e-build %s from a module with the "
                        "SHA-256\n%s,\nwhich is under its author's terms. The "
                        "rest of the program, from f4e-build:\n\n%s",
                        package->id, F4E_VERSION, package->job->patch->sha256,
                        template_license);
}

/* How others in the network find the page, once somebody wants that. */
static bool add_avahi(struct buf *tar, const struct package *package,
                      struct diag *diag)
{
    struct arena *arena = package->arena;
    const struct render_value values[] = {
        {"ID", package->id},
        {"DEFAULTS", arena_format(arena, "/etc/default/%s", package->id)},
    };
    struct buf text;
    buf_init(&text, arena);
    if (!render_template(&text, "avahi.in", template_avahi, values,
                         sizeof(values) / sizeof(values[0]), diag)) {
        return false;
    }
    tar_add(
        tar,
        arena_format(arena, "./usr/share/doc/%s/avahi.service", package->id),
        0644, text.bytes, text.length);
    return true;
}

/* What a shell loads when it first completes the program's name. */
static bool add_completions(struct buf *tar, const struct package *package,
                            struct diag *diag)
{
    static const struct {
        bool is_zsh;
        const char *path;
    } files[] = {
        {false, "./usr/share/bash-completion/completions/"},
        {true, "./usr/share/zsh/vendor-completions/_"},
    };
    struct arena *arena = package->arena;
    for (size_t i = 0; i < sizeof(files) / sizeof(files[0]); i++) {
        char *script = NULL;
        size_t size = 0;
        FILE *file = open_memstream(&script, &size);
        if (file != NULL) {
            completion_print_script(files[i].is_zsh, package->id, file);
        }
        bool is_good = file != NULL && fclose(file) == 0;
        if (is_good) {
            tar_add(tar,
                    arena_format(arena, "%s%s", files[i].path, package->id),
                    0644, script, size);
        }
        free(script);
        if (!is_good) {
            return diag_system(diag, "out of memory");
        }
    }
    return true;
}

/* As Debian wants it, and without a name and a time in it. */
static bool compress(const struct package *package, const struct buf *plain,
                     const uint8_t **bytes, size_t *size, struct diag *diag)
{
    enum { TIMEOUT_MS = 600000 };
    struct arena *arena = package->arena;
    struct process process;
    const char *file =
        arena_format(arena, "%s/plain", package->job->request->directory);
    const char *compressed = arena_format(arena, "%s.gz", file);
    const char *const argv[] = {
        process_find("gzip", arena), "-9", "-n", "-f", file, NULL};
    if (argv[0] == NULL) {
        (void)diag_tool(diag, "gzip is not in PATH: it compresses what is in a "
                              "package");
        return diag_hint(diag, "sudo apt install gzip");
    }
    if (!file_save(file, plain->bytes, plain->length, 0600, diag) ||
        !process_run_ok(&process, argv, NULL, TIMEOUT_MS, arena, diag) ||
        !file_read(compressed, MAX_PROGRAM_BYTES, bytes, size, arena, diag)) {
        return false;
    }
    (void)remove(compressed);
    return true;
}

static bool add_compressed(struct buf *tar, const struct package *package,
                           const char *path, const struct buf *text,
                           struct diag *diag)
{
    const uint8_t *bytes = NULL;
    size_t size = 0;
    if (!compress(package, text, &bytes, &size, diag)) {
        return false;
    }
    tar_add(tar, path, 0644, bytes, size);
    return true;
}

static bool add_texts(struct buf *tar, const struct package *package,
                      struct diag *diag)
{
    struct arena *arena = package->arena;
    struct buf manual;
    struct buf changes;
    buf_init(&manual, arena);
    buf_init(&changes, arena);
    manual_write(&manual, package->job->patch, package->id);
    buf_format(&changes,
               "%s (%s) unstable; urgency=medium\n\n"
               "  * Made by f4e-build %s of a module with the SHA-256\n"
               "    %s.\n\n"
               " -- %s  Tue, 01 Jan 1980 00:00:00 +0000\n",
               package->id, package->version, F4E_VERSION,
               package->job->patch->sha256, maintainer(arena));
    /* A version with a revision is not the author's own. */
    const char *log = strchr(package->version, '-') != NULL ? "changelog.Debian"
                                                            : "changelog";
    return add_compressed(tar, package,
                          arena_format(arena, "./usr/share/doc/%s/%s.gz",
                                       package->id, log),
                          &changes, diag) &&
           add_compressed(
               tar, package,
               arena_format(arena, "./usr/share/man/man1/%s.1.gz", package->id),
               &manual, diag);
}

static bool make_data(struct buf *tar, const struct package *package,
                      struct diag *diag)
{
    static const char *const folders[] = {
        "./",
        "./etc/",
        "./etc/default/",
        "./usr/",
        "./usr/bin/",
        "./usr/lib/",
        "./usr/lib/systemd/",
        "./usr/lib/systemd/system/",
        "./usr/share/",
        "./usr/share/bash-completion/",
        "./usr/share/bash-completion/completions/",
        "./usr/share/doc/",
        "./usr/share/man/",
        "./usr/share/man/man1/",
        "./usr/share/zsh/",
        "./usr/share/zsh/vendor-completions/",
    };
    struct arena *arena = package->arena;
    const char *defaults = arena_format(
        arena,
        "# Options, see %s(1); %s --list-devices lists devices.\n"
        "# OPTIONS=\"--device hw:CARD=Device,DEV=0\"\nOPTIONS=\n"
        "# A page in the local network; its address and token are then in\n"
        "# journalctl -u %s.\n"
        "# F4E_HTTP=\"--http --http-bind 0.0.0.0 --token-file token\"\n"
        "F4E_HTTP=\n"
        "# Messages of controllers, likewise.\n"
        "# F4E_OSC=\"--osc --osc-bind 0.0.0.0 --token-file token\"\n"
        "F4E_OSC=\n",
        package->id, package->id, package->unit);
    struct buf unit;
    buf_init(&unit, arena);
    if (!emit_systemd_unit(&unit, package->id,
                           arena_format(arena, "/usr/bin/%s", package->id),
                           package->id, arena, diag)) {
        return false;
    }
    for (size_t i = 0; i < sizeof(folders) / sizeof(folders[0]); i++) {
        tar_add_folder(tar, folders[i]);
    }
    tar_add(tar, arena_format(arena, "./etc/default/%s", package->id), 0644,
            defaults, strlen(defaults));
    tar_add(tar, arena_format(arena, "./usr/bin/%s", package->id), 0755,
            package->program, package->size);
    tar_add(tar,
            arena_format(arena, "./usr/lib/systemd/system/%s", package->unit),
            0644, unit.bytes, unit.length);
    const char *terms = copyright(package);
    tar_add_folder(tar,
                   arena_format(arena, "./usr/share/doc/%s/", package->id));
    tar_add(tar,
            arena_format(arena, "./usr/share/doc/%s/copyright", package->id),
            0644, terms, strlen(terms));
    if (!add_completions(tar, package, diag) ||
        !add_texts(tar, package, diag) || !add_avahi(tar, package, diag)) {
        return false;
    }
    tar_end(tar);
    return true;
}

static bool write_package(const struct package *package, struct diag *diag)
{
    struct buf control;
    struct buf data;
    struct buf deb;
    const uint8_t *bytes[2] = {NULL, NULL};
    size_t sizes[2] = {0, 0};
    buf_init(&control, package->arena);
    buf_init(&data, package->arena);
    buf_init(&deb, package->arena);
    if (!make_control(&control, package, diag) ||
        !make_data(&data, package, diag) ||
        !compress(package, &control, &bytes[0], &sizes[0], diag) ||
        !compress(package, &data, &bytes[1], &sizes[1], diag)) {
        return false;
    }
    ar_start(&deb);
    ar_add(&deb, "debian-binary", false, "2.0\n", 4);
    ar_add(&deb, "control.tar.gz", false, bytes[0], sizes[0]);
    ar_add(&deb, "data.tar.gz", false, bytes[1], sizes[1]);
    return file_save(package->job->options->output, deb.bytes, deb.length, 0666,
                     diag);
}

bool emit_deb(const struct emit_job *job, const char **summary,
              struct arena *arena, struct diag *diag)
{
    const char *program =
        arena_format(arena, "%s/program", job->request->directory);
    struct package package = {.job = job, .arena = arena};
    package.id = arena_format(
        arena, "f4e-%s", identifier_package(job->patch->given_name, arena));
    package.unit = arena_format(arena, "%s.service", package.id);
    package.version = job->options->package_version != NULL
                          ? job->options->package_version
                          : "1.0";
    if (!plan_executable(job->request, program, &package.size, arena, diag) ||
        !file_read(program, MAX_PROGRAM_BYTES, &package.program, &package.size,
                   arena, diag) ||
        !elf_needs_read(&package.needs, package.program, package.size, diag)) {
        return false;
    }
    (void)remove(program);
    if (!write_package(&package, diag)) {
        return false;
    }
    *summary = arena_format(arena, "%s: %s for %s", job->options->output,
                            package.id, package.needs.debian);
    return true;
}
