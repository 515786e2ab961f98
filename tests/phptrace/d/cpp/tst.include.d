/* #include with -I */
/* options: -C -I $T/cpp */

#include "shared.h"

#pragma D option quiet

BEGIN
{
	s.member = SHARED;
	printf("%d %d\n", s.member, TRIPLE(2));
	exit(0);
}
