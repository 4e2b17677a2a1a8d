// Optimising one level after the other: core-guided (OLL) with strata of weights for levels that
// are sums, halving for levels that are a largest share. After a level is proved it is pinned
// exactly.
#pragma once

#include <functional>
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
};

using LevelProgress = std::function<void(long cost, long bound)>;

class Lexicographic {
 public:
  /// `fixed` are assumptions that hold throughout (the selectors of all demands).
  Lexicographic(Formula& formula, std::vector<Lit> fixed)
      : formula_(formula), fixed_(std::move(fixed)) {}

  /// First model. `sat`, or why there is none.
  Answer start();
  /// Minimises one level. Needs a model; leaves the best one found as the last model. When proved,
  /// every later model keeps its cost.
  LevelResult minimise(const std::vector<Soft>& softs, const LevelProgress& progress = {});
  LevelResult minimise(const Bounded& value, const LevelProgress& progress = {});
  /// Chooses among equal models: in each row, in order, the first literals that can be true are.
  /// False when time ran out; the last model is then as good, but not the chosen one.
  bool settle(const std::vector<Settled>& rows);

 private:
  long cost_of(const std::vector<Soft>& softs) const;
  Answer solve_with(const std::vector<Lit>& more);
  std::vector<Lit> core_of(const std::vector<Lit>& assumed) const;
  void shrink(std::vector<Lit>& core);
  bool pin(const std::vector<Lit>& lits);

  Formula& formula_;
  std::vector<Lit> fixed_;
};

}  // namespace rigtopo
