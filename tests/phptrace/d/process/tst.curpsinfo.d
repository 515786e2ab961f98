/* the current process in the words of proc(4) */

/* options: -q */
BEGIN
{
	printf("%d %d %d\n", curpsinfo->pr_pid == pid, curpsinfo->pr_ppid == ppid, curpsinfo->pr_uid == uid);
	printf("%s %d %d\n", curpsinfo->pr_fname, curpsinfo->pr_dmodel == PR_MODEL_LP64, curpsinfo->pr_nlwp);
	printf("%d %d\n", curpsinfo->pr_pgid > 0, curpsinfo->pr_sid >= 0);
	exit(0);
}
