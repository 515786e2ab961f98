/* options: -q  */

BEGIN
{
	@[1] = quantize(1);
	setopt("aggpack");
	setopt("encoding", "ascii");
	exit(0);
}
