#include "front/status.h"

#include <stdlib.h>
#include <string.h>

bool status_waits(const char *text)
{
    const char *clock = strstr(text, "\nfadder_clock_jump_seconds ");

    return strstr(text, "\nfadder_follow_stopped{") != NULL ||
           (clock != NULL && strtod(strchr(clock, ' '), NULL) != 0);
}

enum status_room status_room(const char *text)
{
    const char *line = strstr(text, "\nfadder_room_shortage ");
    const int shortage = line == NULL ? 0 : (int)strtod(strchr(line, ' '), NULL);

    return shortage == 2 ? STATUS_FULL : shortage == 1 ? STATUS_NEARLY_FULL : STATUS_ROOM;
}

bool status_mail_fails(const char *text)
{
    return strstr(text, "\nfadder_mail_fault{") != NULL;
}
