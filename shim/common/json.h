/* SPDX-License-Identifier: MIT */
/*
 * JSON, element by element: commas, quotes and line breaks are set here, so
 * that all that is printed has one shape. Text of any origin comes out as valid
 * ASCII. Control thread.
 */
#ifndef F4E_JSON_H
#define F4E_JSON_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

struct json {
    FILE *file;
    /* Containers nested no deeper than this have a line for each element; 0:
     * all of it in one line, without blanks. */
    unsigned lines;

    /* Its own. */
    unsigned depth;   /* of the container that is open */
    uint32_t has_any; /* a bit for each depth: an element is in it already */
    bool is_named;    /* a key waits for its value */
};

/* Nothing is open yet. */
void json_init(struct json *json, FILE *file, unsigned lines);

/* '{' or '[', and its counterpart. After the outermost comes a line feed, if
 * there are line breaks at all. At most 31 deep. */
void json_open(struct json *json, char bracket);
void json_close(struct json *json, char bracket);

/* The key of the value that follows; any text. */
void json_key(struct json *json, const char *name);

/* Values. Numbers that JSON does not have become null. */
void json_string(struct json *json, const char *text);
void json_unsigned(struct json *json, uint64_t number);
void json_fixed(struct json *json, double number, int decimals);
void json_bool(struct json *json, bool value);
void json_null(struct json *json);
/* What is JSON already. */
void json_raw(struct json *json, const char *text);

/* A key and its value. */
void json_open_member(struct json *json, const char *name, char bracket);
void json_member_string(struct json *json, const char *name, const char *text);
void json_member_unsigned(struct json *json, const char *name, uint64_t number);
void json_member_fixed(struct json *json, const char *name, double number,
                       int decimals);
void json_member_bool(struct json *json, const char *name, bool value);
/* A list of the least and the most. */
void json_member_range(struct json *json, const char *name,
                       const unsigned range[2]);

#endif
