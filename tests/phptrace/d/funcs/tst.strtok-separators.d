/* the separators may change from call to call */

#pragma D option quiet

BEGIN
{
	this->s = strtok("a=b;c=d", "=");
	printf("%s ", this->s);
	this->s = strtok(NULL, ";");
	printf("%s ", this->s);
	this->s = strtok(NULL, "=");
	printf("%s ", this->s);
	this->s = strtok(NULL, "");
	printf("%s\n", this->s);
	exit(0);
}
