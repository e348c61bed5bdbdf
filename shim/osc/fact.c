/* SPDX-License-Identifier: MIT */
#include "osc/fact.h"

#include <stddef.h>

const char *fact_name(unsigned index)
{
    static const char *const names[FACT_COUNT + 1] = {
        "name",    "sampleRate", "blockFrames", "tickMs",
        "outputs", "inputs",     "version"};
    return names[index];
}

const char *fact_value(const struct f4e_patch *patch, uint32_t version,
                       unsigned index, unsigned *number)
{
    const unsigned numbers[FACT_COUNT + 1] = {
        0,
        (unsigned)patch->sample_rate,
        patch->block_frames,
        patch->tick_ms,
        patch->output_count,
        patch->input_count,
        (unsigned)version,
    };
    *number = numbers[index];
    return index == 0 ? patch->name : NULL;
}
