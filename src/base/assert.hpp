// RIGTOPO_ASSERT: for our own mistakes only, on in every build. Bad input is a Diagnostic instead.
#pragma once

namespace rigtopo {
/// Prints expression and place and asks for a report, then ends the program with exit status 70.
[[noreturn]] void assertion_failed(const char* expression, const char* file, int line);
}  // namespace rigtopo

#define RIGTOPO_ASSERT(expression)     \
  ((expression) ? static_cast<void>(0) \
                : ::rigtopo::assertion_failed(#expression, __FILE__, __LINE__))
