// Optimising one level after the other: core-guided (OLL) with strata of weights. After a level is
// proved it is pinned exactly.
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

/// Outcome of one level: the least cost and whether it is proved.
struct LevelResult {
  long cost = 0;   // of the best model found
  long bound = 0;  // no model costs less
  bool proved = false;
};

class Lexicographic {
 public:
  /// `fixed` are assumptions that hold throughout (the selectors of all demands).
  Lexicographic(Formula& formula, std::vector<Lit> fixed)
      : formula_(formula), fixed_(std::move(fixed)) {}

  /// First model. `sat`, or why there is none.
  Answer start();
  /// Minimises one level. Needs a model. When proved, every later model keeps its cost.
  LevelResult minimise(const std::vector<Soft>& softs,
                       const std::function<void(long cost, long bound)>& progress = {});
  /// Makes `lits` true one by one where that is possible, in order: a unique choice among equals.
  /// False when time ran out.
  bool settle(const std::vector<Lit>& lits);

 private:
  long cost_of(const std::vector<Soft>& softs) const;

  Formula& formula_;
  std::vector<Lit> fixed_;
};

}  // namespace rigtopo
