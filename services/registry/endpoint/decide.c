/* What may happen to an endpoint next. */
#include "endpoint/endpoint.h"

#include <string.h>

#include "core/life.h"
#include "fold/aggregate.h"
#include "tenancy.h"

/* clang-format off */
static const struct step steps[] = {
    {ENDPOINT_STATE_NONE,   ENDPOINT_CREATE,        ENDPOINT_STATE_ACTIVE,   ROLE_SYS | ROLE_PA},
    {ENDPOINT_STATE_ACTIVE, ENDPOINT_ROTATE_SECRET, ENDPOINT_STATE_ACTIVE,   ROLE_SYS | ROLE_PA},
    {ENDPOINT_STATE_ACTIVE, ENDPOINT_DISABLE,       ENDPOINT_STATE_DISABLED, ROLE_SYS | ROLE_PA},
};
/* clang-format on */

const struct life endpoint_life = {
    .contract = &endpoint_contract,
    .steps = steps,
    .step_count = sizeof steps / sizeof steps[0],
};

/* RFC 3986, 3.2: userinfo is what stands before an @ in the authority. */
static bool has_user(const char *url)
{
    const char *authority = strstr(url, "://") + 3; /* the schema's pattern says that it is there */

    return authority[strcspn(authority, "/?#@")] == '@';
}

static bool create(const struct endpoint_case *c, const struct endpoint_input *in,
                   struct endpoint_events *out, struct error *err)
{
    const struct endpoint_create *ask = &in->endpoint_create;
    struct endpoint_created *said;

    if (c->partner.state != PARTNER_STATE_ACTIVE ||
        !id_equal(c->partner.programme, in->head.programme))
        return refuse(err, &endpoint_no_partner);
    if (has_user(ask->url)) return refuse(err, &endpoint_no_secrets);

    said = &endpoint_emit(out, ENDPOINT_CREATED, in->head.ids[0])->endpoint_created;
    said->partner = ask->partner;
    memcpy(said->url, ask->url, sizeof said->url);
    said->sealed = in->head.sealed;
    return true;
}

static bool rotate_secret(const struct endpoint_case *c, const struct endpoint_input *in,
                          struct endpoint_events *out)
{
    endpoint_emit(out, ENDPOINT_SECRET_ROTATED, c->row.id)->endpoint_secret_rotated.sealed =
        in->head.sealed;
    return true;
}

static bool disable(const struct endpoint_case *c, enum partner_reason reason,
                    struct endpoint_events *out)
{
    endpoint_emit(out, ENDPOINT_DISABLED, c->row.id)->endpoint_disabled.reason = reason;
    return true;
}

bool endpoint_decide(const struct endpoint_case *c, const struct endpoint_input *in,
                     struct endpoint_events *out, struct error *err)
{
    const bool is_there = c->row.state != ENDPOINT_STATE_NONE;

    if (is_there && !life_tenant(&in->head, c->row.programme, err)) return false;
    if (!life_step(&endpoint_life, c->row.state, c->row.version, in->type, &in->head, err))
        return false;

    switch (in->type) {
    case ENDPOINT_CREATE: return create(c, in, out, err);
    case ENDPOINT_ROTATE_SECRET: return rotate_secret(c, in, out);
    case ENDPOINT_DISABLE: return disable(c, in->endpoint_disable.reason, out);
    }
    bug("endpoint_decide: input type %u", in->type);
}

void endpoint_conceal(const struct endpoint_case *c, const struct endpoint_input *in,
                      struct concealed *what)
{
    const bool is_new = in->type == ENDPOINT_CREATE;

    if (!is_new && in->type != ENDPOINT_ROTATE_SECRET) return;
    what->owner = is_new ? in->head.ids[0] : c->row.id;
    what->descriptor = &partner_secret_descriptor;
    what->value = is_new ? &in->endpoint_create.secret : &in->endpoint_rotate_secret.secret;
}
