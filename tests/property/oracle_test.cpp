// The solver against every layout of random tiny rigs: feasibility, and the value of every level.
#include <cstdlib>
#include <fmt/format.h>

#include "property/tiny_rig.hpp"
#include "property/two_card_rig.hpp"
#include "solve/solve.hpp"
#include "support/catch.hpp"

using namespace rigtopo;
using namespace rigtopo::test;

namespace {

/// RIGTOPO_TEST_SEED and RIGTOPO_TEST_ROUNDS widen the search by hand.
int from_environment(const char* name, int otherwise) {
  const char* text = std::getenv(name);
  return text == nullptr ? otherwise : std::atoi(text);
}

std::vector<double> signed_values(const SolveResult& result) {
  std::vector<double> values;
  for (const ObjectiveLevel& l : result.objective)
    values.push_back(l.maximise ? -l.value : l.value);
  return values;
}

}  // namespace

TEST_CASE("oracle: tiny rigs are feasible and best as enumeration says", "[solve][oracle]") {
  const int first = from_environment("RIGTOPO_TEST_SEED", 1);
  const int rounds = from_environment("RIGTOPO_TEST_ROUNDS", 60);
  int infeasible = 0;
  for (int seed = first; seed < first + rounds; ++seed) {
    CAPTURE(seed);
    Random random(static_cast<std::uint32_t>(seed));
    const RigBuilder builder = tiny_rig(random);
    const Project project = builder.project();
    const std::optional<Best> best = best_of_all(project);
    const SolveResult result = solved(project);
    if (!best) {
      ++infeasible;
      CHECK(result.status == SolveStatus::infeasible);
      CHECK_FALSE(result.conflict.empty());
      continue;
    }
    REQUIRE(result.status == SolveStatus::optimal);
    REQUIRE(result.layouts.size() == 1);
    CHECK(error_codes(project, result.layouts.front()).empty());
    const std::vector<double> values = signed_values(result);
    CAPTURE(layout_yaml(best->layout), layout_yaml(result.layouts.front()));
    REQUIRE(values.size() == best->levels.size());
    for (std::size_t i = 0; i < values.size(); ++i) {
      CAPTURE(i, result.objective[i].what);
      CHECK(values[i] == Approx(best->levels[i]).margin(1e-6));
      CHECK(result.objective[i].proved);
      CHECK(result.objective[i].bound == result.objective[i].value);
    }
    // And the layout itself is worth what the levels say.
    CHECK(levels_of(project, result.layouts.front()).size() == values.size());
    const std::vector<double> own = levels_of(project, result.layouts.front());
    for (std::size_t i = 0; i < own.size(); ++i) CHECK(own[i] == Approx(values[i]).margin(1e-6));
  }
  // Otherwise the rigs say little about the other answer.
  if (rounds >= 60) {
    CHECK(infeasible >= rounds * 3 / 10);
    CHECK(infeasible <= rounds * 8 / 10);
  }
}
