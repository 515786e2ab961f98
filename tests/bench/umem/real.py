d = [{str(i): [i] * 3} for i in range(400000)]
print(sum(len(x) for x in d))
