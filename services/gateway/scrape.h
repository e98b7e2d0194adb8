/* The metrics of several programs as one text (Prometheus text format 0.0.4): what has the same
 * name stands together, and each line says in a label whose it is. */
#pragma once

#include <stddef.h>

struct out;

enum { SCRAPE_SOURCES_MAX = 12 };

struct scrape_source {
    const char *program; /* "registry" */
    const char *text;    /* families sorted by name, each begun by # HELP; ends with a NUL */
};

/* count: at most SCRAPE_SOURCES_MAX. What is not understood is left out. */
void scrape_merge(const struct scrape_source *sources, size_t count, struct out *out);
