/* an argument that is neither number nor name is a string */
/* args: /usr/bin/php */

#pragma D option quiet

BEGIN
{
	printf("[%s]\n", $1);
	printf("[%s]\n", basename($1));
	exit(0);
}
