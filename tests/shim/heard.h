/* SPDX-License-Identifier: MIT */
/*
 * What must be heard from a fake card: its log ("log", in the current folder)
 * says where it stopped and what it forgot, an offline render what was played.
 */
#ifndef F4E_TEST_HEARD_H
#define F4E_TEST_HEARD_H

#include <stddef.h>
#include <stdint.h>

enum { HEARD_LCG_SEED = 12345 }; /* of what the card captures */

struct frame {
    float left;
    float right;
};

/* The next sample that the card captures. */
float heard_draw(uint32_t *lcg);

/* As a string: free() it. */
char *heard_read_log(void);

/*
 * Compare "dev.raw" with a render of these arguments. 'silence' frames are
 * played before the patch's, and again after each recovery. Returns how many
 * frames the device forgot. 'name' is for messages.
 */
size_t heard_expect(const char *name, const char *render_arguments,
                    size_t silence);

/*
 * To "in.raw": what the card captured and the patch was given, all but what
 * the card forgot.
 */
void heard_write_input(size_t frames);

#endif
