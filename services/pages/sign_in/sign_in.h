/* Coming in: by a code that is sent to somebody's mailbox, or a link in a mail; going out; and in which language. */
#pragma once

#include "pages.h"

extern const struct page act_as_page, sign_in_page, code_page, sign_out_page, link_page,
    language_page, demonstration_page;

enum { TO_SIZE = 96 };

/* Where somebody wanted to go, as the form or the address says it; "/" where it is no page's. */
void sign_in_to(const struct call *call, char to[TO_SIZE]);
/* What the device says that it is. */
struct session_device;
/* What stands in the call's address: an id, and the mark that a key makes of it for that purpose (bus/mark.h). False: nobody of
 * ours has written it. */
bool sign_in_read_link(const struct call *call, const uint8_t key[32], const char *purpose,
                       struct id *id);
/* Called as the program begins. False, and why: what FADDER_PAGES_DEMONSTRATION says is not safe here. */
bool demonstration_begin(struct pages *pages, struct error *err);
void sign_in_device(const struct call *call, struct session_device *device);
