// Constraints on cables, beside the cases of solve_rules_test.cpp.
#include "property/two_card_rig.hpp"
#include "support/catch.hpp"

using namespace rigtopo;
using namespace rigtopo::test;

TEST_CASE("solve: thin wires and foreign cables are no choice", "[solve][rules][W110][W114]") {
  const auto through_cable = [](int gauge, const char* family) {
    RigBuilder b = base();
    b.edit<Supply>("supply", [](Supply& s) {
      s.cable_family = std::string("acme-2");
      s.outputs[2].needs_cable = true;
    });
    b.power_cable("sixteen", Plug::twelve_volt_2x6, 1, Plug::twelve_volt_2x6, 600_W);
    b.edit<PowerCable>("sixteen", [&](PowerCable& c) {
      c.gauge = gauge;
      c.fits_family = std::string(family);
    });
    b.stock("sixteen", "cable", 2);
    return solved(b).status;
  };
  // Six wires of AWG 24 with 3.5 A at 12 V are 252 W, of AWG 22 with 7 A 504 W; a card takes 300 W.
  CHECK(through_cable(22, "acme-2") == SolveStatus::optimal);
  CHECK(through_cable(24, "acme-2") == SolveStatus::infeasible);
  CHECK(through_cable(22, "acme-1") == SolveStatus::infeasible);
}
