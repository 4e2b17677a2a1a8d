// The end of the program when we are wrong ourselves.
#include "base/assert.hpp"

#include <cstdio>
#include <cstdlib>

namespace rigtopo {

void assertion_failed(const char* expression, const char* file, int line) {
  std::fprintf(stderr, "rigtopo: internal error: `%s` does not hold (%s:%d)\n", expression, file,
               line);
  std::fputs("please report this with the spec that caused it\n", stderr);
  std::_Exit(70);
}

}  // namespace rigtopo
