// Air in specs and frames: what is refused while reading, and that missing figures are named. The
// rules one by one are in the fixtures.
#include <string>

#include "rules/card_spec.hpp"
#include "rules/judged.hpp"
#include "support/catch.hpp"

namespace {

using namespace rigtopo;
using rigtopo::test::Judged;
using rigtopo::test::replaced;
using rigtopo::test::spec;

const std::string fans = "fans: [{part: fan-strong, count: 3, at: wall}]\n";

/// A passive card in the frame with an air model.
std::string ducted(const std::string& more = fans) {
  return replaced(spec("{part: card-ducted}", "{part: atx-1000, owned: 1}",
                       "port: PCIE1, mount: direct, supply: psu0", more),
                  "frame: test-frame\n", "frame: test-frame-air\n");
}

/// The same in a frame of its own whose `air:` is given.
std::string framed(const std::string& air) {
  return replaced(ducted(), "frame: test-frame-air\n",
                  "frame: {id: mine, kind: frame, extends: test-frame, air: {" + air + "}}\n");
}

void check_refused(const std::string& text, std::string_view code, std::string_view words) {
  const Judged judged = Judged::text(text);
  INFO(judged.messages());
  CHECK_FALSE(judged.loaded());
  bool found = false;
  for (const Diagnostic& d : judged.said().all()) {
    found = found || (d.code == code && d.message.find(words) != std::string::npos && d.at.known());
  }
  CHECK(found);
}

const std::string grille = "{id: grille, from: room, to: front, drop: 5 Pa, flow: 100 CFM}";

}  // namespace

TEST_CASE("air: zones that are not there are named where they are written", "[rules][airflow]") {
  check_refused(framed("zones: [front], board: front, passages: [" + grille +
                       "], fans: [{id: wall, from: front, to: bcak}]"),
                "S034", "the fan position `wall` names the air zone `bcak`");
  check_refused(framed("zones: [front], board: frnt, passages: [" + grille + "]"), "S034",
                "`board` names the air zone `frnt`");
}

TEST_CASE("air: a zone needs a way outside", "[rules][airflow]") {
  check_refused(framed("zones: [front, attic, loft], passages: [" + grille +
                       ", {id: hatch, from: attic, to: loft, drop: 1 Pa, flow: 1 CFM}]"),
                "S035", "the air zone `attic` has no way outside");
}

TEST_CASE("air: figures that are none", "[rules][airflow]") {
  check_refused(framed("zones: [front], passages: [{id: g, from: room, to: front, drop: 0 Pa, "
                       "flow: 100 CFM}]"),
                "S023", "`drop` has to be more than 0");
  check_refused(framed("zones: [front], passages: [{id: g, from: room, to: front, drop: 5 Pa, "
                       "flow: 100 CFM, exponent: 2.5}]"),
                "S023", "exponent");
  check_refused(framed("zones: [front, room], passages: [" + grille + "]"), "S035",
                "`room` stands");
  check_refused(framed("zones: [front], passages: [{id: g, from: front, to: front, drop: 5 Pa, "
                       "flow: 100 CFM}]"),
                "S035", "leads from `front` to itself");
  check_refused(ducted("fans: [{part: fan-strong, but: {curve: [{flow: 10 CFM, pressure: 50 Pa}, "
                       "{flow: 20 CFM, pressure: 60 Pa}]}, at: wall}]\n"),
                "S035", "the curve does not fall");
}

TEST_CASE("air: fans go where they fit", "[rules][airflow]") {
  check_refused(ducted("fans: [{part: fan-strong, at: wal}]\n"), "S034", "no fan position `wal`");
  check_refused(ducted("fans: [{part: fan-strong, count: 4, at: wall}]\n"), "S035",
                "no place left for 1 fan");
  check_refused(ducted("fans: [{part: fan-strong, but: {size: 120 mm}, at: wall}]\n"), "S035",
                "is 120 mm wide");
  check_refused(ducted("fans: [{part: fan-strong, at: wall, speed: 0 %}]\n"), "S023", "`speed`");
  check_refused(spec("{part: card-200}", "{part: atx-1000, owned: 1}",
                     "port: PCIE1, mount: direct, supply: psu0", fans),
                "S034", "has no fan position");
}

TEST_CASE("air: nothing is said about air without fans or a model", "[rules][airflow]") {
  const Judged no_fans = Judged::text(ducted(""));
  INFO(no_fans.messages());
  CHECK(no_fans.not_checked("T101", "the spec has no `fans:`") != nullptr);
  CHECK(no_fans.finding("T101") != nullptr);
  const Judged no_model = Judged::text(spec());
  CHECK(no_model.not_checked("T101", "the frame has no air model") != nullptr);
  CHECK(no_model.result().verdict == Verdict::pass);
}

TEST_CASE("air: missing figures are named once, for all rules", "[rules][airflow][unknown]") {
  const Judged judged =
      Judged::text(replaced(ducted(), "{part: card-ducted}", "{part: card-passive}"));
  INFO(judged.messages());
  CHECK(judged.not_checked("T102", "pressure drop of `card-passive` is not known") != nullptr);
  CHECK(judged.finding("T101") != nullptr);  // nobody knows that it is ducted
  CHECK(judged.finding("T103") == nullptr);
}

TEST_CASE("air: zones, passages and fans are in the graph", "[rules][airflow]") {
  const Judged judged = Judged::text(ducted());
  REQUIRE(judged.loaded());
  const Rig& rig = judged.rig();
  CHECK(validate(rig).empty());
  for (const char* zone : {"front", "back", "rear"}) {
    CHECK(rig.node(NodeKind::zone, zone).has_value());
  }
  const auto fan = rig.node(NodeKind::fan, "wall-3");
  REQUIRE(fan.has_value());
  const View air = rig.view(Domain::air);
  CHECK(out_degree(*rig.port(*fan, "out"), air) == 1);
  CHECK(in_degree(*rig.port(*fan, "in"), air) == 1);
  // Zone to card, card to room.
  const auto card = rig.port(*rig.node(NodeKind::device, "gpu0"), "air");
  CHECK(in_degree(*card, air) == 1);
  CHECK(out_degree(*card, air) == 1);
}
