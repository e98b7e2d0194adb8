/* fadder audit: who was refused what, who was let in nowhere, who was cleared, whose protection changed; which program
 * asked for what it is not admitted to; and who read whom. */
#include <stdio.h>
#include <string.h>

#include "ask/ask.h"
#include "contract/audit.h"
#include "contract/reading.h"
#include "core/date.h"
#include "core/error.h"
#include "core/instant.h"
#include "operator/command.h"
#include "operator/home.h"
#include "operator/options.h"

struct looking {
    const char *kind; /* NULL: all */
    struct id programme;
    bool has_programme;
    size_t count;
};

static void print_id(const char *before, bool has, struct id id)
{
    char text[ID_TEXT_SIZE];

    if (!has) return;
    id_write(id, text);
    printf("  %s %s", before, text);
}

static bool is_asked_for(const struct looking *looking, bool has_programme, struct id programme)
{
    return !looking->has_programme || (has_programme && id_equal(programme, looking->programme));
}

static bool print_audit(void *cookie, const void *row)
{
    const struct audit *one = row;
    struct looking *looking = cookie;
    char first[INSTANT_TEXT_SIZE], last[INSTANT_TEXT_SIZE];

    if (!is_asked_for(looking, one->has_programme, one->programme)) return true;
    if (looking->kind != NULL && strcmp(audit_kind_words[one->kind], looking->kind) != 0)
        return true;
    instant_write(one->first, first);
    instant_write(one->last, last);
    printf("%s  %-9s  %s  %s", first, audit_kind_words[one->kind], one->what, one->code);
    print_id("about", one->has_about, one->about);
    print_id("person", one->has_person && !(one->has_about && id_equal(one->about, one->person)),
             one->person);
    if (one->has_role) printf("  by %s", actor_role_words[one->role]);
    print_id("actor", one->has_actor, one->actor);
    print_id("asked by", one->has_asked_by, one->asked_by);
    print_id("credential", one->has_credential, one->credential);
    if (one->has_address) printf("  from %s", one->address);
    if (one->has_program) printf("  program %s", one->program);
    if (one->has_service) printf("  at %s", one->service);
    if (one->times > 1) printf("  %lld times until %s", (long long)one->times, last);
    printf("\n");
    looking->count++;
    return true;
}

static bool print_reading(void *cookie, const void *row)
{
    const struct reading *one = row;
    struct looking *looking = cookie;
    char at[INSTANT_TEXT_SIZE], person[ID_TEXT_SIZE];

    if (!is_asked_for(looking, true, one->programme)) return true;
    instant_write(one->at, at);
    id_write(one->person, person);
    printf("%s  read       %s  %s  person %s  by %s", at, reading_what_words[one->what],
           person_purpose_words[one->purpose], person, actor_role_words[one->role]);
    print_id("actor", one->has_reader, one->reader);
    print_id("credential", one->has_credential, one->credential);
    printf("\n");
    looking->count++;
    return true;
}

static bool is_kind(const char *given)
{
    for (size_t i = 0; i < sizeof audit_kind_words / sizeof audit_kind_words[0] - 1; i++)
        if (strcmp(audit_kind_words[i], given) == 0) return true;
    return false;
}

int command_audit(int argc, char **argv)
{
    static const char audit[] = "audit";
    struct option options[] = {
        {.name = "--programme", .value = "P", .what = "only this one's, by its slug"},
        {.name = "--person", .value = "ID", .what = "only what concerns this one"},
        {.name = "--kind",
         .value = "K",
         .what = "refused, sign_in, cleared, protected, restricted, erasure, mailbox, exported or "
                 "program"},
        {.name = "--readings", .what = "who was given whose details, instead"},
    };
    const struct ask_for nobody = {0};
    const char *person, *filter;
    struct looking looking = {0};
    struct ask_for scope = {0};
    struct error err;
    struct id id;
    bool is_reading;
    int code;

    if (!options_read(
            argc, argv, audit,
            "Lists, oldest first: who was refused what, and how often; from where nobody was let "
            "in;\n"
            "who was cleared to know who protected people are; whose protection changed; which\n"
            "program asked another for what its key is not admitted to. What a programme's data\n"
            "protection officer sees of their own, of all.",
            options, sizeof options / sizeof options[0], &code))
        return code;
    person = options[1].given;
    filter = person == NULL ? NULL : "person";
    looking.kind = options[2].given;
    is_reading = options[3].given != NULL;
    if (person != NULL && !id_read(person, strlen(person), &id))
        return options_refuse(audit, &options[1], "it must be a person's id, a UUID");
    if (looking.kind != NULL && !is_kind(looking.kind))
        return options_refuse(
            audit, &options[2],
            "it must be refused, sign_in, cleared, protected, restricted, erasure, mailbox, "
            "exported or program");
    if (!home_enter(&err)) return ask_failed(audit, &err);
    if (options[0].given != NULL && !ask_programme(options[0].given, &scope, &err))
        return ask_failed(audit, &err);
    looking.has_programme = options[0].given != NULL;
    looking.programme = scope.programme;
    if (!ask_rows(&nobody, find_record(is_reading ? "reading" : "audit", NULL), filter, person,
                  is_reading ? print_reading : print_audit, &looking, &err))
        return ask_failed(audit, &err);
    if (looking.count == 0) printf("There is nothing.\n");
    ask_end();
    return EXIT_DONE;
}
