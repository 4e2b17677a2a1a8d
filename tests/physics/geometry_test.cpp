// Physics of geometry against numbers worked out by hand or taken from sources named beside them.
#include "physics/geometry.hpp"

#include <cmath>
#include <random>

#include "physics/rigs.hpp"
#include "support/catch.hpp"

using namespace rigtopo;
using namespace rigtopo::test;
using Catch::Matchers::WithinAbs;

namespace {

struct Route {
  Board board;
  Frame frame;
  Mount mount;
  BoardConnector connector;
  PortChoice port;

  Route(Position from, Position to) {
    frame.board_origin = at(0, 0, 0);
    mount.id = std::string("upper");
    mount.position = to;
    connector.id = std::string("PCIE1");
    connector.position = from;
    port.id = "PCIE1";
    port.connectors.push_back(&connector);
  }
  Route(const Route&) = delete;
  Estimate<Millimetres> needed() const { return route_needed(port, board, frame, mount); }
};

}  // namespace

TEST_CASE("geometry: a riser runs along the axes, with slack", "[geometry][G101]") {
  // 100 + 0 + 250 = 350, and 10 % of it.
  CHECK_THAT((*Route(at(0, 0, 0), at(100, 0, 250)).needed()).value, WithinAbs(385, 1e-9));
  // Short ways take 30 mm: 100 + 30.
  CHECK_THAT((*Route(at(0, 0, 0), at(0, 0, 100)).needed()).value, WithinAbs(130, 1e-9));
  // The same in the other direction.
  CHECK_THAT((*Route(at(100, 50, 250), at(0, 0, 0)).needed()).value, WithinAbs(440, 1e-9));
  // The board's corner counts: 100 - 40 + 250 = 310, + 31.
  Route moved(at(0, 0, 0), at(100, 0, 250));
  moved.frame.board_origin = at(40, 0, 0);
  CHECK_THAT((*moved.needed()).value, WithinAbs(341, 1e-9));
}

TEST_CASE("geometry: a way to an unknown place has no length", "[geometry][G101]") {
  Route r(at(0, 0, 0), at(1, 1, 1));
  r.mount.position = Fact<Position>();
  CHECK_FALSE(r.needed().known());
  CHECK(r.needed().missing.size() == 1);
  r.frame.board_origin = Fact<Position>();
  r.connector.position = Fact<Position>();
  CHECK(r.needed().missing.size() == 3);
}

TEST_CASE("geometry: the way lies between Euclid and sqrt(3) times Euclid", "[geometry][G101]") {
  std::mt19937 random(7);  // specified by the standard: the same everywhere
  const auto coordinate = [&] { return static_cast<double>(random() % 2000) - 1000.0; };
  for (int i = 0; i < 200; ++i) {
    const Position a = at(coordinate(), coordinate(), coordinate());
    const Position b = at(coordinate(), coordinate(), coordinate());
    const double needed = (*Route(a, b).needed()).value;
    const double way = needed > 330 ? needed / 1.1 : needed - 30;  // 300 mm: 10 % is 30 mm
    const double euclid =
        std::sqrt(std::pow((a.x - b.x).value, 2) + std::pow((a.y - b.y).value, 2) +
                  std::pow((a.z - b.z).value, 2));
    CHECK(way >= euclid - 1e-6);
    CHECK(way <= std::sqrt(3.0) * euclid + 1e-6);
  }
}

TEST_CASE("geometry: a chain is as long as its parts together", "[geometry][G101]") {
  Riser cable;
  cable.id = "cable";
  cable.type = RiserType::cable;
  cable.length = 500_mm;
  Riser adapter;
  adapter.type = RiserType::device_adapter;
  // Two cables in parallel reach as far as one; an adapter without a length bridges nothing.
  CHECK(*chain_length({{&cable, 2}, {&adapter, 1}}) == 500_mm);
  cable.length = Fact<Millimetres>();
  CHECK_FALSE(chain_length({{&cable, 1}}).known());
}

TEST_CASE("geometry: rows of mounts are unrolled by their pitch", "[geometry][G107]") {
  Frame frame;
  Mount row;
  row.id = std::string("upper");
  row.count = 3;
  row.position = at(10, 0, 250);
  row.thickness = 60_mm;
  frame.mounts.push_back(row);
  row.id = std::string("side");
  row.count = Fact<int>();
  frame.mounts.push_back(row);
  auto mounts = all_mounts(frame);
  REQUIRE(mounts.size() == 4);
  CHECK(*mounts[0].id == "upper-1");
  CHECK(*mounts[2].id == "upper-3");
  CHECK(mounts[2].position->x == 130_mm);  // 10 + 2 * 60
  CHECK(*mounts[3].id == "side");
  frame.mounts[0].pitch = 65_mm;
  CHECK(all_mounts(frame)[2].position->x == 140_mm);  // 10 + 2 * 65
  frame.mounts[0].pitch = Fact<Millimetres>();
  frame.mounts[0].thickness = Fact<Millimetres>();
  mounts = all_mounts(frame);
  CHECK(mounts[0].position.known());
  CHECK_FALSE(mounts[1].position.known());
}

TEST_CASE("geometry: what fits a mount and what is not known", "[geometry][G102][G103][G104]") {
  Device card;
  card.id = "card";
  card.thickness = 61_mm;
  card.length = 300_mm;
  Mount mount;
  mount.id = std::string("upper-1");
  mount.thickness = 60_mm;
  mount.height = 150_mm;
  const auto checks = fit(card, mount);
  REQUIRE(checks.size() == 3);
  CHECK(checks[0].dimension == "thickness");
  CHECK(*checks[0].actual == 61_mm);
  CHECK(*checks[0].limit == 60_mm);
  CHECK(checks[1].actual.known());
  CHECK_FALSE(checks[1].limit.known());
  CHECK_FALSE(checks[2].actual.known());
  CHECK(checks[2].actual.missing == std::vector<std::string>{"height of `card` is not known"});
}

TEST_CASE("geometry: neighbours in slots have the pitch between them", "[geometry][G106]") {
  RigBuilder b = seven_slots();
  b.ribbon("ribbon", 200_mm).gpu("card", 3, 350_W);
  b.place("gpu0", "PCIE3").place("gpu1", "PCIE1").place("gpu2", "PCIE4", {"ribbon"}, "upper-1");
  const Project project = b.project();
  const Rig rig = build_rig(project, b.layout());
  const auto clearances = direct_clearances(rig);
  REQUIRE(clearances.size() == 2);
  CHECK(clearances[0].first == "gpu1");
  CHECK(clearances[0].second == "gpu0");
  CHECK_THAT((*clearances[0].room).value, WithinAbs(2 * 20.32, 1e-9));
  CHECK(*clearances[0].thickness == 40_mm);
  // The ribbon's plug in the next slot is in the way as well.
  CHECK(clearances[1].second == "gpu2");
  CHECK_THAT((*clearances[1].room).value, WithinAbs(20.32, 1e-9));
}

TEST_CASE("geometry: the last card ends at the last bracket", "[geometry][G106]") {
  RigBuilder b = seven_slots();  // 8 bracket positions, 7 slots
  b.gpu("card", 1, 350_W).place("gpu0", "PCIE7");
  const Project project = b.project();
  const Rig rig = build_rig(project, b.layout());
  // Slot 7 is at 6 pitches, the end at 8.
  const auto clearances = direct_clearances(rig);
  REQUIRE(clearances.size() == 1);
  CHECK(clearances[0].second.empty());
  CHECK_THAT((*clearances[0].room).value, WithinAbs(2 * 20.32, 1e-9));
  b.edit<Frame>("frame", [](Frame& f) { f.expansion_positions = Fact<int>(); });
  CHECK_FALSE(direct_clearances(build_rig(project, b.layout()))[0].room.known());
}
