/* lltostr of variables of all widths */

#pragma D option quiet

int8_t c;
uint8_t u;
int i;
int64_t l;

BEGIN
{
	c = -5;
	u = 200;
	i = 1000;
	l = -9000000000;
	printf("[%s]\n", lltostr(c));
	printf("[%s]\n", lltostr(u));
	printf("[%s]\n", lltostr(i + 1));
	printf("[%s]\n", lltostr(l));
	printf("%d\n", strlen(lltostr(l)));
	printf("[%s]\n", strjoin("n", lltostr(i * i)));
	exit(0);
}
