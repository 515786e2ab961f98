/* a program may have no clauses, but then nothing matches */

/* status: 1 */
/* options: -xempty */
int unused;
