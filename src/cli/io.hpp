// Where a command's words go. Results to `out`, everything else to `err`; nothing else is written
// but the files below `-o`.
#pragma once

#include <ostream>
#include <string>
#include <vector>

namespace rigtopo {

struct Io {
  std::ostream& out;
  std::ostream& err;
  bool progress = false;                       // err is a terminal
  bool colour_out = false;                     // out is a terminal and NO_COLOR is not set
  bool colour_err = false;                     // the same for err
  const volatile bool* interrupted = nullptr;  // set by Ctrl-C
};

/// Exit statuses: a contract with other programs.
enum Exit : int {
  exit_good = 0,
  exit_findings = 1,   // error findings, proved infeasible, mismatch
  exit_bad_input = 2,  // usage, unreadable or malformed input
  exit_gave_up = 3,    // limit reached, nothing found or proved
  exit_unwritten = 4,  // an output could not be written
  exit_internal = 70   // our own fault
};

/// The whole program but the process: finds the command, runs it, catches what must not escape.
int run_command_line(const std::vector<std::string>& arguments, Io& io);

}  // namespace rigtopo
