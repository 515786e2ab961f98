/* white space makes no difference */

#pragma D option quiet
BEGIN{x=1;y=x+
2;
	printf
	(
		"%d %d\n"
		,x
		,	y)
	;exit(0);}
