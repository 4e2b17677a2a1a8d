// Two supplies joined through a riser, against ngspice: its recorded result, and itself where it is
// installed.
#include "physics/backfeed.hpp"

#include <cstdio>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "support/catch.hpp"

using namespace rigtopo;
using namespace rigtopo::literals;
using Catch::Matchers::WithinRel;

namespace {

/// Everything after "=" in what ngspice prints for the netlist; empty without ngspice or netlist.
std::vector<double> simulated(const std::string& netlist) {
  std::vector<double> values;
  if (!std::filesystem::exists(netlist) || !std::filesystem::exists("/usr/bin/ngspice")) {
    return values;
  }
  const std::unique_ptr<FILE, int (*)(FILE*)> pipe(
      popen(("/usr/bin/ngspice -b '" + netlist + "' 2>/dev/null").c_str(), "r"), pclose);
  if (!pipe) return values;
  char line[256];
  while (std::fgets(line, sizeof line, pipe.get()) != nullptr) {
    const std::string text = line;
    const auto at = text.rfind(" = ");
    if (at == std::string::npos) continue;
    try {
      values.push_back(std::stod(text.substr(at + 3)));
    } catch (const std::exception&) {
      continue;
    }
  }
  return values;
}

}  // namespace

TEST_CASE("backfeed: 0.2 V between two supplies, 9.4 A through a slot", "[power][W103]") {
  // ngspice 39 on the same network: slot 12.02175 V, 9.381529 A through its pins and out of A,
  // 19.81847 A out of B, 9.381529 A back from the riser's ground.
  const Backfeed b = backfeed({});
  CHECK_THAT(b.through_slot.value, WithinRel(9.381529, 1e-5));
  CHECK_THAT(b.out_of_a.value, WithinRel(9.381529, 1e-5));
  CHECK_THAT(b.out_of_b.value, WithinRel(19.81847, 1e-5));
  CHECK_THAT(b.through_ground.value, WithinRel(-9.381529, 1e-5));
  CHECK_THAT(b.across_slot.value, WithinRel(12.02175 * 9.381529, 1e-5));  // 112.8 W
}

TEST_CASE("backfeed: equal set points still share the load through the slot", "[power][W103]") {
  JoinedSupplies j;
  j.a = j.b;
  const Backfeed b = backfeed(j);
  CHECK(b.through_slot > 0_A);
  CHECK(b.through_slot < backfeed({}).through_slot);
  // What the supplies give is what the loads take.
  CHECK_THAT((b.out_of_a + b.out_of_b).value, WithinRel(5 + 24.2, 1e-9));
}

TEST_CASE("backfeed: a node in the air has no voltage", "[power]") {
  DcNetwork net;
  const auto a = net.node();
  const auto b = net.node();
  net.resistor(a, b, 1);
  CHECK_FALSE(net.solve().has_value());
  net.resistor(a, 0, 1);
  net.load(b, 0, 2_A);  // 2 A out of b, through 1 + 1 ohm
  const auto volts = net.solve();
  REQUIRE(volts.has_value());
  CHECK_THAT((*volts)[b].value, WithinRel(-4.0, 1e-12));
}

TEST_CASE("backfeed: as ngspice sees it", "[power][oracle]") {
  const auto netlist =
      std::filesystem::path(RIGTOPO_SHARED_DIR) / "fixtures/physics/power/backfeed.cir";
  const auto values = simulated(netlist.string());
  if (values.size() < 6) {
    WARN("skipped: no ngspice or no netlist");
    return;
  }
  const Backfeed b = backfeed({});
  const auto from_last = [&](std::size_t i) { return values[values.size() - 6 + i]; };
  CHECK_THAT(b.through_slot.value, WithinRel(from_last(2), 1e-5));
  CHECK_THAT(b.out_of_a.value, WithinRel(from_last(3), 1e-5));
  CHECK_THAT(b.out_of_b.value, WithinRel(from_last(4), 1e-5));
  CHECK_THAT(b.through_ground.value, WithinRel(from_last(5), 1e-5));
}
