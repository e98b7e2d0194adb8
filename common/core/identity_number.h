/* Whether something that people wrote has a national identity number in it: such a number opens
 * every register, and belongs into no free text of ours.
 *
 * Sweden: personnummer and samordningsnummer, YYMMDD-NNNN, YYMMDD+NNNN, YYYYMMDD-NNNN and
 * YYYYMMDDNNNN; a samordningsnummer has 60 added to the day; the last digit is Luhn's of the nine
 * before it. Folkbokföringslagen (1991:481) 18 §, lag (2022:1697) om samordningsnummer; SKV 704 and
 * SKV 707 by Skatteverket. Ten digits in a row are not taken for one: telephone numbers look so.
 *
 * Norway: fødselsnummer and D-nummer, DDMMYYNNNCC; a D-nummer has 40 added to the day; two check
 * digits modulo 11. Lov om folkeregistrering (2016-12-09-88); "Fødselsnummer" by Skatteetaten.
 *
 * A space may stand where the hyphen stands, and before the last five of a Norwegian one. */
#pragma once

#include <stdbool.h>
#include <stddef.h>

bool identity_number_is_in(const char *text, size_t size);
