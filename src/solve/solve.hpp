// The searcher: from a Project to the best layout, proved, or to a proof that there is none. It
// knows no output format and never calls check/ itself: the judge comes in as a function.
#pragma once

#include <functional>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "spec/spec.hpp"

namespace rigtopo {

enum class SolveStatus { optimal, feasible, infeasible, unknown };
std::string_view to_string(SolveStatus s);

/// One level of the lexicographic objective.
struct ObjectiveLevel {
  int level = 0;
  std::string wish;  // "links", or "tail: price" for the implicit tail
  std::string what;  // "least link of any GPU"
  double value = 0;
  double bound = 0;
  std::string unit;
  bool maximise = false;
  bool proved = false;
};

using Levels = std::vector<ObjectiveLevel>;

/// Why a candidate was never offered to the search: "gpu0 on PCIE2 through ribbon-x: ...".
struct Rejection {
  std::string code;     // rule it stands for
  std::string subject;  // device
  std::string choice;   // port, riser, mount, supply
  std::string why;
};

/// Called with a finished layout; returns the codes of error findings, empty when it passes.
using Judge = std::function<std::vector<std::string>(const Layout&)>;

struct Progress {
  std::string phase;
  std::string best;
  std::string bound;
};

struct SolveOptions {
  std::optional<double> time_limit_s;
  std::size_t top = 1;      // so many layouts that a builder would tell apart, best first
  std::vector<Wish> front;  // not empty: layouts that none outdoes in all of these wishes
  Judge judge;              // required
  std::function<void(const Progress&)> progress;  // may be empty
  const volatile bool* interrupted = nullptr;     // set by Ctrl-C
  std::string today;  // YYYY-MM-DD for `until:` of waivers; empty: `until` is not judged
};

struct SolveResult {
  SolveStatus status = SolveStatus::unknown;
  Levels objective;                  // of the best layout
  std::vector<Layout> layouts;       // best first
  std::vector<Levels> objectives;    // of each layout; the first is `objective`
  bool complete = false;             // proved: there are no more layouts, or points of the front
  std::vector<Diagnostic> conflict;  // infeasible: a minimal set of clashing demands
  std::vector<Rejection> rejected;
  std::vector<std::string> assumptions;
  struct Statistics {
    int variables = 0, clauses = 0, calls = 0;
    double encode_ms = 0, solve_ms = 0;
    struct Phase {
      std::string what;  // of a level, "first layout", "settling"
      int calls = 0;
      double ms = 0;
    };
    std::vector<Phase> phases;  // in order; a level once for each time it is optimised
  } statistics;
};

/// Every layout in the result has passed `options.judge`. `infeasible` is only said when proved; a
/// wish that cannot be solved yet is a level with `proved` false and an assumption in words.
SolveResult solve(const Project& project, const SolveOptions& options);

/// What a spec asks for and the search can't plan yet, in words; empty when there is nothing of the
/// kind. solve() then answers `unknown` with these words among its assumptions.
std::string beyond_search(const Project& project);

/// Codes of demands that are no rule of check/: I100 to I102.
std::span<const Code> demand_codes();

}  // namespace rigtopo
