/* What people and things are called. */
#pragma once

#include <stddef.h>

/* Take out what turns the direction of writing around it, and what is blank at both ends; room bytes in all, zero behind
 * what stays. NULL, or what is wrong with it (constant, until the process ends): nothing to see in it, or a control character. Unicode 15.1: general
 * categories Cc, Cf and Zs, Default_Ignorable_Code_Point, Bidi_Control (UAX #9), and what has a sign that is empty (U+1D159, U+2800). text is UTF-8 (text_check). */
const char *name_take(char *text, size_t room);
