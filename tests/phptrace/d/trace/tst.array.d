/* trace of an array of bytes that are no text */

uint8_t a[4];

BEGIN
{
	a[0] = 1;
	a[1] = 2;
	a[2] = 3;
	a[3] = 255;
	trace(a);
	exit(0);
}
