// The optimiser against enumeration on small random formulas: level values, bounds, pins, and that
// the settled model is the first one in order.
#include "solve/lexicographic.hpp"

#include <algorithm>
#include <optional>
#include <vector>

#include "property/random.hpp"
#include "support/catch.hpp"

using namespace rigtopo;
using rigtopo::test::Random;

namespace {

constexpr int variables = 9;

struct Problem {
  std::vector<std::vector<Lit>> clauses;
  std::vector<std::vector<Soft>> levels;
};

Lit some_literal(Random& random) {
  const Lit l = random.between(1, variables);
  return random.chance(50) ? l : -l;
}

Problem some_problem(Random& random) {
  Problem p;
  for (int i = random.between(4, 30); i > 0; --i) {
    p.clauses.push_back({some_literal(random), some_literal(random), some_literal(random)});
  }
  for (int level = 0; level < 3; ++level) {
    std::vector<Soft> softs;
    // Equal, small and large weights: strata and counters both matter.
    for (int i = random.between(0, 8); i > 0; --i) {
      softs.push_back({some_literal(random), random.chance(30) ? 1 : random.between(1, 40)});
    }
    p.levels.push_back(std::move(softs));
  }
  return p;
}

bool holds(Lit l, unsigned bits) {
  const bool value = (bits >> (std::abs(l) - 1) & 1U) != 0;
  return l > 0 ? value : !value;
}

bool satisfies(const Problem& p, unsigned bits) {
  return std::all_of(p.clauses.begin(), p.clauses.end(), [&](const auto& clause) {
    return std::any_of(clause.begin(), clause.end(), [&](Lit l) { return holds(l, bits); });
  });
}

long cost(const std::vector<Soft>& softs, unsigned bits) {
  long sum = 0;
  for (const Soft& s : softs) sum += holds(s.lit, bits) ? s.weight : 0;
  return sum;
}

/// Costs of the best assignment, and of those the one whose variables are true from the first on.
struct Optimum {
  std::vector<long> costs;
  std::vector<bool> values;
};
std::optional<Optimum> enumerated(const Problem& p) {
  std::optional<Optimum> best;
  for (unsigned bits = 0; bits < 1U << variables; ++bits) {
    if (!satisfies(p, bits)) continue;
    Optimum here;
    for (const auto& level : p.levels) here.costs.push_back(cost(level, bits));
    for (int v = 1; v <= variables; ++v) here.values.push_back(holds(v, bits));
    if (!best || here.costs < best->costs ||
        (here.costs == best->costs && here.values > best->values)) {
      best = std::move(here);
    }
  }
  return best;
}

}  // namespace

TEST_CASE("optimiser: levels and settled model equal enumeration", "[solve][optimise]") {
  Random random(11);
  int feasible = 0;
  for (int round = 0; round < 400; ++round) {
    CAPTURE(round);
    const Problem problem = some_problem(random);
    const std::optional<Optimum> best = enumerated(problem);
    Sat sat;
    Formula formula(sat);
    const std::vector<Lit> all = formula.fresh(variables);
    const DemandId demand = formula.demand({"X1", "clauses", "all clauses hold", {}, {}});
    for (const auto& clause : problem.clauses) formula.clause(clause, demand);
    Lexicographic optimiser(formula);
    REQUIRE((optimiser.start() == Answer::sat) == best.has_value());
    if (!best) continue;
    ++feasible;
    std::vector<long> costs;
    for (const auto& level : problem.levels) {
      const LevelResult r = optimiser.minimise(level);
      REQUIRE(r.proved);
      REQUIRE(r.bound == r.cost);
      costs.push_back(r.cost);
    }
    REQUIRE(costs == best->costs);
    std::vector<Settled> rows;
    for (const Lit l : all) rows.push_back({{l}, 1});
    REQUIRE(optimiser.settle(rows));
    std::vector<bool> values;
    for (const Lit l : all) values.push_back(sat.value(l));
    REQUIRE(values == best->values);
  }
  CHECK(feasible > 200);
  CHECK(feasible < 400);
}

TEST_CASE("optimiser: after ruling out the best, the next best comes", "[solve][optimise]") {
  Random random(12);
  int ranked = 0;
  for (int round = 0; round < 150; ++round) {
    CAPTURE(round);
    const Problem problem = some_problem(random);
    std::vector<std::vector<long>> all;  // costs of every assignment, best first
    for (unsigned bits = 0; bits < 1U << variables; ++bits) {
      if (!satisfies(problem, bits)) continue;
      all.emplace_back();
      for (const auto& level : problem.levels) all.back().push_back(cost(level, bits));
    }
    std::sort(all.begin(), all.end());
    Sat sat;
    Formula formula(sat);
    const std::vector<Lit> bits = formula.fresh(variables);
    for (const auto& clause : problem.clauses) formula.clause(clause);
    Lexicographic optimiser(formula);
    std::vector<long> costs;
    std::optional<std::size_t> kept;
    if (optimiser.start() == Answer::sat) kept = 0;
    for (std::size_t rank = 0; rank < std::min<std::size_t>(all.size() + 1, 7); ++rank) {
      CAPTURE(rank);
      REQUIRE(kept.has_value() == (rank < all.size()));
      if (!kept) break;
      costs.resize(*kept);
      for (std::size_t level = *kept; level < problem.levels.size(); ++level) {
        const LevelResult r = optimiser.minimise(problem.levels[level]);
        REQUIRE(r.proved);
        costs.push_back(r.cost);
      }
      REQUIRE(costs == all[rank]);
      ++ranked;
      std::vector<Lit> other;
      for (const Lit l : bits) other.push_back(sat.value(l) ? -l : l);
      formula.clause(std::move(other));
      kept = optimiser.resume();
    }
  }
  CHECK(ranked > 400);
}

TEST_CASE("optimiser: a bounded value is halved to its least", "[solve][optimise]") {
  // Three of six bits must be set; the value is the largest index among them: 2 at best.
  Sat sat;
  Formula formula(sat);
  const std::vector<Lit> bits = formula.fresh(6);
  formula.at_least(bits, 3);
  Lexicographic optimiser(formula);
  REQUIRE(optimiser.start() == Answer::sat);
  const Bounded largest{[&](long most) {
                          const Lit l = formula.fresh();
                          for (std::size_t i = 0; i < bits.size(); ++i) {
                            if (static_cast<long>(i) > most) formula.implies({l}, {-bits[i]});
                          }
                          return l;
                        },
                        [&] {
                          long most = 0;
                          for (std::size_t i = 0; i < bits.size(); ++i) {
                            if (sat.value(bits[i])) most = static_cast<long>(i);
                          }
                          return most;
                        },
                        5};
  const LevelResult r = optimiser.minimise(largest);
  CHECK(r.proved);
  CHECK(r.cost == 2);
  CHECK(r.bound == 2);
  for (std::size_t i = 0; i < bits.size(); ++i) CHECK(sat.value(bits[i]) == (i < 3));
}

TEST_CASE("optimiser: a measure that is too hopeful only costs a call", "[solve][optimise]") {
  Sat sat;
  Formula formula(sat);
  const Lit low = formula.fresh();
  formula.clause({-low});
  Lexicographic optimiser(formula);
  REQUIRE(optimiser.start() == Answer::sat);
  // Nothing below 7 can be enforced, whatever is measured.
  const Bounded value{[&](long most) { return most < 7 ? low : -low; }, [] { return 3L; }, 10};
  const LevelResult r = optimiser.minimise(value);
  CHECK(r.proved);
  CHECK(r.cost == 7);
  CHECK(r.bound == 7);
}

TEST_CASE("optimiser: a row is settled from its front up to its number", "[solve][optimise]") {
  Sat sat;
  Formula formula(sat);
  const std::vector<Lit> bits = formula.fresh(5);
  formula.at_least(bits, 2);
  formula.at_most(bits, 2);
  formula.clause({-bits[0]});
  formula.clause({-bits[1], -bits[2]});
  Lexicographic optimiser(formula);
  REQUIRE(optimiser.start() == Answer::sat);
  REQUIRE(optimiser.settle({{bits, 2}}));
  // bits[0] cannot be; bits[1] can; bits[2] not beside it; bits[3] can.
  for (std::size_t i = 0; i < bits.size(); ++i) CHECK(sat.value(bits[i]) == (i == 1 || i == 3));
}

TEST_CASE("optimiser: out of time keeps the best model and says what is proved",
          "[solve][optimise]") {
  Sat sat;
  Formula formula(sat);
  const std::vector<Lit> bits = formula.fresh(4);
  formula.at_least(bits, 2);
  Lexicographic optimiser(formula);
  REQUIRE(optimiser.start() == Answer::sat);
  const volatile bool interrupted = true;
  sat.limit(std::nullopt, &interrupted);
  std::vector<Soft> softs;
  for (const Lit l : bits) softs.push_back({l, 3});
  const LevelResult r = optimiser.minimise(softs);
  CHECK_FALSE(r.proved);
  CHECK(r.bound == 0);
  long set = 0;
  for (const Lit l : bits) set += sat.value(l) ? 1 : 0;
  CHECK(r.cost == 3 * set);
  CHECK(set >= 2);
  // One of the two is not true in the model, so a call is needed.
  CHECK_FALSE(optimiser.settle({{{bits[0], -bits[0]}, 2}}));
}
