// From a rig to its air: which figures go where, what is missing, what an open frame is taken for.
// The flow solver has tests of its own (airflow_test.cpp); numbers here are worked out beside them.
#include "physics/air_state.hpp"

#include <cmath>

#include "physics/rigs.hpp"
#include "support/catch.hpp"

using namespace rigtopo;
using namespace rigtopo::test;
using Catch::Matchers::WithinAbs;
using Catch::Matchers::WithinRel;

namespace {

/// Cards of 350 W plugged into slots 60.96 mm apart of a frame without walls.
RigBuilder open_row(double thickness, int cards) {
  RigBuilder b;
  b.rome().board("board");
  const char* cores[] = {"cpu0.A0", "cpu0.A1", "cpu0.B0", "cpu0.B1"};
  for (int i = 0; i < cards; ++i) {
    const std::string slot = "PCIE" + std::to_string(i + 1);
    b.slot(slot, cores[i]);
    b.edit_connector(slot, [&](BoardConnector& c) { c.position = at(60.96 * i, 90, 10); });
  }
  b.frame("frame").edit<Frame>("frame", [](Frame& f) { f.open = true; });
  b.gpu("card", cards, 350_W);
  b.edit<Device>("card", [&](Device& d) {
    d.thickness = Millimetres{thickness};
    d.cooler = Cooler::open;
    d.airflow.free_flow = Cfm{40};
  });
  for (int i = 0; i < cards; ++i) {
    b.place("gpu" + std::to_string(i), "PCIE" + std::to_string(i + 1), {}, "direct");
  }
  return b;
}

AirState state_of(RigBuilder b) {
  const Project project = b.project();
  const Rig rig = build_rig(project, b.layout());
  REQUIRE(validate(rig).empty());
  return air_state(rig);
}

}  // namespace

TEST_CASE("air state: constants", "[airflow]") {
  // NVIDIA GRID K2 board specification: 20 CFM for 225 W.
  CHECK_THAT(in_cfm(usual_need(225_W)).value, WithinRel(20., 1e-12));
  CHECK_THAT(in_cfm(usual_need(350_W)).value, WithinAbs(31.1, 0.05));
  // 92 - 45 = 47 K are left for the chip there, 67 K with air of 25 °C: 47/67 of the flow.
  CHECK_THAT(in_cfm(usual_need(225_W, Celsius{25})).value, WithinRel(20. * 47 / 67, 1e-12));
  CHECK(std::isinf(usual_need(225_W, Celsius{92}).value));
  // 225 W on 20 CFM: 225 / (1.2 * 1006 * 0.0094389) = 19.7 K.
  CHECK_THAT(flow_for(225_W, Kelvins{19.7}).value, WithinRel(usual_need(225_W).value, 0.005));
  CHECK(entrained_share(Millimetres{0}) == 0.4);
  CHECK(entrained_share(Millimetres{-5}) == 0.4);
  CHECK_THAT(entrained_share(Millimetres{30}), WithinRel(0.25, 1e-12));
  CHECK_THAT(entrained_share(Millimetres{500}), WithinRel(0.1, 1e-12));
  // Two equal sources are 3 dB louder, ten of them 10 dB.
  CHECK_THAT(sound_sum({DecibelsA{50}, DecibelsA{50}}).value, WithinAbs(53.01, 0.005));
  CHECK_THAT(sound_sum(std::vector<DecibelsA>(10, DecibelsA{40})).value, WithinAbs(50, 1e-9));
}

TEST_CASE("air state: a frame without walls, card by card", "[airflow]") {
  const AirState s = state_of(open_row(30.96, 3));
  REQUIRE(s.solved);
  CHECK(s.model == AirModel::open);
  CHECK(s.confidence == Confidence::unverified);
  CHECK(s.band == Kelvins{10});
  // Air of 25 °C: 101325 / (287.05 * 298.15) = 1.1839 kg/m3. 40 CFM = 18.878 L/s carry
  // 1.1839 * 1.006 * 18.878 = 22.484 W/K, so each card warms its air by 350 / 22.484 = 15.567 K.
  const double rise = 15.567;
  // The last card has nobody on its fan side. Gap 30 mm: a quarter of the neighbour's exhaust.
  REQUIRE(s.cards.size() == 3);
  CHECK_THAT(s.cards[2].inlet.value, WithinAbs(25, 1e-9));
  CHECK_THAT(s.cards[2].outlet.value, WithinAbs(25 + rise, 0.01));
  CHECK_THAT(s.cards[1].inlet.value, WithinAbs(25 + rise / 4, 0.01));
  CHECK_THAT(s.cards[0].inlet.value, WithinAbs(25 + (rise + rise / 4) / 4, 0.01));
}

TEST_CASE("air state: a passive card in a frame without walls has no air", "[airflow]") {
  RigBuilder b = open_row(30, 2);
  b.edit<Device>("card", [](Device& d) { d.cooler = Cooler::passive; });
  const AirState s = state_of(b);
  CHECK_FALSE(s.solved);
  REQUIRE(s.missing.size() == 2);
  CHECK(s.missing[0] == "no fan moves air through `gpu0`");
}

TEST_CASE("air state: unknown gaps and places are named, never guessed", "[airflow]") {
  RigBuilder b = open_row(30, 2);
  b.edit<Device>("card", [](Device& d) { d.thickness = {}; });
  const AirState s = state_of(b);
  CHECK_FALSE(s.solved);
  CHECK(s.missing.size() == 1);

  RigBuilder none = open_row(30, 2);
  none.edit<Frame>("frame", [](Frame& f) { f.open = {}; });
  CHECK(state_of(none).model == AirModel::none);
}
