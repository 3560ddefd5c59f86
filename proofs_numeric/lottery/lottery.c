/* Chapter "Tickets": its claims, section by section. */
#include "ground/claim.h"

extern section lot_recipe, lot_worth, lot_races, lot_numbers, lot_hosts;

CHAPTER_OF(lottery, lot_recipe, lot_worth, lot_races, lot_numbers, lot_hosts)
