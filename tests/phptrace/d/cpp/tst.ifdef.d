/* conditional parts */
/* options: -C */

#pragma D option quiet

#define ON

BEGIN
{
#ifdef ON
	printf("on\n");
#else
	printf("off\n");
#endif
#ifndef ON
	printf("not on\n");
#endif
#if defined(OFF) || 2 > 1
	printf("if\n");
#elif 1
	printf("elif\n");
#endif
	exit(0);
}
