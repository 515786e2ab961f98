/* a description of five fields */

a:b:c:d:e
{
	exit(0);
}
