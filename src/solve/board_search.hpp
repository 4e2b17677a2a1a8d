// The search on one board: encode, optimise level by level, settle what is left, hand the layout to
// the judge; then the next best, as long as more are wanted.
#pragma once

#include <chrono>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "solve/encoding.hpp"

namespace rigtopo {

/// Does the spec accept the demand, with a reason? Then nothing of it binds the search.
bool is_waived(const Project& project, std::string_view today, const Demand& demand);

/// A layout that passed the judge, and what it reaches.
struct RankedLayout {
  Layout layout;
  Levels objective;
  bool proved = false;  // in every level, and settled among its equals
};

/// Result for one board.
struct BoardResult {
  SolveStatus status = SolveStatus::unknown;
  std::vector<RankedLayout> layouts;  // best first
  bool all = false;                   // there are no more than these
  std::vector<Diagnostic> conflict;
  std::vector<Rejection> rejected;
  std::vector<std::string> assumptions;
};

class BoardSearch {
 public:
  using Clock = std::chrono::steady_clock;

  BoardSearch(const Project& project, const Board& board, const SolveOptions& options,
              std::optional<Clock::time_point> deadline, SolveResult::Statistics& statistics);
  BoardResult run();

 private:
  void rank(Encoding& encoding, Lexicographic& optimiser);
  bool optimise(Lexicographic& optimiser, const Encoding& encoding, std::size_t kept);
  bool optimise(Lexicographic& optimiser, const WishLevel& level);
  void note(std::string what);
  bool is_refused(Encoding& encoding, const Layout& layout);
  bool learns(Encoding& encoding, const Layout& layout);
  bool is_enough() const;
  void conclude(Answer last);
  std::string refusal() const;

  const Project& project_;
  const SolveOptions& options_;
  std::optional<Clock::time_point> deadline_;
  SolveResult::Statistics& statistics_;
  Choices choices_;
  Sat sat_;
  Formula formula_;
  std::vector<WishLevel> levels_;
  std::vector<ObjectiveLevel> reached_;  // by level, of the layout at hand
  std::vector<long> costs_;              // the same as costs
  Clock::time_point noted_;              // end of the last phase of the statistics
  int noted_calls_ = 0;
  int disagreements_ = 0;              // layouts that the judge refused
  int lessons_ = 0;                    // loadings of supplies that heat them too much
  std::set<std::string> refused_for_;  // codes of its findings
  BoardResult result_;
};

}  // namespace rigtopo
