// OLL (Andres et al. 2012, Morgado et al. 2014): assume that every soft is false; each refusal
// names a core, whose least weight raises the bound; the core then counts how many of it are true,
// and the second, third ... become softs of their own. Heavy softs come first (stratification);
// cores are shortened a little before they are counted.
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
      // One of them is true anyway: that is what `least` paid for.
      for (std::size_t j = 2; j < count.size(); ++j) next_[count[j - 1]] = count[j];
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

constexpr std::size_t longest_shrunk = 40;  // longer cores are left as they are
constexpr int shrink_conflicts = 300;       // effort for each literal tried

}  // namespace

Answer Lexicographic::start() { return answer_ = solve_with({}); }

/// Demands, levels so far, what is settled.
std::vector<Lit> Lexicographic::assumptions() const {
  std::vector<Lit> all{formula_.all_demands()};
  all.insert(all.end(), levels_.begin(), levels_.end());
  if (settled_ != 0) all.push_back(settled_);
  return all;
}

long Lexicographic::cost_of(const std::vector<Soft>& softs) const {
  long cost = 0;
  for (const Soft& s : softs) {
    if (s.weight > 0 && formula_.sat().value(s.lit)) cost += s.weight;
  }
  return cost;
}

Answer Lexicographic::solve_with(const std::vector<Lit>& more) {
  std::vector<Lit> all = assumptions();
  all.insert(all.end(), more.begin(), more.end());
  return formula_.sat().solve(all);
}

/// The softs (not their negations) that the last proof needed to be false.
std::vector<Lit> Lexicographic::core_of(const std::vector<Lit>& assumed) const {
  std::vector<Lit> core;
  for (const Lit l : assumed) {
    if (formula_.sat().failed(l)) core.push_back(-l);
  }
  return core;
}

/// Leaves out members one by one where a short proof does without them.
void Lexicographic::shrink(std::vector<Lit>& core) {
  if (core.size() > longest_shrunk) return;
  Sat& sat = formula_.sat();
  for (std::size_t i = 0; i < core.size() && core.size() > 1;) {
    std::vector<Lit> others;
    for (std::size_t k = 0; k < core.size(); ++k) {
      if (k != i) others.push_back(-core[k]);
    }
    std::vector<Lit> all = assumptions();
    all.insert(all.end(), others.begin(), others.end());
    if (sat.solve_within(all, shrink_conflicts) == Answer::unsat) {
      core = core_of(others);
    } else {
      ++i;
    }
  }
}

/// `lits` hold while `guard` does.
void Lexicographic::hold(Lit guard, const std::vector<Lit>& lits) {
  for (const Lit l : lits) formula_.implies({guard}, {l});
}

/// A level is proved: `lits` hold from here on.
bool Lexicographic::pin(const std::vector<Lit>& lits) {
  levels_.push_back(formula_.fresh());
  hold(levels_.back(), lits);
  return solve_with({}) == Answer::sat;
}

std::optional<std::size_t> Lexicographic::resume() {
  settled_ = 0;
  while (true) {
    answer_ = solve_with({});
    if (answer_ == Answer::sat) return levels_.size();
    if (answer_ == Answer::unknown) return std::nullopt;
    // Without the last level that the refusal needed, there may be a model.
    while (!levels_.empty() && !formula_.sat().failed(levels_.back())) levels_.pop_back();
    if (levels_.empty()) return std::nullopt;
    levels_.pop_back();
  }
}

LevelResult Lexicographic::minimise(const std::vector<Soft>& softs, const LevelProgress& progress) {
  Sat& sat = formula_.sat();
  LevelResult result{cost_of(softs), 0, false};
  std::vector<bool> best = sat.model();
  Search search(softs);
  long stratum = search.heaviest_below(std::numeric_limits<long>::max());
  while (result.cost > result.bound) {
    const std::vector<Lit> assumed = search.assumptions(stratum);
    const Answer answer = solve_with(assumed);
    if (answer == Answer::unknown) {
      sat.restore(std::move(best));
      return result;
    }
    if (answer == Answer::sat) {
      const long cost = cost_of(softs);
      if (cost < result.cost) {
        result.cost = cost;
        best = sat.model();
      }
      if (progress) progress(result.cost, result.bound);
      // All softs of this stratum are false. Halving keeps the number of strata small where every
      // weight differs.
      RIGTOPO_ASSERT(stratum > 1 || result.cost == result.bound);
      stratum = stratum > 1 ? search.heaviest_below(std::max(2L, stratum / 2 + 1)) : 1;
      continue;
    }
    std::vector<Lit> core = core_of(assumed);
    RIGTOPO_ASSERT(!core.empty());  // what is held already has a model
    shrink(core);
    result.bound += search.relax(core, formula_);
    if (progress) progress(result.cost, result.bound);
  }
  // What is still assumed is false in every optimal model, and whatever makes it false is optimal.
  result.proved = pin(search.assumptions(1));
  if (!result.proved) sat.restore(std::move(best));
  return result;
}

LevelResult Lexicographic::minimise(const Bounded& value, const LevelProgress& progress) {
  Sat& sat = formula_.sat();
  LevelResult result{value.worst, 0, false};
  std::vector<bool> best = sat.model();
  // What the first model measures is tried first; only what a literal enforces counts.
  long next = std::clamp(value.measured(), 0L, value.worst);
  while (result.cost > result.bound) {
    const Answer answer = solve_with({value.at_most(next)});
    if (answer == Answer::unknown) {
      sat.restore(std::move(best));
      return result;
    }
    if (answer == Answer::sat) {
      result.cost = next;
      best = sat.model();
    } else {
      result.bound = next + 1;
    }
    if (progress) progress(result.cost, result.bound);
    next = result.bound + (result.cost - result.bound) / 2;
  }
  result.proved = pin({value.at_most(result.cost)});
  if (!result.proved) sat.restore(std::move(best));
  return result;
}

bool Lexicographic::settle(const std::vector<Settled>& rows) {
  Sat& sat = formula_.sat();
  settled_ = formula_.fresh();
  for (const Settled& row : rows) {
    std::size_t found = 0;
    for (std::size_t i = 0; i < row.lits.size() && found < row.most; ++i) {
      const Lit l = row.lits[i];
      if (!sat.value(l)) {
        if (!row.needs.empty() && !sat.value(row.needs[std::min(i, row.needs.size() - 1)]))
          continue;
        std::vector<bool> before = sat.model();
        const Answer answer = solve_with({l});
        if (answer != Answer::sat) sat.restore(std::move(before));
        if (answer == Answer::unknown) return false;
        if (answer == Answer::unsat) continue;
      }
      hold(settled_, {l});
      ++found;
    }
    // The rest of the row stays as it is: false where the row is full, refused where it is not.
  }
  return true;
}

}  // namespace rigtopo
