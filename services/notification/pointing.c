/* Addresses of pages. */
#include "pointing.h"

#include <stdio.h>
#include <string.h>

#include "base/crypto.h"
#include "base/settings.h"
#include "core/error.h"
#include "message/message.h"

enum { TOKEN_SIZE = 32, TEXT_SIZE = CRYPTO_BASE64URL_SIZE(TOKEN_SIZE) };

bool pointing_open(struct pointing *pointing, struct error *err)
{
    return settings_text(setting_of("FADDER_PAGES_URL"), pointing->url, sizeof pointing->url, err);
}

static bool find_key(struct pointing *pointing, struct files *files, struct error *err)
{
    pointing->has_key =
        pointing->has_key || mark_key(files, "notification", "pages", pointing->key, err);
    return pointing->has_key;
}

/* As pages read it. */
static void write_token(const struct pointing *pointing, const struct message *message,
                        char text[TEXT_SIZE])
{
    uint8_t token[TOKEN_SIZE];

    _Static_assert(sizeof message->id.bytes + MARK_SIZE == TOKEN_SIZE, "an id and a mark");
    memcpy(token, message->id.bytes, sizeof message->id.bytes);
    mark_write(pointing->key, "link", message->id.bytes, sizeof message->id.bytes,
               token + sizeof message->id.bytes);
    crypto_base64url_encode(token, sizeof token, text);
}

/* Somebody's own: nobody else reads it, but who it is passed on to. */
static bool is_own(const struct message *message)
{
    return message->audience == MESSAGE_AUDIENCE_MENTOR ||
           message->audience == MESSAGE_AUDIENCE_PARTICIPANT ||
           message->audience == MESSAGE_AUDIENCE_SUPERVISOR;
}

/* Where the pages show what a message is about; NULL: there is no page of it alone. */
static const char *page_of(const struct message *message)
{
    const char *kind = message_kind_words[message->kind];

    if (message_is_farewell(message->kind)) return NULL; /* what they may see no more */
    if (strncmp(kind, "mentorship_", 11) == 0) return "mentorships";
    if (strncmp(kind, "placement_", 10) == 0) return "placements";
    return NULL;
}

bool pointing_write(struct pointing *pointing, struct files *files, const struct message *message,
                    char link[POINTING_SIZE], struct error *err)
{
    const char *page = page_of(message);
    char token[TEXT_SIZE], about[ID_TEXT_SIZE];

    link[0] = '\0';
    if (pointing->url[0] == '\0') return true;
    if (!find_key(pointing, files, err)) return false;
    id_write(message->about, about);
    write_token(pointing, message, token);
    if (is_own(message) && page != NULL)
        snprintf(link, POINTING_SIZE, "%s/l/%s", pointing->url, token);
    else if (page != NULL)
        snprintf(link, POINTING_SIZE, "%s/%s/%s", pointing->url, page, about);
    else if (message->audience == MESSAGE_AUDIENCE_PERSON)
        snprintf(link, POINTING_SIZE, "%s/me", pointing->url);
    else
        snprintf(link, POINTING_SIZE, "%s/", pointing->url);
    crypto_wipe(token, sizeof token);
    return true;
}
