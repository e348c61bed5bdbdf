/* SPDX-License-Identifier: MIT */
#include "channel_names.h"

#include "metadata/item_near.h"

#include <inttypes.h>

bool channel_names_resolve(struct describe_channel *list, const char *option,
                           const struct option_channel *given, uint32_t count,
                           const struct manifest *manifest, struct diag *diag)
{
    for (uint32_t i = 0; i < count; i++) {
        list[i] = (struct describe_channel){given[i].channel, given[i].address};
        if (given[i].item == NULL) {
            continue;
        }
        if (manifest == NULL) {
            diag_usage(diag,
                       "--%s: '%s' is no address, and there is no project that "
                       "would know the name",
                       option, given[i].item);
            return diag_hint(diag, "--project FILE, or --%s %u=0x1000", option,
                             given[i].channel);
        }
        uint32_t item = manifest_find_item(manifest, given[i].item);
        if (item == UINT32_MAX) {
            diag_usage(diag, "--%s: '%s' is no variable, says %s", option,
                       given[i].item, manifest->file);
            const char *near = item_near(manifest, given[i].item);
            return near != NULL
                       ? diag_hint(diag, "did you mean --%s %u=%s?", option,
                                   given[i].channel, near)
                       : diag_hint(diag,
                                   "f4e-build inspect lists them as items");
        }
        if (manifest->items[item].memory != 0) {
            diag_usage(diag,
                       "--%s: '%s' lies in memory %" PRIu32 ", not in memory 0",
                       option, given[i].item, manifest->items[item].memory);
            return diag_hint(diag, "f4e-build inspect lists them as items");
        }
        list[i].address = manifest->items[item].address;
    }
    return true;
}
