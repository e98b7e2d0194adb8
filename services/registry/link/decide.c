/* How long those of a link that is over may still see whom it was about. */
#include "link/link.h"

#include "codes/codes.h"
#include "core/zone.h"

/* As long as the programme gives them, and no longer than may be in that country. */
static int64_t access_days(const struct programme *programme, const struct head *head)
{
    const int64_t most =
        codes_retention(head->country, RETENTION_ACCESS, zone_date(head->country, head->at));
    const int64_t given = programme->has_access_days ? programme->access_days : 0;

    return given < most ? given : most;
}

/* Once, and only where the programme gives them any time at all. */
static void say_closed(const struct link_case *c, const struct head *head, struct link_events *out)
{
    const int64_t days = access_days(&c->programme, head);

    if (c->row.has_until || days == 0) return;
    link_emit(out, LINK_CLOSED, c->row.id)->link_closed.until =
        zone_end(head->country, head->at, days);
}

/* A mentor whose mentorship ended early, and a host to whom nobody came, see nothing any more; who
 * supervised until the end came has an assessment to write. */
bool link_decide(const struct link_case *c, const struct link_input *in, struct link_events *out,
                 struct error *err)
{
    (void)err;
    switch (in->type) {
    case LINK_ON_MENTORSHIP_COMPLETED:
    case LINK_ON_PLACEMENT_COMPLETED:
    case LINK_ON_PLACEMENT_ENDED: say_closed(c, &in->head, out); return true;
    case LINK_ON_REFERRAL_REOPENED:
    case LINK_ON_MENTORSHIP_PROPOSED:
    case LINK_ON_MENTORSHIP_DECLINED:
    case LINK_ON_MENTORSHIP_AGREED:
    case LINK_ON_MENTORSHIP_STARTED:
    case LINK_ON_MENTORSHIP_ENDED:
    case LINK_ON_MENTORSHIP_WITHDRAWN:
    case LINK_ON_MENTORSHIP_EXPIRED:
    case LINK_ON_MENTORSHIP_SUPERSEDED:
    case LINK_ON_MENTORSHIP_UNDONE:
    case LINK_ON_PLACEMENT_UNDONE:
    case LINK_ON_PLACEMENT_PLANNED:
    case LINK_ON_PLACEMENT_REQUIREMENT_MET:
    case LINK_ON_PLACEMENT_REQUIREMENT_LOST:
    case LINK_ON_PLACEMENT_STARTED:
    case LINK_ON_PLACEMENT_SUPERVISOR_LEFT:
    case LINK_ON_PLACEMENT_SUPERVISOR_REPLACED:
    case LINK_ON_PLACEMENT_NO_SHOW_REPORTED:
    case LINK_ON_PLACEMENT_CANCELLED: return true; /* evolve says all there is to it */
    }
    bug("link_decide: input type %u", in->type);
}
