#include "scrape.h"

#include <string.h>

#include "core/error.h"
#include "front/out.h"

static const char head[] = "# HELP ";

/* A family: its head's lines, and the lines behind. */
struct family {
    const char *name, *at, *lines, *end;
    size_t name_size;
};

static const char *next_line(const char *at)
{
    const char *end = strchr(at, '\n');

    return end == NULL ? at + strlen(at) : end + 1;
}

/* The family that begins at, or is the first behind, `at`; name NULL: there is none. */
static struct family find(const char *at)
{
    struct family family = {.name = NULL};

    while (*at != '\0' && strncmp(at, head, sizeof head - 1) != 0)
        at = next_line(at);
    family.at = at;
    if (*at == '\0') return family;
    family.name = at + sizeof head - 1;
    family.name_size = strcspn(family.name, " \n");
    while (*at == '#')
        at = next_line(at);
    family.lines = at;
    while (*at != '\0' && *at != '#')
        at = next_line(at);
    family.end = at;
    return family;
}

static int compare(const struct family *a, const struct family *b)
{
    const size_t size = a->name_size < b->name_size ? a->name_size : b->name_size;
    const int order = memcmp(a->name, b->name, size);

    return order != 0 ? order : (a->name_size > b->name_size) - (a->name_size < b->name_size);
}

/* `name{labels} value` or `name value`, with one label more in front. */
static void add_lines(struct out *out, const struct family *family, const char *program)
{
    for (const char *line = family->lines; line < family->end; line = next_line(line)) {
        const size_t name = strcspn(line, "{ \n"), whole = (size_t)(next_line(line) - line);

        if (line[name] == '\n' || line[name] == '\0') continue;
        out_add(out, line, name);
        out_format(out, "{program=\"%s\"", program);
        if (line[name] == '{') {
            out_add(out, ",", 1);
            out_add(out, line + name + 1, whole - name - 1);
        } else {
            out_add(out, "}", 1);
            out_add(out, line + name, whole - name);
        }
        if (line[whole - 1] != '\n') out_add(out, "\n", 1);
    }
}

void scrape_merge(const struct scrape_source *sources, size_t count, struct out *out)
{
    struct family at[SCRAPE_SOURCES_MAX];

    if (count > SCRAPE_SOURCES_MAX) bug("scrape: %zu sources", count);
    for (size_t i = 0; i < count; i++)
        at[i] = find(sources[i].text);
    for (;;) {
        const struct family *least = NULL;
        struct family now;

        for (size_t i = 0; i < count; i++)
            if (at[i].name != NULL && (least == NULL || compare(&at[i], least) < 0)) least = &at[i];
        if (least == NULL) return;
        now = *least;
        out_add(out, now.at, (size_t)(now.lines - now.at));
        for (size_t i = 0; i < count; i++) {
            if (at[i].name == NULL || compare(&at[i], &now) != 0) continue;
            add_lines(out, &at[i], sources[i].program);
            at[i] = find(at[i].end);
        }
    }
}
