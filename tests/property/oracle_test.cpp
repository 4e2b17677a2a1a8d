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

std::vector<double> signed_values(const Levels& objective) {
  std::vector<double> values;
  for (const ObjectiveLevel& l : objective) values.push_back(l.maximise ? -l.value : l.value);
  return values;
}

/// Equal but for rounding.
bool same(const std::vector<double>& a, const std::vector<double>& b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(),
                    [](double x, double y) { return std::abs(x - y) < 1e-6; });
}

/// Values of which none is outdone in all wishes; a wish is as many levels from `first` on.
std::vector<std::vector<double>> front_of(const std::set<std::vector<double>>& all,
                                          const std::vector<std::size_t>& levels) {
  const auto part = [&](const std::vector<double>& v, std::size_t wish) {
    std::size_t from = 0;
    for (std::size_t i = 0; i < wish; ++i) from += levels[i];
    const auto begin = v.begin() + static_cast<std::ptrdiff_t>(from);
    return std::vector<double>(begin, begin + static_cast<std::ptrdiff_t>(levels[wish]));
  };
  std::set<std::vector<double>> points;
  for (const auto& v : all) {
    const bool outdone = std::any_of(all.begin(), all.end(), [&](const auto& other) {
      bool better = false;
      for (std::size_t w = 0; w < levels.size(); ++w) {
        if (part(other, w) > part(v, w)) return false;
        better = better || part(other, w) < part(v, w);
      }
      return better;
    });
    std::size_t counted = 0;
    for (const std::size_t n : levels) counted += n;
    if (!outdone) points.insert({v.begin(), v.begin() + static_cast<std::ptrdiff_t>(counted)});
  }
  return {points.begin(), points.end()};
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
    const std::vector<double> values = signed_values(result.objective);
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

TEST_CASE("oracle: the next best layouts are those of enumeration", "[solve][oracle]") {
  const int rounds = from_environment("RIGTOPO_TEST_ROUNDS", 60) / 6;
  constexpr std::size_t wanted = 6;
  std::size_t compared = 0;
  for (int seed = 500; seed < 500 + rounds; ++seed) {
    CAPTURE(seed);
    Random random(static_cast<std::uint32_t>(seed));
    const RigBuilder builder = tiny_rig(random);
    const Project project = builder.project();
    const All all = all_of(project);
    SolveOptions options;
    options.top = wanted;
    const SolveResult result = solved(project, options);
    REQUIRE(result.layouts.size() == std::min(wanted, all.distinct.size()));
    CHECK(result.complete == (all.distinct.size() < wanted));
    for (std::size_t i = 0; i < result.layouts.size(); ++i) {
      CAPTURE(i, layout_yaml(result.layouts[i]));
      CHECK(error_codes(project, result.layouts[i]).empty());
      const std::vector<double> values = signed_values(result.objectives[i]);
      CAPTURE(values, all.distinct[i]);
      CHECK(same(values, all.distinct[i]));
      ++compared;
    }
  }
  if (rounds >= 10) CHECK(compared > 5);
}

TEST_CASE("oracle: a front is that of enumeration", "[solve][oracle]") {
  const int rounds = from_environment("RIGTOPO_TEST_ROUNDS", 60) / 6;
  std::size_t compared = 0;
  for (int seed = 700; seed < 700 + rounds; ++seed) {
    CAPTURE(seed);
    Random random(static_cast<std::uint32_t>(seed));
    RigBuilder builder = tiny_rig(random);
    builder.spec([](Spec& s) {
      s.want.clear();
      for (const Wish w : {Wish::links, Wish::price, Wish::cable}) s.want.push_back(Fact<Wish>(w));
    });
    const Project project = builder.project();
    SolveOptions options;
    options.front = {Wish::links, Wish::price, Wish::cable};
    const SolveResult result = solved(project, options);
    const auto expected = front_of(all_of(project).values, {2, 1, 2});
    CHECK(result.complete);
    REQUIRE(result.layouts.size() == expected.size());
    for (std::size_t i = 0; i < expected.size(); ++i) {
      std::vector<double> values = signed_values(result.objectives[i]);
      values.resize(expected[i].size());
      CAPTURE(i, values, expected[i]);
      CHECK(same(values, expected[i]));
      ++compared;
    }
  }
  if (rounds >= 10) CHECK(compared > 2);
}
