/* Lines of base64 in files, made whole and only once, and read only if nobody else can have. */
#include "bus/key.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "base/crypto.h"
#include "base/files.h"
#include "core/error.h"
#include "core/text.h"

_Static_assert((int)BUS_KEY_SIZE == (int)CRYPTO_KEY_SIZE, "one kind of key");

enum { LINE_SIZE = CRYPTO_BASE64_SIZE(BUS_KEY_SIZE), NAME_SIZE = 64 };

static const char folder[] = "keys/bus", public_end[] = ".public";

static bool fail(struct error *err, const char *name)
{
    return error_set(err, ERROR_BROKEN, "bus_key", "%s: %s", name, strerror(errno));
}

static void write_line(const uint8_t key[BUS_KEY_SIZE], char line[LINE_SIZE])
{
    crypto_base64_encode(key, BUS_KEY_SIZE, line);
    line[LINE_SIZE - 1] = '\n';
}

static bool read_line(const char *line, size_t size, uint8_t key[BUS_KEY_SIZE])
{
    uint8_t read[BUS_KEY_SIZE + 3];
    size_t got = sizeof read;
    const bool is_ok = size == LINE_SIZE && line[size - 1] == '\n' &&
                       crypto_base64_decode(line, size - 1, read, &got) && got == BUS_KEY_SIZE;

    if (is_ok) memcpy(key, read, BUS_KEY_SIZE);
    crypto_wipe(read, sizeof read);
    return is_ok;
}

static void public_name(const char *program, char name[NAME_SIZE])
{
    snprintf(name, NAME_SIZE, "%s/%s%s", folder, program, public_end);
}

/* Secrets. */

static bool read_secret(struct files *files, const char *name, uint8_t secret[BUS_KEY_SIZE],
                        struct error *err)
{
    char line[LINE_SIZE + 1];
    size_t size = sizeof line;
    const bool is_read = files_read_secret(files, name, line, &size, err);
    const bool is_ok = is_read && read_line(line, size, secret);

    crypto_wipe(line, sizeof line);
    if (is_read && !is_ok)
        error_set(err, ERROR_BROKEN, "bus_key",
                  "%s is damaged: take it away, and another is made at the next start", name);
    return is_ok;
}

static bool make_secret(struct files *files, const char *name, struct error *err)
{
    uint8_t secret[BUS_KEY_SIZE];
    char line[LINE_SIZE];
    bool is_made;

    crypto_random(secret, sizeof secret);
    write_line(secret, line);
    is_made = files_make_secret(files, name, line, sizeof line) || errno == EEXIST;
    crypto_wipe(secret, sizeof secret);
    crypto_wipe(line, sizeof line);
    return is_made || fail(err, name);
}

static bool secret_of(struct files *files, const char *program, uint8_t secret[BUS_KEY_SIZE],
                      struct error *err)
{
    char name[NAME_SIZE];

    snprintf(name, sizeof name, "keys/bus.%s.secret", program);
    if (read_secret(files, name, secret, err)) return true;
    return err->kind == ERROR_NOT_FOUND && make_secret(files, name, err) &&
           read_secret(files, name, secret, err);
}

/* What is public. */

bool bus_key_of(struct files *files, const char *program, uint8_t public[BUS_KEY_SIZE])
{
    char name[NAME_SIZE], line[LINE_SIZE + 1];
    size_t size = sizeof line;

    public_name(program, name);
    return files_read_published(files, name, line, &size) && read_line(line, size, public);
}

/* It follows the secret one, whatever stood there. */
static bool publish(struct files *files, const char *program, const struct bus_key *key,
                    struct error *err)
{
    uint8_t there[BUS_KEY_SIZE];
    char name[NAME_SIZE], line[LINE_SIZE];

    if (bus_key_of(files, program, there) && memcmp(there, key->public, sizeof there) == 0)
        return true;
    public_name(program, name);
    write_line(key->public, line);
    return files_publish(files, name, line, sizeof line) || fail(err, name);
}

bool bus_key_own(struct files *files, const char *program, struct bus_key *key, struct error *err)
{
    crypto_start();
    if (!files_make(files, "keys")) return fail(err, "keys");
    if (!files_make_public(files, folder)) return fail(err, folder);
    if (!secret_of(files, program, key->secret, err)) return false;
    crypto_public_key(key->secret, key->public);
    return publish(files, program, key, err);
}

struct listing {
    struct files *files;
    struct bus_known *known;
    size_t count;
};

static bool list_one(void *cookie, const char *name)
{
    struct listing *listing = cookie;
    struct bus_known *known = &listing->known[listing->count];
    const size_t size = strlen(name), end = sizeof public_end - 1;

    if (listing->count == BUS_PROGRAMS_MAX) return false;
    if (name[0] == '.' || size <= end || size - end > BUS_PROGRAM_MAX ||
        strcmp(name + size - end, public_end) != 0)
        return true;
    snprintf(known->program, sizeof known->program, "%.*s", (int)(size - end), name);
    listing->count += strchr(known->program, '.') == NULL &&
                      bus_key_of(listing->files, known->program, known->public);
    return true;
}

size_t bus_key_all(struct files *files, struct bus_known known[BUS_PROGRAMS_MAX])
{
    struct listing listing = {files, known, 0};

    files_each(files, folder, list_one, &listing);
    return listing.count;
}

int64_t bus_key_changed_ns(struct files *files)
{
    return files_changed_ns(files, folder);
}

void bus_key_program(const char *name, char program[BUS_PROGRAM_MAX + 1])
{
    const size_t size = strcspn(name, ".");

    snprintf(program, BUS_PROGRAM_MAX + 1, "%.*s", (int)size, name);
}
