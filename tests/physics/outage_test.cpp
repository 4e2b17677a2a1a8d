// What goes dark when supplies or a circuit are off.
#include "physics/outage.hpp"

#include "physics/rigs.hpp"
#include "support/catch.hpp"

using namespace rigtopo;
using namespace rigtopo::test;

namespace {

using Ids = std::vector<std::string>;

/// Three cards in slots; psu0 feeds the board and gpu0, psu1 the plugs of gpu1 and gpu2.
RigBuilder two_supplies() {
  RigBuilder b = seven_slots();
  b.gpu("card", 3, 300_W).platform(50_W);
  b.supply("atx", 1000_W, 2,
           {{"16pin", Plug::twelve_volt_2x6, 2},
            {"atx", Plug::atx_24pin, 1},
            {"eps", Plug::eps_8pin, 2}});
  b.circuit("A", 230_V, 16_A).circuit("B", 230_V, 16_A);
  for (int i = 0; i < 3; ++i) {
    b.place("gpu" + std::to_string(i), slot_names[i], {}, "direct");
  }
  b.feed("gpu0", "16pin", {"psu0.16pin0"});
  b.feed("gpu1", "16pin", {"psu1.16pin0"}).feed("gpu2", "16pin", {"psu1.16pin1"});
  b.feed_board("atx", {"psu0.atx"}).feed_board("eps0", {"psu0.eps0"});
  b.feed_board("eps1", {"psu0.eps1"}).stand("psu0", "A").stand("psu1", "B");
  return b;
}

Outage when(RigBuilder b, const std::set<std::string>& dead) {
  const Project project = b.project();
  return outage(build_rig(project, b.layout()), dead);
}

}  // namespace

TEST_CASE("outage: plugs lost, slots kept", "[power][outage]") {
  const Outage o = when(two_supplies(), {"psu1"});
  CHECK_FALSE(o.host);
  CHECK(o.half == Ids{"gpu1", "gpu2"});
  CHECK(o.dark.empty());
  CHECK_FALSE(o.harmless());
}

TEST_CASE("outage: the board's supply takes its card and all slots with it", "[power][outage]") {
  const Outage o = when(two_supplies(), {"psu0"});
  CHECK(o.host);
  CHECK(o.dark == Ids{"gpu0"});
  CHECK(o.half == Ids{"gpu1", "gpu2"});
}

TEST_CASE("outage: nothing off, nothing lost", "[power][outage]") {
  CHECK(when(two_supplies(), {}).harmless());
}

TEST_CASE("outage: supplies of a circuit, also behind a unit", "[power][outage]") {
  RigBuilder b = two_supplies();
  MainsUnit ups;
  ups.id = std::string("ups1");
  ups.circuit = std::string("A");
  b.spec([&](Spec& s) { s.mains.units.push_back(ups); });
  b.layout().supplies[1].circuit = std::string("ups1");
  const Project project = b.project();
  const Rig rig = build_rig(project, b.layout());
  CHECK(supplies_on(rig, "A") == std::set<std::string>{"psu0", "psu1"});
  CHECK(supplies_on(rig, "B").empty());
  // Their load passes through to the circuit.
  const auto loads = circuit_loads(rig);
  REQUIRE(loads.size() == 2);
  CHECK(loads[0].supplies.size() == 2);
}

TEST_CASE("outage: a riser that joins supplies feeds the dead one from behind",
          "[power][outage][W103]") {
  RigBuilder b = two_supplies();
  b.riser("powered", RiserType::device_adapter, {Socket::slot, 1}, {Socket::slot, 1}, 16,
          PcieGen::gen4, SlotFeed::joined, {{"6pin", Plug::pcie_6pin}});
  b.edit<Supply>("atx", [](Supply& s) {
    Output six;
    six.id = std::string("six");
    six.plug = Plug::pcie_6pin;
    s.outputs.push_back(six);
  });
  b.place("gpu1", "PCIE2", {"powered"}, "upper-1");
  b.feed_riser("gpu1", "6pin", {"psu1.six"});
  CHECK(when(b, {"psu0"}).back_fed == Ids{"psu0"});
  CHECK(when(b, {"psu1"}).back_fed == Ids{"psu1"});
}
