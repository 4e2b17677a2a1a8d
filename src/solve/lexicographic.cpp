// OLL (Andres et al. 2012, Morgado et al. 2014): assume that every soft is false; each refusal
// names a core, whose least weight raises the bound; the core then counts how many of it are true,
// and the second, third ... become softs of their own.
#include "solve/lexicographic.hpp"

#include <algorithm>
#include <limits>
#include <map>

#include "base/assert.hpp"

namespace rigtopo {
namespace {

/// Softs still assumed false, with what each would cost; and counters that bring in the next one.
class Search {
 public:
  explicit Search(const std::vector<Soft>& softs) {
    for (const Soft& s : softs) add(s.lit, s.weight);
  }

  void add(Lit lit, long weight) {
    if (weight > 0) weights_[lit] += weight;
  }

  /// Assumptions of at least `stratum`, heaviest first, ties by variable.
  std::vector<Lit> assumptions(long stratum) const {
    std::vector<std::pair<long, Lit>> order;
    for (const auto& [lit, weight] : weights_) {
      if (weight >= stratum) order.emplace_back(-weight, lit);
    }
    std::sort(order.begin(), order.end());
    std::vector<Lit> lits;
    for (const auto& [weight, lit] : order) lits.push_back(-lit);
    return lits;
  }

  long heaviest_below(long limit) const {
    long best = 0;
    for (const auto& [lit, weight] : weights_) {
      if (weight < limit) best = std::max(best, weight);
    }
    return best;
  }

  /// Takes a core out and returns its least weight.
  long relax(const std::vector<Lit>& core, Formula& formula) {
    long least = weights_.at(core.front());
    for (const Lit l : core) least = std::min(least, weights_.at(l));
    for (const Lit l : core) {
      weights_.at(l) -= least;
      if (weights_.at(l) == 0) weights_.erase(l);
      bring_next(l, least);
    }
    if (core.size() > 1) {
      const std::vector<Lit> count = formula.counter(core, core.size());
      for (std::size_t j = 1; j < count.size(); ++j) next_[count[j - 1]] = count[j];
      next_.erase(count[0]);
      add(count[1], least);
    }
    return least;
  }

 private:
  /// The output after `lit` of a counter costs as much as was taken from `lit`.
  void bring_next(Lit lit, long weight) {
    const auto it = next_.find(lit);
    if (it != next_.end()) add(it->second, weight);
  }

  std::map<Lit, long> weights_;
  std::map<Lit, Lit> next_;
};

}  // namespace

Answer Lexicographic::start() { return formula_.sat().solve(fixed_); }

long Lexicographic::cost_of(const std::vector<Soft>& softs) const {
  long cost = 0;
  for (const Soft& s : softs) {
    if (formula_.sat().value(s.lit)) cost += s.weight;
  }
  return cost;
}

LevelResult Lexicographic::minimise(const std::vector<Soft>& softs,
                                    const std::function<void(long, long)>& progress) {
  Sat& sat = formula_.sat();
  LevelResult result{cost_of(softs), 0, false};
  Search search(softs);
  long stratum = search.heaviest_below(std::numeric_limits<long>::max());
  while (result.cost > result.bound) {
    std::vector<Lit> assumed = search.assumptions(stratum);
    std::vector<Lit> all = fixed_;
    all.insert(all.end(), assumed.begin(), assumed.end());
    const Answer answer = sat.solve(all);
    if (answer == Answer::unknown) return result;
    if (answer == Answer::sat) {
      result.cost = std::min(result.cost, cost_of(softs));
      if (stratum > 1) {
        // Halving keeps the number of strata small where every weight differs.
        stratum = search.heaviest_below(std::max(2L, stratum / 2 + 1));
        continue;
      }
      // Every soft left is false: this model costs exactly the bound.
      result.cost = result.bound;
      break;
    }
    std::vector<Lit> core;
    for (const Lit l : assumed) {
      if (sat.failed(l)) core.push_back(-l);
    }
    RIGTOPO_ASSERT(!core.empty());
    result.bound += search.relax(core, formula_);
    if (progress) progress(result.cost, result.bound);
  }
  // Pin: what is still assumed holds in every optimal model and in no other.
  for (const Lit l : search.assumptions(1)) formula_.clause({l});
  result.proved = sat.solve(fixed_) == Answer::sat;
  return result;
}

bool Lexicographic::settle(const std::vector<Lit>& lits) {
  Sat& sat = formula_.sat();
  std::vector<Lit> all = fixed_;
  for (const Lit l : lits) {
    all.push_back(l);
    if (!sat.value(l)) {
      const Answer answer = sat.solve(all);
      if (answer == Answer::unknown) return false;
      if (answer == Answer::unsat) {
        all.back() = -l;
        continue;
      }
    }
  }
  return sat.solve(all) == Answer::sat;
}

}  // namespace rigtopo
