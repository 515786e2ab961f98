/* comments anywhere */

#pragma D option quiet
/**/
BEGIN /* after the probe */
/* before the { */
{ /* first * / / * */
	/* several
	 * lines
	 */
	printf(/* in a call */ "a /* no comment */\n" /* before ) */);
	exit(/* x */ 0 /* y */); /***/
} /* at the end */
/* last */
