/* SPDX-License-Identifier: MIT */
#define _GNU_SOURCE /* dl_iterate_phdr */
#include "swap/version.h"

#include "f4e_version.h"

#include <dlfcn.h>
#include <link.h>
#include <stdlib.h>
#include <string.h>

bool version_open(struct version *version, const char *path,
                  struct failure *failure)
{
    version->library = dlopen(path, RTLD_NOW | RTLD_LOCAL);
    if (version->library == NULL) {
        return failure_set(failure, STATUS_LIBRARY, "cannot load '%s': %s",
                           path, dlerror());
    }
    const struct f4e_version *table =
        dlsym(version->library, F4E_VERSION_SYMBOL);
    if (table == NULL || table->layout != (uint32_t)F4E_VERSION_LAYOUT) {
        (void)dlclose(version->library);
        version->library = NULL;
        return failure_set(failure, STATUS_LIBRARY,
                           "'%s' was not built for this player", path);
    }
    version->patch = table->patch;
    version->guard = table->guard;
    version->sender = table->sender;
    version->interrupt = table->interrupt;
    return true;
}

bool version_fits(const struct f4e_patch *patch, const struct f4e_patch *other,
                  struct failure *failure)
{
    const struct {
        const char *what;
        unsigned here, there;
    } rows[] = {
        {"Hz", patch->sample_rate, other->sample_rate},
        {"output channels", patch->output_count, other->output_count},
        {"input channels", patch->input_count, other->input_count},
        {"frames a block", patch->block_frames, other->block_frames},
        {"ms a tick", patch->tick_ms, other->tick_ms},
    };
    for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
        if (rows[i].here != rows[i].there) {
            return failure_set(failure, STATUS_USAGE,
                               "it has %u %s, and what plays has %u",
                               rows[i].here, rows[i].what, rows[i].there);
        }
    }
    return true;
}

enum { PAGE_BYTES = 4096 };

static int touch_segments(struct dl_phdr_info *info, size_t size, void *context)
{
    const struct version *version = context;
    const char *wanted = (const char *)version->patch;
    bool is_ours = false;
    (void)size;
    for (int i = 0; i < info->dlpi_phnum; i++) {
        const ElfW(Phdr) *segment = &info->dlpi_phdr[i];
        /* NOLINTNEXTLINE(performance-no-int-to-ptr): the loader's number */
        const char *start = (const char *)(info->dlpi_addr + segment->p_vaddr);
        is_ours = is_ours || (segment->p_type == PT_LOAD && wanted >= start &&
                              wanted < start + segment->p_memsz);
    }
    for (int i = 0; is_ours && i < info->dlpi_phnum; i++) {
        const ElfW(Phdr) *segment = &info->dlpi_phdr[i];
        /* NOLINTNEXTLINE(performance-no-int-to-ptr) */
        const char *start = (const char *)(info->dlpi_addr + segment->p_vaddr);
        for (size_t at = 0;
             segment->p_type == PT_LOAD && at < segment->p_filesz;
             at += PAGE_BYTES) {
            (void)*(volatile const char *)(start + at);
        }
    }
    return is_ours;
}

void version_touch_code(const struct version *version)
{
    struct version copy = *version;
    (void)dl_iterate_phdr(touch_segments, &copy);
}

void version_close(struct version *version)
{
    free(version->defaults);
    free(version->events);
    free(version->settings);
    free(version->deck);
    if (version->library != NULL) {
        (void)dlclose(version->library);
    }
    *version = (struct version){0};
}
