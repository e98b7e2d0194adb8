/* What may happen to a posting next. */
#include "posting/posting.h"

#include "core/life.h"
#include "core/patch.h"
#include "core/zone.h"

enum { TEXTS_MAX = 1100 }; /* bytes of all texts together, so that the event fits its row */

#define WRITERS (ROLE_HO | ROLE_CO | ROLE_PA)

/* clang-format off */
static const struct step steps[] = {
    {POSTING_STATE_NONE,      POSTING_CREATE,   POSTING_STATE_DRAFT,     WRITERS},
    {POSTING_STATE_DRAFT,     POSTING_CHANGE,   POSTING_STATE_DRAFT,     WRITERS},
    {POSTING_STATE_DRAFT,     POSTING_SUBMIT,   POSTING_STATE_SUBMITTED, WRITERS},
    {POSTING_STATE_DRAFT,     POSTING_WITHDRAW, POSTING_STATE_WITHDRAWN, WRITERS},
    {POSTING_STATE_SUBMITTED, POSTING_CHANGE,   POSTING_STATE_SUBMITTED, WRITERS},
    {POSTING_STATE_SUBMITTED, POSTING_RETURN,   POSTING_STATE_RETURNED,  ROLE_CO | ROLE_PA},
    {POSTING_STATE_SUBMITTED, POSTING_PUBLISH,  POSTING_STATE_PUBLISHED, ROLE_CO | ROLE_PA},
    {POSTING_STATE_SUBMITTED, POSTING_WITHDRAW, POSTING_STATE_WITHDRAWN, WRITERS},
    {POSTING_STATE_RETURNED,  POSTING_CHANGE,   POSTING_STATE_RETURNED,  WRITERS},
    {POSTING_STATE_RETURNED,  POSTING_SUBMIT,   POSTING_STATE_SUBMITTED, WRITERS},
    {POSTING_STATE_RETURNED,  POSTING_WITHDRAW, POSTING_STATE_WITHDRAWN, WRITERS},
    {POSTING_STATE_PUBLISHED, POSTING_CHANGE,   POSTING_STATE_PUBLISHED, WRITERS}, /* major: submitted */
    {POSTING_STATE_PUBLISHED, POSTING_PAUSE,    POSTING_STATE_PAUSED,    WRITERS},
    {POSTING_STATE_PUBLISHED, POSTING_CLOSE,    POSTING_STATE_CLOSED,    WRITERS},
    {POSTING_STATE_PUBLISHED, POSTING_EXPIRE,   POSTING_STATE_CLOSED,    ROLE_TM},
    {POSTING_STATE_PUBLISHED, POSTING_WITHDRAW, POSTING_STATE_WITHDRAWN, WRITERS},
    {POSTING_STATE_PAUSED,    POSTING_CHANGE,   POSTING_STATE_PAUSED,    WRITERS}, /* major: submitted */
    {POSTING_STATE_PAUSED,    POSTING_RESUME,   POSTING_STATE_PUBLISHED, WRITERS},
    {POSTING_STATE_PAUSED,    POSTING_CLOSE,    POSTING_STATE_CLOSED,    WRITERS},
    {POSTING_STATE_PAUSED,    POSTING_EXPIRE,   POSTING_STATE_CLOSED,    ROLE_TM},
    {POSTING_STATE_PAUSED,    POSTING_WITHDRAW, POSTING_STATE_WITHDRAWN, WRITERS},
    {POSTING_STATE_CLOSED,    POSTING_ARCHIVE,  POSTING_STATE_ARCHIVED,  WRITERS},
    {POSTING_STATE_WITHDRAWN, POSTING_ARCHIVE,  POSTING_STATE_ARCHIVED,  WRITERS},
    {POSTING_STATE_PUBLISHED, POSTING_UNDO,     POSTING_STATE_SUBMITTED, WRITERS},
    {POSTING_STATE_CLOSED,    POSTING_UNDO,     POSTING_STATE_PUBLISHED, WRITERS},
    {POSTING_STATE_WITHDRAWN, POSTING_UNDO,     POSTING_STATE_DRAFT,     WRITERS},
    {POSTING_STATE_ARCHIVED,  POSTING_UNDO,     POSTING_STATE_CLOSED,    WRITERS},
};

static const struct move moves[] = {
    {POSTING_STATE_PUBLISHED, POSTING_SUBMITTED, POSTING_STATE_SUBMITTED, "the occupation, the site or the period was changed"},
    {POSTING_STATE_PAUSED,    POSTING_SUBMITTED, POSTING_STATE_SUBMITTED, "the occupation, the site or the period was changed"},
    {POSTING_STATE_CLOSED,    POSTING_UNDONE,    POSTING_STATE_PAUSED,    "it was paused when it was closed"},
    {POSTING_STATE_WITHDRAWN, POSTING_UNDONE,    POSTING_STATE_SUBMITTED, "it was submitted when it was withdrawn"},
    {POSTING_STATE_WITHDRAWN, POSTING_UNDONE,    POSTING_STATE_RETURNED,  "it was returned when it was withdrawn"},
    {POSTING_STATE_WITHDRAWN, POSTING_UNDONE,    POSTING_STATE_PUBLISHED, "it was published when it was withdrawn"},
    {POSTING_STATE_WITHDRAWN, POSTING_UNDONE,    POSTING_STATE_PAUSED,    "it was paused when it was withdrawn"},
    {POSTING_STATE_ARCHIVED,  POSTING_UNDONE,    POSTING_STATE_WITHDRAWN, "it was withdrawn when it was put away"},
};
/* clang-format on */

const struct life posting_life = {
    .contract = &posting_contract,
    .steps = steps,
    .step_count = sizeof steps / sizeof steps[0],
    .moves = moves,
    .move_count = sizeof moves / sizeof moves[0],
};

static bool is_theirs(struct id host, const struct actor *actor)
{
    if (actor->role == ROLE_HO) return id_equal(actor->organisation, host);
    return life_coordinates(actor, host);
}

static struct posting_writer writer(const struct actor *actor)
{
    return (struct posting_writer){.person = actor->id, .role = role_word(actor->role)};
}

/* An actor whom nobody has named a person for is known by the role alone. */
static bool wrote(const struct posting_writer *by, const struct actor *actor)
{
    const bool is_named = !id_equal(actor->id, (struct id){{0}});

    return id_equal(by->person, actor->id) && (is_named || by->role == role_word(actor->role));
}

static bool is_sound(const struct posting_details *details, struct error *err)
{
    const size_t texts = strlen(details->title) + strlen(details->site) +
                         strlen(details->object.museum_number) + strlen(details->object.task) +
                         strlen(details->of_participant) + strlen(details->of_host);

    if (details->seats == 0) return refuse(err, &posting_no_seats);
    if (details->until.day < details->from.day) return refuse(err, &posting_period_backwards);
    if (texts > TEXTS_MAX) return refuse(err, &posting_too_long);
    return true;
}

enum { UNDO_MS = 3600000 };

/* Of no other state there are steps that can be taken back. */
static enum posting_restored restored(enum posting_state state)
{
    static const enum posting_restored of[] = {
        [POSTING_STATE_DRAFT] = POSTING_RESTORED_DRAFT,
        [POSTING_STATE_SUBMITTED] = POSTING_RESTORED_SUBMITTED,
        [POSTING_STATE_RETURNED] = POSTING_RESTORED_RETURNED,
        [POSTING_STATE_PUBLISHED] = POSTING_RESTORED_PUBLISHED,
        [POSTING_STATE_PAUSED] = POSTING_RESTORED_PAUSED,
        [POSTING_STATE_CLOSED] = POSTING_RESTORED_CLOSED,
        [POSTING_STATE_WITHDRAWN] = POSTING_RESTORED_WITHDRAWN,
    };

    return of[state];
}

/* How what is decided now can be taken back. */
static struct posting_way_back may_undo(const struct posting_case *c, const struct head *head,
                                        enum posting_decided step)
{
    struct posting_way_back back = {.step = step,
                                    .by = head->actor.id,
                                    .until = {head->at.ms + UNDO_MS},
                                    .state = restored(c->row.state)};

    patch_carry(&posting_descriptor, &c->row, &posting_before_descriptor, &back.before);
    return back;
}

static bool is_in_programme(const struct posting_case *c, struct date from, struct error *err)
{
    return from.day >= c->rules.from.day || refuse(err, &posting_before_first_day);
}

static bool create(const struct posting_case *c, const struct posting_input *in,
                   struct posting_events *out, struct error *err)
{
    const struct posting_create *ask = &in->posting_create;
    struct posting_details details = {
        .occupation = ask->occupation,
        .has_municipality = ask->has_municipality,
        .object = ask->object,
        .seats = ask->seats,
        .from = ask->from,
        .until = ask->until,
        .supervisor = ask->supervisor,
        .languages = ask->languages,
        .has_of_participant = ask->has_of_participant,
        .has_of_host = ask->has_of_host,
    };
    struct posting_created *said;

    memcpy(details.title, ask->title, sizeof details.title);
    memcpy(details.site, ask->site, sizeof details.site);
    memcpy(details.municipality, ask->municipality, sizeof details.municipality);
    memcpy(details.of_participant, ask->of_participant, sizeof details.of_participant);
    memcpy(details.of_host, ask->of_host, sizeof details.of_host);
    if (c->rules.is_closed) return refuse(err, &posting_programme_closed);
    if (!is_theirs(ask->host, &in->head.actor)) return refuse(err, &posting_not_host);
    if (!is_sound(&details, err) || !is_in_programme(c, details.from, err)) return false;

    said = &posting_emit(out, POSTING_CREATED, in->head.ids[0])->posting_created;
    said->host = ask->host;
    said->by = writer(&in->head.actor);
    said->details = details;
    return true;
}

/* Another occupation, site or period: it has to be approved anew. */
static bool is_major(const struct posting_details *old, const struct posting_details *new)
{
    return old->occupation.scheme != new->occupation.scheme ||
           strcmp(old->occupation.code, new->occupation.code) != 0 ||
           strcmp(old->site, new->site) != 0 || strcmp(old->municipality, new->municipality) != 0 ||
           old->from.day != new->from.day || old->until.day != new->until.day;
}

static bool is_public(enum posting_state state)
{
    return state == POSTING_STATE_PUBLISHED || state == POSTING_STATE_PAUSED;
}

static bool change(const struct posting_case *c, const struct posting_input *in,
                   struct posting_events *out, struct error *err)
{
    struct posting_details details = c->row.details;
    struct posting_changed *said;

    patch_apply(&posting_change_descriptor, &in->posting_change, &posting_details_descriptor,
                &details);
    if (!is_sound(&details, err)) return false;
    if (in->posting_change.has_from && !is_in_programme(c, details.from, err)) return false;
    if (details.seats < c->taken) return refuse(err, &posting_seats_taken);

    said = &posting_emit(out, POSTING_CHANGED, c->row.id)->posting_changed;
    said->by = writer(&in->head.actor);
    said->details = details;
    return !is_public(c->row.state) || !is_major(&c->row.details, &details) ||
           posting_emit(out, POSTING_SUBMITTED, c->row.id);
}

static bool has_time_left(const struct posting_case *c, const struct head *head, struct error *err)
{
    if (c->row.details.until.day < zone_date(head->country, head->at).day)
        return refuse(err, &posting_period_over);
    return true;
}

static bool submit(const struct posting_case *c, const struct head *head,
                   struct posting_events *out, struct error *err)
{
    return has_time_left(c, head, err) && posting_emit(out, POSTING_SUBMITTED, c->row.id);
}

static bool hand_back(const struct posting_case *c, const struct posting_remarks *remarks,
                      struct posting_events *out)
{
    posting_emit(out, POSTING_RETURNED, c->row.id)->posting_returned.remarks = *remarks;
    return true;
}

static bool publish(const struct posting_case *c, const struct head *head,
                    struct posting_events *out, struct error *err)
{
    struct posting_published *said;

    if (wrote(&c->row.author, &head->actor) || wrote(&c->row.editor, &head->actor))
        return refuse(err, &posting_own_posting);
    if (!has_time_left(c, head, err)) return false;

    said = &posting_emit(out, POSTING_PUBLISHED, c->row.id)->posting_published;
    said->due = zone_begin(head->country, (struct date){c->row.details.until.day + 1});
    said->has_undo = true;
    said->undo = may_undo(c, head, POSTING_DECIDED_PUBLISH);
    return true;
}

static struct posting_closed *shut(const struct posting_case *c, enum posting_reason reason,
                                   struct posting_events *out)
{
    struct posting_closed *said = &posting_emit(out, POSTING_CLOSED, c->row.id)->posting_closed;

    said->reason = reason;
    return said;
}

static bool close_by_hand(const struct posting_case *c, const struct posting_input *in,
                          struct posting_events *out)
{
    struct posting_closed *said = shut(c, in->posting_close.reason, out);

    said->has_undo = true;
    said->undo = may_undo(c, &in->head, POSTING_DECIDED_CLOSE);
    return true;
}

static bool expire(const struct posting_case *c, struct instant now, struct posting_events *out,
                   struct error *err)
{
    if (!c->row.has_due || now.ms < c->row.due.ms) return refuse(err, &posting_not_due);

    return shut(c, POSTING_REASON_PERIOD_OVER, out) != NULL;
}

/* Nobody loses a seat behind their back. */
static bool withdraw(const struct posting_case *c, const struct posting_input *in,
                     struct posting_events *out, struct error *err)
{
    struct posting_withdrawn *said;

    if (c->taken > 0) return refuse(err, &posting_seats_in_use);

    said = &posting_emit(out, POSTING_WITHDRAWN, c->row.id)->posting_withdrawn;
    said->reason = in->posting_withdraw.reason;
    said->has_undo = true;
    said->undo = may_undo(c, &in->head, POSTING_DECIDED_WITHDRAW);
    return true;
}

static bool archive(const struct posting_case *c, const struct head *head,
                    struct posting_events *out)
{
    struct posting_archived *said =
        &posting_emit(out, POSTING_ARCHIVED, c->row.id)->posting_archived;

    said->has_undo = true;
    said->undo = may_undo(c, head, POSTING_DECIDED_ARCHIVE);
    return true;
}

static bool is_open_again(const struct posting_way_back *back)
{
    return back->state == POSTING_RESTORED_PUBLISHED || back->state == POSTING_RESTORED_PAUSED;
}

static bool undo(const struct posting_case *c, const struct head *head, struct posting_events *out,
                 struct error *err)
{
    const struct posting_way_back *back = &c->row.undo;
    struct posting_undone *said;

    if (!c->row.has_undo) return refuse(err, &posting_nothing_to_undo);
    if (!life_did(&head->actor, back->by)) return refuse(err, &posting_undo_anothers);
    if (head->at.ms > back->until.ms) return refuse(err, &posting_undo_too_late);
    if (is_open_again(back) && !has_time_left(c, head, err)) return false;

    said = &posting_emit(out, POSTING_UNDONE, c->row.id)->posting_undone;
    said->step = back->step;
    said->state = back->state;
    said->before = back->before;
    return true;
}

static bool may(const struct posting_case *c, const struct posting_input *in, struct error *err)
{
    const struct head *head = &in->head;
    const bool is_creation = in->type == POSTING_CREATE;
    const bool is_there = !is_creation && c->row.state != POSTING_STATE_NONE;
    const struct step *step;
    struct error how;

    if (!life_tenant(head, is_creation ? head->programme : c->row.programme, err)) return false;
    step = life_step(&posting_life, c->row.state, c->row.version, in->type, head, &how);
    if (!life_allows(&posting_life, in->type, head, err)) return false;
    if (is_there && !is_theirs(c->row.host, &head->actor)) return refuse(err, &life_forbidden);
    return step != NULL || life_tell(&how, err);
}

bool posting_decide(const struct posting_case *c, const struct posting_input *in,
                    struct posting_events *out, struct error *err)
{
    const struct instant now = in->head.at;

    if (posting_is_command(in->type) && !may(c, in, err)) return false;

    switch (in->type) {
    case POSTING_CREATE: return create(c, in, out, err);
    case POSTING_CHANGE: return change(c, in, out, err);
    case POSTING_SUBMIT: return submit(c, &in->head, out, err);
    case POSTING_RETURN: return hand_back(c, &in->posting_return.remarks, out);
    case POSTING_PUBLISH: return publish(c, &in->head, out, err);
    case POSTING_PAUSE: return posting_emit(out, POSTING_PAUSED, c->row.id);
    case POSTING_RESUME: return posting_emit(out, POSTING_RESUMED, c->row.id);
    case POSTING_CLOSE: return close_by_hand(c, in, out);
    case POSTING_WITHDRAW: return withdraw(c, in, out, err);
    case POSTING_ARCHIVE: return archive(c, &in->head, out);
    case POSTING_UNDO: return undo(c, &in->head, out, err);
    case POSTING_EXPIRE: return expire(c, now, out, err);
    case POSTING_ON_PLACEMENT: return true; /* evolve counts along */
    }
    bug("posting_decide: input type %u", in->type);
}
