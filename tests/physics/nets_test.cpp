// Physics of nets against numbers worked out by hand or taken from sources named beside them.
#include "physics/power.hpp"
#include "physics/rigs.hpp"
#include "support/catch.hpp"

using namespace rigtopo;
using namespace rigtopo::test;

namespace {

using Ids = std::vector<std::string>;

/// A card behind a powered riser: psu0 feeds board and slot side, psu1 riser and plugs.
RigBuilder two_supplies(SlotFeed feed) {
  RigBuilder b = one_card();
  b.riser("powered", RiserType::ribbon, {Socket::slot, 1}, {Socket::slot, 1}, 16, PcieGen::gen4,
          feed, {{"6pin", Plug::pcie_6pin}});
  b.supply("atx", 1000_W, 2,
           {{"p16", Plug::twelve_volt_2x6, 1},
            {"p6", Plug::pcie_6pin, 1},
            {"atx", Plug::atx_24pin, 1},
            {"eps", Plug::eps_8pin, 2},
            {"p8", Plug::pcie_8pin, 2}});
  b.place("gpu0", "PCIE1", {"powered"}, "upper-1");
  b.feed("gpu0", "16pin", {"psu1.p16"}).feed_riser("gpu0", "6pin", {"psu1.p6"});
  b.feed_board("atx", {"psu0.atx"}).stand("psu0", "").stand("psu1", "");
  return b;
}

std::vector<JoinedNet> nets_of(RigBuilder b) {
  const Project project = b.project();
  const Rig rig = build_rig(project, b.layout());
  REQUIRE(validate(rig).empty());
  return joined_nets(rig);
}

}  // namespace

TEST_CASE("nets: a riser that does not cut the host's 12 V joins two supplies", "[power][W103]") {
  // What ngspice shows for such a riser: 9.4 A through the slot's pins, rated 5.5 A, at set points
  // 0.2 V apart. The fact of the joined net is all a rule needs.
  for (const SlotFeed feed : {SlotFeed::joined, SlotFeed::unknown_cut}) {
    const auto nets = nets_of(two_supplies(feed));
    REQUIRE(nets.size() == 1);
    CHECK(nets[0].supplies == Ids{"psu0", "psu1"});
    CHECK(nets[0].through == Ids{"board", "R1"});
  }
}

TEST_CASE("nets: a riser that says nothing about its inlets is taken to join", "[power][W103]") {
  RigBuilder b = two_supplies(SlotFeed::own);
  CHECK(nets_of(b).empty());
  b.edit<Riser>("powered", [](Riser& r) { r.slot_feed = Fact<SlotFeed>(); });
  CHECK(nets_of(b).size() == 1);
}

TEST_CASE("nets: slot and plugs of a card are separate inputs", "[power][W105]") {
  RigBuilder b = two_supplies(SlotFeed::host);
  b.place_of("gpu0").power.riser.clear();
  CHECK(nets_of(b).empty());
  const Project project = b.project();
  const Rig rig = build_rig(project, b.layout());
  CHECK(device_sources(rig, "gpu0").slot == Ids{"psu0"});
  CHECK(device_sources(rig, "gpu0").aux == Ids{"psu1"});
}

TEST_CASE("nets: an adapter fed by two supplies joins them", "[power][W103][W104]") {
  RigBuilder b = one_card();
  b.supply("atx", 1000_W, 2, {{"p8", Plug::pcie_8pin, 2}}).stand("psu0", "").stand("psu1", "");
  b.power_cable("two", Plug::pcie_8pin, 2, Plug::twelve_volt_2x6, 300_W);
  b.feed("gpu0", "16pin", {"psu0.p80", "psu1.p80"}, "two");
  const auto nets = nets_of(b);
  REQUIRE(nets.size() == 1);
  CHECK(nets[0].through == Ids{"K1"});
  const Project project = b.project();
  const Rig rig = build_rig(project, b.layout());
  CHECK(device_sources(rig, "gpu0").aux == Ids{"psu0", "psu1"});
}

TEST_CASE("nets: CPU inlets are apart from the board's net but one among themselves",
          "[power][W103]") {
  RigBuilder b = one_card();
  b.supply("atx", 1000_W, 2, {{"atx", Plug::atx_24pin, 1}, {"eps", Plug::eps_8pin, 2}});
  b.stand("psu0", "").stand("psu1", "");
  b.feed_board("atx", {"psu0.atx"}).feed_board("eps0", {"psu1.eps0"});
  CHECK(nets_of(b).empty());
  b.feed_board("eps1", {"psu0.eps0"});
  const auto nets = nets_of(b);
  REQUIRE(nets.size() == 1);
  CHECK(nets[0].through == Ids{"board"});
}

TEST_CASE("nets: a breakout is one net with its supply", "[power][W103]") {
  RigBuilder b = seven_slots();
  b.gpu("card", 2, 350_W, {{"a", Plug::pcie_6pin}, {"b", Plug::pcie_6pin}});
  b.breakout("breakout", {{"p", Plug::pcie_6pin, 10}});
  b.supply("hp", 1200_W, 2, {}, "breakout").stand("psu0", "").stand("psu1", "");
  b.place("gpu0", "PCIE1").feed("gpu0", "a", {"psu0.p0"}).feed("gpu0", "b", {"psu1.p0"});
  CHECK(nets_of(b).empty());  // plugs of a card are not joined inside
  const Project project = b.project();
  const Rig rig = build_rig(project, b.layout());
  CHECK(device_sources(rig, "gpu0").aux == Ids{"psu0", "psu1"});
}
