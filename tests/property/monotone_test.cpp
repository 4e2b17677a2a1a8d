// What more parts, and other names, must not do to an answer.
#include "property/tiny_rig.hpp"
#include "property/two_card_rig.hpp"
#include "support/catch.hpp"

using namespace rigtopo;
using namespace rigtopo::test;

namespace {

/// Below 0: `a` is better in the first level that differs.
int compared(const Levels& a, const Levels& b) {
  for (std::size_t i = 0; i < std::min(a.size(), b.size()); ++i) {
    if (std::abs(a[i].value - b[i].value) < 1e-6) continue;
    return (a[i].maximise ? a[i].value > b[i].value : a[i].value < b[i].value) ? -1 : 1;
  }
  return 0;
}

void add_riser(RigBuilder& b) { b.ribbon("more", 350_mm).stock("more", "riser", 2); }
void add_circuit(RigBuilder& b) { b.circuit("more", 230_V, 10_A); }
void add_supply(RigBuilder& b) {
  b.supply("more-watts", 1200_W, 1,
           {{"atx", Plug::atx_24pin, 1},
            {"eps", Plug::eps_8pin, 2},
            {"pcie", Plug::pcie_8pin, 4},
            {"six", Plug::pcie_6pin, 4}});
}

}  // namespace

TEST_CASE("solver: one more riser, circuit or supply is never worse", "[solve][property]") {
  int feasible = 0;
  int mended = 0;
  for (int seed = 900; seed < 960; ++seed) {
    CAPTURE(seed);
    for (const auto add : {add_riser, add_circuit, add_supply}) {
      Random random(static_cast<std::uint32_t>(seed));
      RigBuilder builder = tiny_rig(random);
      const SolveResult before = solved(builder);
      add(builder);
      const SolveResult after = solved(builder);
      if (before.status == SolveStatus::infeasible) {
        mended += after.status == SolveStatus::optimal ? 1 : 0;
        continue;
      }
      ++feasible;
      REQUIRE(after.status == SolveStatus::optimal);
      CHECK(compared(after.objective, before.objective) <= 0);
    }
  }
  CHECK(feasible > 40);
  CHECK(mended > 5);
}

TEST_CASE("solver: the order of stock and circuits changes no value", "[solve][property]") {
  int feasible = 0;
  for (int seed = 960; seed < 1020; ++seed) {
    CAPTURE(seed);
    Random random(static_cast<std::uint32_t>(seed));
    RigBuilder builder = tiny_rig(random);
    const Project project = builder.project();
    Project turned = builder.project();
    std::reverse(turned.spec.mains.circuits.begin(), turned.spec.mains.circuits.end());
    std::reverse(turned.devices.begin(), turned.devices.end());
    std::reverse(turned.boards.begin(), turned.boards.end());
    const SolveResult a = solved(project);
    const SolveResult b = solved(turned);
    REQUIRE(a.status == b.status);
    CHECK(a.conflict.empty() == b.conflict.empty());
    CHECK(compared(a.objective, b.objective) == 0);
    feasible += a.status == SolveStatus::optimal ? 1 : 0;
  }
  CHECK(feasible > 15);
}
