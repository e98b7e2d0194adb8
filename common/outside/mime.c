/* Headers and bodies as bytes: words are encoded (RFC 2047), lines folded, text in quoted-
 * printable; nothing that came from outside can end a line. */
#include "outside/mime.h"

#include <assert.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "core/error.h"
#include "core/text.h"

enum {
    COLUMN_MAX = 76, /* RFC 2045 section 6.7, RFC 2047 section 2 */
    WORD_BYTES = 45, /* of text in an encoded word: 60 characters of base64, 72 in all */
    TOKEN_MAX = 60,  /* a longer one could not be folded: it is encoded, and that can be */
    HEADER_MAX = 400,
    ADDRESS_LINE_MAX = 400,
};

/* Bytes with a limit: what does not fit is noticed once, at the end. */
struct out {
    char *at;
    size_t size, room;
};

static void put(struct out *out, const char *bytes, size_t size)
{
    if (out->size + size <= out->room) memcpy(out->at + out->size, bytes, size);
    out->size += size;
}

static void put_text(struct out *out, const char *text)
{
    put(out, text, strlen(text));
}

/* What could end a header or a command, or is no text at all. */
static bool is_line(const char *text)
{
    uint32_t characters;

    for (const char *c = text; *c != 0; c++)
        if ((unsigned char)*c < ' ' || *c == 0x7F) return false;
    return text_check((const uint8_t *)text, strlen(text), &characters);
}

static bool is_atom(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
           (c != 0 && strchr("!#$%&'*+-/=?^_`{|}~", c) != NULL);
}

static bool is_host(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-';
}

/* Parts of such characters with single dots between them, size bytes in all. */
static bool is_dotted(const char *text, size_t size, size_t part_max, bool (*may)(char))
{
    size_t part = 0;

    for (size_t i = 0; i < size; i++) {
        if (text[i] == '.' && part > 0)
            part = 0;
        else if (!may(text[i]) || ++part > part_max)
            return false;
    }
    return part > 0;
}

bool mime_is_address(const char *address)
{
    const char *at = strchr(address, '@');
    const size_t size = strlen(address);

    if (at == NULL || size > MIME_ADDRESS_MAX || at[1] == '-') return false;
    return is_dotted(address, (size_t)(at - address), 64, is_atom) &&
           is_dotted(at + 1, size - (size_t)(at + 1 - address), 63, is_host);
}

/* Headers. */

static void put_base64(struct out *out, const char *bytes, size_t size)
{
    static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

    for (size_t i = 0; i < size; i += 3) {
        uint32_t group = 0;
        char four[4] = "====";

        for (size_t n = 0; n < 3; n++)
            group = group << 8 | (i + n < size ? (uint8_t)bytes[i + n] : 0);
        for (size_t n = 0; n < 4 && i + n <= size; n++)
            four[n] = digits[group >> (18 - 6 * n) & 63];
        put(out, four, 4);
    }
}

/* How many of the first bytes make whole characters, at most `most`. */
static size_t whole_characters(const char *text, size_t most)
{
    size_t size = strlen(text);

    if (size <= most) return size;
    for (size = most; ((uint8_t)text[size] & 0xC0) == 0x80; size--)
        assert(size > 0);
    return size;
}

/* Encoded words, each of whole characters, each on a line of its own (RFC 2047 section 5). */
static void put_encoded(struct out *out, const char *text, size_t column)
{
    size_t most = (COLUMN_MAX - 12 - column) / 4 * 3; /* =?UTF-8?B?…?= */

    for (const char *c = text; *c != 0; most = WORD_BYTES) {
        const size_t size = whole_characters(c, most < WORD_BYTES ? most : WORD_BYTES);

        if (c != text) put_text(out, "\r\n ");
        put_text(out, "=?UTF-8?B?");
        put_base64(out, c, size);
        put_text(out, "?=");
        c += size;
    }
}

static bool needs_encoding(const char *text)
{
    size_t token = 0;

    if (text[0] == ' ' || text[0] == 0 || text[strlen(text) - 1] == ' ') return text[0] != 0;
    for (const char *c = text; *c != 0; c++) {
        token = *c == ' ' ? 0 : token + 1;
        if ((uint8_t)*c > 0x7E || token > TOKEN_MAX || (*c == ' ' && c[1] == ' ')) return true;
    }
    return strstr(text, "=?") != NULL; /* what only looks encoded must not be decoded */
}

/* Words as they are, folded between them. */
static void put_folded(struct out *out, const char *text, size_t column)
{
    while (*text != 0) {
        const size_t size = strcspn(text + 1, " ") + 1; /* a word and the space before it */

        if (column + size > COLUMN_MAX && text[0] == ' ') {
            put_text(out, "\r\n");
            column = 0;
        }
        put(out, text, size);
        column += size;
        text += size;
    }
}

static void put_unstructured(struct out *out, const char *name, const char *text)
{
    const size_t column = strlen(name) + 2;

    put_text(out, name);
    put_text(out, ": ");
    if (needs_encoding(text))
        put_encoded(out, text, column);
    else
        put_folded(out, text, column);
    put_text(out, "\r\n");
}

static void put_mailbox(struct out *out, const char *header, const char *name, const char *address)
{
    put_text(out, header);
    put_text(out, ": ");
    if (name != NULL && *name != 0) {
        put_encoded(out, name, strlen(header) + 2); /* so no character in it needs quoting */
        put_text(out, "\r\n ");
    }
    put_text(out, "<");
    put_text(out, address);
    put_text(out, ">\r\n");
}

static void put_plain(struct out *out, const char *name, const char *before, const char *text,
                      const char *after)
{
    put_text(out, name);
    put_text(out, ": ");
    put_text(out, before);
    put_text(out, text);
    put_text(out, after);
    put_text(out, "\r\n");
}

/* "Sun, 22 Nov 2026 10:00:00 +0000": not by strftime, whose words are the locale's. */
static void put_date(struct out *out, struct instant date)
{
    static const char *const days[] = {"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
    static const char *const months[] = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                         "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
    const time_t seconds = (time_t)(date.ms / 1000);
    struct tm tm;
    char text[64];

    gmtime_r(&seconds, &tm); /* an instant's years have four digits */
    snprintf(text, sizeof text, "%s, %02d %s %04d %02d:%02d:%02d +0000", days[tm.tm_wday],
             tm.tm_mday, months[tm.tm_mon], tm.tm_year + 1900, tm.tm_hour, tm.tm_min, tm.tm_sec);
    put_plain(out, "Date", "", text, "");
}

/* Bodies. */

/* One byte, as it may stand in a line of quoted-printable; how many characters it became. */
static size_t quoted(char byte, bool is_first, bool is_last, char text[4])
{
    const uint8_t value = (uint8_t)byte;
    const bool is_plain = value >= ' ' && value < 0x7F && value != '=';

    /* Space at the end would get lost; a dot or "From " at the start means something to servers
     * and mailboxes. */
    if (is_plain && !(is_last && value == ' ') && !(is_first && (value == '.' || value == 'F'))) {
        text[0] = byte;
        return 1;
    }
    snprintf(text, 4, "=%02X", value);
    return 3;
}

static void put_quoted_printable(struct out *out, const char *text)
{
    size_t column = 0;

    for (const char *c = text; *c != 0; c++) {
        char byte[4];
        size_t size;

        if (*c == '\n') {
            put_text(out, "\r\n");
            column = 0;
            continue;
        }
        size = quoted(*c, column == 0, c[1] == '\n' || c[1] == 0, byte);
        if (column + size > COLUMN_MAX - 1) { /* room for the soft line break's own = */
            put_text(out, "=\r\n");
            column = 0;
            size = quoted(*c, true, c[1] == '\n' || c[1] == 0, byte);
        }
        put(out, byte, size);
        column += size;
    }
}

static void put_characters(struct out *out, const char *text, size_t size)
{
    for (size_t i = 0; i < size; i++) {
        switch (text[i]) {
        case '&': put_text(out, "&amp;"); break;
        case '<': put_text(out, "&lt;"); break;
        case '>': put_text(out, "&gt;"); break;
        case '"': put_text(out, "&quot;"); break;
        default: put(out, text + i, 1);
        }
    }
}

static void put_escaped(struct out *out, const char *text)
{
    put_characters(out, text, strlen(text));
}

/* What an end of line is, and where the text goes on; an empty line parts paragraphs. */
static const char *put_break(struct out *out, const char *text)
{
    if (*text == 0) return text;
    if (text[1] == '\n') {
        put_text(out, "</p>\n<p>");
        return text + 2;
    }
    if (text[1] != 0) put_text(out, "<br>\n");
    return text + 1;
}

/* A line that is an address, and nothing else, can be pressed; it is read from left to right in every language. */
static void put_line(struct out *out, const char *text, size_t size)
{
    const bool is_address =
        (strncmp(text, "https://", 8) == 0 || strncmp(text, "http://", 7) == 0) &&
        strcspn(text, " \n") == size && size <= ADDRESS_LINE_MAX;

    if (is_address) {
        put_text(out, "<a dir=\"ltr\" href=\"");
        put_characters(out, text, size);
        put_text(out, "\">");
    }
    put_characters(out, text, size);
    if (is_address) put_text(out, "</a>");
}

static void put_paragraphs(struct out *out, const char *text)
{
    while (*text != 0) {
        const size_t size = strcspn(text, "\n");

        put_line(out, text, size);
        text = put_break(out, text + size);
    }
}

/* The text as HTML: paragraphs, lines and addresses, nothing else. */
static bool write_html(const struct letter *letter, char *html, size_t room)
{
    struct out out = {html, 0, room - 1};

    put_text(&out, "<!DOCTYPE html>\n<html lang=\"");
    put_escaped(&out, letter->language);
    put_text(&out, "\" dir=\"");
    put_escaped(&out, letter->direction);
    put_text(&out, "\">\n<head><meta charset=\"utf-8\"><title>");
    put_escaped(&out, letter->subject);
    put_text(&out, "</title></head>\n<body>\n<p>");
    put_paragraphs(&out, letter->text);
    put_text(&out, "</p>\n</body>\n</html>");
    if (out.size > out.room) return false;
    html[out.size] = 0;
    return true;
}

/* =_ cannot occur in quoted-printable, so no line of a body is ever taken for the boundary. */
#define BOUNDARY "=_fadder"

static void put_part(struct out *out, const char *type, const char *text)
{
    put_text(out, "\r\n--" BOUNDARY "\r\n");
    put_plain(out, "Content-Type", "", type, "; charset=utf-8");
    put_plain(out, "Content-Transfer-Encoding", "", "quoted-printable", "");
    put_text(out, "\r\n");
    put_quoted_printable(out, text);
}

static bool has_reply_to(const struct letter *letter)
{
    return letter->reply_to != NULL && letter->reply_to[0] != '\0';
}

static void put_headers(struct out *out, const struct letter *letter)
{
    put_mailbox(out, "From", letter->from_name, letter->from);
    if (has_reply_to(letter)) put_mailbox(out, "Reply-To", NULL, letter->reply_to);
    put_mailbox(out, "To", NULL, letter->to);
    put_unstructured(out, "Subject", letter->subject);
    put_date(out, letter->date);
    put_plain(out, "Message-ID", "<", letter->id, ">");
    put_plain(out, "Auto-Submitted", "", "auto-generated",
              ""); /* RFC 3834: nobody's machine answers */
    put_plain(out, "Content-Language", "", letter->language, "");
    put_plain(out, "MIME-Version", "", "1.0", "");
    put_plain(out, "Content-Type", "multipart/alternative; boundary=\"", BOUNDARY, "\"");
}

static bool check(const struct letter *letter, struct error *err)
{
    const char *const headers[] = {letter->subject, letter->language,
                                   letter->from_name == NULL ? "" : letter->from_name};

    if (!mime_is_address(letter->from) || !mime_is_address(letter->to) ||
        !mime_is_address(letter->id) ||
        (has_reply_to(letter) && !mime_is_address(letter->reply_to)))
        return error_set(err, ERROR_INVALID, "bad_address", "That is no address to write to.");
    for (size_t i = 0; i < sizeof headers / sizeof headers[0]; i++)
        if (!is_line(headers[i]) || strlen(headers[i]) > HEADER_MAX)
            return error_set(err, ERROR_INVALID, "bad_header", "A header is one line of text.");
    return true;
}

bool mime_write(const struct letter *letter, char *bytes, size_t *size, struct error *err)
{
    struct out out = {bytes, 0, *size};
    char html[MIME_MAX];

    if (!check(letter, err)) return false;
    if (!write_html(letter, html, sizeof html))
        return error_set(err, ERROR_INVALID, "too_long", "A mail has at most %d bytes.", MIME_MAX);

    put_headers(&out, letter);
    put_part(&out, "text/plain", letter->text);
    put_part(&out, "text/html", html);
    put_text(&out, "\r\n--" BOUNDARY "--\r\n");
    explicit_bzero(html, sizeof html);
    if (out.size > out.room)
        return error_set(err, ERROR_INVALID, "too_long", "A mail has at most %d bytes.", MIME_MAX);
    *size = out.size;
    return true;
}
