import time
pages = [str(n) * 180 for n in range(50000)]
time.sleep(600)
