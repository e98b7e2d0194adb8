/* A text that grows: what an answer is put together in. Room once made is kept. */
#pragma once

#include <stdbool.h>
#include <stddef.h>

struct descriptor;

struct out {
    char *at;
    size_t used, room;
};

void out_clear(struct out *out);
void out_wipe(struct out *out); /* and forget what stood there */
void out_destroy(struct out *out);

void out_add(struct out *out, const char *text, size_t size);
void out_format(struct out *out, const char *format, ...) __attribute__((format(printf, 2, 3)));
/* As a JSON string, with its quotes. text is UTF-8. */
void out_string(struct out *out, const char *text);
/* As a JSON object, by its descriptor. False: it cannot be written, which is our own mistake. */
bool out_value(struct out *out, const struct descriptor *descriptor, const void *value);
/* The same without its braces, to be put among other members; how many members stand there. */
size_t out_members(struct out *out, const struct descriptor *descriptor, const void *value);
