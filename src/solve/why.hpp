// Why a device is not on a port: what forbids it, or what it would cost.
#pragma once

#include <string>
#include <vector>

#include "solve/solve.hpp"

namespace rigtopo {

enum class WhyVerdict {
  chosen,      // it is there, or a card like it
  equal,       // it could be there at no cost: equals are settled by their order
  costs,       // it could be there; the levels that change are listed
  impossible,  // demands clash with it, or no link is good enough
  unknown      // time ran out
};
std::string_view to_string(WhyVerdict v);

struct WhyAnswer {
  std::string device;
  std::string port;
  WhyVerdict verdict = WhyVerdict::unknown;
  std::string board;                    // when the layout compared with stands on another one
  std::vector<ObjectiveLevel> changed;  // what these levels would come to; the first decides
  std::vector<ObjectiveLevel> best;     // and what they come to now
  std::vector<Diagnostic> conflict;     // impossible: demands that clash with it
  std::vector<Rejection> rejected;      // of this device on this port
};

/// Solves again with the device pinned to the port, and compares with `result`, which solve() gave
/// for the same project and options: `unknown` unless both are proved. The device and the port
/// exist, and no pin puts the device elsewhere.
WhyAnswer why(const Project& project, const SolveOptions& options, const SolveResult& result,
              const std::string& device, const std::string& port);

}  // namespace rigtopo
