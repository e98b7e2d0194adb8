/* Letters on their way to a server, or to a folder where each is a file that is there as a whole or
 * not at all. */
#include "outside/mail.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/files.h"
#include "base/log.h"
#include "core/error.h"
#include "intake/mailbox.h"

enum { NAME_MAX_ = 100, FILE_NAME_MAX = MIME_ADDRESS_MAX + 64 };

struct mail {
    struct client *client;
    struct files *files;
    const char *directory; /* NULL: there is a server */
    char name[NAME_MAX_ + 1], address[MIME_ADDRESS_MAX + 1];
};

/* "Name <local@domain>" or "local@domain". */
static bool read_from(struct mail *mail, const char *from, struct error *err)
{
    const char *open = strrchr(from, '<');
    const char *address = open == NULL ? from : open + 1;
    size_t name = open == NULL ? 0 : (size_t)(open - from);
    size_t size = strlen(address);

    while (name > 0 && from[name - 1] == ' ')
        name--;
    if (open != NULL && size > 0 && address[size - 1] == '>') size--;
    if (size <= MIME_ADDRESS_MAX && name <= NAME_MAX_) {
        memcpy(mail->name, from, name);
        memcpy(mail->address, address, size);
    }
    if (mime_is_address(mail->address)) return true;
    return error_set(err, ERROR_INVALID, "mail_from",
                     "FADDER_MAIL_FROM is not like Name <local@domain>.");
}

struct mail *mail_open(struct client *client, struct files *files, const char *directory,
                       const char *from, struct error *err)
{
    struct mail *mail = calloc(1, sizeof *mail);

    if (mail == NULL) bug("mail: out of memory");
    mail->client = client;
    mail->files = files;
    mail->directory = directory;
    if (read_from(mail, from, err) && (directory == NULL || files_own(files, directory, err)))
        return mail;
    mail_close(mail);
    return NULL;
}

void mail_close(struct mail *mail)
{
    free(mail);
}

const char *mail_domain(const struct mail *mail)
{
    return strchr(mail->address, '@') + 1;
}

static bool keep(struct mail *mail, const struct letter *letter, const char *bytes, size_t size,
                 client_done *done, void *cookie, struct error *err)
{
    static const struct client_outcome delivered = {.result = CLIENT_DELIVERED};
    char name[FILE_NAME_MAX + 64];

    if (strchr(letter->id, '/') != NULL)
        return error_set(err, ERROR_INVALID, "bad_header", "That Message-ID is no file's name.");
    if (letter->is_protected) log_info("mail_not_kept", "id=%s", letter->id);
    snprintf(name, sizeof name, "%s/%s%s%s.eml", mail->directory, letter->id,
             letter->of == NULL ? "" : ".", letter->of == NULL ? "" : letter->of);
    return (letter->is_protected || files_write(mail->files, name, bytes, size, true) ||
            error_set(err, ERROR_BROKEN, "mail", "%s: %s", name, strerror(errno))) &&
           client_settle(mail->client, &delivered, done, cookie, err);
}

bool mail_send(struct mail *mail, const struct letter *letter, client_done *done, void *cookie,
               struct error *err)
{
    struct letter signed_letter = *letter;
    char bytes[MIME_MAX], to[MAILBOX_MAX + 1], reply_to[MAILBOX_MAX + 1] = "";
    const char *what = mailbox_read(letter->to, strlen(letter->to), to);
    size_t size = sizeof bytes;
    bool is_sent;

    if (what != NULL) return error_set(err, ERROR_INVALID, "bad_address", "It goes to %s.", what);
    signed_letter.to = to;
    if (letter->reply_to != NULL &&
        mailbox_read(letter->reply_to, strlen(letter->reply_to), reply_to) == NULL)
        signed_letter.reply_to = reply_to;
    else
        signed_letter.reply_to = NULL; /* it is written to all the same */
    signed_letter.from = mail->address;
    signed_letter.from_name = mail->name;
    if (!mime_write(&signed_letter, bytes, &size, err)) return false;
    if (mail->directory != NULL)
        is_sent = keep(mail, letter, bytes, size, done, cookie, err);
    else
        is_sent = client_mail(mail->client, mail->address, to, bytes, size, done, cookie, err);
    explicit_bzero(bytes, sizeof bytes);
    explicit_bzero(to, sizeof to);
    return is_sent;
}

struct purging {
    struct files *files;
    const char *directory;
    int64_t now_ms;
    mail_is_over *is_over;
    void *cookie;
};

static const char ending[] = ".eml", unfinished[] = ".eml.part";

/* What a file's name says of it, also before it is there as a whole; false: it is no mail. */
static bool read_name(const char *name, char id[FILE_NAME_MAX + 1])
{
    const bool is_unfinished = name[0] == '.';
    const char *at = name + is_unfinished, *end;
    const size_t size = strlen(at);

    if (size <= strlen(ending)) return false;
    end = is_unfinished ? strstr(at, unfinished) : at + size - strlen(ending);
    if (end == NULL || end - at > FILE_NAME_MAX) return false;
    if (!is_unfinished && strcmp(end, ending) != 0) return false;
    memcpy(id, at, (size_t)(end - at));
    id[end - at] = '\0';
    return true;
}

static bool purge_one(void *cookie, const char *name)
{
    const struct purging *purging = cookie;
    char path[FILES_PATH_MAX], id[FILE_NAME_MAX + 1];
    int64_t written_ms, age_ms;
    bool stays;

    if (!read_name(name, id)) return true;
    snprintf(path, sizeof path, "%s/%s", purging->directory, name);
    if (!files_written_ms(purging->files, path, &written_ms)) return true;
    age_ms = purging->now_ms - written_ms;
    stays = age_ms >= 0 && age_ms < MAIL_KEPT_MS && !purging->is_over(purging->cookie, id);
    if (stays || files_remove(purging->files, path)) return true;
    log_error("mail_not_purged", "file=%s text=%s", name, strerror(errno));
    return true;
}

void mail_purge(struct files *files, const char *directory, int64_t now_ms, mail_is_over *is_over,
                void *cookie)
{
    struct purging purging = {files, directory, now_ms, is_over, cookie};

    files_each(files, directory, purge_one, &purging);
}
