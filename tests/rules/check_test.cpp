// The judge beside its rules: tables, `allow:`, verdict, what counts as unknown or undecided,
// limits, assumptions, remedies. The rules one by one are in the fixtures, see rules_test.cpp.
#include <algorithm>
#include <regex>
#include <set>
#include <string>

#include "physics/rigs.hpp"
#include "rules/card_spec.hpp"
#include "rules/judged.hpp"
#include "support/catch.hpp"

namespace {

using namespace rigtopo;
using namespace rigtopo::literals;
using rigtopo::test::Judged;
using rigtopo::test::replaced;
using rigtopo::test::RigBuilder;
using rigtopo::test::slot_names;
using rigtopo::test::spec;

// ---- tables
// --------------------------------------------------------------------------------------

TEST_CASE("rules: codes and names are unique and well formed", "[rules]") {
  std::set<std::string_view> codes;
  std::set<std::string_view> names;
  const std::regex code("[LPWTG][0-9]{3}");
  const std::regex name("[a-z0-9]+(-[a-z0-9]+)*");
  for (const Rule* rule : all_rules()) {
    INFO(rule->code.code);
    CHECK(codes.insert(rule->code.code).second);
    CHECK(names.insert(rule->code.name).second);
    CHECK(std::regex_match(std::string(rule->code.code), code));
    CHECK(std::regex_match(std::string(rule->code.name), name));
    CHECK(find_rule(rule->code.code) == rule);
    CHECK(find_rule(rule->code.name) == rule);
  }
  CHECK(find_rule("P999") == nullptr);
  // 27 lane, 8 signal, 12 geometry, 34 power, 16 wiring rules and 15 about air.
  CHECK(all_rules().size() == 112);
}

TEST_CASE("rules: every text of the tables is there", "[rules]") {
  for (const Rule* rule : all_rules()) {
    INFO(rule->code.code);
    CHECK(rule->run != nullptr);
    CHECK(rule->code.summary.ends_with("."));
    CHECK(rule->code.why.size() >= 60);
    CHECK(rule->code.why.ends_with("."));
    CHECK_FALSE(rule->code.source.empty());
  }
}

// ---- allow
// ---------------------------------------------------------------------------------------

std::string allowing(const std::string& row) {
  // 65 mm in a mount of 60 mm: G102.
  return spec("{part: card-thick}", "{part: atx-1000, owned: 1}",
              "port: PCIE1, chain: [ribbon-400], mount: upper-1, supply: psu0",
              row.empty() ? "" : "allow: [" + row + "]\n");
}

TEST_CASE("allow: a row waives its rule by code or name, for its item", "[rules][allow]") {
  REQUIRE(Judged::text(allowing("")).result().verdict == Verdict::fail);
  for (const std::string row :
       {"{code: G102, reason: filed down}", "{code: card-too-thick, reason: filed down}",
        "{code: G102, item: gpu0, reason: filed down}"}) {
    const Judged judged = Judged::text(allowing(row));
    INFO(row << "\n" << judged.messages());
    REQUIRE(judged.finding("G102") != nullptr);
    CHECK(judged.finding("G102")->allowed_by == "filed down");
    CHECK(judged.finding("G102")->severity == Severity::error);
    CHECK(judged.finding("S037") == nullptr);
    CHECK(judged.result().verdict == Verdict::warn);
  }
}

TEST_CASE("allow: a row for another item or rule waives nothing and says so", "[rules][allow]") {
  for (const std::string row : {"{code: G102, item: gpu1, reason: x}", "{code: G103, reason: x}",
                                "{code: G1O2, reason: x}", "{code: card-to-thick, reason: x}"}) {
    const Judged judged = Judged::text(allowing(row));
    INFO(row << "\n" << judged.messages());
    REQUIRE(judged.finding("G102") != nullptr);
    CHECK_FALSE(judged.finding("G102")->allowed_by.has_value());
    REQUIRE(judged.finding("S037") != nullptr);
    CHECK(judged.finding("S037")->severity == Severity::warning);
    CHECK(judged.finding("S037")->at.line == 14);
    CHECK(judged.result().verdict == Verdict::fail);
  }
  CHECK(Judged::text(allowing("{code: card-to-thick, reason: x}")).finding("S037")->help ==
        "did you mean `card-too-thick`?");
}

TEST_CASE("allow: an idle row alone is a warning", "[rules][allow]") {
  const Judged judged = Judged::text(spec("{part: card-200}", "{part: atx-1000, owned: 1}",
                                          "port: PCIE1, mount: direct, supply: psu0",
                                          "allow: [{code: P101, reason: x}]\n"));
  INFO(judged.messages());
  CHECK(judged.finding("S037") != nullptr);
  CHECK(judged.result().verdict == Verdict::warn);
}

TEST_CASE("allow: until is the last day, judged against the day given only", "[rules][allow]") {
  const std::string row = "{code: G102, reason: x, until: 2027-01-31}";
  CheckOptions day;
  CHECK(Judged::text(allowing(row), day).result().verdict == Verdict::warn);
  day.today = "2027-01-31";
  CHECK(Judged::text(allowing(row), day).result().verdict == Verdict::warn);
  day.today = "2027-02-01";
  const Judged over = Judged::text(allowing(row), day);
  CHECK(over.result().verdict == Verdict::fail);
  CHECK(over.finding("S037")->message == "the `allow:` for `G102` ended on 2027-01-31");
}

TEST_CASE("allow: a date nobody can read waives nothing", "[rules][allow]") {
  for (const std::string until : {"31.01.2027", "soon", "2027-13-01", "2027-1-31", "unknown"}) {
    const Judged judged = Judged::text(allowing("{code: G102, reason: x, until: " + until + "}"));
    INFO(until << "\n" << judged.messages());
    CHECK(judged.result().verdict == Verdict::fail);
    CHECK(judged.finding("S037") != nullptr);
  }
}

// ---- unknown is never a pass
// ---------------------------------------------------------------------

void check_incomplete(const std::string& text, std::string_view code, std::string_view words) {
  const Judged judged = Judged::text(text);
  INFO(judged.messages());
  REQUIRE(judged.loaded());
  CHECK(judged.result().verdict == Verdict::incomplete);
  const NotChecked* open = judged.not_checked(code, words);
  REQUIRE(open != nullptr);
  CHECK(open->decided);
}

TEST_CASE("unknown: no rating", "[rules][unknown][P101]") {
  check_incomplete(spec("{part: card-200}", "{part: atx-vague, owned: 1}"), "P101",
                   "rating of `atx-vague` is not known");
}

TEST_CASE("unknown: no card power", "[rules][unknown][P101]") {
  check_incomplete(spec("{part: card-unknown}"), "P101", "power of `card-unknown` is not known");
}

TEST_CASE("unknown: no range of power limits", "[rules][unknown][P114]") {
  check_incomplete(spec("{part: card-unknown}", "{part: atx-1000, owned: 1}",
                        "port: PCIE1, mount: direct, supply: psu0, power_limit: 150 W"),
                   "P114", "no range of power limits is known for `card-unknown`");
}

TEST_CASE("unknown: the limit a card ships with needs no range", "[rules][unknown][P114]") {
  const auto judged = [](const std::string& limit) {
    return Judged::text(spec("{part: card-200, but: {power_limits: unknown}}",
                             "{part: atx-1000, owned: 1}",
                             "port: PCIE1, mount: direct, supply: psu0, power_limit: " + limit));
  };
  CHECK(judged("200 W").not_checked("P114", "no range") == nullptr);
  CHECK(judged("195 W").not_checked("P114", "no range") != nullptr);
  CHECK(judged("205 W").not_checked("P114", "no range") != nullptr);
}

TEST_CASE("unknown: no card size", "[rules][unknown][G102]") {
  const std::string text = spec("{part: card-unknown}", "{part: atx-1000, owned: 1}",
                                "port: PCIE1, chain: [ribbon-400], mount: upper-1, supply: psu0");
  for (const char* code : {"G102", "G103", "G104"}) {
    check_incomplete(text, code, "of `card-unknown` is not known");
  }
  check_incomplete(spec("{part: card-unknown}"), "G103", "length of `card-unknown`");
  check_incomplete(spec("{part: card-unknown}"), "G106", "thickness of `card-unknown`");
}

TEST_CASE("unknown: no mount size, place or say about the board's slots",
          "[rules][unknown][G101]") {
  const std::string vague = replaced(spec("{part: card-200}", "{part: atx-1000, owned: 1}",
                                          "port: PCIE1, chain: [ribbon-400], mount: upper, "
                                          "supply: psu0"),
                                     "test-frame", "test-frame-vague");
  check_incomplete(vague, "G101", "position of mount `upper` is not known");
  check_incomplete(vague, "G102", "thickness of mount `upper` is not known");
  check_incomplete(replaced(spec(), "test-frame", "test-frame-vague"), "G107",
                   "nobody says whether `test-frame-vague` has room");
}

TEST_CASE("unknown: no riser length", "[rules][unknown][G101]") {
  const std::string text = spec("{part: card-200}", "{part: atx-1000, owned: 1}",
                                "port: PCIE1, chain: [ribbon-nolength], mount: upper-1, "
                                "supply: psu0");
  check_incomplete(text, "G101", "length of `ribbon-nolength` is not known");
  check_incomplete(text, "L201", "length of `ribbon-nolength` is not known");
}

TEST_CASE("unknown: no core behind a port, no BIOS menu", "[rules][unknown][L107]") {
  const std::string board = replaced(spec(), "test-board", "test-board-unsure");
  check_incomplete(board, "L107", "nobody says on which core `PCIE1` hangs");
  const std::string menu = replaced(replaced(board, "port: PCIE1", "port: PCIE2"),
                                    "cpu0.A0: {mode: x16}", "cpu0.A1: {mode: x8x8}");
  check_incomplete(menu, "L103", "can set core `cpu0.A1` to x8x8");
  // An undivided core needs no menu.
  const Judged whole = Judged::text(replaced(menu, "mode: x8x8", "mode: x16"));
  INFO(whole.messages());
  CHECK(whole.not_checked("L103", "cpu0.A1") == nullptr);
}

TEST_CASE("unknown: no bus rating of a breakout board", "[rules][unknown][P108]") {
  std::string text = spec("{part: card-200}",
                          "{part: atx-500, owned: 1}, {part: server-1000, owned: 1, breakout: "
                          "board-nobus}, {part: eight-to-eight, owned: 2}",
                          "port: PCIE1, mount: direct, supply: psu1", "  psu1: {circuit: A}\n");
  check_incomplete(text, "P108", "no bus rating for `board-nobus`");
}

TEST_CASE("unknown: rules of class warning are listed and do not count", "[rules][unknown][T101]") {
  RigBuilder b = test::one_card();
  b.edit<Device>("card", [](Device& d) { d.cooler = {}; });
  const Project project = b.project();
  const CheckResult result = check(build_rig(project, b.layout()));
  const auto open = std::find_if(result.not_checked.begin(), result.not_checked.end(),
                                 [](const NotChecked& n) { return n.code == "T101"; });
  REQUIRE(open != result.not_checked.end());
  CHECK_FALSE(open->decided);
}

// ---- undecided
// -----------------------------------------------------------------------------------

TEST_CASE("undecided: a spec without pins passes, and everything open is named",
          "[rules][undecided]") {
  std::string text = spec();
  text.resize(text.find("pins:"));
  const Judged judged = Judged::text(text);
  INFO(judged.messages());
  CHECK(judged.result().verdict == Verdict::pass);
  CHECK(judged.said().empty());
  for (const auto& [code, words] :
       {std::pair{"L107", "`gpu0` has no port yet"}, std::pair{"G107", "`gpu0` has no mount yet"},
        std::pair{"P109", "the plugs of `gpu0` have no supply yet"},
        std::pair{"P115", "the board has no supply yet"}}) {
    REQUIRE(judged.not_checked(code, words) != nullptr);
    CHECK_FALSE(judged.not_checked(code, words)->decided);
  }
}

TEST_CASE("undecided: a spec without mains says what it leaves open", "[rules][undecided][P110]") {
  const std::string bare = replaced(
      replaced(spec(), "mains: {code: iec, circuits: [{id: A, volts: 230 V, breaker: 16 A}]}\n",
               ""),
      "  psu0: {circuit: A}\n", "");
  const Judged judged = Judged::text(bare);
  INFO(judged.messages());
  REQUIRE(judged.loaded());
  for (const char* code :
       {"P103", "P110", "P111", "P112", "P126", "P127", "P128", "P129", "P134"}) {
    const NotChecked* open = judged.not_checked(code, "no `mains:` in the spec");
    INFO(code);
    REQUIRE(open != nullptr);
    CHECK(open->gap == Gap::undecided);
    CHECK_FALSE(open->decided);
    CHECK(Judged::text(spec()).not_checked(code, "no `mains:`") == nullptr);
  }
}

TEST_CASE("undecided: what outlets bear is said where nobody names them", "[rules][P129]") {
  CHECK(Judged::text(spec()).not_checked("P129", "what the outlets of `A` bear") != nullptr);
  const Judged named =
      Judged::text(replaced(spec(), "breaker: 16 A", "breaker: 16 A, outlet: CEE 7/3"));
  INFO(named.messages());
  CHECK(named.not_checked("P129", "outlets") == nullptr);
  CHECK(named.limit("P129", "one CEE 7/3 outlet") != nullptr);
}

TEST_CASE("unknown: an unverified low slot draw counts as none", "[rules][unknown][P107]") {
  const auto judged = [](const std::string& card) {
    return Judged::text(spec("{part: " + card + "}"));
  };
  const Judged low = judged("card-guessed");
  INFO(low.messages());
  CHECK(low.assumes("may draw 66 W of 12 V from its slot"));
  CHECK(low.assumes("its 20 W are unverified"));
  REQUIRE(low.limit("P107", "slots") != nullptr);
  CHECK(low.limit("P107", "slots")->load == 66);
  const Judged sourced = judged("card-200");
  CHECK_FALSE(sourced.assumes("from its slot"));
  CHECK(sourced.limit("P107", "slots")->load == 20);
  const Judged full = judged("card-guessed-full");
  CHECK(full.assumes("draws 66 W of 12 V from its slot and only the rest"));
  CHECK(full.result().confidence == Confidence::unverified);
}

TEST_CASE("assumed: a UPS without figures", "[rules][assumptions][P110]") {
  const std::string text = replaced(replaced(spec(), "breaker: 16 A}]",
                                             "breaker: 16 A}], units: [{id: u, kind: ups, "
                                             "circuit: A, power: 2000 W}]"),
                                    "psu0: {circuit: A}", "psu0: {circuit: u}");
  const Judged judged = Judged::text(text);
  INFO(judged.messages());
  CHECK(judged.assumes("`u` passes on 85 % of what it draws"));
  CHECK(judged.assumes("charging the battery of `u` is not counted"));
  const Judged given = Judged::text(
      replaced(text, "power: 2000 W", "power: 2000 W, efficiency: 95 %, charging: 100 W"));
  CHECK_FALSE(given.assumes("`u`"));
}

TEST_CASE("assumed: plugs of which nobody says that they share a cable", "[rules][W112]") {
  CHECK(Judged::text(spec("{part: card-200}", "{part: atx-long, owned: 1}"))
            .assumes("each PCIe plug of `atx-long` in use has a cable of its own"));
  CHECK_FALSE(Judged::text(spec()).assumes("has a cable of its own"));
}

TEST_CASE("undecided: split, chain, group mode, circuit and limit", "[rules][undecided]") {
  const Judged judged = Judged::text(
      replaced(replaced(replaced(spec("{part: card-200, power_limit: [150 W, 200 W]}",
                                      "{part: atx-1000, owned: 1}", "port: PCIE2, supply: psu0"),
                                 "  cpu0.A0: {mode: x16}\n", ""),
                        "  psu0: {circuit: A}\n", ""),
               "frame: test-frame\n", ""));
  INFO(judged.messages());
  CHECK(judged.result().verdict == Verdict::pass);
  CHECK(judged.not_checked("L103", "split of core `cpu0.A1` is not decided") != nullptr);
  CHECK(judged.not_checked("L104", "shared group `SHARED` has no mode yet") != nullptr);
  CHECK(judged.not_checked("L108", "between `PCIE2` and `gpu0`") != nullptr);
  CHECK(judged.not_checked("P101", "`psu0` has no circuit yet") != nullptr);
  CHECK(judged.not_checked("P114", "`gpu0` has no power limit yet") != nullptr);
  CHECK(judged.not_checked("G107", "no frame or case is given") != nullptr);
}

TEST_CASE("undecided: a layout that claims to be whole may leave nothing open",
          "[rules][undecided]") {
  std::string text = spec();
  text.resize(text.find("pins:"));
  const Judged pinned = Judged::text(text);
  Layout whole = pinned.rig().layout;
  whole.at = {};  // no longer the spec's own pins
  const CheckResult result = check(build_rig(pinned.project(), whole));
  CHECK(result.verdict == Verdict::fail);  // a card and a board with open plugs
  const auto codes = [&](std::string_view code) {
    return std::count_if(result.diagnostics.all().begin(), result.diagnostics.all().end(),
                         [&](const Diagnostic& d) { return d.code == code; });
  };
  CHECK(codes("P109") == 2);
  CHECK(codes("P115") == 2);
  const auto port = std::find_if(result.not_checked.begin(), result.not_checked.end(),
                                 [](const NotChecked& n) { return n.code == "L107"; });
  REQUIRE(port != result.not_checked.end());
  CHECK(port->decided);
}

// ---- numbers
// -------------------------------------------------------------------------------------

TEST_CASE("limits: every comparison has a row, passed or not", "[rules][limits]") {
  const Judged judged =
      Judged::text(spec("{part: card-200}", "{part: atx-1000, owned: 1}",
                        "port: PCIE1, chain: [ribbon-400], mount: upper-1, supply: psu0"));
  INFO(judged.messages());
  struct Row {
    const char* code;
    const char* words;
    double load;
    double limit;
  };
  for (const Row& row : {
           Row{"P101", "psu0 expected load at 230 V", 350, 1000},  // 200 + 100 + 50
           Row{"P110", "circuit A", 350 / 0.9, 2944},              // 80 % of 230 V 16 A
           Row{"P112", "psu0 C14 inlet", 350 / 0.9 / 230, 10},
           Row{"P105", "psu0.pcie0 to gpu0.8pin-a", 90, 150},  // (200 - 20) / 2
           Row{"P107", "slots", 20, 100},
           Row{"G101", "gpu0 reach from PCIE1 to upper-1", 230, 400},  // 200 + 30
           Row{"G102", "gpu0 thickness in mount upper-1", 38, 60},
           // 9 + 9.5 + 1.5 of 36 dB at gen4 are 7 + 7.389 + 1.167; board 5, ribbon 3
           Row{"L201", "gpu0 signal loss at gen4 (green)", 20.0 * 28 / 36 + 8, 28},
       }) {
    INFO(row.code << " " << row.words);
    const LimitUse* use = judged.limit(row.code, row.words);
    REQUIRE(use != nullptr);
    CHECK_THAT(use->load, Catch::Matchers::WithinRel(row.load, 1e-9));
    CHECK_THAT(use->limit, Catch::Matchers::WithinRel(row.limit, 1e-9));
  }
}

TEST_CASE("assumptions: every default that was used is named", "[rules][assumptions]") {
  const Judged judged = Judged::text(
      replaced(replaced(spec("{part: card-unmeasured}", "{part: atx-plain, owned: 1}",
                             "port: PCIE1, chain: [ribbon-unmeasured], mount: upper-1, "
                             "supply: psu0"),
                        "platform: {total: 50 W}\n", "platform: {memory: 4, drives: 1}\n"),
               "code: iec, ", ""));
  INFO(judged.messages());
  CHECK(judged.assumes("`card-unmeasured` may draw 66 W of 12 V from its slot"));
  CHECK(judged.assumes("`card-unmeasured` peaks at twice its power"));
  CHECK(judged.assumes("`atx-plain` passes 88 % of what it draws from the wall"));
  CHECK(judged.assumes("`atx-plain` delivers no more than its rating even for a millisecond"));
  CHECK(judged.assumes("`atx-plain` has a C14 inlet, the weaker one"));
  // 4 x 5 + 1 x 10 + 30
  CHECK(judged.assumes("everything but CPU and devices draws 60 W: 5 W a DIMM"));
  CHECK(judged.assumes("`ribbon-unmeasured` loses what is typical of a poor part"));
  CHECK(judged.assumes("by North American rules"));
  CHECK(judged.assumes("1 of `ribbon-unmeasured` at hand"));
  CHECK(judged.result().confidence == Confidence::unverified);
}

TEST_CASE("assumptions: nothing is assumed of what is known", "[rules][assumptions]") {
  const Judged judged = Judged::text(spec());
  CHECK(judged.result().assumptions ==
        std::vector<std::string>{
            "everything but CPU and devices draws 50 W, as the spec says (user)"});
}

TEST_CASE("assumptions: values that the spec gives are named", "[rules][assumptions]") {
  const Judged judged = Judged::text(spec("{part: card-200, but: {power: 180 W}}",
                                          "{part: atx-1000, owned: 1, but: {efficiency: 85 %}}"));
  INFO(judged.messages());
  CHECK(judged.assumes("values of `gpu0` as the spec gives them, by `but` (user)"));
  CHECK(judged.assumes("values of `atx-1000` as the spec gives them, by `but` (user)"));
}

/// Seven cards of 450 W as in a published rig: psu0 to psu2 feed two cards each, psu3 the seventh,
/// the board and the CPU; all slots draw from the board.
RigBuilder seven_cards() {
  RigBuilder b = test::seven_slots();
  b.edit<Cpu>("rome", [](Cpu& c) { c.tdp = 280_W; });
  b.gpu("card", 7, 450_W).platform(50_W).ribbon("ribbon-600", 600_mm);
  b.supply(
      "atx1000", 1000_W, 4,
      {{"atx", Plug::atx_24pin}, {"eps", Plug::eps_8pin, 2}, {"hpwr", Plug::twelve_volt_2x6, 2}});
  b.circuit("A", 120_V, 20_A).circuit("B", 120_V, 20_A).code(MainsCode::nec);
  for (int i = 0; i < 7; ++i) {
    const std::string card = "gpu" + std::to_string(i);
    const std::string output = "psu" + std::to_string(i / 2) + ".hpwr" + std::to_string(i % 2);
    b.place(card, slot_names[i], {"ribbon-600"}, "upper-" + std::to_string(i + 1));
    b.feed(card, "16pin", {output});
  }
  b.feed_board("atx", {"psu3.atx"}).feed_board("eps0", {"psu3.eps0"});
  b.feed_board("eps1", {"psu3.eps1"});
  for (const char* core : {"A0", "A1", "B1", "C0", "C1", "D0", "D1"}) {
    b.mode(std::string("cpu0.") + core, "x16");
  }
  b.stand("psu0", "A").stand("psu1", "A").stand("psu2", "B").stand("psu3", "B");
  return b;
}

TEST_CASE("power: the supply behind all slots is told with its arithmetic", "[rules][P101]") {
  RigBuilder b = seven_cards();
  const Project project = b.project();
  const CheckResult result = check(build_rig(project, b.layout()));
  const auto& all = result.diagnostics.all();
  const auto found =
      std::find_if(all.begin(), all.end(), [](const Diagnostic& d) { return d.code == "P101"; });
  REQUIRE(found != all.end());
  // 450 + 280 + 50 + 6 x 66 = 1176
  CHECK(
      found->message ==
      "`psu3` would carry 1176 W of 1000 W at 120 V: 450 W + 280 W + 50 W and 6 slots at the 66 W "
      "allowance");
  CHECK(found->help == "use risers with their own 12 V, so that slots do not load `psu3`");
  CHECK(std::count_if(all.begin(), all.end(),
                      [](const Diagnostic& d) { return d.code == "P101"; }) == 1);
  CHECK(std::count_if(all.begin(), all.end(),
                      [](const Diagnostic& d) { return d.code == "W105"; }) == 6);
}

TEST_CASE("power: without circuits the lowest rating counts", "[rules][P101]") {
  // 950 W: within 1000 W at 230 V, over 800 W at 120 V.
  std::string text = spec("{part: card-400}, {part: card-400}", "{part: atx-1000, owned: 1}",
                          "port: PCIE1, mount: direct, supply: psu0",
                          "  gpu1: {port: PCIE2, mount: direct, supply: psu0}\n"
                          "  cpu0.A1: {mode: x16}\n  SHARED: {mode: slot}\n");
  text =
      replaced(text, "mains: {code: iec, circuits: [{id: A, volts: 230 V, breaker: 16 A}]}\n", "");
  text = replaced(text, "  psu0: {circuit: A}\n", "");
  const Judged judged = Judged::text(text);
  INFO(judged.messages());
  REQUIRE(judged.finding("P101") != nullptr);
  CHECK(judged.finding("P101")->limit == 800);
  CHECK(judged.assumes("`atx-1000` is judged by its lowest rating"));
}

// ---- what no pin can say
// -------------------------------------------------------------------------

TEST_CASE("wiring: a breakout board for another form of supply", "[rules][W101]") {
  RigBuilder b = test::one_card();
  b.breakout("hp-board", {{"p", Plug::twelve_volt_2x6, 2}});
  b.supply("atx1000", 1000_W, 1, {{"atx", Plug::atx_24pin}}, "hp-board");
  b.feed("gpu0", "16pin", {"psu0.p0"}).stand("psu0", "");
  const Project project = b.project();
  const CheckResult result = check(build_rig(project, b.layout()));
  const auto& all = result.diagnostics.all();
  CHECK(std::any_of(all.begin(), all.end(), [](const Diagnostic& d) {
    return d.code == "W101" &&
           d.message == "breakout board `hp-board` does not fit `atx1000`, which is atx";
  }));
}

TEST_CASE("wiring: a riser's inlet is told by its card", "[rules][P106]") {
  // A slot that may draw 66 W through a cable for 50 W.
  RigBuilder b = test::one_card();
  b.riser("powered", RiserType::ribbon, {Socket::slot, 1}, {Socket::slot, 1}, 16, PcieGen::gen4,
          SlotFeed::own, {{"6pin", Plug::pcie_6pin}});
  b.edit<Riser>("powered", [](Riser& r) { r.length = 300_mm; });
  b.power_cable("thin", Plug::pcie_8pin, 1, Plug::pcie_6pin, 50_W);
  b.supply("atx1000", 1000_W, 1, {{"pcie", Plug::pcie_8pin, 2}, {"hpwr", Plug::twelve_volt_2x6}});
  DevicePlace& place = b.place_of("gpu0");
  place.chain.clear();
  b.place("gpu0", "PCIE1", {"powered"}, "upper-1");
  b.feed("gpu0", "16pin", {"psu0.hpwr"}).feed_riser("gpu0", "6pin", {"psu0.pcie0"}, "thin");
  b.stand("psu0", "");
  const Project project = b.project();
  const CheckResult result = check(build_rig(project, b.layout()));
  const auto& all = result.diagnostics.all();
  const auto found =
      std::find_if(all.begin(), all.end(), [](const Diagnostic& d) { return d.code == "P106"; });
  REQUIRE(found != all.end());
  CHECK(found->message.starts_with("plug `gpu0.6pin` (pcie-6pin) takes 66 W of 50 W"));
  CHECK(found->subject.front() == "gpu0");
}

TEST_CASE("check: the same rig gives the same findings", "[rules]") {
  RigBuilder b = seven_cards();
  const Project project = b.project();
  const auto text = [&] {
    const CheckResult result = check(build_rig(project, b.layout()));
    std::string all;
    for (const Diagnostic& d : result.diagnostics.all()) all += d.code + d.message + d.help + "\n";
    for (const std::string& a : result.assumptions) all += a + "\n";
    for (const NotChecked& n : result.not_checked) all += n.code + n.what + "\n";
    for (const LimitUse& l : result.limits) all += l.code + l.what + std::to_string(l.load) + "\n";
    return all;
  };
  CHECK(text() == text());
}

}  // namespace
