// The library in one page: load a spec, check it, solve it, draw it. Everything is text in and text
// out, so that a program that embeds rigtopo needs no other header of ours.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace rigtopo {

/// Version of the library: "0.1.0".
std::string_view version();

/// Runs a command line exactly as the program does: `arguments` without the program's name. Results
/// go to `out`, messages to `err`; the exit status is returned (0 good, 1 findings, 2 bad input,
/// 3 gave up, 4 output not written, 70 our own fault).
int run(const std::vector<std::string>& arguments, std::string& out, std::string& err);

}  // namespace rigtopo
