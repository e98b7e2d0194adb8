/* Which mails are one: what there is to say to one reader, where it can wait for the morning or is the same of several things.
 *
 * They are taken up together (joint), each is found out for itself whether its reader may have it (STAGE_JOINING), and those that may
 * go in the mail of the first of them, the carrier. What comes of that mail comes of each.
 *
 * All of it belongs to the worker's thread.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "sending.h"

/* Whether it is known of all that were taken up with it. */
bool joining_is_found_out(const struct sending *carrier);

/* Let it carry those that may go. */
void joining_carry(struct sending *carrier);

/* What has come of mails since is what has come of each that they carried. */
void joining_settle(struct sender *sender);

/* Whose mailbox is answered to: what all of them have in common. */
struct answered joining_answered(struct sending *carrier);

/* What goes in its mail, itself too, in the order of their ids; how many, WORDING_PARTS at most. */
size_t joining_parts(struct sending *carrier, struct sending *parts[WORDING_PARTS]);
