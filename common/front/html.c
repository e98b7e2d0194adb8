/* What would be read as something else is written as an entity, or by its number. */
#include "front/html.h"

#include <stdbool.h>

#include "front/out.h"

static const char *entity_of(char c)
{
    switch (c) {
    case '<': return "&lt;";
    case '>': return "&gt;";
    case '&': return "&amp;";
    case '"': return "&quot;";
    case '\'': return "&#39;";
    default: return NULL;
    }
}

/* What turns the way of reading, and is not seen itself: U+061C, 200E, 200F, 202A to 202E, 2066 to 2069. 0: it is none. */
static unsigned turn_of(const unsigned char *at)
{
    const bool is_three = at[0] == 0xE2 && (at[1] == 0x80 || at[1] == 0x81) && at[2] != 0;
    unsigned code;

    if (at[0] == 0xD8 && at[1] == 0x9C) return 0x061C;
    if (!is_three) return 0;
    code = 0x2000u | (unsigned)(at[1] & 0x3F) << 6 | (unsigned)(at[2] & 0x3F);
    return code == 0x200E || code == 0x200F || (code >= 0x202A && code <= 0x202E) ||
                   (code >= 0x2066 && code <= 0x2069)
               ? code
               : 0;
}

void html_text(struct out *out, const char *text)
{
    for (const unsigned char *at = (const unsigned char *)text; *at != 0; at++) {
        const char *entity = entity_of((char)*at);
        const unsigned turn = turn_of(at);

        if (turn != 0) {
            out_format(out, "[U+%04X]", turn);
            at += turn == 0x061C ? 1 : 2;
        } else if (entity != NULL)
            out_format(out, "%s", entity);
        else if ((*at < ' ' && *at != '\n' && *at != '\t') || *at == 0x7F)
            out_format(out, "[U+%04X]", *at);
        else
            out_add(out, (const char *)at, 1);
    }
}
