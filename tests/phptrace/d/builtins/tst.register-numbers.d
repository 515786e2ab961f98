/* registers have names for the index of uregs[] */

#pragma D option quiet

BEGIN
{
	printf("%d %d %d %d %d\n", R_SP, R_PC, R_FP, R_RAX, R_R15);
	printf("%d %d %d\n", R_EAX == R_RAX, R_ESP == R_SP, R_TRAPNO);
	exit(0);
}
