/* SPDX-License-Identifier: MIT */
/* One variable and the controller that moves it. */
#ifndef F4E_CC_ENTRY_H
#define F4E_CC_ENTRY_H

#include "cc/cc_hand.h"
#include "cc/cc_source.h"
#include "common/element.h"
#include "common/failure.h"
#include "f4e_patch.h"
#include "rt/inbox.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* As a user writes it. */
struct cc_setting {
    struct cc_source source;
    bool has_min, has_max;
    double min, max; /* at the source's least and greatest position */
    enum cc_takeover takeover;
};

struct cc_target {
    uint32_t memory;  /* index */
    uint32_t address; /* bytes */
    enum f4e_element element;
};

struct cc_entry {
    char *name;     /* "module:variable" */
    char *rest;     /* members of the file that mean nothing here: ', "x": 1' */
    bool is_option; /* of the command line: the file does not have it */
    struct cc_setting setting;

    /* What it comes to. */
    bool is_switch; /* 'low' or 'high', nothing between them */
    bool is_fade;   /* two targets get (1-p)/2 and (1+p)/2 */
    double low, high;
    double base, step; /* steps counted from 'base'; 0: none */
    struct cc_target targets[2];
    unsigned target_count;

    /* Where both are: the MIDI thread's. */
    struct cc_hand hand;
    uint8_t coarse;
    bool has_sent;
    uint64_t sent; /* the change that was sent last, counted by the inbox */
    double share;
    uint8_t bytes[ELEMENT_BYTES_MAX]; /* of the first target */
};

/*
 * Find the variable and its widget, and set all but 'name' and 'rest'. Fails
 * with STATUS_USAGE: no such variable, or a range beyond its type.
 */
F4E_MUST_CHECK bool cc_entry_resolve(struct cc_entry *entry,
                                     const struct f4e_patch *patch,
                                     const char *name,
                                     const struct cc_setting *setting,
                                     struct failure *failure);

/* The same variable of another patch, with the controller where it is. Without
 * one it has no targets. */
void cc_entry_follow(struct cc_entry *entry, const struct f4e_patch *patch);

/* The number that a part of the range, 0 to 1, stands for. */
double cc_entry_value(const struct cc_entry *entry, double share);

/*
 * MIDI thread: the source is at 'position' now; send what comes of it. There is
 * room for target_count changes in the inbox, which has no other producer.
 */
void cc_entry_move(struct cc_entry *entry, const struct f4e_patch *patch,
                   struct inbox *inbox, double position);

void cc_entry_free(struct cc_entry *entry);

#endif
