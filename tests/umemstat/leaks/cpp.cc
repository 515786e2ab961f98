// Plants leaks in C++: blocks of about 720 bytes.
#include <cstdio>
#include <cstring>
#include <map>
#include <memory>
#include <string>
#include <unistd.h>
#include <vector>

struct Block { char rest[700]; };
struct Ring { std::shared_ptr<Ring> other; char rest[680]; };
struct Base { virtual ~Base() = default; char first[8]; };
struct Second { virtual ~Second() = default; char second[8]; };
struct Both : Base, Second { char rest[660]; };
struct Counted { char rest[70]; ~Counted() { rest[0] = 0; } };

static std::vector<Block *> vector;
static std::map<int, std::unique_ptr<Block>> map;
static Second *volatile second;
static Counted *volatile array;

#define APART __attribute__((noinline))
APART static void scrub() { char room[16384]; memset(room, 0, sizeof room); __asm__ volatile("" : : "r"(room) : "memory"); }
APART static void plant(const std::string &what) {
    if (what == "vector") { for (int i = 0; i < 20; i++) vector.push_back(new Block()); vector.resize(11); vector.shrink_to_fit(); }
    if (what == "shared-ring") { auto a = std::make_shared<Ring>(), b = std::make_shared<Ring>(); a->other = b; b->other = a; }
    if (what == "map") for (int i = 0; i < 12; i++) map[i] = std::make_unique<Block>();
    if (what == "second-base") second = new Both();
    if (what == "array-cookie") array = new Counted[10];
    if (what == "string") { auto *s = new std::string(700, 'x'); *(volatile char *)s->data() = 'y'; }
}

int main(int argc, char **argv) {
    plant(argc > 1 ? argv[1] : "");
    scrub();
    // A static container is torn down at exit; what it points to is not.
    if (argc > 2) { puts("ready"); fflush(stdout); scrub(); pause(); }
    fflush(stdout);
    return 0;
}
