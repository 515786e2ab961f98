/* the translator is there already */

translator psinfo_t < struct task_struct *t >
{
	pr_pid = 1;
};

BEGIN
{
	exit(0);
}
