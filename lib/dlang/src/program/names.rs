//! The names the language knows by itself: variables and subroutines.

/// Built-in variables.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Builtin {
    /// `arg0` to `arg9`; in an ERROR probe, the fault's details.
    Arg(u8),
    /// `args[N]`
    Args(u32),
    /// `caller`
    Caller,
    /// `ucaller`
    Ucaller,
    /// The current CPU's number (`cpu`, `curcpu->cpu_id`).
    Cpu,
    /// `curthread`
    Curthread,
    /// `cwd`
    Cwd,
    /// `epid`
    Epid,
    /// `errno`
    Errno,
    /// `execname`
    Execname,
    /// `execargs`
    Execargs,
    /// `gid`
    Gid,
    /// `id`
    Id,
    /// `ipl`
    Ipl,
    /// `pid`
    Pid,
    /// `ppid`
    Ppid,
    /// Process group, a number of a process.
    Pgid,
    /// Session, a number of a process.
    Sid,
    /// Priority in the kernel's scheduler.
    Priority,
    /// `probefunc`
    Probefunc,
    /// `probemod`
    Probemod,
    /// `probename`
    Probename,
    /// `probeprov`
    Probeprov,
    /// `root`
    Root,
    /// `stackdepth`
    Stackdepth,
    /// `ustackdepth`
    Ustackdepth,
    /// `tid`
    Tid,
    /// `timestamp`
    Timestamp,
    /// `vtimestamp`
    Vtimestamp,
    /// `walltimestamp`
    Walltimestamp,
    /// `uid`
    Uid,
    /// `zonename`
    Zonename,
}

macro_rules! subroutines {
    ($($(#[$doc:meta])* $variant:ident $name:literal),* $(,)?) => {
        /// Subroutines.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        pub enum Subroutine { $($(#[$doc])* $variant),* }
        impl Subroutine {
            /// Its name in D.
            #[must_use]
            pub fn name(self) -> &'static str {
                match self { $(Self::$variant => $name),* }
            }
            /// The subroutine called `name`.
            #[must_use]
            pub fn named(name: &str) -> Option<Self> {
                match name { $($name => Some(Self::$variant),)* _ => None }
            }
        }
    };
}

subroutines! {
    /// void *alloca(size)
    Alloca "alloca",
    /// string basename(const char *)
    Basename "basename",
    /// void bcopy(from, to, size)
    Bcopy "bcopy",
    /// string cleanpath(char *)
    Cleanpath "cleanpath",
    /// void *copyin(address, size)
    Copyin "copyin",
    /// string copyinstr(address[, size])
    Copyinstr "copyinstr",
    /// void copyinto(address, size, to)
    Copyinto "copyinto",
    /// void copyout(from, address, size); destructive
    Copyout "copyout",
    /// void copyoutstr(string, address, size); destructive
    Copyoutstr "copyoutstr",
    /// string dirname(const char *)
    Dirname "dirname",
    /// int getmajor(dev)
    Getmajor "getmajor",
    /// int getminor(dev)
    Getminor "getminor",
    /// uint16 htons(uint16)
    Htons "htons",
    /// uint32 htonl(uint32)
    Htonl "htonl",
    /// uint64 htonll(uint64)
    Htonll "htonll",
    /// int index(string, string[, start])
    Index "index",
    /// string inet_ntoa(ipaddr *)
    InetNtoa "inet_ntoa",
    /// string inet_ntoa6(in6_addr *)
    InetNtoa6 "inet_ntoa6",
    /// string inet_ntop(family, address)
    InetNtop "inet_ntop",
    /// string json(string, path)
    Json "json",
    /// string link_ntop(type, address)
    LinkNtop "link_ntop",
    /// string lltostr(number[, base])
    Lltostr "lltostr",
    /// int mutex_owned(mutex *)
    MutexOwned "mutex_owned",
    /// thread *mutex_owner(mutex *)
    MutexOwner "mutex_owner",
    /// int mutex_type_adaptive(mutex *)
    MutexTypeAdaptive "mutex_type_adaptive",
    /// int mutex_type_spin(mutex *)
    MutexTypeSpin "mutex_type_spin",
    /// uint16 ntohs(uint16)
    Ntohs "ntohs",
    /// uint32 ntohl(uint32)
    Ntohl "ntohl",
    /// uint64 ntohll(uint64)
    Ntohll "ntohll",
    /// int progenyof(pid)
    Progenyof "progenyof",
    /// int rand()
    Rand "rand",
    /// int rindex(string, string[, start])
    Rindex "rindex",
    /// int rw_iswriter(rwlock *)
    RwIswriter "rw_iswriter",
    /// int rw_read_held(rwlock *)
    RwReadHeld "rw_read_held",
    /// int rw_write_held(rwlock *)
    RwWriteHeld "rw_write_held",
    /// int speculation()
    Speculation "speculation",
    /// string strchr(string, char)
    Strchr "strchr",
    /// string strjoin(string, string)
    Strjoin "strjoin",
    /// int strlen(string)
    Strlen "strlen",
    /// string strrchr(string, char)
    Strrchr "strrchr",
    /// string strstr(string, string)
    Strstr "strstr",
    /// string strtok(string, string)
    Strtok "strtok",
    /// int64 strtoll(string[, base])
    Strtoll "strtoll",
    /// string substr(string, start[, length])
    Substr "substr",
    /// string d_path(path *)
    DPath "d_path",
    /// string ddi_pathname(dev_info *, minor)
    DdiPathname "ddi_pathname",
    /// string tolower(string)
    Tolower "tolower",
    /// string toupper(string)
    Toupper "toupper",
    /// size_t msgsize(mblk *)
    Msgsize "msgsize",
    /// size_t msgdsize(mblk *)
    Msgdsize "msgdsize",
    /// uintptr getf(int)
    Getf "getf",
}
