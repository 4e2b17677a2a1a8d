// Speed at a power limit: published points, straight lines between, nothing beyond.
#include "physics/power_curve.hpp"

#include "support/catch.hpp"

using namespace rigtopo;

namespace {

/// Four RTX 4090 figures of club-3090's HARDWARE.md: tok/s at 260, 300, 400 and 450 W.
PowerCurve curve() {
  PowerCurve c;
  for (const auto& [limit, speed] :
       {std::pair{260.0, 48.26}, {300.0, 50.16}, {400.0, 51.96}, {450.0, 51.96}}) {
    c.points.push_back({{}, Fact<Watts>(Watts{limit}), Fact<PlainNumber>(PlainNumber{speed})});
  }
  return c;
}

}  // namespace

TEST_CASE("power curve: points, the middle between two, and nothing beyond", "[power-curve]") {
  const PowerCurve c = curve();
  CHECK(speed_at(c, 260_W) == 48.26);
  CHECK(speed_at(c, 450_W) == 51.96);
  // Halfway from 300 to 400 W: (50.16 + 51.96) / 2 = 51.06.
  CHECK(*speed_at(c, 350_W) == Approx(51.06));
  CHECK_FALSE(speed_at(c, 259_W));
  CHECK_FALSE(speed_at(c, 451_W));
}

TEST_CASE("power curve: what is kept counts from the limit as shipped", "[power-curve]") {
  const PowerCurve c = curve();
  // 48.26 / 51.96 = 0.92879.
  CHECK(*speed_kept(c, 260_W, 450_W) == Approx(0.92879).epsilon(1e-4));
  CHECK(*speed_kept(c, 450_W, 450_W) == 1.0);
  // A card that ships with more than the curve knows is held against its last point.
  CHECK(*speed_kept(c, 260_W, 480_W) == Approx(0.92879).epsilon(1e-4));
  // One that ships with 350 W: 48.26 / 51.06 = 0.94516.
  CHECK(*speed_kept(c, 260_W, 350_W) == Approx(0.94516).epsilon(1e-4));
  CHECK_FALSE(speed_kept(c, 200_W, 450_W));
  CHECK_FALSE(speed_kept(c, 260_W, 200_W));
}
