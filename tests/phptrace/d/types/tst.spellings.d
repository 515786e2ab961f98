/* the many spellings of the integer types */

#pragma D option quiet

BEGIN
{
	printf("%d %d %d\n", sizeof (short int), sizeof (signed short), sizeof (int short));
	printf("%d %d %d\n", sizeof (unsigned), sizeof (signed), sizeof (unsigned int));
	printf("%d %d %d\n", sizeof (long int), sizeof (unsigned long), sizeof (long unsigned int));
	printf("%d\n", sizeof (const volatile int));
	exit(0);
}
