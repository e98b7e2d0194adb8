/* Where links are kept: a row for each, and ways from both ends. */
#include "link/link.h"

#include "fold/aggregate.h"
#include "person/person.h"
#include "store/table.h"
#include "tables.h"

static bool is_left(const void *row)
{
    const struct link *link = row;

    return link_is_left(link->state) && !link->earlier;
}

/* Some time or other those of it may see who it is about, or the mentor's organisation that there is
 * somebody: not of the many proposals that came to nothing. */
static bool may_be_shown(const void *row)
{
    const struct link *link = row;

    return link_is_shown(link, (struct instant){INT64_MIN});
}

static bool is_under_way(const void *row)
{
    const enum link_state state = ((const struct link *)row)->state;

    return state == LINK_STATE_AGREED || state == LINK_STATE_RUNNING;
}

static const struct index by_referral = {LINKS_BY_REFERRAL, {"referral"}, is_left};
static const struct index of_referral = {LINKS_OF_REFERRAL, {"referral"}, NULL};
static const struct index by_participant = {LINKS_BY_PARTICIPANT, {"participant"}, NULL};
static const struct index shown = {LINKS_SHOWN, {"participant"}, may_be_shown};
static const struct index by_other = {LINKS_BY_OTHER, {"other"}, NULL};
static const struct index under_way = {LINKS_UNDER_WAY, {"other"}, is_under_way};
static const struct index by_host = {LINKS_BY_HOST, {"host"}, NULL};
static const struct index by_programme = {LINKS_BY_PROGRAMME, {"programme"}, NULL};
static const struct index of_host = {LINKS_OF_HOST, {"host", "participant"}, may_be_shown};
static const struct index of_other = {LINKS_OF_OTHER, {"other", "participant"}, may_be_shown};

const struct table links = {LINKS,
                            &link_descriptor,
                            {&by_referral, &of_referral, &by_participant, &shown, &by_other,
                             &by_host, &by_programme, &of_host, &of_other, &under_way}};

/* Ways for lists: an organisation has to do with links as host, and by its mentors. */

static bool add_mentors_links(struct txn *txn, struct id mentor, struct whom *whom,
                              struct error *err)
{
    (void)txn;
    (void)err;
    whom_add_by(whom, &by_other, mentor);
    return true;
}

void link_whom_referral(struct id referral, struct whom *whom)
{
    whom_add_by(whom, &of_referral, referral);
}

bool link_whom_of(struct txn *txn, struct id organisation, struct whom *whom, struct error *err)
{
    whom_add_by(whom, &by_host, organisation);
    return person_each_mentor_of(txn, organisation, add_mentors_links, whom, err);
}

static bool add_mentors_participants(struct txn *txn, struct id mentor, struct whom *whom,
                                     struct error *err)
{
    (void)txn;
    (void)err;
    whom_add_by(whom, &of_other, mentor);
    return true;
}

bool link_whom_participants(struct txn *txn, struct id organisation, struct whom *whom,
                            struct error *err)
{
    whom_add_by(whom, &of_host, organisation);
    return person_each_mentor_of(txn, organisation, add_mentors_participants, whom, err);
}

static bool add_each(struct txn *txn, const struct index *index, struct id of, struct whom *whom,
                     struct error *err)
{
    struct id participant, *after = NULL;
    bool has = true;

    for (; !whom->is_all; after = &participant) {
        if (!index_next(txn, index, &of, sizeof of, after, &participant, &has, err)) return false;
        if (!has) return true;
        whom_add(whom, participant);
    }
    return true;
}

static bool add_each_of_mentor(struct txn *txn, struct id mentor, struct whom *whom,
                               struct error *err)
{
    return add_each(txn, &of_other, mentor, whom, err);
}

bool link_whom_each(struct txn *txn, struct id organisation, struct whom *whom, struct error *err)
{
    return add_each(txn, &of_host, organisation, whom, err) &&
           person_each_mentor_of(txn, organisation, add_each_of_mentor, whom, err);
}

/* A mentorship is a link from when it is agreed, or proposed with a mentor who is an organisation's; a
 * placement from when it is planned: what happens to one before that is not about any. */
bool link_find(struct txn *txn, const struct link_input *in, struct ids *found, struct error *err)
{
    const bool is_shown =
        in->type == LINK_ON_MENTORSHIP_PROPOSED && in->mentorship_proposed.has_organisation;
    const struct link like = {.referral = in->head.id};
    struct link row;

    if (in->type == LINK_ON_REFERRAL_REOPENED)
        return index_find(txn, &links, &of_referral, &like, 1, NULL, IDS_MAX, found, err);
    if (!is_shown && in->type != LINK_ON_MENTORSHIP_AGREED &&
        in->type != LINK_ON_PLACEMENT_PLANNED) {
        if (!table_get(txn, &links, in->head.id, &row, err)) return false;
        if (row.state == LINK_STATE_NONE) return true;
    }
    return ids_add(found, in->head.id, err);
}

bool link_is_anybody_with(struct txn *txn, struct id other, bool *is, struct error *err)
{
    const struct link like = {.has_other = true, .other = other};
    int64_t number;

    if (!index_count(txn, &links, &under_way, &like, 1, 1, &number, err)) return false;
    *is = number > 0;
    return true;
}

bool link_is_between(struct txn *txn, struct id one, struct id another, bool *is, struct error *err)
{
    const struct id ways[][2] = {{one, another}, {another, one}};
    struct id link;

    *is = false;
    for (size_t i = 0; i < 2 && !*is; i++)
        if (!index_next(txn, &of_other, ways[i], sizeof ways[i], NULL, &link, is, err))
            return false;
    return true;
}

bool link_find_left(struct txn *txn, struct id referral, uint32_t most, struct ids *found,
                    struct error *err)
{
    const struct link like = {.referral = referral};

    return index_find(txn, &links, &by_referral, &like, 1, NULL, most, found, err);
}

bool link_find_of(struct txn *txn, struct id participant, uint32_t most, struct ids *found,
                  struct error *err)
{
    const struct link like = {.participant = participant};

    return index_find(txn, &links, &shown, &like, 1, NULL, most, found, err);
}
