// Encodings against brute force: every assignment of the inputs is allowed by the clauses exactly
// when the arithmetic says so.
#include "solve/formula.hpp"

#include <chrono>
#include <optional>
#include <vector>

#include "property/random.hpp"
#include "support/catch.hpp"

using namespace rigtopo;
using rigtopo::test::Random;

namespace {

/// Assumptions that fix `lits` to the bits of `bits`.
std::vector<Lit> fixed(const std::vector<Lit>& lits, unsigned bits) {
  std::vector<Lit> assumed;
  for (std::size_t i = 0; i < lits.size(); ++i) {
    assumed.push_back((bits >> i & 1U) != 0 ? lits[i] : -lits[i]);
  }
  return assumed;
}

std::size_t ones(unsigned bits) {
  std::size_t n = 0;
  for (; bits != 0; bits &= bits - 1) ++n;
  return n;
}

/// Does the formula allow exactly the assignments of which `allowed` is true?
template <class Allowed>
void agrees(Sat& sat, const std::vector<Lit>& lits, Allowed allowed) {
  for (unsigned bits = 0; bits < 1U << lits.size(); ++bits) {
    const Answer answer = sat.solve(fixed(lits, bits));
    REQUIRE((answer == Answer::sat) == allowed(bits));
  }
}

}  // namespace

TEST_CASE("formula: at most n and at least n of some literals", "[solve][formula]") {
  for (std::size_t size = 1; size <= 8; ++size) {
    for (std::size_t n = 0; n <= size + 1; ++n) {
      Sat most;
      Formula at_most(most);
      const std::vector<Lit> a = at_most.fresh(size);
      at_most.at_most(a, n);
      agrees(most, a, [&](unsigned bits) { return ones(bits) <= n; });

      Sat least;
      Formula at_least(least);
      const std::vector<Lit> b = at_least.fresh(size);
      at_least.at_least(b, n);
      agrees(least, b, [&](unsigned bits) { return ones(bits) >= n; });
    }
    Sat sat;
    Formula formula(sat);
    const std::vector<Lit> lits = formula.fresh(size);
    formula.exactly_one(lits);
    agrees(sat, lits, [](unsigned bits) { return ones(bits) == 1; });
  }
}

TEST_CASE("formula: a literal that is counted twice counts twice", "[solve][formula]") {
  Sat sat;
  Formula formula(sat);
  const std::vector<Lit> lits = formula.fresh(3);
  // a + 2 b + 3 c <= 3
  formula.at_most({lits[0], lits[1], lits[1], lits[2], lits[2], lits[2]}, 3);
  agrees(sat, lits, [](unsigned bits) {
    return (bits & 1U) + 2 * (bits >> 1 & 1U) + 3 * (bits >> 2 & 1U) <= 3;
  });
}

TEST_CASE("formula: weighted sums of counts hold under their condition only", "[solve][formula]") {
  Random random(7);
  for (int round = 0; round < 300; ++round) {
    Sat sat;
    // Written as clauses, and watched.
    Formula formula(sat, round % 2 == 0 ? Formula::usual_nodes : 0);
    std::vector<Lit> inputs;
    std::vector<std::pair<long, std::vector<std::size_t>>> groups;  // weight, inputs
    std::vector<Term> terms;
    const int count = random.between(1, 3);
    for (int g = 0; g < count; ++g) {
      const long weight = random.between(0, 9);
      const std::vector<Lit> lits = formula.fresh(static_cast<std::size_t>(random.between(1, 3)));
      std::vector<std::size_t> members;
      for (const Lit l : lits) {
        members.push_back(inputs.size());
        inputs.push_back(l);
      }
      groups.emplace_back(weight, members);
      terms.push_back({weight, formula.counter(lits, lits.size())});
    }
    const long bound = random.between(-1, 30);
    const Lit when = formula.fresh();
    formula.weighted_at_most(terms, bound, {when});
    inputs.push_back(when);
    agrees(sat, inputs, [&](unsigned bits) {
      if ((bits >> (inputs.size() - 1) & 1U) == 0) return true;
      long sum = 0;
      for (const auto& [weight, members] : groups) {
        for (const std::size_t i : members) sum += weight * static_cast<long>(bits >> i & 1U);
      }
      return sum <= bound;
    });
  }
}

TEST_CASE("formula: a demand binds only while its selector does", "[solve][formula]") {
  Sat sat;
  Formula formula(sat);
  const Lit a = formula.fresh();
  const DemandId wanted = formula.demand({"X1", "wanted", "a holds", {}, {}});
  const DemandId refused = formula.demand({"X2", "refused", "a does not hold", {}, {}});
  formula.clause({a}, wanted);
  formula.clause({-a}, refused);
  CHECK(formula.demand({"X1", "wanted", "a holds", {}, {}}) == wanted);
  CHECK(sat.solve(std::vector<Lit>{}) == Answer::sat);
  CHECK(sat.solve(std::vector<Lit>{formula.selector(wanted)}) == Answer::sat);
  CHECK(sat.solve(formula.selectors()) == Answer::unsat);
  CHECK(sat.failed(formula.selector(wanted)));
  CHECK(sat.failed(formula.selector(refused)));
}

TEST_CASE("formula: a watched sum names its demand", "[solve][formula]") {
  Sat sat;
  Formula formula(sat, 0);
  const std::vector<Lit> cards = formula.fresh(3);
  const DemandId rated = formula.demand({"P101", "supply-overloaded", "no more than 5", {}, {}});
  const DemandId all = formula.demand({"I101", "wanted", "all three", {}, {}});
  formula.weighted_at_most({{3, formula.counter(cards, 3)}}, 5, {}, rated);
  for (const Lit card : cards) formula.clause({card}, all);
  CHECK(sat.solve(std::vector<Lit>{formula.selector(all)}) == Answer::sat);
  CHECK(sat.solve(std::vector<Lit>{formula.selector(rated)}) == Answer::sat);
  CHECK(sat.solve(formula.selectors()) == Answer::unsat);
  CHECK(sat.failed(formula.selector(rated)));
  CHECK(sat.failed(formula.selector(all)));
}

TEST_CASE("sat: a limit that has passed and a set flag both end a call", "[solve][sat]") {
  Sat sat;
  const Lit a = sat.fresh();
  sat.clause(std::vector<Lit>{a});
  sat.limit(std::chrono::steady_clock::now() - std::chrono::seconds(1), nullptr);
  CHECK(sat.solve(std::vector<Lit>{}) == Answer::unknown);
  const volatile bool interrupted = true;
  sat.limit(std::nullopt, &interrupted);
  CHECK(sat.solve(std::vector<Lit>{}) == Answer::unknown);
  sat.limit(std::nullopt, nullptr);
  CHECK(sat.solve(std::vector<Lit>{}) == Answer::sat);
  CHECK(sat.value(a));
  CHECK_FALSE(sat.value(-a));
}

TEST_CASE("sat: the running search ends when its time does", "[solve][sat]") {
  // Eleven pigeons in ten holes: hopeless for resolution within the limit.
  Sat sat;
  Formula formula(sat);
  std::vector<std::vector<Lit>> in(11);
  for (auto& holes : in) {
    holes = formula.fresh(10);
    formula.clause(holes);
  }
  for (std::size_t h = 0; h < 10; ++h) {
    for (std::size_t p = 0; p < in.size(); ++p) {
      for (std::size_t q = p + 1; q < in.size(); ++q) formula.clause({-in[p][h], -in[q][h]});
    }
  }
  sat.limit(std::chrono::steady_clock::now() + std::chrono::milliseconds(50), nullptr);
  CHECK(sat.solve(std::vector<Lit>{}) == Answer::unknown);
}
