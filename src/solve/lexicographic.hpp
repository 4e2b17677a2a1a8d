// Optimising one level after the other: core-guided (OLL) with strata of weights for levels that
// are sums, halving for levels that are a largest share. After a level is proved it is pinned
// exactly, under a literal of its own, so that a later search can take the pin back.
#pragma once

#include <functional>
#include <optional>
#include <vector>

#include "solve/formula.hpp"

namespace rigtopo {

/// A literal that should be false; `weight` is what it costs when true.
struct Soft {
  Lit lit = 0;
  long weight = 0;
};

/// A value that no sum of literals gives: it can be bounded by a new literal and measured.
struct Bounded {
  std::function<Lit(long)> at_most;  // a literal that makes the value no more than this
  std::function<long()> measured;    // value of the last model: a hint where to look
  long worst = 0;                    // every model has no more than this
};

/// Outcome of one level: the least cost and whether it is proved.
struct LevelResult {
  long cost = 0;   // of the best model found
  long bound = 0;  // no model costs less
  bool proved = false;
};

/// Literals of which so many may be true; they are made true from the front as far as that goes.
struct Settled {
  std::vector<Lit> lits;
  std::size_t most = 1;
  /// By literal, or one for all: what it cannot be true without, and earlier rows have decided.
  /// None when there is nothing of the kind.
  std::vector<Lit> needs{};
};

using LevelProgress = std::function<void(long cost, long bound)>;

class Lexicographic {
 public:
  /// Every demand of the formula holds throughout.
  explicit Lexicographic(Formula& formula) : formula_(formula) {}

  /// First model. `sat`, or why there is none.
  Answer start();
  /// Minimises one level. Needs a model; leaves the best one found as the last model. When proved,
  /// every later model keeps its cost.
  LevelResult minimise(const std::vector<Soft>& softs, const LevelProgress& progress = {});
  LevelResult minimise(const Bounded& value, const LevelProgress& progress = {});
  /// Chooses among equal models: in each row, in order, the first literals that can be true are.
  /// False when time ran out; the last model is then as good, but not the chosen one.
  bool settle(const std::vector<Settled>& rows);
  /// After clauses were added that rule out the last model: takes back what was settled and as many
  /// levels, from the last one, as have to be redone, and finds a model for the others. How many
  /// levels stand; nullopt: no model at all, or (`answer`) no time.
  std::optional<std::size_t> resume();
  /// Of the last start() or resume().
  Answer answer() const { return answer_; }

 private:
  long cost_of(const std::vector<Soft>& softs) const;
  Answer solve_with(const std::vector<Lit>& more);
  std::vector<Lit> core_of(const std::vector<Lit>& assumed) const;
  void shrink(std::vector<Lit>& core);
  bool pin(const std::vector<Lit>& lits);
  void hold(Lit guard, const std::vector<Lit>& lits);
  std::vector<Lit> assumptions() const;

  Formula& formula_;
  std::vector<Lit> levels_;  // by level: while it is assumed, the level keeps its cost
  Lit settled_ = 0;          // while it is assumed, what was settled stays
  Answer answer_ = Answer::unknown;
};

}  // namespace rigtopo
