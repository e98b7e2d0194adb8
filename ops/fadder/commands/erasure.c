/* fadder erasure proof: what came of an erasure, of somebody of whom nothing else is known any more (GDPR, articles 5(2), 17 and
 * 19). The data protection officer has the same over HTTP (services/gateway/erasure.c), put together alike.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "ask/ask.h"
#include "contract/all.h"
#include "contract/audit.h"
#include "contract/delivery.h"
#include "contract/journal.h"
#include "contract/message.h"
#include "core/backup.h"
#include "core/date.h"
#include "core/descriptor.h"
#include "core/error.h"
#include "operator/command.h"
#include "operator/home.h"
#include "operator/options.h"
#include "remains.h"
#include "walk.h"

static const char proof_of[] = "erasure proof";

enum { TOLD_MAX = 16 };

struct proof {
    struct id person;
    const char *text; /* their id */
    bool is_erased, is_kept;
    struct instant last;      /* when the last service had dropped them */
    struct id told[TOLD_MAX]; /* deliveries of what partners were told */
    size_t told_count, acknowledged;
    int waiting, rows,
        left; /* mails to them; what is about them, and of that what tells something */
    struct walk walk;
    struct error *err;
};

static const struct ask_for nobody = {0};

static bool take_noted(void *cookie, const void *row)
{
    const struct audit *one = row;
    struct proof *p = cookie;
    char at[INSTANT_TEXT_SIZE];

    if (one->kind != AUDIT_KIND_ERASURE) return true;
    p->is_erased = p->is_erased || strcmp(one->what, "person.erased") == 0;
    instant_write(one->last, at);
    printf("%s  %s  by %s\n", at, one->what,
           one->has_role ? actor_role_words[one->role] : "nobody known");
    return true;
}

static void print_dropped(struct proof *p, const char *service, const struct journal_dropped *one)
{
    const struct instant since = one->has_at ? one->at : one->erased;
    char at[INSTANT_TEXT_SIZE];

    instant_write(since, at);
    if (since.ms > p->last.ms) p->last = since;
    p->is_kept = p->is_kept || one->left || one->sealed;
    if (one->left)
        printf("%-20s  has to overwrite what it was told of them yet\n", service);
    else if (one->has_batch)
        printf("%-20s  dropped %s, as batch %lld of its journal says\n", service, at,
               (long long)one->batch);
    else
        printf("%-20s  was told nothing of them, and heard of it %s\n", service, at);
    if (one->has_sealed) printf("%-20s  %s\n", "key", one->sealed ? "is there yet" : "destroyed");
}

static bool look_at_services(struct proof *p)
{
    for (size_t i = 0; services[i] != NULL; i++) {
        struct journal_dropped one;
        bool is_there;

        if (!has_journal(services[i])) continue;
        if (!ask_dropped(services[i], p->person, &is_there, &one, p->err)) return false;
        if (is_there) {
            print_dropped(p, services[i], &one);
            continue;
        }
        p->is_kept = true;
        printf("%-20s  has not heard of it\n", services[i]);
    }
    return true;
}

/* Every row that is about them, of every service. */

static bool take_row(void *cookie, const void *row)
{
    struct proof *p = cookie;

    if (!walk_is_about(&p->walk, row, p->person)) return true;
    p->rows++;
    p->left += remains_in(walk_record(&p->walk)->row, row);
    return true;
}

static bool look_at_own(struct proof *p, const struct record *record)
{
    void *row = calloc(1, record->row->size);
    bool is_good, is_there = true;

    if (row == NULL) bug("out of memory");
    is_good = ask_row(&nobody, record, p->person, row, p->err);
    if (!is_good && p->err->kind == ERROR_NOT_FOUND) is_good = true, is_there = false;
    if (is_good && is_there) take_row(p, row);
    free(row);
    return is_good;
}

static bool look_at_record(struct proof *p)
{
    const struct record *record = walk_record(&p->walk);
    struct bus_query query = {0};

    walk_narrow(&p->walk, p->person, &query);
    if (query.has_key) return look_at_own(p, record);
    return ask_rows(&nobody, record, query.has_filter ? query.filter : NULL, query.value, take_row,
                    p, p->err);
}

static bool look_at_rows(struct proof *p)
{
    p->walk = (struct walk){.is_narrow = true};
    for (; walk_find(&p->walk); walk_on(&p->walk))
        if (!look_at_record(p)) return false;
    p->is_kept = p->is_kept || p->left > 0;
    printf("%-20s  %d about them, %d tell something\n", "rows", p->rows, p->left);
    return true;
}

static bool take_told(void *cookie, const void *row)
{
    const struct message *message = row;
    struct proof *p = cookie;

    if (message->kind == MESSAGE_KIND_PERSON_ERASED && p->told_count < TOLD_MAX)
        p->told[p->told_count++] = message->id;
    return true;
}

static bool look_at_told(struct proof *p)
{
    struct delivery delivery;

    for (size_t i = 0; i < p->told_count; i++) {
        if (!ask_row(&nobody, find_record("delivery", NULL), p->told[i], &delivery, p->err))
            return false;
        p->acknowledged += delivery.state == DELIVERY_STATE_DELIVERED;
    }
    return true;
}

static bool take_waiting(void *cookie, const void *row)
{
    const struct delivery *delivery = row;
    struct proof *p = cookie;

    p->waiting += id_equal(delivery->to, p->person);
    return true;
}

static bool look_at_messages(struct proof *p)
{
    if (!ask_rows(&nobody, find_record("message", NULL), "about", p->text, take_told, p, p->err) ||
        !look_at_told(p) ||
        !ask_rows(&nobody, find_record("delivery", NULL), "state", "queued", take_waiting, p,
                  p->err))
        return false;
    printf("%-20s  %zu told, %zu acknowledged\n", "partners", p->told_count, p->acknowledged);
    printf("%-20s  %d to them wait\n", "mails", p->waiting);
    return true;
}

static bool end(struct proof *p)
{
    const bool is_complete =
        p->is_erased && !p->is_kept && p->acknowledged == p->told_count && p->waiting == 0;
    char day[DATE_TEXT_SIZE];

    date_write(instant_date(instant_add_days(p->last, BACKUP_DAYS)), day);
    if (!p->is_kept) printf("%-20s  of before are to be destroyed by %s\n", "backups", day);
    printf("%s\n", is_complete ? "complete" : "not complete");
    return is_complete;
}

/* Who has heard of it has queued what follows, so the services come first. */
static bool print_proof(struct proof *p, bool *is_complete)
{
    if (!ask_rows(&nobody, find_record("audit", NULL), "person", p->text, take_noted, p, p->err))
        return false;
    if (!p->is_erased)
        return error_set(p->err, ERROR_NOT_FOUND, "not_erased",
                         "Nobody with that id has been erased.");
    if (!look_at_services(p) || !look_at_rows(p) || !look_at_messages(p)) return false;
    *is_complete = end(p);
    return true;
}

int command_erasure_proof(int argc, char **argv)
{
    struct option options[] = {{.name = "PERSON", .what = "whose id it is", .is_required = true}};
    struct error err;
    struct proof proof = {.err = &err};
    bool is_complete = false;
    int code;

    if (!options_read(
            argc, argv, proof_of,
            "Tells what came of a person's erasure: who wanted and did it; since when each\n"
            "service has nothing of them in its journal, its state and its files; whether a\n"
            "row that is about them still tells something; whether\n"
            "the key is destroyed; which partners were told and have acknowledged it;\n"
            "which mails to them wait; and by when backups of before are to be destroyed,\n"
            "35 days after. Exit code 1: it is not complete.",
            options, sizeof options / sizeof options[0], &code))
        return code;
    proof.text = options[0].given;
    if (!id_read(proof.text, strlen(proof.text), &proof.person))
        return options_refuse(proof_of, &options[0], "it must be an id, a UUID");
    if (!home_enter(&err) || !print_proof(&proof, &is_complete)) return ask_failed(proof_of, &err);
    ask_end();
    return is_complete ? EXIT_DONE : EXIT_FAILED;
}
