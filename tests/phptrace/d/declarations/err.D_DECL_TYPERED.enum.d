/* an enum declared again */

enum e { A };
enum e { B };

BEGIN
{
	exit(0);
}
