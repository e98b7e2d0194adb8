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
 * What is not seen (of no width, a soft hyphen) parts nothing, wherever it stands. A number that a line's end parts is
 * found as it is mostly written, or where words tell of it.
 *
 * Digits may be those of any script that people here write, and stand in groups, with blanks, dashes, points,
 * slashes or several of them between; a birth date may have its century before a Norwegian number
 * (DDMMYYYY NNNCC). Beside other numbers one is found as it is mostly written; where no other number is
 * near, in any grouping but those that are mostly of other things: accounts (4-2-5), telephones, running numbers by
 * three or four, days with a time of day, cases of a year ("2013/01234-56", "123456/2013"), fractions. The ten
 * digits of a Swedish one have to show the date besides: 6-4, 2-2-2-4, 4-2-4, 2-4-4, or six and any grouping of
 * four, or each digit alone. Words about it make one of what lies in any grouping.
 *
 * A case or drawing number is not taken for one: the date must be of somebody who is 13 to 110 years
 * old today, and no letter, digit, or sign that joins them (dash, slash, point, plus, underscore) may go on
 * at either end, unless it is the number's own name: "pnr640823-3234". What stands alone and has shape,
 * date and check digits is one, whatever it was meant to be. Of 10,000 numbers drawn by chance these
 * cannot be told from one, and are taken for one (by its test): ######-#### 66,
 * eleven digits in a row 63, ten digits that are called "id-nummer" 70; and of 10,000 days of 2000 to 2026 with
 * four digits behind a blank, "2004-03-12 1030", 445: one in ten of those that somebody of age was born on. */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "core/date.h"

/* text: UTF-8, size bytes. */
bool identity_number_is_in(const char *text, size_t size, struct date today);

/* The same of what somebody or something is called: no running number stands there, so that digits in any grouping are one,
 * ten in a row too. */
bool identity_number_is_in_name(const char *text, size_t size, struct date today);
