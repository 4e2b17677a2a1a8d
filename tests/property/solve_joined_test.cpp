// The search with NVLink bridges and pinned switches: what holds, one change of one number, and the
// rule that then stands in the conflict.
#include <algorithm>
#include <string>
#include <vector>

#include "property/two_card_rig.hpp"
#include "support/catch.hpp"

using namespace rigtopo;
using namespace rigtopo::test;

namespace {

// ---- bridges

void join(RigBuilder& b, const std::string& first, const std::string& second) {
  b.spec([=](Spec& s) {
    BridgePlace place;
    place.part = std::string("bridge");
    place.between = {Fact<std::string>(first), Fact<std::string>(second)};
    s.bridges.push_back(std::move(place));
  });
}

/// The two cards joined. Their slots are 81.28 mm apart.
RigBuilder bridged(Millimetres span, int cards = 2) {
  RigBuilder b = base(cards);
  Bridge bridge;
  bridge.span = span;
  bridge.fits.push_back(Fact<std::string>("card"));
  b.part("bridge", std::move(bridge));
  b.edit<Device>("card", [](Device& d) { d.nvlinks = 4; });
  join(b, "gpu0", "gpu1");
  return b;
}

/// Four cards in mounts 65 mm apart over four slots, two bridges of 65 mm.
RigBuilder two_pairs() {
  RigBuilder b = bridged(65_mm, 4);
  join(b, "gpu2", "gpu3");
  b.slot("S3", "cpu0.B0").slot("S4", "cpu0.B1");
  b.edit<Frame>("frame", [](Frame& f) {
    f.direct = false;
    f.mounts[0].count = 4;
  });
  // What the slots carry is not what this is about.
  b.edit<Device>("card", [](Device& d) { d.slot_power = 10_W; });
  b.ribbon("ribbon", 300_mm).stock("ribbon", "riser", 4);
  b.edit<Supply>("supply", [](Supply& s) {
    s.outputs[2].count = 4;
    s.ratings[0].power = 2000_W;
  });
  return b;
}

/// "upper-3" -> 3
int number_of(const DevicePlace& place) { return place.mount.value_or("?").back() - '0'; }

// ---- switches

/// A switch with two slots and two 8-pin plugs straight in S1. It draws 50 W: with 66 W for the
/// slot of each card below, 182 W come through its plugs, and 900 W in all.
struct SwitchRig {
  RigBuilder builder = base();
  Pin pin;
  std::vector<std::pair<std::string, std::string>> ports;  // of cards

  SwitchRig() {
    Expander e;
    e.type = ExpanderType::switch_chip;
    e.up.socket = Socket::slot;
    e.width = Lanes{16};
    e.generation = PcieGen::gen4;
    e.power = 50_W;
    e.length = 200_mm;
    e.height = 100_mm;
    e.thickness = 20_mm;
    e.slot_feed = SlotFeed::own;
    for (const int n : {0, 1}) {
      ExpanderPort port;
      port.id = "P" + std::to_string(n + 1);
      port.socket = Socket::slot;
      port.width = Lanes{16};
      port.generation = PcieGen::gen4;
      port.mechanical = Lanes{16};
      port.position = at(81.28 * n, 0, 0);
      e.ports.push_back(std::move(port));
      Inlet inlet;
      inlet.id = "8pin" + std::to_string(n);
      inlet.plug = Plug::pcie_8pin;
      e.inlets.push_back(std::move(inlet));
    }
    builder.part("switch", std::move(e));
    builder.edit<Supply>("supply", [](Supply& s) {
      Output pcie = s.outputs[2];
      pcie.id = std::string("pcie");
      pcie.plug = Plug::pcie_8pin;
      s.outputs.push_back(std::move(pcie));
    });
    builder.spec([](Spec& s) { s.want.push_back(Fact<Wish>(Wish::p2p)); });
    pin.port = std::string("S1");
  }
  /// Both cards below it, whatever is best.
  SwitchRig& both_below() {
    ports = {{"gpu0", "sw0.P1"}, {"gpu1", "sw0.P2"}};
    return *this;
  }
  template <class P>
  SwitchRig& edit(std::string_view id, const std::function<void(P&)>& change) {
    builder.edit<P>(id, change);
    return *this;
  }
  Project project() const {
    Project p = builder.project();
    ExpanderUse use;
    use.id = "sw0";
    use.holder = p.parts.at("switch");
    use.part = &std::get<Expander>(*use.holder);
    p.expanders.push_back(std::move(use));
    p.spec.pins.push_back({Fact<std::string>("sw0"), pin});
    for (const auto& [card, port] : ports) {
      Pin of_card;
      of_card.port = port;
      p.spec.pins.push_back({Fact<std::string>(card), of_card});
    }
    return p;
  }
  SolveResult solve() const { return solved(project()); }
};

/// What stands in the way, for the reader of a failed test.
std::string told(const SolveResult& result) {
  std::string text;
  for (const Diagnostic& d : result.conflict) text += d.code + ": " + d.message + "\n";
  for (const std::string& a : result.assumptions) text += a + "\n";
  return text;
}

void holds(const SolveResult& result) {
  CAPTURE(told(result));
  REQUIRE(result.status == SolveStatus::optimal);
}

void refuses(const SolveResult& result, const std::string& code) {
  CAPTURE(code, told(result));
  CHECK(result.status == SolveStatus::infeasible);
  CHECK(blames(result, code));
}

}  // namespace

TEST_CASE("solve: G108: bridged cards stand as far apart as the bridge spans",
          "[solve][rules][G108]") {
  const SolveResult good = solved(bridged(81.28_mm));
  holds(good);
  REQUIRE(good.layouts[0].bridges.size() == 1);
  CHECK(good.layouts[0].bridges[0].between.size() == 2);
  // 1.5 mm of play, and a tenth more.
  holds(solved(bridged(79.78_mm)));
  refuses(solved(bridged(79.68_mm)), "G108");
  // Slots of one board are as far apart wherever in the frame it is.
  RigBuilder somewhere = bridged(81.28_mm);
  somewhere.edit<Frame>("frame", [](Frame& f) { f.board_origin = {}; });
  holds(solved(somewhere));
  RigBuilder unknown = bridged(81.28_mm);
  unknown.edit<Bridge>("bridge", [](Bridge& x) { x.span = {}; });
  refuses(solved(unknown), "G108");
}

TEST_CASE("solve: G112: nothing stands below a bridge", "[solve][rules][G112]") {
  // Bridges over two mounts of 65 mm: whatever the cards, each passes over another one.
  RigBuilder crossed = two_pairs();
  crossed.edit<Bridge>("bridge", [](Bridge& x) { x.span = 130_mm; });
  refuses(solved(crossed), "G112");
  // Alone they have the mount between to themselves.
  RigBuilder alone = bridged(130_mm);
  alone.edit<Frame>("frame", [](Frame& f) {
    f.direct = false;
    f.mounts[0].count = 3;
  });
  alone.ribbon("ribbon", 300_mm).stock("ribbon", "riser", 2);
  const SolveResult result = solved(alone);
  holds(result);
  CHECK(std::abs(number_of(*result.layouts[0].device("gpu0")) -
                 number_of(*result.layouts[0].device("gpu1"))) == 2);
}

TEST_CASE("solve: L127: the board starts with the CPU", "[solve][rules][L127]") {
  RigBuilder rig = base();
  rig.edit<Board>("board", [](Board& x) {
    CpuSupport support;
    support.series = std::string("EPYC 7002");
    x.cpus.push_back(std::move(support));
  });
  refuses(solved(rig), "L127");  // of unknown series
}

TEST_CASE("solve: price: bridges of the spec and switches are bought too", "[solve][rules][W108]") {
  RigBuilder rig = bridged(81.28_mm);
  rig.spec([](Spec& s) { s.want.push_back(Fact<Wish>(Wish::price)); });
  rig.stock("bridge", "bridge", 0, 80, 1);
  const SolveResult result = solved(rig);
  holds(result);
  const auto price = std::find_if(result.objective.begin(), result.objective.end(),
                                  [](const auto& level) { return level.wish == "price"; });
  REQUIRE(price != result.objective.end());
  CHECK(price->value == Approx(80));
}

TEST_CASE("solve: two pairs stand side by side, whatever their slots", "[solve][rules][G108]") {
  const RigBuilder b = two_pairs();
  const Project project = b.project();
  const SolveResult result = solved(project);
  holds(result);
  const Layout& layout = result.layouts[0];
  CHECK(std::abs(number_of(*layout.device("gpu0")) - number_of(*layout.device("gpu1"))) == 1);
  CHECK(std::abs(number_of(*layout.device("gpu2")) - number_of(*layout.device("gpu3"))) == 1);
  // A card of the first pair in the second mount leaves the first mount to its partner alone.
  RigBuilder pinned = two_pairs();
  pinned.spec([](Spec& s) {
    Pin pin;
    pin.mount = std::string("upper-2");
    s.pins.push_back({Fact<std::string>("gpu0"), pin});
  });
  const SolveResult second = solved(pinned);
  holds(second);
  CHECK(number_of(*second.layouts[0].device("gpu1")) == 1);
}

TEST_CASE("solve: pairs with a bridge cross nothing", "[solve][rules][p2p]") {
  // Slots on A0, A1, B0, B1: of six pairs two stay in their root complex. The bridges join two
  // pairs across, so that two cross: (2 of A) x (2 of B) - 2.
  RigBuilder b = two_pairs();
  b.spec([](Spec& s) { s.want.push_back(Fact<Wish>(Wish::p2p)); });
  const SolveResult result = solved(b);
  holds(result);
  CHECK(result.objective.at(2).value == Approx(2));
}

TEST_CASE("solve: L122, L123: bridges fit their cards, and join pairs",
          "[solve][rules][L122][L123]") {
  RigBuilder without = bridged(81.28_mm);
  without.edit<Device>("card", [](Device& d) { d.nvlinks = 0; });
  refuses(solved(without), "L122");
  RigBuilder unknown = bridged(81.28_mm);
  unknown.edit<Device>("card", [](Device& d) { d.nvlinks = {}; });
  refuses(solved(unknown), "L122");
  RigBuilder other = bridged(81.28_mm);
  other.edit<Bridge>("bridge", [](Bridge& x) { x.fits[0] = std::string("another"); });
  refuses(solved(other), "L122");
  RigBuilder three = two_pairs();
  join(three, "gpu1", "gpu2");
  refuses(solved(three), "L123");
}

TEST_CASE("solve: cards hang below a pinned switch", "[solve][rules][switch]") {
  SwitchRig rig;
  const SolveResult result = rig.solve();
  holds(result);
  const Layout& layout = result.layouts[0];
  // S2 is free, but a pair that meets in the switch is the better pair.
  CHECK(layout.device("gpu0")->port.value_or("") == "sw0.P1");
  CHECK(layout.device("gpu1")->port.value_or("") == "sw0.P2");
  REQUIRE(layout.expanders.size() == 1);
  CHECK(layout.expanders[0].port.value_or("") == "S1");
  CHECK(layout.expanders[0].power.aux.size() == 2);
}

TEST_CASE("solve: the uplink of a switch is as wide as can be", "[solve][rules][switch]") {
  SwitchRig rig;
  rig.edit<Cpu>("rome", [](Cpu& c) { c.splits = {split("x8x8"), split("x16")}; });
  const SolveResult result = rig.solve();
  holds(result);
  CHECK(result.layouts[0].mode("cpu0.A0")->value_or("") == "x16");
}

TEST_CASE("solve: L125, P105: plugs of a switch carry its slots", "[solve][rules][switch][L125]") {
  // One plug: 150 W. 50 W and twice 50 W are 150 W.
  const auto one_plug = [](Watts slot) {
    SwitchRig rig;
    rig.both_below()
        .edit<Expander>("switch", [](Expander& e) { e.inlets.pop_back(); })
        .edit<Device>("card", [&](Device& d) { d.slot_power = slot; });
    return rig.solve();
  };
  holds(one_plug(50_W));
  refuses(one_plug(51_W), "L125");
  // Two plugs: 182 W / 2 = 91 W on each output.
  const auto weak_outputs = [](Watts most) {
    SwitchRig rig;
    rig.both_below().edit<Supply>("supply", [&](Supply& s) { s.outputs[3].power = most; });
    return rig.solve();
  };
  holds(weak_outputs(91_W));
  refuses(weak_outputs(90_W), "P105");
}

TEST_CASE("solve: L115, P101: a switch is fed, and counts", "[solve][rules][switch][L115]") {
  SwitchRig unfed;
  unfed.edit<Supply>("supply", [](Supply& s) { s.outputs[3].count = 1; });
  CHECK(unfed.solve().status == SolveStatus::infeasible);
  SwitchRig no_plug;
  no_plug.edit<Supply>("supply", [](Supply& s) { s.outputs[3].plug = Plug::molex; });
  refuses(no_plug.solve(), "L115");
  // 850 W of the base rig and 50 W.
  SwitchRig small;
  small.edit<Supply>("supply", [](Supply& s) { s.ratings[0].power = 900_W; });
  holds(small.solve());
  small.edit<Supply>("supply", [](Supply& s) { s.ratings[0].power = 899_W; });
  refuses(small.solve(), "P101");
  SwitchRig unknown;
  unknown.edit<Expander>("switch", [](Expander& e) { e.power = {}; });
  refuses(unknown.solve(), "P101");
}

TEST_CASE("solve: slots below a switch draw from who feeds the switch", "[solve][rules][switch]") {
  // Its plugs hang on a breakout board of another supply: 50 W and twice 66 W through the bus.
  const auto with_bus = [](Watts bus) {
    SwitchRig rig;
    rig.both_below().edit<Supply>("supply", [](Supply& s) { s.outputs.pop_back(); });
    rig.builder.breakout("ports", {{"port", Plug::pcie_8pin, 2}}, bus);
    rig.builder.supply("server", 1200_W, 1, {}, "ports");
    rig.edit<Supply>("server", [](Supply& s) { s.type = SupplyType::hp_common_slot; });
    return rig.solve();
  };
  const SolveResult good = with_bus(182_W);
  holds(good);
  refuses(with_bus(181_W), "P108");
}

TEST_CASE("solve: slots below a switch load none of the board's", "[solve][rules][switch][P107]") {
  SwitchRig below;
  below.both_below().builder.the_board().slot_power_limit = 1_W;
  holds(below.solve());
}

TEST_CASE("solve: a switch takes its port, and no other has it", "[solve][rules][switch][L105]") {
  SwitchRig rig;
  rig.ports = {{"gpu0", "S1"}};
  refuses(rig.solve(), "L105");
  // With S2 away and one port below, two cards have one place.
  SwitchRig narrow;
  narrow.edit<Expander>("switch", [](Expander& e) { e.ports.pop_back(); });
  narrow.ports = {{"gpu0", "sw0.P1"}, {"gpu1", "sw0.P1"}};
  refuses(narrow.solve(), "L105");
}

TEST_CASE("solve: what it cannot plan it says", "[solve][switch]") {
  const auto why = [](const std::function<void(SwitchRig&)>& change) {
    SwitchRig rig;
    change(rig);
    const Project project = rig.project();
    CHECK(solved(project).status == SolveStatus::unknown);
    return beyond_search(project);
  };
  CHECK(beyond_search(SwitchRig().project()).empty());
  CHECK(why([](SwitchRig& r) {
          r.edit<Expander>("switch", [](Expander& e) { e.type = ExpanderType::bifurcation; });
        }).find("bifurcation card") != std::string::npos);
  CHECK(why([](SwitchRig& r) { r.pin.port = {}; }).find("no `port`") != std::string::npos);
  CHECK(why([](SwitchRig& r) { r.pin.port = std::string("sw0.P1"); }).find("another switch") !=
        std::string::npos);
  CHECK(why([](SwitchRig& r) {
          r.edit<Expander>("switch", [](Expander& e) { e.inlets.clear(); });
        }).find("plugs of its own") != std::string::npos);
}
