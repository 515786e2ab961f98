# Plants leaks in a Python process, as a careless extension would: blocks of 100003 bytes.
import ctypes, gc, os, sys, time
libc = ctypes.CDLL(None)
libc.malloc.restype = ctypes.c_void_p
libc.memset.argtypes = [ctypes.c_void_p, ctypes.c_int, ctypes.c_size_t]
kept = [libc.malloc(100003) for _ in range(2)]
holders = [ctypes.c_void_p(k) for k in kept]
for _ in range(3):
    libc.memset(libc.malloc(100003), 0, 100003)
# What the last call left in its frames is overwritten.
libc.memset(ctypes.create_string_buffer(8), 0, 8)
# The numbers that held the addresses are overwritten by others.
for _ in range(20):
    others = [2**40 + i for i in range(5000)]
del others
gc.collect()
if len(sys.argv) > 2:
    print("ready", flush=True)
    time.sleep(60)
os._exit(0)
