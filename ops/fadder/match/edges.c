/* The plain format: two lines of numbers say more than a header. */
#include "match/match.h"

#include <stdlib.h>
#include <string.h>

#include "core/error.h"

struct reader {
    const char *path;
    const char *at, *end;   /* of the bytes */
    const char *line_begin; /* of the line that is read */
    uint64_t line;
    struct error *err;
};

static bool wrong(struct reader *r, const char *at, const char *what)
{
    return error_set(r->err, ERROR_INVALID, "match.edges", "%.90s, line %llu, column %lld: %s",
                     r->path, (unsigned long long)r->line, (long long)(at - r->line_begin + 1),
                     what);
}

static void skip_blanks(struct reader *r)
{
    while (r->at < r->end && (*r->at == ' ' || *r->at == '\t'))
        r->at++;
}

static bool at_line_end(const struct reader *r)
{
    return r->at == r->end || *r->at == '\n' ||
           (*r->at == '\r' && r->at + 1 < r->end && r->at[1] == '\n');
}

static bool read_number(struct reader *r, const char *what, int64_t low, int64_t high,
                        int64_t *number)
{
    const char *begin;

    skip_blanks(r);
    begin = r->at;
    while (!at_line_end(r) && *r->at != ' ' && *r->at != '\t')
        r->at++;
    return match_number(begin, (size_t)(r->at - begin), low, high, number) || wrong(r, begin, what);
}

static bool end_line(struct reader *r)
{
    skip_blanks(r);
    if (!at_line_end(r)) return wrong(r, r->at, "there is more on this line than belongs there");
    if (r->at < r->end && *r->at == '\r') r->at++;
    if (r->at < r->end) r->at++;
    r->line_begin = r->at;
    r->line++;
    return true;
}

static bool read_head(struct reader *r, struct matching_instance *in)
{
    static const char what[] =
        "the first line is the number of mentors and that of participants, 0 to 16777216 each";
    int64_t mentors, participants;

    if (!read_number(r, what, 0, MATCHING_PEOPLE_MAX, &mentors) ||
        !read_number(r, what, 0, MATCHING_PEOPLE_MAX, &participants) || !end_line(r))
        return false;
    in->mentors = (uint32_t)mentors;
    in->participants = (uint32_t)participants;
    return true;
}

static bool read_capacity(struct reader *r, struct match_edges *e)
{
    int64_t mentor, places;

    r->at += strlen("capacity");
    if (!read_number(r, "expected a mentor's number, from 0", 0, (int64_t)e->instance.mentors - 1,
                     &mentor) ||
        !read_number(r, "expected a number of places, 0 to 65536", 0, MATCHING_CAPACITY_MAX,
                     &places))
        return false;
    e->mentor_capacity[mentor] = (uint32_t)places;
    return true;
}

static bool read_edge(struct reader *r, struct match_edges *e, size_t *room)
{
    int64_t mentor, participant, score;

    if (!read_number(r, "expected a mentor's number, from 0, or \"capacity\"", 0,
                     (int64_t)e->instance.mentors - 1, &mentor) ||
        !read_number(r, "expected a participant's number, from 0", 0,
                     (int64_t)e->instance.participants - 1, &participant) ||
        !read_number(r, "expected a score, a whole number of at most 2147483647 either way",
                     -MATCHING_SCORE_MAX, MATCHING_SCORE_MAX, &score))
        return false;
    if (e->instance.edge_count == *room) {
        *room = *room == 0 ? 4096 : 2 * *room;
        e->edges = realloc(e->edges, *room * sizeof *e->edges);
        if (e->edges == NULL) bug("match: no memory for %zu edges", *room);
    }
    e->edges[e->instance.edge_count++] =
        (struct matching_edge){(uint32_t)participant, (uint32_t)mentor, (int32_t)score};
    return true;
}

static uint32_t *everybody(uint32_t count, uint32_t capacity)
{
    uint32_t *list = malloc((count + 1) * sizeof *list);

    if (list == NULL) bug("match: no memory for %u people", count);
    for (uint32_t i = 0; i < count; i++)
        list[i] = capacity;
    return list;
}

static bool read_lines(struct reader *r, struct match_edges *e)
{
    size_t room = 0;

    while (r->at < r->end) {
        skip_blanks(r);
        if (r->end - r->at > 8 && memcmp(r->at, "capacity", 8) == 0 &&
            (r->at[8] == ' ' || r->at[8] == '\t')) {
            if (!read_capacity(r, e)) return false;
        } else if (!at_line_end(r) && !read_edge(r, e, &room)) {
            return false;
        }
        if (!end_line(r)) return false;
    }
    return true;
}

bool match_edges_load(const char *path, uint32_t mentor_capacity, uint32_t participant_capacity,
                      struct match_edges *edges, struct error *err)
{
    struct match_edges e = {0};
    struct reader r = {.path = path, .line = 1, .err = err};
    char *bytes;
    size_t size;

    if (!match_load(path, &bytes, &size, err)) return false;
    r.at = r.line_begin = bytes;
    r.end = bytes + size;
    if (size >= 3 && memcmp(bytes, "\xef\xbb\xbf", 3) == 0) r.at = r.line_begin = bytes + 3;
    if (!read_head(&r, &e.instance)) goto bad;
    e.mentor_capacity = everybody(e.instance.mentors, mentor_capacity);
    e.participant_capacity = everybody(e.instance.participants, participant_capacity);
    if (!read_lines(&r, &e)) goto bad;
    free(bytes);
    e.instance.mentor_capacity = e.mentor_capacity;
    e.instance.participant_capacity = e.participant_capacity;
    e.instance.edges = e.edges;
    *edges = e;
    return true;

bad:
    free(bytes);
    match_edges_free(&e);
    return false;
}

void match_edges_free(struct match_edges *e)
{
    free(e->participant_capacity);
    free(e->mentor_capacity);
    free(e->edges);
}
