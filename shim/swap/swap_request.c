/* SPDX-License-Identifier: MIT */
#include "swap/swap_request.h"

#include "common/number.h"
#include "common/words.h"

#include <stdio.h>
#include <string.h>

enum { FADE_MS_MAX = 60000 };

bool request_parse(struct request_swap *request, char *rest)
{
    static const char *const names[] = {"same", "all", "none"};
    const char *id = words_next(&rest);
    const char *fade = words_next(&rest);
    const char *values = words_next(&rest);
    uint64_t number = 0;
    uint64_t ms = 0;
    bool is_known = false;
    rest += strspn(rest, " ");
    if (values == NULL || *rest == '\0' ||
        !number_in_range(id, NUMBER_DECIMAL, 0, UINT32_MAX, &number) ||
        !number_in_range(fade, NUMBER_DECIMAL, 0, FADE_MS_MAX, &ms)) {
        return false;
    }
    for (unsigned i = 0; i < sizeof(names) / sizeof(*names); i++) {
        if (strcmp(values, names[i]) == 0) {
            request->values = (enum match_values)i;
            is_known = true;
        }
    }
    request->id = (uint32_t)number;
    request->fade_ms = (unsigned)ms;
    request->is_wanted = true;
    (void)snprintf(request->path, sizeof(request->path), "%s", rest);
    return is_known;
}
