/* Make what a message from outside says canonical, in place; or say what is wrong with it. */
#pragma once

#include <stdbool.h>

#include "contract/common.h"
#include "core/instant.h"

struct descriptor;
struct error;

/* When it came, and the country of the programme that it is for. */
struct intake {
    struct instant now;
    enum country country;
};

/* value is of that descriptor, zero behind what is said. What each form becomes, and what is refused:
 *
 * set           a list's second of two that are the same goes
 * name          without directional controls (they turn what stands around), and blanks at its ends; not without
 *               anything to see, nor with a line's end in it
 * mailbox       local@domain with the domain as A-labels, to which mail can be sent (mailbox.h)
 * url           http or https, to a host whose A-labels can be
 * phone         "+46701234567": E.164 (phone.h)
 * municipality  "0180", "NO-1860" where it is not of the programme's country; one that ceased becomes the one that it
 *               is now; where those are several, they are named
 * language      ISO 639-1's code, or 639-3's where there is none; not und, mul, mis or zxx, which are nobody's
 * occupation    there is such a one in its scheme
 * birth         from 1900-01-01 to today, in the programme's country; of a month or a year, if any day of it may be
 * participant   the same, and as old as a participant has to be there, where a law says that
 * part          as it is; `participant` makes each birth of the message a participant's
 * past          from 2000-01-01 to today; of a moment: to now
 * plan          from 2000-01-01 to ten years from today
 * secret        whsec_ and 24 to 64 bytes in base64, of which at least 12 are different, and so are the steps between them:
 *               nothing that somebody has typed
 *
 * What people write has no national identity number in it, whatever its form: whoever brings a value that was not read
 * from JSON, as the operator's program does, is refused here.
 *
 * ERROR_INVALID with every faulty field; value is then to be thrown away. */
bool intake_take(const struct descriptor *descriptor, void *value, const struct intake *intake,
                 struct error *err);

/* Whether who a value tells of is as old as a participant has to be: false where a birth in it says otherwise.
 * A birth that stood in `before` (NULL: nothing was) is not looked at again. */
bool intake_is_of_age(const struct descriptor *descriptor, const void *before, const void *value,
                      const struct intake *intake);
