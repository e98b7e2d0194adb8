/* lifecycles SERVICE: print the life-cycles of a service's aggregates as Markdown, from the tables
 * that decide. What comes out stands in the services' READMEs (lifecycles.py puts it there).
 * lifecycles --roles: a line for each command, which roles may give it in some state, and which may write
 * it down for whom (coordinator:mentor); the documents have it from there (schemas/documents.py). lifecycles: which services have any. */
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "core/descriptor.h"
#include "core/error.h"
#include "core/input.h"
#include "lives.h"

enum { NONE = 0, ROLES = sizeof actor_role_words / sizeof actor_role_words[0] - 1 };

/* Lists this long are shorter by what is not in them; arrows from so many states are no drawing. */
enum { MANY = 6, FEW = 2 };

/* Steps and moves alike, joined: from each of these states the same. */
struct way {
    unsigned from; /* bits */
    unsigned to;
    bool stays, is_command;
    unsigned command, who;
    const char *when;
};

struct ways {
    size_t count;
    struct way at[128];
};

static bool is_alike(const struct way *a, const struct way *b)
{
    if (a->is_command != b->is_command || a->stays != b->stays) return false;
    if (a->is_command ? a->command != b->command || a->who != b->who
                      : strcmp(a->when, b->when) != 0)
        return false;
    return a->stays ? (a->from == 1u << NONE) == (b->from == 1u << NONE) : a->to == b->to;
}

static void add(struct ways *ways, struct way way)
{
    for (size_t i = 0; i < ways->count; i++)
        if (is_alike(&ways->at[i], &way)) {
            ways->at[i].from |= way.from;
            return;
        }
    if (ways->count == sizeof ways->at / sizeof ways->at[0]) bug("a life with too many ways");
    ways->at[ways->count++] = way;
}

static void join(const struct life *life, struct ways *ways)
{
    ways->count = 0;
    for (const struct step *s = life->steps; s < life->steps + life->step_count; s++)
        add(ways, (struct way){.from = 1u << s->from,
                               .to = s->to,
                               .stays = s->from == s->to,
                               .is_command = true,
                               .command = s->command,
                               .who = s->who});
    for (const struct move *m = life->moves; m < life->moves + life->move_count; m++)
        add(ways,
            (struct way){
                .from = 1u << m->from, .to = m->to, .stays = m->from == m->to, .when = m->when});
}

/* Every state that there is but `none`. */
static unsigned all_of(const struct life *life)
{
    return ((1u << lives_states(life)) - 1) & ~(1u << NONE);
}

/* The table. */

static void print_states(const struct life *life, unsigned states)
{
    const char *comma = "";

    for (unsigned s = 0; states >> s != 0; s++) {
        if ((states >> s & 1) == 0) continue;
        printf("%s%s", comma, lives_state(life, s));
        comma = ", ";
    }
}

static void print_from(const struct life *life, unsigned from)
{
    const unsigned all = all_of(life), rest = all & ~from;

    if (all == 0 || from == 1u << NONE) {
        printf("–");
    } else if (rest == 0) {
        printf("any");
    } else if (__builtin_popcount(from) >= MANY && __builtin_popcount(rest) <= FEW) {
        printf("any but ");
        print_states(life, rest);
    } else {
        print_states(life, from);
    }
}

static void print_who(unsigned who)
{
    const char *comma = "";

    for (unsigned role = 0; role < ROLES; role++) {
        if ((who >> role & 1) == 0) continue;
        printf(role == ACTOR_ROLE_TM || role == ACTOR_ROLE_SYS ? "%s*%s*" : "%s%s", comma,
               life_letters[role]);
        comma = ", ";
    }
}

static void print_table(const struct life *life, const struct ways *ways)
{
    printf("| from | command | to | who |\n|---|---|---|---|\n");
    for (const struct way *way = ways->at; way < ways->at + ways->count; way++) {
        printf("| ");
        print_from(life, way->from);
        if (way->is_command)
            printf(" | `%s` | ", lives_command(life, way->command));
        else
            printf(" | *when %s* | ", way->when);
        printf("%s | ", all_of(life) == 0 ? "–" : way->stays ? "same" : lives_state(life, way->to));
        print_who(way->who);
        printf(way->is_command ? " |\n" : "– |\n");
    }
    printf("\n");
}

/* The drawing. */

static bool is_drawn(const struct way *way)
{
    return !way->stays && __builtin_popcount(way->from) < MANY;
}

static void print_place(const struct life *life, unsigned state)
{
    printf("%s", state == NONE ? "[*]" : lives_state(life, state));
}

static bool leads(const struct way *way, unsigned from, unsigned to)
{
    return is_drawn(way) && (way->from >> from & 1) != 0 && way->to == to;
}

static bool has_command(const struct ways *ways, unsigned from, unsigned to)
{
    for (const struct way *way = ways->at; way < ways->at + ways->count; way++)
        if (way->is_command && leads(way, from, to)) return true;
    return false;
}

/* One arrow with all that leads from one state to another: commands, or else what happens. */
static void print_arrow(const struct life *life, const struct ways *ways, unsigned from,
                        unsigned to)
{
    const bool is_commanded = has_command(ways, from, to);
    const char *comma = ": ";

    for (const struct way *way = ways->at; way < ways->at + ways->count; way++) {
        if (!leads(way, from, to) || way->is_command != is_commanded) continue;
        if (comma[0] == ':') {
            printf("    ");
            print_place(life, from);
            printf(" --> ");
            print_place(life, to);
        }
        printf("%s%s%s", comma, way->is_command ? lives_command(life, way->command) : way->when,
               way->who == ROLE_TM ? " (a deadline)" : "");
        comma = ", ";
    }
    if (comma[0] == ',') printf("\n");
}

static bool is_left(const struct ways *ways, unsigned state)
{
    for (const struct way *way = ways->at; way < ways->at + ways->count; way++)
        if (is_drawn(way) && (way->from >> state & 1) != 0) return true;
    return false;
}

static void print_left_out(const struct life *life, const struct ways *ways)
{
    const char *comma = "Not drawn, from almost everywhere: ";

    for (const struct way *way = ways->at; way < ways->at + ways->count; way++) {
        if (way->stays || is_drawn(way) || !way->is_command) continue;
        printf("%s`%s`", comma, lives_command(life, way->command));
        comma = ", ";
    }
    if (comma[0] == ',') printf(".\n\n");
}

static void print_drawing(const struct life *life, const struct ways *ways)
{
    const unsigned states = lives_states(life);

    printf("```mermaid\nstateDiagram-v2\n");
    for (unsigned from = 0; from < states; from++) {
        for (unsigned to = 0; to < states; to++)
            print_arrow(life, ways, from, to);
        if (from != NONE && !is_left(ways, from))
            printf("    %s --> [*]\n", lives_state(life, from));
    }
    printf("```\n\n");
    print_left_out(life, ways);
}

/* Who may what. */

static unsigned who_may(const struct life *life, unsigned command)
{
    unsigned who = 0;

    for (const struct step *step = life->steps; step < life->steps + life->step_count; step++)
        if (step->command == command) who |= step->who;
    return who;
}

static void print_commands(const struct life *life, unsigned role, const char **semicolon)
{
    const char *comma = "";

    for (unsigned c = 0; c < life->contract->command_count; c++) {
        if ((who_may(life, c) >> role & 1) == 0) continue;
        if (comma[0] == 0) printf("%s%s: ", *semicolon, life->contract->name);
        printf("%s`%s`", comma, lives_command(life, c));
        comma = ", ";
        *semicolon = "; ";
    }
}

static bool is_of(const struct life *life, const char *service)
{
    return strcmp(life->contract->service, service) == 0;
}

static void print_roles(const char *service)
{
    for (unsigned role = 0; role < ROLES; role++) {
        const char *semicolon = "";
        unsigned may = 0;

        for (size_t i = 0; lives[i] != NULL; i++)
            for (unsigned c = 0; c < lives[i]->contract->command_count; c++)
                if (is_of(lives[i], service)) may |= who_may(lives[i], c);
        if ((may >> role & 1) == 0) continue;
        printf("| %s | %s | ", life_letters[role], actor_role_words[role]);
        for (size_t i = 0; lives[i] != NULL; i++)
            if (is_of(lives[i], service)) print_commands(lives[i], role, &semicolon);
        printf(" |\n");
    }
}

static void print_recorded(const struct life *life, unsigned role, enum voice of,
                           const char **semicolon)
{
    const char *comma = "";

    for (unsigned c = 0; c < life->contract->command_count; c++) {
        if ((life_scribes(life, c, of) >> role & 1) == 0) continue;
        if (comma[0] == 0) printf("%s%s: ", *semicolon, life->contract->name);
        printf("%s`%s`", comma, lives_command(life, c));
        comma = ", ";
        *semicolon = "; ";
    }
}

/* Whether there is anything; printed unless it is only asked. */
static bool print_scribe(const char *service, unsigned role, enum voice of, bool is_asked)
{
    const char *semicolon = "";
    unsigned may = 0;

    for (size_t i = 0; lives[i] != NULL; i++)
        for (unsigned c = 0; c < lives[i]->contract->command_count; c++)
            if (is_of(lives[i], service)) may |= life_scribes(lives[i], c, of);
    if ((may >> role & 1) == 0 || is_asked) return (may >> role & 1) != 0;
    printf("| %s | %s | %s | ", life_letters[role], actor_role_words[role], voice_words[of]);
    for (size_t i = 0; lives[i] != NULL; i++)
        if (is_of(lives[i], service)) print_recorded(lives[i], role, of, &semicolon);
    printf(" |\n");
    return true;
}

static bool print_scribes(const char *service, bool is_asked)
{
    bool is_any = false;

    for (unsigned role = 0; role < ROLES; role++)
        for (unsigned of = 0; of < LIFE_VOICES; of++)
            is_any |= print_scribe(service, role, (enum voice)of, is_asked);
    return is_any;
}

static void print_service(const char *service)
{
    struct ways ways;

    for (size_t i = 0; lives[i] != NULL; i++) {
        if (!is_of(lives[i], service)) continue;
        join(lives[i], &ways);
        printf("### %s\n\n", lives[i]->contract->name);
        print_table(lives[i], &ways);
        if (lives_states(lives[i]) > 0) print_drawing(lives[i], &ways);
    }
    printf("### Who may give which command\n\n| | role | |\n|---|---|---|\n");
    print_roles(service);
    if (!print_scribes(service, true)) return;
    printf("\n### Who may write down for whom what they said (`behalf`)\n\n| | role | of | |\n"
           "|---|---|---|---|\n");
    print_scribes(service, false);
}

static void print_givers(const struct life *life, unsigned command)
{
    const unsigned who = who_may(life, command);

    printf("%s", life->contract->commands[command].body->name);
    for (unsigned role = 0; role < ROLES; role++)
        if ((who >> role & 1) != 0) printf(" %s", actor_role_words[role]);
    for (unsigned role = 0; role < ROLES; role++)
        for (unsigned of = 0; of < LIFE_VOICES; of++)
            if ((life_scribes(life, command, (enum voice)of) >> role & 1) != 0)
                printf(" %s:%s", actor_role_words[role], voice_words[of]);
    printf("\n");
}

static int print_all_givers(void)
{
    for (size_t i = 0; lives[i] != NULL; i++)
        for (unsigned c = 0; c < lives[i]->contract->command_count; c++)
            print_givers(lives[i], c);
    return 0;
}

int main(int argc, char **argv)
{
    if (argc == 2 && strcmp(argv[1], "--roles") == 0) return print_all_givers();
    for (int i = 1; i < argc; i++)
        print_service(argv[i]);
    for (size_t i = 0; argc == 1 && lives[i] != NULL; i++)
        if (i == 0 || !is_of(lives[i], lives[i - 1]->contract->service))
            printf("%s\n", lives[i]->contract->service);
    return 0;
}
