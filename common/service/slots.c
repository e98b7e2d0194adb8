#include "service/slots.h"

#include <stddef.h>

#include "core/error.h"

void slots_take(struct slots *slots, void *of)
{
    void *none = NULL;
    size_t place = 0;

    for (; !atomic_compare_exchange_strong(&slots->at[place], &none, of); none = NULL)
        if (++place == SERVICES_MAX) bug("more than %d services in a process", SERVICES_MAX);
}

void slots_forget(struct slots *slots, void *of)
{
    for (size_t i = 0; i < SERVICES_MAX; i++) {
        void *there = of;

        atomic_compare_exchange_strong(&slots->at[i], &there, NULL);
    }
}
