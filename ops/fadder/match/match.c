/* fadder match: who mentors whom, from files. */
#include "match/match.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/error.h"
#include "operator/command.h"
#include "operator/options.h"
#include "words/words.h"

enum {
    MENTORS,
    PARTICIPANTS,
    RULES,
    OUT,
    EXPLAIN,
    LANGUAGE,
    TODAY,
    EDGES,
    MENTOR_CAPACITY,
    PARTICIPANT_CAPACITY,
    OBJECTIVE,
    SAME_PEOPLE,
    DIFFERENT_PEOPLE,
    OPTIONS,
};

static int fail(const struct error *err)
{
    fprintf(stderr, "fadder match: %s\n", err->text);
    return EXIT_FAILED;
}

static bool write_pairs(const struct matching *m, uint32_t participants, const char *path,
                        struct error *err)
{
    struct matching_edge pairs[MATCHING_CAPACITY_MAX];
    struct match_file *file = match_open(path, false, err);

    if (file == NULL) return false;
    match_print(file, "participant,mentor,score\n");
    for (uint32_t i = 0; i < participants; i++) {
        const uint32_t count = matching_mentors_of(m, i, pairs, MATCHING_CAPACITY_MAX);

        for (uint32_t k = 0; k < count; k++)
            match_print(file, "%u,%u,%d\n", i, pairs[k].mentor, pairs[k].score);
    }
    return match_close(file, err);
}

static void print_line(const struct matching_instance *in, const struct matching *m, double seconds)
{
    const struct matching_value v = matching_value(m);

    printf(
        "pairs %lld score %lld unmatched_participants %lld unmatched_mentors %lld seconds %.6f\n",
        (long long)v.term[MATCHING_PAIRS], (long long)v.term[MATCHING_SCORE],
        in->participants - (long long)v.term[MATCHING_PARTICIPANTS],
        in->mentors - (long long)v.term[MATCHING_MENTORS], seconds);
}

static int match_edges(const char *path, const struct matching_objective *objective,
                       uint32_t mentor_capacity, uint32_t participant_capacity, const char *out)
{
    struct match_edges edges;
    struct matching *m;
    struct error err;
    double seconds;
    bool ok;

    if (!match_edges_load(path, mentor_capacity, participant_capacity, &edges, &err))
        return fail(&err);
    edges.instance.objective = *objective;
    seconds = match_now();
    m = matching_create(&edges.instance, &err);
    if (m != NULL) matching_solve(m);
    seconds = match_now() - seconds;
    ok = m != NULL && (out == NULL || write_pairs(m, edges.instance.participants, out, &err));
    if (ok) print_line(&edges.instance, m, seconds);
    matching_destroy(m);
    match_edges_free(&edges);
    return ok ? EXIT_DONE : fail(&err);
}

static bool read_capacity(const struct option *option, uint32_t *capacity)
{
    int64_t number = 1;

    if (option->given != NULL &&
        !match_number(option->given, strlen(option->given), 0, MATCHING_CAPACITY_MAX, &number))
        return false;
    *capacity = (uint32_t)number;
    return true;
}

/* Nothing that is read is written over, and nothing is written over itself. */
static bool check_outputs(const struct option *options)
{
    static const unsigned inputs[] = {MENTORS, PARTICIPANTS, RULES, EDGES},
                          outputs[] = {OUT, EXPLAIN};

    for (size_t o = 0; o < sizeof outputs / sizeof outputs[0]; o++)
        for (size_t i = 0; i < sizeof inputs / sizeof inputs[0]; i++) {
            const struct option *out = &options[outputs[o]], *in = &options[inputs[i]];

            if (out->given == NULL || in->given == NULL || !match_overwrites(out->given, in->given))
                continue;
            fprintf(stderr, "fadder match: %s %s would write over %s: give another name\n",
                    out->name, out->given, in->name);
            return false;
        }
    if (options[OUT].given == NULL || options[EXPLAIN].given == NULL ||
        !match_collides(options[OUT].given, options[EXPLAIN].given))
        return true;
    fprintf(stderr, "fadder match: --out and --explain are the same file: give two names\n");
    return false;
}

static enum ids_world world_of(const struct option *options)
{
    if (options[SAME_PEOPLE].given != NULL) return IDS_SAME;
    return options[DIFFERENT_PEOPLE].given != NULL ? IDS_DIFFERENT : IDS_UNSAID;
}

int command_match(int argc, char **argv)
{
    static const char what[] = "Finds the best matching of participants and mentors, from "
                               "spreadsheets (CSV) or from a plain\n"
                               "list of edges; no server is needed. The columns: "
                               "services/mentor-assignment/matching/README.md.";
    struct option options[OPTIONS] = {
        [MENTORS] = {.name = "--mentors", .value = "CSV", .what = "who can be a mentor"},
        [PARTICIPANTS] = {.name = "--participants", .value = "CSV", .what = "who seeks one"},
        [RULES] = {.name = "--rules", .value = "JSON", .what = "weights and hard rules"},
        [OUT] = {.name = "--out", .value = "CSV", .what = "write the pairs there; - is here"},
        [EXPLAIN] = {.name = "--explain", .value = "MD", .what = "write why there"},
        [LANGUAGE] = {.name = "--language",
                      .value = "L",
                      .what = "of why: " WORDS_LANGUAGE_CODES " (en)"},
        [TODAY] = {.name = "--today", .value = "DATE", .what = "waiting is counted up to it"},
        [EDGES] = {.name = "--edges", .value = "FILE", .what = "a plain list instead"},
        [MENTOR_CAPACITY] = {.name = "--mentor-capacity", .value = "N", .what = "with --edges (1)"},
        [PARTICIPANT_CAPACITY] = {.name = "--participant-capacity",
                                  .value = "N",
                                  .what = "with --edges (1)"},
        [OBJECTIVE] = {.name = "--objective",
                       .value = "LIST",
                       .what = "first things first (participants,mentors,pairs,score)"},
        [SAME_PEOPLE] = {.name = "--same-people",
                         .what = "an id that is in both sheets is one person"},
        [DIFFERENT_PEOPLE] = {.name = "--different-people",
                              .what = "an id that is in both sheets is two people"},
    };
    struct matching_objective objective = matching_objective_default;
    uint32_t mentor_capacity, participant_capacity;
    struct error err;
    int code;

    if (!options_read(argc, argv, "match", what, options, OPTIONS, &code)) return code;
    if (options[OBJECTIVE].given != NULL &&
        !matching_objective_read(options[OBJECTIVE].given, &objective, &err))
        return options_refuse("match", &options[OBJECTIVE], err.text);
    if (!read_capacity(&options[MENTOR_CAPACITY], &mentor_capacity))
        return options_refuse("match", &options[MENTOR_CAPACITY], "a number, 0 to 65536");
    if (!read_capacity(&options[PARTICIPANT_CAPACITY], &participant_capacity))
        return options_refuse("match", &options[PARTICIPANT_CAPACITY], "a number, 0 to 65536");
    if (options[SAME_PEOPLE].given != NULL && options[DIFFERENT_PEOPLE].given != NULL) {
        fprintf(stderr, "fadder match: say --same-people or --different-people, not both\n");
        return EXIT_USAGE;
    }
    if (!check_outputs(options)) return EXIT_USAGE;
    if (options[EDGES].given != NULL)
        return match_edges(options[EDGES].given, &objective, mentor_capacity, participant_capacity,
                           options[OUT].given);
    if (options[MENTORS].given == NULL || options[PARTICIPANTS].given == NULL ||
        options[OUT].given == NULL) {
        fprintf(stderr, "fadder match: give --mentors, --participants and --out, or --edges.\n");
        return EXIT_USAGE;
    }
    return match_sheets(&(struct match_sheets){options[MENTORS].given, options[PARTICIPANTS].given,
                                               options[RULES].given, options[OUT].given,
                                               options[EXPLAIN].given, options[TODAY].given,
                                               options[LANGUAGE].given, world_of(options)},
                        &objective);
}
