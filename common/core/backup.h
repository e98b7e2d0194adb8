/* How long a backup may be kept, of the data as of the keys: one that is older would bring back who was erased. So whoever
 * was is in none any more when so many days are over. */
#pragma once

enum { BACKUP_DAYS = 35 };
