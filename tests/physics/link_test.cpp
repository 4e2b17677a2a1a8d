// Physics of link against numbers worked out by hand or taken from sources named beside them.
#include "physics/link.hpp"

#include "physics/rigs.hpp"
#include "support/catch.hpp"

using namespace rigtopo;
using namespace rigtopo::test;
using Catch::Matchers::WithinAbs;

namespace {

/// A built rig with all that it points into.
struct Built {
  RigBuilder b;
  Project project;
  Rig rig;
  explicit Built(RigBuilder builder)
      : b(std::move(builder)), project(b.project()), rig(build_rig(project, b.layout())) {}
  LinkPath path(std::string_view id = "gpu0") const {
    return *rig.link_path(*rig.layout.device(id));
  }
};

SignalLoss loss_through(const std::vector<std::string>& chain, PcieGen g = PcieGen::gen4) {
  const Built built(one_card(chain));
  return signal_loss(built.path(), g);
}

}  // namespace

TEST_CASE("link: bandwidth of x16 after encoding", "[link]") {
  // Transfers per second * 16 lanes * 128/130 / 8 bits: 8, 16, 32 GT/s.
  CHECK_THAT(link_bandwidth(16, PcieGen::gen3).value, WithinAbs(15.754, 0.0005));
  CHECK_THAT(link_bandwidth(16, PcieGen::gen4).value, WithinAbs(31.508, 0.0005));
  CHECK_THAT(link_bandwidth(16, PcieGen::gen5).value, WithinAbs(63.015, 0.0005));
  // 8b/10b: 5 GT/s * 1 lane * 0.8 / 8 = 0.5 GB/s.
  CHECK_THAT(link_bandwidth(1, PcieGen::gen2).value, WithinAbs(0.5, 1e-9));
}

TEST_CASE("link: the loss budget of gen5 splits 9 + 1.5 + 9.5 + 16 = 36 dB", "[link][L201]") {
  const LossBudget b = *loss_budget(PcieGen::gen5);
  CHECK_THAT(b.total.value, WithinAbs(36, 1e-9));
  CHECK_THAT(b.package.value, WithinAbs(9, 1e-9));
  CHECK_THAT(b.connector.value, WithinAbs(1.5, 1e-9));
  CHECK_THAT(b.card.value, WithinAbs(9.5, 1e-9));
  CHECK_THAT(b.board.value, WithinAbs(16, 1e-9));
  CHECK_THAT(b.reserve.value, WithinAbs(3.6, 1e-9));
  CHECK_THAT(loss_budget(PcieGen::gen4)->total.value, WithinAbs(28, 1e-9));
  CHECK_THAT(loss_budget(PcieGen::gen3)->total.value, WithinAbs(22, 1e-9));
  CHECK_FALSE(loss_budget(PcieGen::gen6).has_value());
}

TEST_CASE("link: a card in its slot is green by the default shares", "[link][L201]") {
  const SignalLoss loss = loss_through({});
  // gen4 is 28/36 of gen5: package 7, half of the board's 12.444 = 6.222, connector 1.167,
  // card 7.389: 21.778 of 28 dB; 6.222 left, reserve 2.8.
  REQUIRE(loss.total.known());
  CHECK_THAT((*loss.total).value, WithinAbs(21.778, 0.001));
  CHECK_THAT((*loss.margin).value, WithinAbs(6.222, 0.001));
  CHECK(loss.band == Band::green);
  CHECK_FALSE(loss.assumed);
  CHECK(loss.board_assumed);
  CHECK(loss.total.confidence == Confidence::unverified);
}

TEST_CASE("link: ribbons without a figure are never green and get worse with length",
          "[link][L201][L202]") {
  // 15 dB/m at gen4 and 1.167 dB for the connector at the end, on 6.222 dB left:
  // 200 mm 2.056, 300 mm 0.556, 400 mm -0.944, 900 mm -8.444.
  CHECK_THAT((*loss_through({"ribbon-200"}).margin).value, WithinAbs(2.056, 0.001));
  CHECK(loss_through({"ribbon-100"}).band == Band::amber);  // 3.56 dB left, more than the reserve
  CHECK(loss_through({"ribbon-200"}).band == Band::amber);
  CHECK(loss_through({"ribbon-300"}).band == Band::amber);
  CHECK(loss_through({"ribbon-400"}).band == Band::red);
  CHECK_THAT((*loss_through({"ribbon-900"}).margin).value, WithinAbs(-8.444, 0.001));
  CHECK(loss_through({"ribbon-200"}).assumed);

  for (const PcieGen g : {PcieGen::gen1, PcieGen::gen3, PcieGen::gen4, PcieGen::gen5}) {
    double before = 0;
    for (const char* id : {"ribbon-100", "ribbon-200", "ribbon-300", "ribbon-400", "ribbon-900"}) {
      const double now = (*loss_through({id}, g).total).value;
      CHECK(now > before);
      before = now;
    }
  }
}

TEST_CASE("link: a figure of the part is taken instead of the default", "[link][L201]") {
  RigBuilder b = one_card({"ribbon-300"});
  LossAt at_gen4;
  at_gen4.generation = PcieGen::gen4;
  at_gen4.loss = 3.0_dB;
  b.edit<Riser>("ribbon-300", [&](Riser& r) { r.loss.push_back(at_gen4); });
  const Built built(std::move(b));
  const SignalLoss loss = signal_loss(built.path(), PcieGen::gen4);
  CHECK_THAT((*loss.margin).value, WithinAbs(6.222 - 3.0, 0.001));
  CHECK(loss.band == Band::green);
  CHECK_FALSE(loss.assumed);
  // At a lower generation the figure is an upper bound; at a higher one it can't be used as it is.
  CHECK_FALSE(signal_loss(built.path(), PcieGen::gen3).assumed);
  CHECK(signal_loss(built.path(), PcieGen::gen5).assumed);
}

TEST_CASE("link: adapter and harness as measured by NVIDIA add up", "[link][L201]") {
  // ConnectX-8 channel insertion loss: passive auxiliary card 2.5 dB, MCIO harness 3.5 dB at 16
  // GHz; with 5 dB of the card's lanes 11 dB in all.
  RigBuilder b;
  b.riser("adapter", RiserType::device_adapter, {Socket::mcio_8i, 2}, {Socket::slot, 1}, 16,
          PcieGen::gen5, SlotFeed::none);
  b.cable("harness", 300_mm, Socket::mcio_8i, 8, PcieGen::gen5);
  LossAt measured;
  measured.generation = PcieGen::gen5;
  measured.loss = 3.5_dB;
  Riser harness;
  harness.id = "harness";
  harness.type = RiserType::cable;
  harness.loss.push_back(measured);
  Riser adapter;
  adapter.id = "adapter";
  adapter.type = RiserType::device_adapter;
  const double sum = (*riser_loss(harness, PcieGen::gen5).loss).value +
                     (*riser_loss(adapter, PcieGen::gen5).loss).value + 5.0;
  CHECK_THAT(sum, WithinAbs(11.0, 1e-9));
}

TEST_CASE("link: a cable without a figure loses by the metre", "[link][L201]") {
  // Half a metre more of 30 AWG twinax: 4.5, 7 and 11 dB/m (physics.md, 30 / 34 AWG) give 2.25, 3.5
  // and 5.5 dB.
  const auto loss_of = [](Millimetres length, PcieGen g) {
    Riser cable;
    cable.id = "cable";
    cable.type = RiserType::cable;
    cable.length = length;
    return (*riser_loss(cable, g).loss).value;
  };
  const auto more = [&](PcieGen g) { return loss_of(1000_mm, g) - loss_of(500_mm, g); };
  CHECK_THAT(more(PcieGen::gen3), WithinAbs(2.25, 1e-9));
  CHECK_THAT(more(PcieGen::gen4), WithinAbs(3.5, 1e-9));
  CHECK_THAT(more(PcieGen::gen5), WithinAbs(5.5, 1e-9));
}

TEST_CASE("link: an unknown length leaves the loss unknown, not zero", "[link][L201]") {
  RigBuilder b = one_card({"ribbon-100"});
  b.edit<Riser>("ribbon-100", [](Riser& r) { r.length = Fact<Millimetres>(); });
  const Built built(std::move(b));
  const SignalLoss loss = signal_loss(built.path(), PcieGen::gen4);
  CHECK_FALSE(loss.total.known());
  CHECK_FALSE(loss.margin.known());
  CHECK(loss.band == Band::red);
  CHECK_FALSE(loss.total.missing.empty());
}

TEST_CASE("link: an undecided chain has no loss", "[link][L201]") {
  RigBuilder b = seven_slots();
  b.gpu("card", 1, 350_W).place_of("gpu0").port = std::string("PCIE1");
  const Built built(std::move(b));
  CHECK_FALSE(signal_loss(built.path(), PcieGen::gen4).margin.known());
  CHECK_FALSE(trained_link(built.path())->missing.empty());
}

TEST_CASE("link: a retimer never reduces the margin", "[link][L201]") {
  // Any part of any chain, made a retimer, whatever it loses itself.
  const std::vector<std::vector<std::string>> chains = {{"ribbon-100"},
                                                        {"ribbon-900"},
                                                        {"ribbon-200", "ribbon-300"},
                                                        {"ribbon-100", "ribbon-200", "ribbon-900"}};
  for (const auto& chain : chains) {
    for (const PcieGen g : {PcieGen::gen3, PcieGen::gen4, PcieGen::gen5}) {
      const double before = (*loss_through(chain, g).margin).value;
      for (const std::string& part : chain) {
        RigBuilder b = one_card(chain);
        b.edit<Riser>(part, [](Riser& r) { r.retimer = true; });
        const Built built(std::move(b));
        CAPTURE(part, chain.size(), before);
        CHECK((*signal_loss(built.path(), g).margin).value >= before - 1e-9);
      }
    }
  }
}

TEST_CASE("link: what lies behind a retimer has a budget of its own", "[link][L201]") {
  RigBuilder b = one_card({"retimer", "ribbon-900"});
  b.riser("retimer", RiserType::retimer, {Socket::slot, 1}, {Socket::slot, 1}, 16, PcieGen::gen4,
          SlotFeed::host);
  const Built built(std::move(b));
  const SignalLoss loss = signal_loss(built.path(), PcieGen::gen4);
  // Adapter 1.944 + 0.9 m * 15 dB/m + connector 1.167 + card 7.389 = 24.000; the stretch before it
  // is package 7 + board 6.222 + connector 1.167 + adapter 1.944 = 16.333.
  CHECK_THAT((*loss.total).value, WithinAbs(24.0, 0.001));
  REQUIRE(loss.segments.size() == 3);
  CHECK(loss.segments[0].what == "retimer");
  CHECK_FALSE(loss.field_trap);
}

TEST_CASE("link: a redriver gives its gain, at most what was lost", "[link][L201]") {
  RigBuilder b = one_card({"redriver", "ribbon-400"});
  b.riser("redriver", RiserType::redriver, {Socket::slot, 1}, {Socket::slot, 1}, 16, PcieGen::gen4,
          SlotFeed::host);
  b.edit<Riser>("redriver", [](Riser& r) { r.gain = 6.0_dB; });
  const Built with(b);
  const double amplified = (*signal_loss(with.path(), PcieGen::gen4).total).value;
  b.edit<Riser>("redriver", [](Riser& r) { r.gain = 0.0_dB; });
  const Built without(b);
  const double plain = (*signal_loss(without.path(), PcieGen::gen4).total).value;
  CHECK_THAT(plain - amplified, WithinAbs(6.0, 1e-9));

  b.edit<Riser>("redriver", [](Riser& r) { r.gain = 100.0_dB; });
  const Built absurd(b);
  // Package 7 + board 6.222 + connector 1.167 + adapter 1.944 = 16.333 dB lie before it.
  CHECK_THAT(plain - (*signal_loss(absurd.path(), PcieGen::gen4).total).value,
             WithinAbs(16.333, 0.001));
}

TEST_CASE("link: long passive ribbons are a trap that builders met", "[link][L203]") {
  // 900 mm ribbons sold as gen4 gave a flood of errors: mov-axbx.com/wopr/wopr_risers.html.
  CHECK(loss_through({"ribbon-900"}).field_trap);
  CHECK(loss_through({"ribbon-400", "ribbon-300"}).field_trap);  // 700 mm in one chain
  CHECK_FALSE(loss_through({"ribbon-600"}).field_trap);
  CHECK_FALSE(loss_through({"ribbon-900"}, PcieGen::gen3).field_trap);
  CHECK(loss_through({"ribbon-400"}, PcieGen::gen5).field_trap);
  RigBuilder b = one_card({"ribbon-900"});
  b.edit<Riser>("ribbon-900", [](Riser& r) { r.retimer = true; });
  const Built built(std::move(b));
  CHECK_FALSE(signal_loss(built.path(), PcieGen::gen4).field_trap);
  // A millimetre more than what is trusted: 900 mm at gen3, 600 mm at gen4, 300 mm at gen5.
  const auto trapped = [](Millimetres length, PcieGen g) {
    RigBuilder one = one_card({"ribbon-900"});
    one.edit<Riser>("ribbon-900", [&](Riser& r) { r.length = length; });
    const Built rig(std::move(one));
    return signal_loss(rig.path(), g).field_trap;
  };
  CHECK(trapped(901_mm, PcieGen::gen3));
  CHECK(trapped(601_mm, PcieGen::gen4));
  CHECK(trapped(301_mm, PcieGen::gen5));
  CHECK_FALSE(trapped(300_mm, PcieGen::gen5));
}

TEST_CASE("link: lanes follow split, first lane and group mode", "[link][L103]") {
  RigBuilder b;
  b.rome().board("board").slot("S1", "cpu0.A0").slot("S2", "cpu0.A1", 8, 8);
  b.connector("M2", Socket::m2, "cpu0.A1", 4, 4);
  b.group("G", "cpu0.A1", {{"wide", {{"S2", 8}}}, {"narrow", {{"S2", 4}, {"M2", 4}}}});
  b.gpu("card", 1, 350_W).place("gpu0", "S1");
  const auto lanes = [&](const char* port, const char* core, const char* mode, const char* group) {
    RigBuilder here = b;
    here.place_of("gpu0").port = std::string(port);
    if (*mode != 0) here.mode(core, mode);
    if (*group != 0) here.mode("G", group);
    const Built built(std::move(here));
    return port_lanes(built.path());
  };
  CHECK(lanes("S1", "cpu0.A0", "x16", "") == 16);
  CHECK(lanes("S1", "cpu0.A0", "x8x8", "") == 8);
  CHECK(lanes("S1", "cpu0.A0", "x4x4x4x4", "") == 4);
  CHECK(lanes("S1", "cpu0.A0", "", "") == 16);    // undecided: the widest
  CHECK(lanes("S2", "cpu0.A1", "x16", "") == 0);  // no piece starts at lane 8
  CHECK(lanes("S2", "cpu0.A1", "x8x8", "") == 8);
  CHECK(lanes("S2", "cpu0.A1", "x8x4x4", "") == 4);
  CHECK(lanes("S2", "cpu0.A1", "x8x8", "narrow") == 4);
  CHECK(lanes("M2", "cpu0.A1", "x4x4x4x4", "narrow") == 4);
  CHECK(lanes("M2", "cpu0.A1", "x4x4x4x4", "wide") == 0);  // not named: gets none
}

TEST_CASE("link: a pair needs one piece over both connectors", "[link][L106]") {
  RigBuilder b;
  b.rome().board("board");
  b.connector("SLIM1", Socket::slimsas_8i, "cpu0.A0", 8, 0);
  b.connector("SLIM2", Socket::slimsas_8i, "cpu0.A0", 8, 8);
  b.pair("SLIM1+2", {"SLIM1", "SLIM2"}).cable("cable", 500_mm);
  b.riser("adapter", RiserType::device_adapter, {Socket::slimsas_8i, 2}, {Socket::slot, 1}, 16,
          PcieGen::gen4, SlotFeed::own, {{"6pin", Plug::pcie_6pin}});
  b.gpu("card", 1, 350_W).place("gpu0", "SLIM1+2", {"cable*2", "adapter"}, "");
  RigBuilder split_core = b;
  b.mode("cpu0.A0", "x16");
  split_core.mode("cpu0.A0", "x8x8");
  const Built whole(std::move(b));
  CHECK(port_lanes(whole.path()) == 16);
  CHECK_FALSE(chain_fault(whole.path()).has_value());
  CHECK(trained_link(whole.path())->width == 16);
  const Built halves(std::move(split_core));
  CHECK(port_lanes(halves.path()) == 0);
  CHECK_FALSE(trained_link(halves.path()).has_value());
}

TEST_CASE("link: width and generation are the least along the chain, and who is to blame is named",
          "[link][L111]") {
  RigBuilder b = one_card({"ribbon-200"});
  SECTION("nothing limits") {
    const Built built(std::move(b));
    const TrainedLink link = *trained_link(built.path());
    CHECK(link.width == 16);
    CHECK(link.generation == PcieGen::gen4);
    CHECK(link.limited_by.empty());
    CHECK(link.missing.empty());
    CHECK_THAT(link.bandwidth.value, WithinAbs(31.508, 0.0005));
  }
  SECTION("a gen3 ribbon") {
    b.edit<Riser>("ribbon-200", [](Riser& r) { r.generation = PcieGen::gen3; });
    const Built built(std::move(b));
    const TrainedLink link = *trained_link(built.path());
    CHECK(link.generation == PcieGen::gen3);
    CHECK(link.limited_by == "ribbon-200");
    CHECK(link.loss.generation == PcieGen::gen3);
  }
  SECTION("an x8 slot") {
    b.edit_connector("PCIE1", [](BoardConnector& c) { c.width = Lanes{8}; });
    const Built built(std::move(b));
    CHECK(trained_link(built.path())->width == 8);
    CHECK(trained_link(built.path())->limited_by == "PCIE1");
  }
  SECTION("a gen5 card on a gen4 core") {
    b.edit<Device>("card", [](Device& d) { d.generation = PcieGen::gen5; });
    b.edit<Riser>("ribbon-200", [](Riser& r) { r.generation = PcieGen::gen5; });
    b.edit_connector("PCIE1", [](BoardConnector& c) { c.generation = PcieGen::gen5; });
    const Built built(std::move(b));
    CHECK(trained_link(built.path())->generation == PcieGen::gen4);
    CHECK(trained_link(built.path())->limited_by == "cpu0.C1");
  }
  SECTION("an unknown generation is named, not taken for good") {
    b.edit<Riser>("ribbon-200", [](Riser& r) { r.generation = Fact<PcieGen>(); });
    const Built built(std::move(b));
    CHECK(trained_link(built.path())->missing ==
          std::vector<std::string>{"generation of `ribbon-200` is not known"});
  }
  SECTION("the weakest confidence is carried on") {
    b.edit<Riser>("ribbon-200", [](Riser& r) { r.generation.confidence = Confidence::secondary; });
    const Built built(std::move(b));
    CHECK(trained_link(built.path())->confidence == Confidence::secondary);
  }
}

TEST_CASE("link: what is made for gen5 loses less at gen4 than what is made for gen4",
          "[link][L201]") {
  // Board: half of what is left of the budget, 16/72 of it. Made for gen4: 28 * 16/72 = 6.22 dB;
  // made for gen5 and run at half the frequency: 36 * 16/72 * 0.6 = 4.8 dB.
  RigBuilder b = one_card();
  const auto board = [&] {
    const Built built(b);
    for (const LossSegment& s : signal_loss(built.path(), PcieGen::gen4).segments) {
      if (s.what.starts_with("board to")) return (*s.loss).value;
    }
    return 0.0;
  };
  CHECK_THAT(board(), WithinAbs(6.222, 0.001));
  b.edit_connector("PCIE1", [](BoardConnector& c) { c.generation = PcieGen::gen5; });
  CHECK_THAT(board(), WithinAbs(4.8, 0.001));
  // Adapter: 2.5 of 36 dB at gen5. Of gen4: 28 * 2.5/36 = 1.94 dB; of gen5, at gen4: 2.5 * 0.6
  // = 1.5 dB.
  Riser adapter;
  adapter.id = "far";
  adapter.type = RiserType::device_adapter;
  adapter.generation = PcieGen::gen4;
  CHECK_THAT((*riser_loss(adapter, PcieGen::gen4).loss).value, WithinAbs(1.944, 0.001));
  adapter.generation = PcieGen::gen5;
  CHECK_THAT((*riser_loss(adapter, PcieGen::gen4).loss).value, WithinAbs(1.5, 0.001));
  CHECK_THAT((*riser_loss(adapter, PcieGen::gen5).loss).value, WithinAbs(2.5, 0.001));
}

TEST_CASE("link: connectors that do not mate are found in order", "[link][L108]") {
  RigBuilder b = one_card();
  b.cable("cable", 500_mm);
  b.riser("host", RiserType::host_adapter, {Socket::slot, 1}, {Socket::slimsas_8i, 2}, 16,
          PcieGen::gen4, SlotFeed::none);
  b.riser("far", RiserType::device_adapter, {Socket::slimsas_8i, 2}, {Socket::slot, 1}, 16,
          PcieGen::gen4, SlotFeed::own, {{"6pin", Plug::pcie_6pin}});
  const auto fault = [&](const std::vector<std::string>& chain) {
    RigBuilder here = b;
    here.place_of("gpu0").chain.clear();
    here.place("gpu0", "PCIE1", chain, "upper-1");
    const Built built(std::move(here));
    return chain_fault(built.path());
  };
  CHECK_FALSE(fault({"host", "cable*2", "far"}).has_value());
  CHECK_FALSE(fault({"ribbon-200"}).has_value());
  // One cable where two make x16 (a published mistake: github.com/jamesob/local-llm).
  const auto one_cable = fault({"host", "cable", "far"});
  REQUIRE(one_cable.has_value());
  CHECK(one_cable->position == 1);
  CHECK(one_cable->offered_count == 2);
  CHECK(one_cable->needed_count == 1);
  // No adapter at the card: two cable ends are offered where an edge has to go in.
  const auto bare = fault({"host", "cable*2"});
  REQUIRE(bare.has_value());
  CHECK(bare->position == 2);
  CHECK(bare->offered == Socket::slimsas_8i);
  CHECK(bare->needed == Socket::slot);
  CHECK(fault({"far"})->position == 0);
  // Cables have plugs at both ends: two in a row do not go into each other, and two adapters need
  // one.
  const auto two_cables = fault({"host", "cable*2", "cable*2", "far"});
  REQUIRE(two_cables.has_value());
  CHECK(two_cables->position == 2);
  CHECK(two_cables->two_plugs);
  const auto no_cable = fault({"host", "far"});
  REQUIRE(no_cable.has_value());
  CHECK(no_cable->position == 1);
  CHECK(no_cable->two_receptacles);
}

TEST_CASE("link: a closed slot takes no longer edge", "[link][L108]") {
  RigBuilder b = one_card();
  b.edit_connector("PCIE1", [](BoardConnector& c) {
    c.width = Lanes{8};
    c.mechanical = Lanes{8};
  });
  const Built closed(b);
  const auto fault = chain_fault(closed.path());
  REQUIRE(fault.has_value());
  CHECK(fault->offered_length == 8);
  CHECK(fault->needed_length == 16);
  b.edit_connector("PCIE1", [](BoardConnector& c) { c.open_ended = true; });
  CHECK_FALSE(chain_fault(Built(b).path()).has_value());
  b.edit_connector("PCIE1", [](BoardConnector& c) {
    c.open_ended = Fact<bool>();
    c.mechanical = Fact<Lanes>();
  });
  const Built unknown(b);
  CHECK_FALSE(chain_fault(unknown.path()).has_value());
  CHECK_FALSE(trained_link(unknown.path())->missing.empty());
}
