// What a finding proposes must make it go away, and labels must lead to the figure that was
// exceeded.
#include <algorithm>
#include <regex>
#include <string>

#include "rules/card_spec.hpp"
#include "rules/judged.hpp"
#include "support/catch.hpp"

namespace {

using namespace rigtopo;
using namespace rigtopo::literals;
using rigtopo::test::Judged;
using rigtopo::test::replaced;
using rigtopo::test::spec;

/// The limit a help text proposes.
Watts proposed(const std::string& help) {
  std::smatch found;
  const bool there = std::regex_search(help, found, std::regex("set `power_limit` to ([0-9]+) W"));
  INFO(help);
  REQUIRE(there);
  return Watts{std::stod(found[1])};
}

/// Findings of a rule when all cards are limited so.
bool found_at(const Judged& judged, Watts limit, std::string_view code) {
  Layout layout = judged.rig().layout;
  layout.power_limits.clear();
  for (const DeviceUse& use : judged.project().devices) {
    layout.power_limits.push_back({Fact<std::string>(use.id), Fact<Watts>(limit)});
  }
  const CheckResult result = check(build_rig(judged.project(), layout));
  return std::any_of(result.diagnostics.all().begin(), result.diagnostics.all().end(),
                     [&](const Diagnostic& d) { return d.code == code; });
}

TEST_CASE("remedies: a proposed power limit holds, one step more does not", "[rules][remedies]") {
  for (const auto& [code, file] :
       {std::pair{"P101", "bad-two-cards"}, std::pair{"P105", "bad-starved-outputs"},
        std::pair{"P106", "bad-cable"}, std::pair{"P110", "bad-nec"},
        std::pair{"P110", "bad-nec-continuous"}, std::pair{"P112", "bad-c14"}}) {
    const Judged judged(test::rules_folder() / code / (std::string(file) + ".yaml"));
    INFO(code << " " << file << "\n" << judged.messages());
    REQUIRE(judged.finding(code) != nullptr);
    const Watts limit = proposed(judged.finding(code)->help);
    CHECK_FALSE(found_at(judged, limit, code));
    CHECK(found_at(judged, limit + 5_W, code));
  }
}

TEST_CASE("remedies: a supply with room for a card's plugs is named", "[rules][remedies][P101]") {
  // 400 + 400 + 100 + 50 W of 800 W at 120 V; psu1 carries nothing yet but is there.
  const Judged judged = Judged::text(
      replaced(spec("{part: card-400}, {part: card-400}", "{part: atx-1000, owned: 2}",
                    "port: PCIE1, mount: direct, supply: psu0",
                    "  gpu1: {port: PCIE2, mount: direct, supply: psu0}\n  psu1: {circuit: A}\n"
                    "  cpu0.A1: {mode: x16}\n  SHARED: {mode: slot}\n"),
               "volts: 230 V", "volts: 120 V"));
  INFO(judged.messages());
  REQUIRE(judged.finding("P101") != nullptr);
  CHECK(judged.finding("P101")->help.starts_with(
      "`psu1` has 800 W free, enough for the plugs of `gpu0`; or set `power_limit` to 325 W"));
}

TEST_CASE("remedies: no limit is proposed below what the cards accept", "[rules][remedies][P101]") {
  // Two cards that take no less than 300 W: 2 x 300 + 150 W do not fit 500 W.
  const Judged judged = Judged::text(
      spec("{part: card-700}, {part: card-700}", "{part: atx-500, owned: 1}",
           "port: PCIE1, mount: direct, aux: [{inlet: 16pin, from: psu0.hpwr}]",
           "  gpu1: {port: PCIE2, mount: direct, aux: [{inlet: 16pin, part: three-to-hpwr, from: "
           "[psu0.pcie0, psu0.pcie1, psu0.pcie2]}]}\n"
           "  cpu0.A1: {mode: x16}\n  SHARED: {mode: slot}\n"));
  INFO(judged.messages());
  REQUIRE(judged.finding("P101") != nullptr);
  CHECK(judged.finding("P101")->help.empty());
}

TEST_CASE("remedies: a limit that brings a supply to 80 %", "[rules][remedies][P102]") {
  // 2 x 325 + 100 + 50 = 800 W of 1000 W
  const Judged judged(test::rules_folder() / "P101/good-230v.yaml");
  REQUIRE(judged.finding("P102") != nullptr);
  CHECK(proposed(judged.finding("P102")->help).value == 325);
  CHECK_FALSE(found_at(judged, 325_W, "P102"));
  CHECK(found_at(judged, 330_W, "P102"));
}

TEST_CASE("remedies: a limit counts the worst split of cards too", "[rules][remedies][P102]") {
  // Both cards' plugs on psu1: 180 W expected, 200 W at worst, each; 2 x 195 W are within 390 W.
  const Judged judged = Judged::text(
      spec("{part: card-200}, {part: card-200}",
           "{part: atx-1000, owned: 1}, {part: atx-500, owned: 1, but: {ratings: [{mains: [100 V, "
           "240 V], power: 390 W}]}}",
           "port: PCIE1, mount: direct, supply: psu1",
           "  gpu1: {port: PCIE2, mount: direct, supply: psu1}\n  psu1: {circuit: A}\n"
           "  cpu0.A1: {mode: x16}\n  SHARED: {mode: slot}\n"));
  INFO(judged.messages());
  REQUIRE(judged.finding("P102") != nullptr);
  CHECK(judged.finding("P102")->actual == 400);
  // 80 % of 390 W are 312 W: 2 x (175 - 20) = 310 W, at worst 350 W
  CHECK(proposed(judged.finding("P102")->help).value == 175);
}

/// Two supplies on circuit A, which also carries 500 W of other loads: 570 / 0.9 + 380 / 0.9 + 500
/// = 1556 W of 1440 W.
std::string two_circuits(const std::string& other_on_b) {
  std::string text = spec("{part: card-400}, {part: card-400}", "{part: atx-1000, owned: 2}",
                          "port: PCIE1, mount: direct, supply: psu0",
                          "  gpu1: {port: PCIE2, mount: direct, supply: psu1}\n"
                          "  psu1: {circuit: A}\n"
                          "  cpu0.A1: {mode: x16}\n  SHARED: {mode: slot}\n");
  return replaced(text, "mains: {code: iec, circuits: [{id: A, volts: 230 V, breaker: 16 A}]}",
                  "mains: {code: nec, circuits: [{id: A, volts: 120 V, breaker: 15 A, other_load: "
                  "500 W}, {id: B, volts: 120 V, breaker: 15 A, other_load: " +
                      other_on_b + "}]}");
}

TEST_CASE("remedies: a supply is moved to a circuit that has room", "[rules][remedies][P110]") {
  // 1440 - 1000 = 440 W free for 380 / 0.9 = 422 W; with 1100 W there, 340 W are not enough.
  const Judged room = Judged::text(two_circuits("1000 W"));
  INFO(room.messages());
  REQUIRE(room.finding("P110") != nullptr);
  CHECK(room.finding("P110")->help.starts_with(
      "move `psu1` to circuit `B`, which has 440 W free; or set `power_limit`"));
  const Judged none = Judged::text(two_circuits("1100 W"));
  REQUIRE(none.finding("P110") != nullptr);
  CHECK(none.finding("P110")->help.starts_with("set `power_limit`"));
}

TEST_CASE("labels: an overloaded supply leads to the band of its mains voltage", "[rules][P101]") {
  // Line 8 of atx-1000.yaml is its rating at 100 to 127 V, line 9 the one at 200 to 240 V.
  const Judged low(test::rules_folder() / "P101/bad-two-cards.yaml");
  REQUIRE(low.finding("P101") != nullptr);
  REQUIRE(low.finding("P101")->labels.size() == 1);
  CHECK(low.finding("P101")->labels.front().at.line == 8);
  const Judged high(test::rules_folder() / "P101/good-230v.yaml");
  REQUIRE(high.finding("P102") != nullptr);
  CHECK(high.finding("P102")->labels.front().at.line == 9);
}

}  // namespace
