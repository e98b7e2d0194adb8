/* Where what a mail is about is shown, and can be answered: an address of the pages.
 *
 * Who is written to as somebody who takes part gets a link of their own: the message's id, and our mark (bus/mark.h), by which the pages
 * know that it was us. Whoever reads a mailbox that is not one person's gets the page's address, where they sign in.
 *
 * All of it belongs to the worker's thread.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "bus/mark.h"
#include "contract/message.h"

struct error;
struct files;

enum { POINTING_URL_MAX = 200, POINTING_SIZE = POINTING_URL_MAX + 64 };

struct pointing {
    char url[POINTING_URL_MAX + 1]; /* "": mails have no links */
    bool has_key;
    uint8_t key[MARK_KEY_SIZE];
};

/* What FADDER_PAGES_URL says. */
bool pointing_open(struct pointing *pointing, struct error *err);
/* "" without pages. False: they have no key yet, which the mark needs (ERROR_BUSY): it waits, as a mail says the same however often it
 * is sent. */
bool pointing_write(struct pointing *pointing, struct files *files, const struct message *message,
                    char link[POINTING_SIZE], struct error *err);
