/* What catalogue.py makes of the catalogues, for words.c. */
#pragma once

#include "words/catalogue.h"

struct words_texts {
    unsigned (*form)(unsigned long long n); /* which form a number takes, */
    unsigned forms;                         /* of so many */
    enum language otherwise;                /* who has the texts that are NULL here */
    const char *direction;                  /* in which it is read: "ltr" or "rtl" */
    const char *const *text[WORDS_KEYS];    /* its forms, or the only one; then NULL */
};

extern const struct words_texts words_texts[WORDS_LANGUAGES];
extern const char *const words_keys[WORDS_KEYS]; /* as in the catalogue */
