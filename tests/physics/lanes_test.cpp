// Physics of lanes against numbers worked out by hand or taken from sources named beside them.
#include "physics/lanes.hpp"

#include "physics/rigs.hpp"
#include "support/catch.hpp"

using namespace rigtopo;
using namespace rigtopo::test;

namespace {

const CoreBudget& core(const std::vector<CoreBudget>& budget, std::string_view id) {
  for (const CoreBudget& b : budget) {
    if (b.id == id) return b;
  }
  FAIL("no core " << id);
  return budget.front();
}

}  // namespace

TEST_CASE("lanes: Rome has 128 lanes and each core is accounted for", "[lanes][L102]") {
  RigBuilder b = seven_slots();
  b.fixed("X550", "cpu0.B0", 4, LaneUse::onboard).fixed("SATA", "cpu0.B0", 4, LaneUse::onboard, 2);
  const Project project = b.project();
  const auto budget = lane_budget(project.board(), *project.cpu, 1);
  REQUIRE(budget.size() == 8);
  int lanes = 0;
  for (const CoreBudget& c : budget) {
    lanes += c.lanes;
    CAPTURE(c.id);
    CHECK(c.closes());
  }
  CHECK(lanes == 128);
  // M.2 4 routed, 4 + 2 * 4 on board.
  CHECK(core(budget, "cpu0.B0").routed == 4);
  CHECK(core(budget, "cpu0.B0").onboard == 12);
  CHECK(core(budget, "cpu0.A1").connectors[0].id == "PCIE2");
  CHECK(core(budget, "cpu0.A1").complex == "cpu0.A");
}

TEST_CASE("lanes: a core with something left over does not close", "[lanes][L102]") {
  RigBuilder b = seven_slots();
  const Project project = b.project();
  const auto budget = lane_budget(project.board(), *project.cpu, 1);
  CHECK_FALSE(core(budget, "cpu0.B0").closes());
  CHECK(core(budget, "cpu0.B0").sum() == 4);
}

TEST_CASE("lanes: a shared group counts its largest mode", "[lanes][L102][L104]") {
  RigBuilder b;
  b.rome().board("board").slot("PCIE2", "cpu0.A0");
  b.connector("M2", Socket::m2, "cpu0.A0", 4, 8);
  b.connector("OCU", Socket::oculink_4i, "cpu0.A0", 4, 12);
  b.group("G", "cpu0.A0",
          {{"slot", {{"PCIE2", 16}}}, {"shared", {{"PCIE2", 8}, {"M2", 4}, {"OCU", 4}}}});
  const Project project = b.project();
  const auto budget = lane_budget(project.board(), *project.cpu, 1);
  CHECK(core(budget, "cpu0.A0").routed == 16);  // not 16 + 4 + 4
  CHECK(core(budget, "cpu0.A0").closes());
  CHECK(core(budget, "cpu0.A0").connectors.size() == 3);
}

TEST_CASE("lanes: devices use what they train to", "[lanes][L101]") {
  RigBuilder b = one_card({"ribbon-200"});
  b.nvme("drive").place("nvme0", "M2_1");
  b.edit_connector("PCIE1", [](BoardConnector& c) { c.width = Lanes{8}; });
  const Project project = b.project();
  const Rig rig = build_rig(project, b.layout());
  const auto budget = lane_budget(project.board(), *project.cpu, 1, &rig);
  CHECK(core(budget, "cpu0.C1").used == 8);
  CHECK(core(budget, "cpu0.B0").used == 4);
  CHECK(core(budget, "cpu0.A0").used == 0);
}

TEST_CASE("lanes: two sockets double everything and number their NUMA nodes", "[lanes]") {
  RigBuilder b;
  b.cpu("nps2").core("P0", "A", 16, PcieGen::gen5, 0).core("P1", "B", 16, PcieGen::gen5, 1);
  b.board("board", 2).slot("S1", "cpu1.P1");
  const Project project = b.project();
  const auto budget = lane_budget(project.board(), *project.cpu, 2);
  REQUIRE(budget.size() == 4);
  CHECK(core(budget, "cpu1.P1").numa == 3);
  CHECK(core(budget, "cpu1.P1").routed == 16);
  CHECK(core(budget, "cpu0.P1").numa == 1);
}

TEST_CASE("lanes: least demand is what each device says it needs, else its full width", "[lanes]") {
  RigBuilder b = seven_slots();
  DeviceRow row;
  row.min_link = MinLink{Lanes{8}, PcieGen::gen4};
  b.gpu("picky", 3, 350_W, {}, row).gpu("card", 2, 350_W).nvme("drive");
  // 3 * 8 + 2 * 16 + 4.
  CHECK(least_demand(b.project()) == 60);
}
