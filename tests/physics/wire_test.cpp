// Copper against published tables and the cables worked out by hand.
#include "physics/wire.hpp"

#include "support/catch.hpp"
#include "support/rig_builder.hpp"

using namespace rigtopo;
using namespace rigtopo::test;
using Catch::Matchers::WithinAbs;
using Catch::Matchers::WithinRel;

namespace {

Output eight_pin(int gauge, Millimetres reach) {
  Output o;
  o.id = std::string("pcie");
  o.plug = Plug::pcie_8pin;
  o.gauge = gauge;
  o.reach = reach;
  return o;
}

}  // namespace

TEST_CASE("wire: resistance of copper by AWG", "[power][wire]") {
  // https://turbinecar.com, milliohms per metre at 20 °C.
  const std::pair<int, double> published[] = {{10, 3.2764}, {12, 5.209},  {14, 8.282},
                                              {16, 13.172}, {18, 20.943}, {20, 33.292}};
  for (const auto& [gauge, milliohms] : published) {
    INFO(gauge);
    CHECK_THAT(ohms_per_metre(gauge) * 1000, WithinRel(milliohms, 1e-3));
    // +0.393 %/K: 40 K more are 1.1572 times as much.
    CHECK_THAT(ohms_per_metre(gauge, Celsius{60}) / ohms_per_metre(gauge), WithinAbs(1.1572, 1e-9));
  }
}

TEST_CASE("wire: what one wire carries", "[power][wire]") {
  const std::pair<int, double> published[] = {{10, 55}, {12, 41}, {14, 32},
                                              {16, 22}, {18, 16}, {20, 11}};
  for (const auto& [gauge, amps] : published) CHECK(*chassis_ampacity(gauge) == Amps{amps});
  CHECK(*chassis_ampacity(17) == 16_A);  // as the next thinner one
  CHECK(chassis_ampacity(22).confidence == Confidence::secondary);
  CHECK_FALSE(chassis_ampacity(26).known());
}

TEST_CASE("wire: drop over a cable, out and back", "[power][wire][W109]") {
  // 8-pin, 150 W, 0.65 m at 40 °C: 122.4 mV at AWG 18, 77.0 mV at AWG 16; contacts
  // 12.5 A * 10 mohm / 3 = 41.67 mV.
  const Output thin = eight_pin(18, 650_mm);
  CHECK_THAT((*voltage_drop({Plug::pcie_8pin, {&thin}, nullptr}, 12.5_A)).value * 1000,
             WithinAbs(122.38 + 41.67, 0.1));
  const Output thick = eight_pin(16, 650_mm);
  CHECK_THAT((*voltage_drop({Plug::pcie_8pin, {&thick}, nullptr}, 12.5_A)).value * 1000,
             WithinAbs(76.96 + 41.67, 0.1));
  // 12V-2x6, 600 W, AWG 16: 153.93 mV in 6 pairs; contacts 50 A * 10 mohm / 6 = 83.33 mV.
  Output sixteen = eight_pin(16, 650_mm);
  sixteen.plug = Plug::twelve_volt_2x6;
  CHECK_THAT((*voltage_drop({Plug::twelve_volt_2x6, {&sixteen}, nullptr}, 50_A)).value * 1000,
             WithinAbs(153.93 + 83.33, 0.1));
  Output unknown = eight_pin(18, 650_mm);
  unknown.gauge = Fact<int>();
  CHECK_FALSE(voltage_drop({Plug::pcie_8pin, {&unknown}, nullptr}, 12.5_A).known());
}

TEST_CASE("wire: stretches of a cable part behind outputs", "[power][wire][W110]") {
  Output port = eight_pin(18, 650_mm);
  port.needs_cable = true;
  PowerCable cable;
  cable.id = "three";
  cable.from = Plug::pcie_8pin;
  cable.to = Plug::twelve_volt_2x6;
  cable.gauge = 22;
  const auto bare = stretches({Plug::twelve_volt_2x6, {&port, &port, &port}, &cable});
  REQUIRE(bare.size() == 1);
  CHECK(bare[0].wires == 9);
  // 9 wires of AWG 22 with 7 A each at 12 V.
  CHECK(*ampacity_of(bare[0]) == Watts{756});
  port.needs_cable = false;
  const auto both = stretches({Plug::twelve_volt_2x6, {&port, &port, &port}, &cable});
  REQUIRE(both.size() == 2);
  CHECK(*ampacity_of(both[0]) == Watts{9 * 16 * 12});
}

TEST_CASE("wire: outputs that share a rail or a cable", "[power][wire][P120][W112]") {
  Supply s;
  SupplyRail rail;
  rail.id = std::string("V3");
  rail.current = 30_A;
  s.rails.push_back(rail);
  s.outputs = {eight_pin(18, 650_mm), eight_pin(16, 650_mm), eight_pin(18, 650_mm)};
  s.outputs[0].rail = std::string("V3");
  s.outputs[1].rail = std::string("V3");
  s.outputs[1].one_cable = true;
  s.outputs[1].count = 2;
  s.outputs[2].one_cable = true;
  s.outputs[2].count = 2;
  const auto groups = output_groups(s, nullptr);
  REQUIRE(groups.size() == 3);
  CHECK(groups[0].kind == OutputGroup::Kind::rail);
  CHECK(*groups[0].limit == 360_W);
  CHECK(groups[0].outputs.size() == 2);
  CHECK(*groups[1].limit == 300_W);
  CHECK(*groups[2].limit == 150_W);
}

TEST_CASE("wire: an output carries no more than its fuse", "[power][wire][P105]") {
  Output o = eight_pin(18, 650_mm);
  CHECK(*output_rating(o) == 150_W);
  o.fuse = 10_A;
  CHECK(*output_rating(o) == 120_W);
  o.current = Amps{8};
  CHECK(*output_rating(o) == 96_W);
}
