/* clause-local strings */

#pragma D option quiet

BEGIN
{
	this->s = "hello";
	this->t = strjoin(this->s, ", world");
	printf("[%s]\n", this->s);
	printf("[%s]\n", this->t);
	printf("%d\n", strlen(this->t));
	exit(0);
}
