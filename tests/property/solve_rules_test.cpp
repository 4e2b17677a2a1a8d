// Every group of constraints decides at least one rig: a rig that can be built, one change of one
// number, and the rule that then stands in the conflict. And what holds for any result: pins,
// the same bytes twice.
#include <algorithm>
#include <functional>
#include <string>
#include <vector>

#include "property/random.hpp"
#include "property/tiny_rig.hpp"
#include "property/two_card_rig.hpp"
#include "solve/solve.hpp"
#include "support/catch.hpp"

using namespace rigtopo;
using namespace rigtopo::test;

namespace {

struct Case {
  std::string code;
  std::string what;
  std::function<void(RigBuilder&)> change;
};

/// Both cards on one rail of so many amperes.
void on_a_rail(RigBuilder& b, Amps current) {
  b.edit<Supply>("supply", [&](Supply& s) {
    SupplyRail rail;
    rail.id = std::string("V1");
    rail.current = current;
    s.rails.push_back(rail);
    s.outputs[2].rail = std::string("V1");
  });
}

/// The one supply behind a UPS of so many watts.
void behind_ups(RigBuilder& b, Watts power) {
  b.spec([power](Spec& s) {
    MainsUnit ups;
    ups.id = std::string("ups1");
    ups.kind = MainsUnitKind::ups;
    ups.circuit = std::string("A");
    ups.power = power;
    s.mains.units.push_back(ups);
    Pin pin;
    pin.circuit = std::string("ups1");
    s.pins.push_back({Fact<std::string>("psu0"), pin});
  });
}

/// Circuit A behind outlets of a kind, at a voltage and a breaker.
void outlets_of(RigBuilder& b, const std::string& outlet, Volts volts, Amps breaker) {
  b.edit<Supply>("supply", [](Supply& s) { s.ratings[0].mains = Range<Volts>{50_V, 240_V}; });
  b.spec([=](Spec& s) {
    s.mains.circuits[0].outlet = outlet;
    s.mains.circuits[0].volts = volts;
    s.mains.circuits[0].breaker = breaker;
  });
}

/// Cards that were measured at 500 W for 10 ms, on a supply of so many watts. Together they are at
/// 1250 W for an eighth of the time and at 793 W else, which heats like 863.4 W; the mean is 850 W.
void peaks_on(RigBuilder& b, Watts rating) {
  b.edit<Device>("card", [](Device& d) {
    Excursion e;
    e.window = Milliseconds{10};
    e.power = 500_W;
    d.excursions.push_back(e);
  });
  b.edit<Supply>("supply", [rating](Supply& s) { s.ratings[0].power = rating; });
}

/// A second supply that has the plugs of the cards alone.
void plugs_elsewhere(RigBuilder& b) {
  b.edit<Supply>("supply", [](Supply& s) { s.outputs.pop_back(); });
  b.supply("second", 1000_W, 1, {{"gpu", Plug::twelve_volt_2x6, 2}});
}

/// Cards only on risers, so that chains and mounts decide.
void on_risers(RigBuilder& b) {
  b.edit<Frame>("frame", [](Frame& f) { f.direct = false; });
  b.ribbon("ribbon", 300_mm).stock("ribbon", "riser", 2);
}

const std::vector<Case>& cases() {
  static const std::vector<Case> list{
      {"L105", "a card of another kind has no port left",
       [](RigBuilder& b) {
         b.gpu("third", 1, 100_W);
         b.edit<Supply>("supply", [](Supply& s) { s.outputs[2].count = 3; });
       }},
      {"L103", "both slots on one core, which takes x16 only",
       [](RigBuilder& b) {
         b.edit_connector("S1", [](BoardConnector& c) { c.width = Lanes{8}; });
         b.edit_connector("S2", [](BoardConnector& c) {
           c.core = std::string("cpu0.A0");
           c.width = Lanes{8};
           c.first_lane = 8;
         });
         b.the_board().bios_splits = {split("x16")};
       }},
      {"L104", "a jumper gives the lanes to one of two slots",
       [](RigBuilder& b) {
         b.edit_connector("S2", [](BoardConnector& c) { c.core = std::string("cpu0.A0"); });
         b.group("jumper", "cpu0.A0", {{"first", {{"S1", 16}}}, {"second", {{"S2", 16}}}});
       }},
      {"L110", "x16 is demanded, one slot has x8",
       [](RigBuilder& b) {
         b.edit_connector("S2", [](BoardConnector& c) { c.width = Lanes{8}; });
         b.spec([](Spec& s) { s.devices[0].min_link = MinLink{Lanes{16}, PcieGen::gen4}; });
       }},
      {"L201", "a long lossy board and no other way",
       [](RigBuilder& b) {
         b.edit_connector("S2", [](BoardConnector& c) { c.board_loss = Decibels{40}; });
       }},
      {"G101", "a riser too short for its mount",
       [](RigBuilder& b) {
         on_risers(b);
         b.edit<Riser>("ribbon", [](Riser& r) { r.length = 170_mm; });
       }},
      {"G102", "a card thicker than its mount",
       [](RigBuilder& b) {
         on_risers(b);
         b.edit<Device>("card", [](Device& d) { d.thickness = 65_mm; });
       }},
      {"G103", "a card longer than the case",
       [](RigBuilder& b) { b.edit<Device>("card", [](Device& d) { d.length = 335_mm; }); }},
      {"G105", "one mount for two cards",
       [](RigBuilder& b) {
         on_risers(b);
         b.edit<Frame>("frame", [](Frame& f) { f.mounts[0].count = 1; });
       }},
      {"G106", "slots too close for two cards",
       [](RigBuilder& b) {
         b.edit_connector("S2", [](BoardConnector& c) { c.position = at(20.32, 0, 0); });
       }},
      {"W108", "one riser for two cards",
       [](RigBuilder& b) {
         b.edit<Frame>("frame", [](Frame& f) { f.direct = false; });
         b.ribbon("ribbon", 300_mm).stock("ribbon", "riser", 1);
       }},
      {"W102", "one output for two cards",
       [](RigBuilder& b) { b.edit<Supply>("supply", [](Supply& s) { s.outputs[2].count = 1; }); }},
      {"P109", "no output with the card's plug",
       [](RigBuilder& b) {
         b.edit<Supply>("supply", [](Supply& s) { s.outputs[2].plug = Plug::molex; });
       }},
      {"W103", "risers that tie the board's 12 V to another supply's",
       [](RigBuilder& b) {
         b.edit<Frame>("frame", [](Frame& f) { f.direct = false; });
         b.riser("tied", RiserType::ribbon, {Socket::slot, 1}, {Socket::slot, 1}, 16, PcieGen::gen4,
                 SlotFeed::joined, {{"6pin", Plug::pcie_6pin}});
         b.edit<Riser>("tied", [](Riser& r) { r.length = 300_mm; });
         b.stock("tied", "riser", 2);
         b.supply("second", 1000_W, 1, {{"six", Plug::pcie_6pin, 2}});
       }},
      {"P101", "a supply one watt too small",
       [](RigBuilder& b) {
         b.edit<Supply>("supply", [](Supply& s) { s.ratings[0].power = 849_W; });
       }},
      {"P105", "an output weaker than the card",
       [](RigBuilder& b) {
         b.edit<Supply>("supply", [](Supply& s) { s.outputs[2].power = 299_W; });
       }},
      {"P106", "a CPU plug weaker than the CPU",
       [](RigBuilder& b) { b.edit<Cpu>("rome", [](Cpu& c) { c.tdp = 301_W; }); }},
      {"P107", "slots that pass less than two allowances",
       [](RigBuilder& b) { b.the_board().slot_power_limit = 131_W; }},
      // 850 W / 0.92 are 924 W; 80 % of 230 V * 5 A are 920 W.
      {"P110", "a circuit four watts too small",
       [](RigBuilder& b) { b.spec([](Spec& s) { s.mains.circuits[0].breaker = 5_A; }); }},
      {"P111", "no outlet at all",
       [](RigBuilder& b) { b.spec([](Spec& s) { s.mains.circuits[0].outlets = 0; }); }},
      // 850 W / 0.92 / 60 V are 15.4 A of the 15 A of a C14 inlet.
      {"P112", "a mains inlet too small for a low voltage",
       [](RigBuilder& b) {
         b.edit<Supply>("supply", [](Supply& s) {
           s.ratings[0].mains = Range<Volts>{50_V, 240_V};
         });
         b.spec([](Spec& s) {
           s.mains.circuits[0].volts = 60_V;
           s.mains.circuits[0].breaker = 40_A;
         });
       }},
      // 924 W at 90 V are 10.3 A.
      {"P129", "an outlet of 10 A too weak",
       [](RigBuilder& b) { outlets_of(b, "C13", 90_V, 20_A); }},
      {"P134", "an outlet of 15 A on a breaker of 30 A",
       [](RigBuilder& b) { outlets_of(b, "NEMA 6-15R", 230_V, 30_A); }},
      {"P117", "a supply that bears the mean and not the peaks",
       [](RigBuilder& b) { peaks_on(b, 863_W); }},
      // 850 W / 0.92 / 0.85 = 1087 W, and 20 W for the battery; 80 % of 230 V * 6 A are 1104 W.
      {"P110", "a UPS that loses power and charges",
       [](RigBuilder& b) {
         behind_ups(b, 924_W);
         b.spec([](Spec& s) {
           s.mains.circuits[0].breaker = 6_A;
           s.mains.units[0].charging = 20_W;
         });
       }},
      {"T101", "passive cards in an open frame",
       [](RigBuilder& b) {
         b.edit<Frame>("frame", [](Frame& f) { f.open = true; });
         b.edit<Device>("card", [](Device& d) { d.cooler = Cooler::passive; });
       }},
      {"P103", "a supply that does not run at the voltage",
       [](RigBuilder& b) { b.spec([](Spec& s) { s.mains.circuits[0].volts = 48_V; }); }},
      {"P114", "a power limit that the card refuses",
       [](RigBuilder& b) {
         b.spec([](Spec& s) { s.devices[0].power_limit = Range<Watts>{100_W, 150_W}; });
       }},
      {"P115", "a supply without 5 V and standby",
       [](RigBuilder& b) { b.edit<Supply>("supply", [](Supply& s) { s.feeds_24pin = false; }); }},
      {"P101", "a card of unknown power",
       [](RigBuilder& b) { b.edit<Device>("card", [](Device& d) { d.power.value.reset(); }); }},
      // 600 W of 49 A * 12 V = 588 W.
      {"P120", "a rail too weak for both cards", [](RigBuilder& b) { on_a_rail(b, 49_A); }},
      // 850 W / 0.92 = 923.9 W.
      {"P131", "a UPS one watt too small", [](RigBuilder& b) { behind_ups(b, 923_W); }},
      {"P123", "two supplies needed, and no common return",
       [](RigBuilder& b) {
         plugs_elsewhere(b);
         b.spec([](Spec& s) { s.power.common_return = false; });
       }},
      {"I102", "both cards pinned to one slot",
       [](RigBuilder& b) {
         b.spec([](Spec& s) {
           Pin pin;
           pin.port = std::string("S1");
           s.pins.push_back({Fact<std::string>("gpu0"), pin});
           s.pins.push_back({Fact<std::string>("gpu1"), pin});
         });
       }},
  };
  return list;
}

}  // namespace

TEST_CASE("solve: the base rig of the cases can be built", "[solve][rules]") {
  const SolveResult result = solved(base());
  CHECK(result.status == SolveStatus::optimal);
  CHECK(result.conflict.empty());
  // The same on risers.
  RigBuilder risers = base();
  on_risers(risers);
  CHECK(solved(risers).status == SolveStatus::optimal);
}

TEST_CASE("solve: each group of constraints decides a case", "[solve][rules]") {
  for (const Case& c : cases()) {
    CAPTURE(c.code, c.what);
    RigBuilder builder = base();
    c.change(builder);
    const SolveResult result = solved(builder);
    CHECK(result.status == SolveStatus::infeasible);
    CHECK(result.layouts.empty());
    std::string blamed;
    for (const Diagnostic& d : result.conflict) blamed += d.code + " " + d.message + "; ";
    CAPTURE(blamed);
    CHECK(blames(result, c.code));
    for (const Diagnostic& d : result.conflict) CHECK_FALSE(d.message.empty());
  }
}

TEST_CASE("solve: limits are met to the watt", "[solve][rules]") {
  // The cases above with one watt, or a little, more: now it holds.
  RigBuilder supply = base();
  supply.edit<Supply>("supply", [](Supply& s) { s.ratings[0].power = 850_W; });
  CHECK(solved(supply).status == SolveStatus::optimal);
  RigBuilder output = base();
  output.edit<Supply>("supply", [](Supply& s) { s.outputs[2].power = 300_W; });
  CHECK(solved(output).status == SolveStatus::optimal);
  RigBuilder slots = base();
  slots.the_board().slot_power_limit = 132_W;
  CHECK(solved(slots).status == SolveStatus::optimal);
  RigBuilder circuit = base();
  circuit.spec([](Spec& s) { s.mains.circuits[0].breaker = Amps{5.03}; });
  CHECK(solved(circuit).status == SolveStatus::optimal);
  RigBuilder iec = base();
  iec.code(MainsCode::iec).spec([](Spec& s) { s.mains.circuits[0].breaker = 5_A; });
  CHECK(solved(iec).status == SolveStatus::optimal);
}

TEST_CASE("solve: P108: a breakout board shares its bus", "[solve][rules]") {
  const auto with_bus = [](Watts bus) {
    RigBuilder b = base();
    b.edit<Supply>("supply", [](Supply& s) { s.outputs.pop_back(); });
    b.breakout("ports", {{"port", Plug::twelve_volt_2x6, 2}}, bus);
    b.supply("server", 1200_W, 1, {}, "ports");
    b.edit<Supply>("server", [](Supply& s) { s.type = SupplyType::hp_common_slot; });
    return solved(b);
  };
  CHECK(with_bus(600_W).status == SolveStatus::optimal);
  const SolveResult result = with_bus(599_W);
  CHECK(result.status == SolveStatus::infeasible);
  CHECK(blames(result, "P108"));
}

TEST_CASE("solve: a breakout board that does not fit its supply is no choice", "[solve][rules]") {
  RigBuilder b = base();
  b.edit<Supply>("supply", [](Supply& s) { s.outputs.pop_back(); });
  b.breakout("ports", {{"port", Plug::twelve_volt_2x6, 2}}, 1200_W);
  b.supply("server", 1200_W, 1, {}, "ports");
  b.edit<Supply>("server", [](Supply& s) { s.type = SupplyType::crps; });
  const SolveResult result = solved(b);
  CHECK(result.status == SolveStatus::infeasible);
  CHECK(std::any_of(result.rejected.begin(), result.rejected.end(),
                    [](const Rejection& r) { return r.code == "W101"; }));
}

TEST_CASE("solve: W104: all plugs of a card hang on one supply", "[solve][rules]") {
  RigBuilder b = base();
  b.edit<Device>("card", [](Device& d) {
    Inlet second = d.inlets[0];
    second.id = std::string("second");
    d.inlets.push_back(second);
  });
  // Four plugs, two and two outputs on two supplies: each card needs one supply for itself.
  b.supply("other", 1000_W, 1, {{"gpu", Plug::twelve_volt_2x6, 2}});
  const SolveResult result = solved(b);
  REQUIRE(result.status == SolveStatus::optimal);
  for (const DevicePlace& place : result.layouts[0].devices) {
    const std::string first = place.power.aux.at(0).from.at(0).value->substr(0, 4);
    CHECK(place.power.aux.at(1).from.at(0).value->substr(0, 4) == first);
  }
  // One output less on each: two cards' worth of outputs in sum would be three.
  b.edit<Supply>("other", [](Supply& s) { s.outputs[0].count = 1; });
  b.edit<Supply>("supply", [](Supply& s) { s.outputs[2].count = 3; });
  CHECK(solved(b).status == SolveStatus::infeasible);
}

TEST_CASE("solve: L203 is no choice, however cheap", "[solve][rules]") {
  RigBuilder b = base();
  b.edit<Frame>("frame", [](Frame& f) { f.direct = false; });
  b.ribbon("ribbon-900", 900_mm).stock("ribbon-900", "riser", 2);
  b.ribbon("ribbon-300", 300_mm).stock("ribbon-300", "riser", 0, 50.0);
  b.spec([](Spec& s) { s.want.push_back(Fact<Wish>(Wish::price)); });
  const SolveResult result = solved(b);
  REQUIRE(result.status == SolveStatus::optimal);
  CHECK(result.objective[0].value == Approx(100));  // two at 50 each
  CHECK(std::any_of(result.rejected.begin(), result.rejected.end(),
                    [](const Rejection& r) { return r.code == "L203" || r.code == "L201"; }));
}

TEST_CASE("solve: what has no price cannot be bought", "[solve][rules]") {
  RigBuilder b = base();
  b.edit<Frame>("frame", [](Frame& f) { f.direct = false; });
  b.ribbon("ribbon", 300_mm);
  b.stock("ribbon", "riser", 1, std::nullopt, 8);  // at most eight, one owned, no price
  const SolveResult result = solved(b);
  CHECK(result.status == SolveStatus::infeasible);
  CHECK(blames(result, "W108"));
}

TEST_CASE("solve: the common power limit is the highest that holds", "[solve][rules]") {
  // 1000 W - 250 W for the rest leave 750 W for two cards; the card takes up to 350 W: 350 W.
  RigBuilder b = base();
  b.spec([](Spec& s) { s.devices[0].power_limit = Range<Watts>{200_W, 350_W}; });
  const SolveResult all = solved(b);
  REQUIRE(all.status == SolveStatus::optimal);
  CHECK(all.layouts[0].power_limits.at(0).value->value == Approx(350));
  // With 900 W, 650 W are left: 325 W each.
  b.edit<Supply>("supply", [](Supply& s) { s.ratings[0].power = 900_W; });
  const SolveResult less = solved(b);
  REQUIRE(less.status == SolveStatus::optimal);
  CHECK(less.layouts[0].power_limits.size() == 2);
  CHECK(less.layouts[0].power_limits.at(0).value->value == Approx(325));
  // A watt less brings the next step of 5 W.
  b.edit<Supply>("supply", [](Supply& s) { s.ratings[0].power = 899_W; });
  CHECK(solved(b).layouts.at(0).power_limits.at(0).value->value == Approx(320));
}

TEST_CASE("solve: the board's plugs for slots stay within their rating", "[solve][rules][P106]") {
  // Three slots at 66 W are 198 W; the 24-pin passes 132 W on, with a 6-pin beside it 207 W.
  RigBuilder b = base();
  b.slot("S3", "cpu0.B0");
  b.edit_connector("S3", [](BoardConnector& c) { c.position = at(162.56, 0, 0); });
  b.gpu("third", 1, 100_W);
  b.frame("wide", true, 12);
  b.edit<Supply>("supply", [](Supply& s) { s.outputs[2].count = 3; });
  const Project bare = b.project();
  const SolveResult refused = solved(bare);
  CHECK(refused.status == SolveStatus::infeasible);
  CHECK(blames(refused, "P106"));

  b.board_inlet("slots", Plug::pcie_6pin, InletUse::slots);
  b.edit<Supply>("supply", [](Supply& s) {
    Output six;
    six.id = std::string("six");
    six.plug = Plug::pcie_6pin;
    s.outputs.push_back(six);
  });
  const Project fed = b.project();
  const SolveResult result = solved(fed);
  REQUIRE(result.status == SolveStatus::optimal);
  const auto& feeds = result.layouts[0].board_power;
  CHECK(std::any_of(feeds.begin(), feeds.end(),
                    [](const Feed& f) { return f.inlet.value_or("") == "slots"; }));
}

TEST_CASE("solve: rails, units and returns that hold", "[solve][rules][P120][P123][P131]") {
  RigBuilder rail = base();
  on_a_rail(rail, 50_A);  // 600 W
  CHECK(solved(rail).status == SolveStatus::optimal);
  RigBuilder two = base();
  plugs_elsewhere(two);
  CHECK(solved(two).status == SolveStatus::optimal);
  RigBuilder ups = base();
  behind_ups(ups, 924_W);
  const SolveResult result = solved(ups);
  REQUIRE(result.status == SolveStatus::optimal);
  CHECK(result.layouts[0].supply("psu0")->circuit.value_or("") == "ups1");
  // Two supplies on the UPS take one outlet of the circuit.
  RigBuilder both = base();
  plugs_elsewhere(both);
  behind_ups(both, 2000_W);
  both.spec([](Spec& s) {
    s.mains.circuits[0].outlets = 1;
    s.pins.push_back({Fact<std::string>("psu1"), s.pins[0].value});
  });
  CHECK(solved(both).status == SolveStatus::optimal);
}

TEST_CASE("solve: outlets, losses and peaks that hold", "[solve][rules][P110][P117][P129][P134]") {
  RigBuilder outlet = base();
  outlets_of(outlet, "C13", 93_V, 20_A);  // 9.93 A of 10 A
  CHECK(solved(outlet).status == SolveStatus::optimal);
  RigBuilder breaker = base();
  outlets_of(breaker, "NEMA 6-15R", 230_V, 20_A);
  CHECK(solved(breaker).status == SolveStatus::optimal);
  RigBuilder ups = base();
  behind_ups(ups, 924_W);
  ups.spec([](Spec& s) { s.mains.circuits[0].breaker = 6_A; });  // 1087 W of 1104 W
  CHECK(solved(ups).status == SolveStatus::optimal);
  RigBuilder peaks = base();
  peaks_on(peaks, 864_W);
  CHECK(solved(peaks).status == SolveStatus::optimal);
}

TEST_CASE("solve: peaks lower the common limit step by step", "[solve][rules][P117]") {
  RigBuilder b = base();
  peaks_on(b, 860_W);
  b.spec([](Spec& s) {
    s.devices[0].power_limit = Range<Watts>{200_W, 300_W};
    s.want = {Fact<Wish>(Wish::power)};
  });
  const Project project = b.project();
  const SolveResult result = solved(project);
  REQUIRE(result.status == SolveStatus::optimal);
  const Fact<Watts>* limit = result.layouts[0].power_limit("gpu0");
  REQUIRE(limit != nullptr);
  // At 295 W each everything shrinks by 1/60 of the cards' part: 853.2 W; so one step is enough.
  CHECK(limit->value == 295_W);
}

TEST_CASE("solve: pins hold", "[solve][rules]") {
  RigBuilder b = base();
  b.supply(
      "other", 1000_W, 2,
      {{"atx", Plug::atx_24pin, 1}, {"eps", Plug::eps_8pin, 1}, {"gpu", Plug::twelve_volt_2x6, 2}});
  b.circuit("B", 230_V, 10_A);
  b.spec([](Spec& s) {
    Pin card;
    card.port = std::string("S2");
    Feed feed;
    feed.inlet = std::string("16pin");
    feed.from.push_back(Fact<std::string>("psu2.gpu1"));
    card.aux.push_back(feed);
    s.pins.push_back({Fact<std::string>("gpu0"), card});
    Pin supply;
    supply.circuit = std::string("B");
    s.pins.push_back({Fact<std::string>("psu2"), supply});
    Pin board;
    board.supply = std::string("psu1");
    s.pins.push_back({Fact<std::string>("board"), board});
  });
  const SolveResult result = solved(b);
  REQUIRE(result.status == SolveStatus::optimal);
  const Layout& layout = result.layouts[0];
  CHECK(layout.device("gpu0")->port.value_or("") == "S2");
  CHECK(layout.device("gpu0")->power.aux.at(0).from.at(0).value_or("") == "psu2.gpu1");
  CHECK(layout.supply("psu2")->circuit.value_or("") == "B");
  for (const Feed& f : layout.board_power) CHECK(f.from.at(0).value->starts_with("psu1."));
}

TEST_CASE("solve: a refused layout is never printed", "[solve][rules]") {
  const Project project = base().project();
  SolveOptions options;
  options.judge = [](const Layout&) { return std::vector<std::string>{"X999"}; };
  const SolveResult result = solve(project, options);
  CHECK(result.status == SolveStatus::unknown);
  CHECK(result.layouts.empty());
  CHECK(std::any_of(result.assumptions.begin(), result.assumptions.end(),
                    [](const std::string& a) { return a.find("X999") != std::string::npos; }));
}

TEST_CASE("solve: no time means unknown, never infeasible", "[solve][rules]") {
  RigBuilder impossible = base();
  impossible.gpu("third", 1, 200_W);
  const Project project = impossible.project();
  SolveOptions options;
  options.judge = [](const Layout&) { return std::vector<std::string>{}; };
  options.time_limit_s = 0;
  CHECK(solve(project, options).status == SolveStatus::unknown);
  const volatile bool interrupted = true;
  options.time_limit_s.reset();
  options.interrupted = &interrupted;
  CHECK(solve(project, options).status == SolveStatus::unknown);
}

TEST_CASE("solve: heat and noise are said to be unsolved", "[solve][rules]") {
  RigBuilder b = base();
  b.spec([](Spec& s) { s.want = {Fact<Wish>(Wish::heat), Fact<Wish>(Wish::noise)}; });
  const SolveResult result = solved(b);
  CHECK(result.status == SolveStatus::feasible);
  REQUIRE(result.objective.size() >= 2);
  for (std::size_t i = 0; i < 2; ++i) {
    CHECK_FALSE(result.objective[i].proved);
    CHECK(result.objective[i].value == 0);
  }
  CHECK(result.assumptions.size() >= 2);
}

TEST_CASE("solve: the best of several boards", "[solve][rules]") {
  RigBuilder b = base();
  // The second board has its two slots on one root complex as the first, but at x8.
  b.board("narrow")
      .connector("N1", Socket::slot, "cpu0.A0", 8)
      .connector("N2", Socket::slot, "cpu0.A1", 8);
  b.edit_connector("N1", [](BoardConnector& c) { c.position = at(0, 0, 0); });
  b.edit_connector("N2", [](BoardConnector& c) { c.position = at(81.28, 0, 0); });
  b.board_inlet("atx", Plug::atx_24pin, InletUse::board);
  b.board_inlet("eps", Plug::eps_8pin, InletUse::cpu);
  b.spec([](Spec& s) { s.want.push_back(Fact<Wish>(Wish::links)); });
  const SolveResult result = solved(b);
  REQUIRE(result.status == SolveStatus::optimal);
  CHECK(result.layouts[0].board.value_or("") == "board");
}

TEST_CASE("solve: the same input gives the same layout", "[solve][determinism]") {
  int compared = 0;
  for (std::uint32_t seed = 1; seed <= 40; ++seed) {
    Random random(seed);
    const RigBuilder builder = tiny_rig(random);
    const SolveResult first = solved(builder);
    const SolveResult second = solved(builder);
    REQUIRE(first.status == second.status);
    REQUIRE(first.layouts.size() == second.layouts.size());
    if (first.layouts.empty()) {
      REQUIRE(first.conflict.size() == second.conflict.size());
      for (std::size_t i = 0; i < first.conflict.size(); ++i) {
        CHECK(first.conflict[i].message == second.conflict[i].message);
      }
      continue;
    }
    ++compared;
    CHECK(layout_yaml(first.layouts[0]) == layout_yaml(second.layouts[0]));
  }
  CHECK(compared >= 5);
}

TEST_CASE("solve: more equal supplies and mounts change nothing", "[solve][determinism]") {
  const SolveResult one = solved(base());
  RigBuilder more = base();
  more.edit<Frame>("frame", [](Frame& f) { f.mounts[0].count = 4; });
  const SolveResult many = solved(more);
  REQUIRE(one.layouts.size() == 1);
  REQUIRE(many.layouts.size() == 1);
  CHECK(layout_yaml(one.layouts[0]) == layout_yaml(many.layouts[0]));
}
