/* Lines of text in a chain of hashes. It is read as a whole at the start: a hundred bytes for each erasure. */
#include "vault/ledger.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/crypto.h"
#include "base/files.h"
#include "base/log.h"
#include "core/date.h"
#include "core/error.h"
#include "core/instant.h"

enum {
    HASH_TEXT = CRYPTO_BASE64_SIZE(CRYPTO_HASH_SIZE) - 1,
    LINE_MAX = INSTANT_TEXT_SIZE + 2 * (LEDGER_WORD_MAX + 1) + ID_TEXT_SIZE + HASH_TEXT + 2,
    NAME_SIZE = 96,
};

static const char directory[] = "ledger";

struct ledger {
    struct files *files;
    struct file *file;
    char name[NAME_SIZE];
    uint64_t end; /* behind the last line */
    uint8_t hash[CRYPTO_HASH_SIZE];
};

static bool fail(const char *name, struct error *err)
{
    return error_set(err, ERROR_BROKEN, "ledger.disk", "%s: %s", name, strerror(errno));
}

static void chain(uint8_t hash[CRYPTO_HASH_SIZE], const char *text, size_t size)
{
    struct crypto_hash next;

    crypto_hash_begin(&next);
    crypto_hash_add(&next, hash, CRYPTO_HASH_SIZE);
    crypto_hash_add(&next, text, size);
    crypto_hash_end(&next, hash);
}

/* Reading. */

/* The word that begins at `at`, and what is behind the blank after it. */
static const char *take_word(const char *at, const char *end, char *to, size_t room)
{
    const char *blank = memchr(at, ' ', (size_t)(end - at));
    const size_t size = blank == NULL ? 0 : (size_t)(blank - at);

    if (size == 0 || size >= room) return NULL;
    memcpy(to, at, size);
    to[size] = '\0';
    return blank + 1;
}

/* All but the hash. */
static bool read_words(const char *at, const char *end, struct ledger_line *line)
{
    char time[INSTANT_TEXT_SIZE], id[ID_TEXT_SIZE];
    struct instant instant;

    if ((at = take_word(at, end, time, sizeof time)) == NULL ||
        (at = take_word(at, end, line->event, sizeof line->event)) == NULL ||
        (at = take_word(at, end, line->level, sizeof line->level)) == NULL ||
        (at = take_word(at, end, id, sizeof id)) == NULL || at != end)
        return false;
    if (!instant_read(time, (uint32_t)strlen(time), &instant) ||
        !id_read(id, (uint32_t)strlen(id), &line->id))
        return false;
    line->at_ms = instant.ms;
    return true;
}

/* One that follows what hash stands for, which becomes its own. */
static bool read_line(const char *text, size_t size, uint8_t hash[CRYPTO_HASH_SIZE],
                      struct ledger_line *line)
{
    uint8_t said[CRYPTO_HASH_SIZE];
    size_t said_size = sizeof said;
    const char *behind = text + size - HASH_TEXT;

    if (size <= HASH_TEXT || !read_words(text, behind, line)) return false;
    if (!crypto_base64_decode(behind, HASH_TEXT, said, &said_size) || said_size != sizeof said)
        return false;
    chain(hash, text, (size_t)(behind - text) - 1);
    memcpy(&line->cause, hash, sizeof line->cause);
    return memcmp(said, hash, sizeof said) == 0;
}

static bool damaged(const char *name, unsigned long number, struct error *err)
{
    return error_set(err, ERROR_BROKEN, "ledger.damaged",
                     "%s is damaged in line %lu: bring it back from its newest copy. Lost for "
                     "good? Move it away: what the journal knows is written anew, and whoever was "
                     "erased after that is not known any more.",
                     name, number);
}

/* What is behind the last line: of one that a crash cut off. */
static bool is_torn(const char *rest, size_t size)
{
    return memchr(rest, '\n', size) == NULL || memchr(rest, '\0', size) != NULL;
}

static bool read_lines(struct ledger *ledger, const char *text, size_t size, ledger_visit *visit,
                       void *cookie, struct error *err)
{
    unsigned long number = 1;

    while (ledger->end < size) {
        const char *at = text + ledger->end;
        const size_t left = size - (size_t)ledger->end;
        const char *line_end = memchr(at, '\n', left);
        uint8_t hash[CRYPTO_HASH_SIZE];
        struct ledger_line line;

        memcpy(hash, ledger->hash, sizeof hash);
        if (line_end == NULL || !read_line(at, (size_t)(line_end - at), hash, &line))
            return is_torn(at, left) || damaged(ledger->name, number, err);
        visit(cookie, &line);
        memcpy(ledger->hash, hash, sizeof hash);
        ledger->end += (uint64_t)(line_end - at) + 1;
        number++;
    }
    return true;
}

static bool read_all(struct ledger *ledger, uint64_t size, ledger_visit *visit, void *cookie,
                     struct error *err)
{
    char *text = malloc(size + 1);
    int64_t got;
    bool is_read;

    if (text == NULL) bug("out of memory");
    got = file_read(ledger->file, 0, text, size);
    is_read = got < 0 ? fail(ledger->name, err)
                      : read_lines(ledger, text, (size_t)got, visit, cookie, err);
    free(text);
    return is_read;
}

/* Opening. */

static bool check_mode(const struct ledger *ledger, struct error *err)
{
    unsigned mode;

    return (!files_is_exposed(ledger->files, directory, &mode) &&
            !file_is_exposed(ledger->file, &mode)) ||
           error_set(err, ERROR_BROKEN, "ledger.exposed",
                     "%s is open to others than its owner (mode %03o)", ledger->name, mode);
}

/* So that what is appended follows a whole line. */
static bool cut_torn(const struct ledger *ledger, uint64_t size, struct error *err)
{
    if (size == ledger->end) return true;
    log_warning("ledger_torn", "file=%s bytes=%llu", ledger->name,
                (unsigned long long)(size - ledger->end));
    return (file_cut(ledger->file, ledger->end) && file_flush(ledger->file)) ||
           fail(ledger->name, err);
}

static bool make(const struct ledger *ledger, struct error *err)
{
    if (!files_make(ledger->files, directory)) return fail(directory, err);
    return files_is_there(ledger->files, ledger->name) ||
           (files_flush_around(ledger->files, directory) &&
            files_write(ledger->files, ledger->name, "", 0, true)) ||
           fail(ledger->name, err);
}

static struct ledger *create(struct files *files, const char *service)
{
    struct ledger *ledger = calloc(1, sizeof *ledger);

    if (ledger == NULL) bug("out of memory");
    ledger->files = files;
    if (snprintf(ledger->name, NAME_SIZE, "%s/%s", directory, service) >= NAME_SIZE)
        bug("a long name: %s", service);
    return ledger;
}

void ledger_close(struct ledger *ledger)
{
    if (ledger == NULL) return;
    file_close(ledger->file);
    free(ledger);
}

static bool open_file(struct ledger *ledger, uint64_t *size, struct error *err)
{
    ledger->file = file_open(ledger->files, ledger->name);
    return (ledger->file != NULL && file_size(ledger->file, size)) || fail(ledger->name, err);
}

struct ledger *ledger_open(struct files *files, const char *service, ledger_visit *visit,
                           void *cookie, struct error *err)
{
    struct ledger *ledger = create(files, service);
    uint64_t size;

    if (make(ledger, err) && open_file(ledger, &size, err) && check_mode(ledger, err) &&
        read_all(ledger, size, visit, cookie, err) && cut_torn(ledger, size, err))
        return ledger;
    ledger_close(ledger);
    return NULL;
}

bool ledger_check(struct files *files, const char *service, ledger_visit *visit, void *cookie,
                  struct error *err)
{
    struct ledger *ledger = create(files, service);
    uint64_t size;
    const bool is_ok =
        !files_is_there(files, ledger->name) ||
        (open_file(ledger, &size, err) && read_all(ledger, size, visit, cookie, err));

    ledger_close(ledger);
    return is_ok;
}

/* Writing. */

static size_t write_line(const struct ledger_line *line, uint8_t hash[CRYPTO_HASH_SIZE],
                         char text[LINE_MAX])
{
    char time[INSTANT_TEXT_SIZE], id[ID_TEXT_SIZE];
    int size;

    instant_write((struct instant){line->at_ms}, time);
    id_write(line->id, id);
    size = snprintf(text, LINE_MAX, "%s %s %s %s ", time, line->event, line->level, id);
    chain(hash, text, (size_t)size - 1);
    crypto_base64_encode(hash, CRYPTO_HASH_SIZE, text + size);
    text[size + HASH_TEXT] = '\n';
    return (size_t)size + HASH_TEXT + 1;
}

/* What of it is there may not stay: the next would follow on it. */
static bool take_back(const struct ledger *ledger, struct error *err)
{
    fail(ledger->name, err);
    if (!file_cut(ledger->file, ledger->end)) log_failure(LOG_ERROR, "ledger_not_cut", err);
    return false;
}

bool ledger_append(struct ledger *ledger, const struct ledger_line *lines, size_t count,
                   struct error *err)
{
    char *text = malloc(count * LINE_MAX + 1);
    uint8_t hash[CRYPTO_HASH_SIZE];
    size_t size = 0;
    bool is_written;

    if (text == NULL) bug("out of memory");
    memcpy(hash, ledger->hash, sizeof hash);
    for (size_t i = 0; i < count; i++)
        size += write_line(&lines[i], hash, text + size);
    is_written = file_write(ledger->file, ledger->end, text, size) && file_flush(ledger->file);
    free(text);
    if (!is_written) return take_back(ledger, err);
    memcpy(ledger->hash, hash, sizeof hash);
    ledger->end += size;
    return true;
}
