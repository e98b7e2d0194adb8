/* The program of notification. */
#include "affiliation/affiliation.h"
#include "clearance/clearance.h"
#include "delivery/delivery.h"
#include "fold_id.h"
#include "matter/matter.h"
#include "message/message.h"
#include "outlet/outlet.h"
#include "progress/progress.h"
#include "recipient/recipient.h"
#include "request/request.h"
#include "secrecy/secrecy.h"
#include "sender.h"
#include "service/service.h"
#include "tenant/tenant.h"

static const struct aggregate *const aggregates[] = {
    &matter_aggregate,      &tenant_aggregate,    &outlet_aggregate,   &request_aggregate,
    &affiliation_aggregate, &clearance_aggregate, &secrecy_aggregate,  &progress_aggregate,
    &recipient_aggregate,   &message_aggregate,   &delivery_aggregate, NULL,
};

static const struct service notification = {
    .name = "notification",
    .fold_id = FOLD_ID,
    .aggregates = aggregates,
    .work = sender_work,
};

int main(int argc, char **argv)
{
    return service_main(&notification, argc, argv);
}
