// Sharing of links: by hand, against the exact results of another program (cases.json), and rigs
// with switches against published measurements (contention.csv).
#include "physics/bandwidth.hpp"

#include <cmath>
#include <fstream>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "rules/judged.hpp"
#include "support/catch.hpp"

namespace {

using namespace rigtopo;
using Catch::Matchers::WithinAbs;
using rigtopo::test::Judged;

SharedEdge edge(double capacity) { return {"", GigabytesPerSecond{capacity}}; }

TEST_CASE("bandwidth: max-min fills up, by hand", "[bandwidth]") {
  // Edge 0 of 10 is shared by three flows, one of which also crosses edge 1 of 2: it stops at 2,
  // the others share the remaining 8.
  const auto rates = max_min_rates({edge(10), edge(2)}, {{0}, {0}, {0, 1}});
  CHECK_THAT(rates.at(0), WithinAbs(4, 1e-9));
  CHECK_THAT(rates.at(1), WithinAbs(4, 1e-9));
  CHECK_THAT(rates.at(2), WithinAbs(2, 1e-9));
  // One rate for all: min(10 / 3, 2 / 1).
  CHECK_THAT(uniform_rate({edge(10), edge(2)}, {{0}, {0}, {0, 1}}), WithinAbs(2, 1e-9));
  CHECK(uniform_rate({edge(10)}, {}) == 0);
  CHECK(std::isinf(max_min_rates({edge(10)}, {{}}).at(0)));
  CHECK(max_min_rates({edge(0)}, {{0}}).at(0) == 0);
}

TEST_CASE("bandwidth: both models agree with another program", "[bandwidth]") {
  std::ifstream file(std::string(RIGTOPO_SHARED_DIR) + "/fixtures/physics/pcie/cases.json");
  if (!file) return;
  const auto cases = nlohmann::json::parse(file);
  int seen = 0;
  for (const auto& c : cases.at("cases")) {
    CAPTURE(c.at("id").get<std::string>());
    std::vector<SharedEdge> edges;
    std::map<std::string, std::size_t> index;
    for (const auto& [name, capacity] : c.at("capacity").items()) {
      index[name] = edges.size();
      edges.push_back({name, GigabytesPerSecond{capacity.get<double>()}});
    }
    std::vector<FlowRoute> flows;
    for (const auto& f : c.at("flows")) {
      FlowRoute route;
      for (const auto& e : f) route.push_back(index.at(e.get<std::string>()));
      flows.push_back(std::move(route));
    }
    const auto rates = max_min_rates(edges, flows);
    REQUIRE(rates.size() == c.at("maxmin_rates").size());
    double total = 0;
    for (std::size_t i = 0; i < rates.size(); ++i) {
      CHECK_THAT(rates[i], WithinAbs(c.at("maxmin_rates").at(i).get<double>(), 1e-6));
      total += rates[i];
    }
    CHECK_THAT(total, WithinAbs(c.at("maxmin_total").get<double>(), 1e-6));
    CHECK_THAT(uniform_rate(edges, flows) * static_cast<double>(flows.size()),
               WithinAbs(c.at("uniform_total").get<double>(), 1e-6));
    ++seen;
  }
  CHECK(seen > 30);
}

/// Two switches with four cards each, gen5 x16, on two quadrants or on one.
std::string two_switches(bool one_quadrant) {
  std::string text =
      "rigtopo: 1\n"
      "board: test-board-gen5\n"
      "cpu: test-cpu-gen5\n"
      "devices: [{part: card-gen5, count: 8}]\n"
      "stock: [{part: switch-gen5, owned: 2}]\n"
      "mains: {code: iec, circuits: [{id: A, volts: 230 V, breaker: 16 A}]}\n"
      "pins:\n"
      "  cpu0.A0: {mode: x16}\n"
      "  cpu0.A1: {mode: x16}\n"
      "  cpu0.B0: {mode: x16}\n"
      "  sw0: {port: PCIE1}\n"
      "  sw1: {port: " +
      std::string(one_quadrant ? "PCIE2" : "PCIE3") + "}\n";
  for (int i = 0; i < 8; ++i) {
    text += "  gpu" + std::to_string(i) + ": {port: sw" + std::to_string(i / 4) + ".P" +
            std::to_string(i % 4 + 1) + ", chain: []}\n";
  }
  return text;
}

std::string gpu(int i) { return "gpu" + std::to_string(i); }

double total(const TrafficMap& map, const std::vector<FlowRoute>& flows) {
  double sum = 0;
  for (const double r : max_min_rates(map.edges(), flows)) sum += r;
  return sum;
}

TEST_CASE("bandwidth: two switches of eight cards as measured", "[bandwidth]") {
  // https://github.com/voipmonitor/rtx6kpro, WRX90 with two PM50100: one flow 56.27 GB/s sets the
  // share of a gen5 x16 link (63.015 GB/s); accuracy of the model 10 %.
  const Judged judged = Judged::text(two_switches(false));
  INFO(judged.messages());
  REQUIRE(judged.loaded());
  BandwidthLimits limits;
  limits.efficiency = 56.27 / 63.015;
  const TrafficMap map(judged.rig(), limits);
  const auto pairs = [&](const std::vector<std::pair<int, int>>& list) {
    std::vector<FlowRoute> flows;
    for (const auto& [from, to] : list) flows.push_back(map.route(gpu(from), gpu(to)).value());
    return flows;
  };
  CHECK_THAT(total(map, pairs({{0, 4}})), WithinAbs(56.27, 0.01));
  CHECK_THAT(total(map, pairs({{0, 4}, {1, 5}})), WithinAbs(56.4, 5.6));
  CHECK_THAT(total(map, pairs({{0, 4}, {1, 5}, {2, 6}, {3, 7}})), WithinAbs(56.4, 5.6));
  CHECK_THAT(total(map, pairs({{0, 4}, {4, 0}})), WithinAbs(109.3, 10.9));
  // Cards of one switch do not share its uplink: 2 x 56.27.
  CHECK_THAT(total(map, pairs({{0, 1}, {2, 3}})), WithinAbs(112.54, 0.02));
  std::vector<std::pair<int, int>> all;
  for (int a = 0; a < 8; ++a) {
    for (int b = 0; b < 8; ++b) {
      if (a != b) all.emplace_back(a, b);
    }
  }
  // 16 flows cross an uplink: 56 x 56.27 / 16 = 196.9; measured 179.0, 10 % below.
  CHECK_THAT(uniform_rate(map.edges(), pairs(all)) * 56, WithinAbs(196.945, 0.05));
}

TEST_CASE("bandwidth: a quadrant limits what memory sends", "[bandwidth]") {
  // Same source: host to 8 GPUs 114.1 over two quadrants, 73.1 over one. Two channels of DDR5-4800
  // are 76.8 GB/s; a single flow from memory is 55.0.
  BandwidthLimits limits;
  limits.efficiency = 55.0 / 63.015;
  limits.complex_memory = GigabytesPerSecond{76.8};
  std::vector<std::string> cards;
  for (int i = 0; i < 8; ++i) cards.push_back(gpu(i));
  for (const bool one : {false, true}) {
    const Judged judged = Judged::text(two_switches(one));
    REQUIRE(judged.loaded());
    const TrafficMap map(judged.rig(), limits);
    std::vector<FlowRoute> flows;
    for (const std::string& c : cards) flows.push_back(map.from_memory(c).value());
    const double expected = one ? 76.8 : 110.0;
    CHECK_THAT(total(map, flows), WithinAbs(expected, 0.05));
    CHECK_THAT(map.memory_bound(cards), WithinAbs(expected, 0.05));
    CHECK_THAT(total(map, flows), WithinAbs(one ? 73.1 : 114.1, one ? 7.3 : 11.4));
    CHECK(map.missing().empty());
  }
}

TEST_CASE("bandwidth: what nobody knows is named", "[bandwidth]") {
  const Judged judged = Judged::text(two_switches(false));
  REQUIRE(judged.loaded());
  const TrafficMap map(judged.rig());
  REQUIRE(map.missing().size() == 2);
  CHECK(map.missing()[0] == "what `cpu0.A` can move to and from memory is not known");
  CHECK_FALSE(map.route("gpu0", "gpu9").has_value());
}

}  // namespace
