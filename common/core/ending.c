#include "core/ending.h"

#include <stdlib.h>
#include <unistd.h>

void ending(enum ending how)
{
    if (how == ENDING_BUG) abort();
    _exit(1);
}
