/* args[] of many probes at once */

dtrace:::
{
	trace(args[0]);
}
