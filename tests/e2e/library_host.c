/* SPDX-License-Identifier: MIT */
/*
 * Two patches in one program: renders three blocks of each by turns, first of
 * one, then of the other, to standard output as bare floats.
 */
#include "noise_patch.h"
#include "ramp_patch.h"

#include <stdio.h>

enum { BLOCKS = 3, FRAMES = 128 };

/* The same name as one that the patches' imports define. */
int helper(void);
int helper(void)
{
    return 1;
}

/* What exported functions return, of each type, and one after the other. */
static int results_are_right(struct noise_patch *noise)
{
    const double half = 0.5;
    const double big = 4294967295.0;
    const double expected[] = {-7, (double)0.1F, 0.5, -8};
    double value = 0;
    if (!noise_patch_call(noise, noise_patch_find_function("all"), &half, 1)) {
        return 0;
    }
    for (unsigned i = 0; i < 4; i++) {
        if (!noise_patch_result(noise, i, &value) || value != expected[i]) {
            return 0;
        }
    }
    return !noise_patch_result(noise, 4, &value) &&
           noise_patch_call(noise, noise_patch_find_function("one"), &big, 1) &&
           noise_patch_result(noise, 0, &value) && value == -1 &&
           !noise_patch_result(noise, 1, &value) &&
           noise_patch_call(noise, noise_patch_find_function("none"), NULL,
                            0) &&
           !noise_patch_result(noise, 0, &value);
}

int main(void)
{
    static float samples[BLOCKS][2][FRAMES];
    float *outs[2][1];
    struct ramp_patch *ramp = ramp_patch_create();
    struct noise_patch *noise = noise_patch_create();
    if (ramp == NULL || noise == NULL || ramp_patch_create() != NULL ||
        ramp_patch_info().block_frames != FRAMES ||
        ramp_patch_info().outputs != 1) {
        (void)fprintf(stderr, "%s%s\n", ramp_patch_error(NULL),
                      noise_patch_error(NULL));
        return 1;
    }
    for (int block = 0; block < BLOCKS; block++) {
        outs[0][0] = samples[block][0];
        outs[1][0] = samples[block][1];
        if (!ramp_patch_process(ramp, NULL, outs[0]) ||
            !noise_patch_process(noise, NULL, outs[1])) {
            return 2;
        }
    }
    for (int patch = 0; patch < 2; patch++) {
        for (int block = 0; block < BLOCKS; block++) {
            (void)fwrite(samples[block][patch], sizeof(float), FRAMES, stdout);
        }
    }
    if (!results_are_right(noise)) {
        return 4;
    }
    ramp_patch_destroy(ramp);
    noise_patch_destroy(noise);
    return helper() == 1 ? 0 : 3;
}
