/* the sizes of the types */

#pragma D option quiet

BEGIN
{
	printf("%d %d %d %d %d %d\n", sizeof (char), sizeof (short), sizeof (int), sizeof (long), sizeof (long long), sizeof (void *));
	printf("%d %d %d %d\n", sizeof (int8_t), sizeof (int16_t), sizeof (int32_t), sizeof (int64_t));
	printf("%d %d %d %d\n", sizeof (uint8_t), sizeof (uint16_t), sizeof (uint32_t), sizeof (uint64_t));
	printf("%d %d %d\n", sizeof (intptr_t), sizeof (uintptr_t), sizeof (size_t));
	printf("%d %d %d\n", sizeof (unsigned char), sizeof (unsigned short int), sizeof (unsigned long long int));
	printf("%d %d\n", sizeof (float), sizeof (double));
	exit(0);
}
