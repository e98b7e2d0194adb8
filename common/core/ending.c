#include "core/ending.h"

#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

static _Atomic(ending_teller *) told_by;

void ending_told_by(ending_teller *teller)
{
    atomic_store(&told_by, teller);
}

void ending_tell(const char *text)
{
    ending_teller *const teller = atomic_exchange(&told_by, NULL);

    if (teller != NULL)
        teller(text);
    else
        fprintf(stderr, "%s\n", text);
    atomic_store(&told_by, teller); /* where it is not the process that ends */
}

void ending(enum ending how)
{
    if (how == ENDING_BUG) abort();
    _exit(1);
}
