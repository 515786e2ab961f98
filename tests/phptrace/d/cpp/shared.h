#define SHARED 77
#define TRIPLE(x) ((x) * 3)

struct shared {
	int member;
};

struct shared s;
