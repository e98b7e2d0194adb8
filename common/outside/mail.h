/* Where mail goes: to an SMTP server, or, in a demonstration, into a directory.
 *
 * In the directory each mail is a file <Message-ID>.eml (<Message-ID>.<of>.eml where it says of what), there as a whole or not at all: a mail
 * that is sent twice is there once. None is there of who is protected, and none for longer than an hour, or than it may, if
 * mail_purge is called. What came of a mail is called back from client_turn.
 *
 * One thread, that of the client whose transfers these are.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include <stdint.h>

#include "outside/client.h"
#include "outside/mime.h"

struct error;
struct files;
struct mail;

/* directory: among these files, made if it is not there; NULL when the client has an SMTP server. Both are kept.
 * from: "Name <local@domain>" or "local@domain". */
struct mail *mail_open(struct client *client, struct files *files, const char *directory,
                       const char *from, struct error *err);
void mail_close(struct mail *mail);

/* What follows the @ in from: the Message-ID's own domain. Valid until mail_close. */
const char *mail_domain(const struct mail *mail);

/* Send a letter to whom intake/mailbox.h lets through; its from_name and from are filled in here. ERROR_INVALID "bad_address" or
 * "bad_header" when it can never be sent, ERROR_BUSY, ERROR_BROKEN. */
bool mail_send(struct mail *mail, const struct letter *letter, client_done *done, void *cookie,
               struct error *err);

/* Take away the mails in that directory, where there is one, that were written an hour before now, or later than now, and those
 * that may not be there any longer, by their names without the ending. */
enum { MAIL_KEPT_MS = 3600 * 1000 };
typedef bool mail_is_over(void *cookie, const char *name);
void mail_purge(struct files *files, const char *directory, int64_t now_ms, mail_is_over *is_over,
                void *cookie);
