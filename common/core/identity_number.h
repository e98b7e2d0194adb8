/* Whether something that people wrote has a national identity number in it: such a number opens
 * every register, and belongs into no free text of ours.
 *
 * Sweden: personnummer and samordningsnummer, YYMMDD-NNNN, YYMMDD+NNNN, YYYYMMDD-NNNN and
 * YYYYMMDDNNNN; a samordningsnummer has 60 added to the day; the last digit is Luhn's of the nine
 * before it. Folkbokföringslagen (1991:481) 18 §, lag (2022:1697) om samordningsnummer; SKV 704 and
 * SKV 707 by Skatteverket. Ten digits in a row are one only where the words before or behind them, on the
 * same line and with no other number between, tell of such a number or of somebody's birth: alone, seven
 * in a thousand running numbers and telephone numbers would be taken for one. Interim numbers (YYMMDD-TNNN) are none: who makes them is no register.
 *
 * Norway: fødselsnummer and D-nummer, DDMMYYNNNCC; a D-nummer has 40 added to the day, a synthetic
 * one 80 (Skatteetaten's Tenor) or 40 (NAV's Dolly; the health service's hjelpenummer too) to the
 * month. Two check digits modulo 11; from 2032 on the first may be one of four, and the individual
 * digits no longer tell the century. Lov om folkeregistrering (2016-12-09-88); "Fødselsnummer" and
 * "Nytt fødselsnummer fra 2032" by Skatteetaten
 * (https://skatteetaten.github.io/folkeregisteret-api-dokumentasjon/nytt-fodselsnummer-fra-2032/);
 * https://github.com/navikt/fnrvalidator/issues/116 for what is synthetic.
 *
 * Where the parts of one meet may stand any dash and any blank, and digits may be those of any
 * script that people here write. A case or drawing number is not taken for one: the date must be of
 * somebody who is 13 to 110 years old today, and no letter, digit, or sign that joins them (dash,
 * slash, point, plus, underscore) may go on at either end, unless it is the number's own name:
 * "pnr640823-3234". What stands alone and has shape, date and check digits is one, whatever it was
 * meant to be: that is so of fewer than one in a hundred numbers of that shape. */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "core/date.h"

/* text: UTF-8, size bytes. */
bool identity_number_is_in(const char *text, size_t size, struct date today);
