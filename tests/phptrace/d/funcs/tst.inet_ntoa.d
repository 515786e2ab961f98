/* inet_ntoa of an address in network order */

#pragma D option quiet

BEGIN
{
	this->a = (ipaddr_t *)alloca(sizeof (ipaddr_t));
	*this->a = htonl(0x7f000001);
	printf("%s\n", inet_ntoa(this->a));
	*this->a = htonl(0xc0a80164);
	printf("%s\n", inet_ntoa(this->a));
	*this->a = 0;
	printf("%s\n", inet_ntoa(this->a));
	*this->a = 0xffffffff;
	printf("%s\n", inet_ntoa(this->a));
	*this->a = htonl(0x0a010203);
	printf("%s %d\n", inet_ntoa(this->a), strlen(inet_ntoa(this->a)));
	exit(0);
}
