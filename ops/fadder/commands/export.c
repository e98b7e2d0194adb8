/* fadder export: everything that is known about somebody, for them (GDPR, articles 15 and 20).
 *
 * A row is about them if any of its ids is theirs, whatever it is called: what is added to the schemas later is found too. What
 * the vault holds is opened once, for the purpose `own`, and that is a reading like others: it stands in the readings that follow.
 */
#include <stdio.h>
#include <string.h>

#include "ask/ask.h"
#include "base/clock.h"
#include "base/crypto.h"
#include "contract/all.h"
#include "contract/person.h"
#include "core/descriptor.h"
#include "core/error.h"
#include "core/json.h"
#include "operator/command.h"
#include "operator/home.h"
#include "operator/options.h"
#include "operator/shown.h"

static const char export[] = "export";

enum { JSON_ROOM = 1 << 16 };

struct exporting {
    struct id person;
    const struct record *record;
    bool has_record, has_any; /* something of this record, of any, was printed */
    struct error *err;
    bool is_ok;
};

static bool print_value(const struct descriptor *descriptor, const void *value, struct error *err)
{
    char json[JSON_ROOM];
    size_t size = sizeof json;
    const bool is_ok = json_write(descriptor, value, json, &size, err);

    if (is_ok) shown_json(json, size);
    crypto_wipe(json, sizeof json);
    return is_ok;
}

static bool is_about(const struct descriptor *descriptor, const void *row, struct id person)
{
    const char *at = row;

    for (size_t i = 0; i < descriptor->count; i++) {
        const struct field *field = &descriptor->fields[i];

        if (field->type == FIELD_ID && (field->present == NO_FLAG || at[field->present]) &&
            memcmp(at + field->offset, &person, sizeof person) == 0)
            return true;
    }
    return false;
}

static bool print_row(void *cookie, const void *row)
{
    struct exporting *e = cookie;

    if (!is_about(e->record->row, row, e->person)) return true;
    if (e->has_record)
        printf(",\n  ");
    else
        printf("%s\n \"%s\":[\n  ", e->has_any ? "," : "", e->record->row->name);
    e->has_record = e->has_any = true;
    return e->is_ok = print_value(e->record->row, row, e->err);
}

static bool print_record(const struct ask_for *scope, struct exporting *e)
{
    e->has_record = false;
    if (!ask_rows(scope, e->record, NULL, NULL, print_row, e, e->err) || !e->is_ok) return false;
    if (e->has_record) printf("]");
    return true;
}

/* What a view of another service's has is a copy of what stands here already. */
static bool print_records(const struct ask_for *scope, struct exporting *e)
{
    for (size_t i = 0; i < contract_count; i++)
        for (size_t n = 0; n < contracts[i]->record_count; n++) {
            e->record = &contracts[i]->records[n];
            if (e->record->route != NULL && !print_record(scope, e)) return false;
        }
    return true;
}

static bool print_details(const struct ask_for *scope, struct id id, struct error *err)
{
    const struct person_read body = {
        .purpose = PERSON_PURPOSE_OWN, .has_exported = true, .exported = true};
    struct person_known who;
    bool is_ok = ask_opened(scope, find_command("person.read", NULL), id, &body, &who, err);

    if (!is_ok) return false;
    printf(",\"details\":");
    is_ok = print_value(&person_known_descriptor, &who, err);
    crypto_wipe(&who, sizeof who);
    return is_ok;
}

static bool print_all(struct id id, const char *text, struct error *err)
{
    struct exporting e = {.person = id, .err = err, .is_ok = true};
    struct person person;
    struct ask_for scope = {0};
    char at[INSTANT_TEXT_SIZE];

    if (!ask_row(&scope, find_record("person", NULL), id, &person, err)) return false;
    scope = (struct ask_for){person.programme, person.country};
    instant_write((struct instant){clock_now_ms()}, at);
    printf("{\"person\":\"%s\",\"at\":\"%s\"", text, at);
    if (person.state == PERSON_STATE_ACTIVE && !print_details(&scope, id, err)) return false;
    printf(",\"records\":{");
    if (!print_records(&scope, &e)) return false;
    printf("}}\n");
    return true;
}

int command_export(int argc, char **argv)
{
    struct option options[] = {{.name = "PERSON", .what = "whose id it is", .is_required = true}};
    struct error err;
    struct id id;
    int code;

    if (!options_read(
            argc, argv, export,
            "Prints everything that is known about a person, as JSON, to be given to them: what\n"
            "the vault holds of who they are, and every record of every service that has their\n"
            "id in it. That the vault was opened is recorded, for the purpose `own`, and that\n"
            "it was handed out, in the audit. Words of\n"
            "mentors' questions are not among it: whoever may reads those over HTTP.",
            options, sizeof options / sizeof options[0], &code))
        return code;
    if (!id_read(options[0].given, strlen(options[0].given), &id))
        return options_refuse(export, &options[0], "it must be an id, a UUID");
    if (!home_enter(&err) || !print_all(id, options[0].given, &err) || fflush(stdout) != 0)
        return ask_failed(export, &err);
    ask_end();
    return EXIT_DONE;
}
