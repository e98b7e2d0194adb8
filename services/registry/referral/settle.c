/* What comes of a referral's links, whichever event brought it up: matched, in progress, completed,
 * or back in the queue with its age. */
#include "referral/settle.h"

struct referral_event *referral_say(const struct referral *row, enum referral_event_type type,
                                    struct referral_events *out)
{
    struct referral_event *said = referral_emit(out, type, row->id);

    said->referral_whose = (struct referral_whose){.person = row->person, .partner = row->partner};
    return said;
}

void referral_say_waitlisted(const struct referral *row, bool had_begun,
                             struct referral_events *out)
{
    struct referral_waitlisted *said =
        &referral_say(row, REFERRAL_WAITLISTED, out)->referral_waitlisted;

    said->waiting_since = row->waiting_since;
    said->has_had_begun = said->had_begun = had_begun;
}

/* What a referral's links amount to: kinds of wants, a bit each. */
struct standing {
    unsigned left, begun, completed;
};

/* What becomes of a link by this input: all that an event of one means for a referral. Each service
 * tells its own in order, and only once, but the view may have heard of it before us or not yet. */
static enum link_state link_after(const struct referral_input *in)
{
    switch (in->type) {
    case REFERRAL_ON_MENTORSHIP_UNDONE: return link_of_mentorship(in->mentorship_undone.state);
    case REFERRAL_ON_PLACEMENT_UNDONE:
        return in->placement_undone.has_state ? link_of_placement(in->placement_undone.state)
                                              : LINK_STATE_NONE;
    case REFERRAL_ON_MENTORSHIP_AGREED:
    case REFERRAL_ON_PLACEMENT_PLANNED: return LINK_STATE_AGREED;
    case REFERRAL_ON_MENTORSHIP_STARTED:
    case REFERRAL_ON_PLACEMENT_STARTED: return LINK_STATE_RUNNING;
    case REFERRAL_ON_MENTORSHIP_COMPLETED:
    case REFERRAL_ON_PLACEMENT_COMPLETED: return LINK_STATE_COMPLETED;
    case REFERRAL_ON_MENTORSHIP_ENDED:
    case REFERRAL_ON_MENTORSHIP_WITHDRAWN:
    case REFERRAL_ON_MENTORSHIP_EXPIRED:
    case REFERRAL_ON_MENTORSHIP_SUPERSEDED:
    case REFERRAL_ON_PLACEMENT_NO_SHOW_REPORTED:
    case REFERRAL_ON_PLACEMENT_ENDED:
    case REFERRAL_ON_PLACEMENT_CANCELLED: return LINK_STATE_ENDED;
    case REFERRAL_ON_MENTORSHIP_OFFERED:
    case REFERRAL_COMMAND:
    case REFERRAL_ON_PERSON: return LINK_STATE_NONE;
    }
    bug("link_after: input type %u", in->type);
}

static unsigned kind_after(enum referral_input_type type)
{
    switch (type) {
    case REFERRAL_ON_MENTORSHIP: return 1u << REFERRAL_WANT_MENTOR;
    case REFERRAL_ON_PLACEMENT: return 1u << REFERRAL_WANT_PLACEMENT;
    case REFERRAL_COMMAND:
    case REFERRAL_ON_PERSON: return 0;
    }
    bug("kind_after: input type %u", type);
}

static unsigned kind_of(const struct link *link)
{
    return link->kind == LINK_KIND_PLACEMENT ? 1u << REFERRAL_WANT_PLACEMENT
                                             : 1u << REFERRAL_WANT_MENTOR;
}

static void count(struct standing *standing, enum link_state state, unsigned kind)
{
    if (link_is_left(state)) standing->left |= kind;
    if (state == LINK_STATE_RUNNING || state == LINK_STATE_COMPLETED) standing->begun |= kind;
    if (state == LINK_STATE_COMPLETED) standing->completed |= kind;
}

static unsigned wanted(const struct referral_wants *wants)
{
    unsigned kinds = 0;

    for (uint32_t i = 0; i < wants->count; i++)
        kinds |= 1u << wants->at[i];
    return kinds;
}

bool referral_begins_anew(const struct referral_case *c, const struct referral_wants *wants)
{
    unsigned completed = 0;

    for (uint32_t i = 0; i < c->links_count; i++)
        if (c->links[i].state == LINK_STATE_COMPLETED) completed |= kind_of(&c->links[i]);
    return c->row.state == REFERRAL_STATE_COMPLETED && (wanted(wants) & ~completed) == 0;
}

static struct standing standing_of(const struct referral_case *c, const struct referral_input *in)
{
    const enum link_state next = link_after(in);
    const bool is_anew = in->type == REFERRAL_REOPEN && referral_begins_anew(c, &c->row.wants);
    struct standing standing = {0};

    for (uint32_t i = 0; i < c->links_count; i++) {
        const struct link *link = &c->links[i];

        if (next != LINK_STATE_NONE && id_equal(link->id, in->head.id)) continue;
        if (is_anew && link->state == LINK_STATE_COMPLETED) continue;
        count(&standing, link->state, kind_of(link));
    }
    count(&standing, next, kind_after(in->type));
    return standing;
}

static bool is_taken_back(enum referral_input_type type)
{
    return type == REFERRAL_ON_MENTORSHIP_UNDONE || type == REFERRAL_ON_PLACEMENT_UNDONE;
}

bool referral_goes_on(const struct referral_case *c, const struct referral_input *in)
{
    return c->row.state == REFERRAL_STATE_COMPLETED && c->row.settled &&
           referral_is_named(&c->row) && is_taken_back(in->type) &&
           (wanted(&c->row.wants) & ~standing_of(c, in).completed) != 0;
}

static enum link_state state_of(const struct referral_case *c, struct id link)
{
    for (uint32_t i = 0; i < c->links_count; i++)
        if (id_equal(c->links[i].id, link)) return c->links[i].state;
    return LINK_STATE_NONE;
}

/* What it was in progress with has not begun after all, and nothing else has: of what is taken back while it is on
 * hold, or while another had begun too, it is found out when it goes on, or with that other. */
static bool has_not_begun(const struct referral_case *c, const struct referral_input *in)
{
    if (!c->row.has_begun_by || (!is_taken_back(in->type) && in->type != REFERRAL_RESUME))
        return false;
    if (is_taken_back(in->type) && id_equal(in->head.id, c->row.begun_by))
        return link_after(in) == LINK_STATE_AGREED;
    return state_of(c, c->row.begun_by) == LINK_STATE_AGREED;
}

static void say_started(const struct referral_case *c, const struct referral_input *in,
                        struct referral_events *out)
{
    struct referral_started *said = &referral_say(&c->row, REFERRAL_STARTED, out)->referral_started;

    said->has_by = link_after(in) == LINK_STATE_RUNNING;
    if (said->has_by) said->by = in->head.id;
}

enum referral_state referral_settle(const struct referral_case *c, const struct referral_input *in,
                                    enum referral_state state, const struct referral_wants *wants,
                                    struct referral_events *out)
{
    const struct standing standing = standing_of(c, in);
    const bool is_waiting = state == REFERRAL_STATE_ACCEPTED || state == REFERRAL_STATE_WAITLISTED;
    const bool is_as_it_was = c->row.had_begun && is_taken_back(in->type) && is_waiting;

    if (state == REFERRAL_STATE_IN_PROGRESS && standing.begun == 0 && has_not_begun(c, in)) {
        referral_say(&c->row, REFERRAL_MATCHED, out);
        return REFERRAL_STATE_MATCHED;
    }
    if (is_waiting && standing.left != 0) {
        referral_say(&c->row, REFERRAL_MATCHED, out);
        state = REFERRAL_STATE_MATCHED;
    }
    if (state == REFERRAL_STATE_MATCHED && (standing.begun != 0 || is_as_it_was)) {
        say_started(c, in, out);
        state = REFERRAL_STATE_IN_PROGRESS;
    }
    if (state == REFERRAL_STATE_IN_PROGRESS && (wanted(wants) & ~standing.completed) == 0) {
        struct referral_completed *said =
            &referral_say(&c->row, REFERRAL_COMPLETED, out)->referral_completed;

        said->has_settled = said->settled = true;
        return REFERRAL_STATE_COMPLETED;
    }
    if ((state == REFERRAL_STATE_MATCHED || state == REFERRAL_STATE_IN_PROGRESS) &&
        standing.left == 0) {
        referral_say_waitlisted(&c->row, state == REFERRAL_STATE_IN_PROGRESS, out);
        return REFERRAL_STATE_WAITLISTED;
    }
    return state;
}
