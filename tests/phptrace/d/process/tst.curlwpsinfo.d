/* the current thread and CPU */

/* options: -q */
BEGIN
{
	printf("%d %c %s\n", curlwpsinfo->pr_lwpid == tid, curlwpsinfo->pr_sname, curlwpsinfo->pr_name);
	printf("%d %d\n", curlwpsinfo->pr_state == SRUN, curcpu->cpu_id == cpu);
	exit(0);
}
