// Conflicts: minimal, sufficient, and for every board.
#include "solve/explain.hpp"

#include <algorithm>
#include <string>
#include <vector>

#include "property/random.hpp"
#include "property/two_card_rig.hpp"
#include "support/catch.hpp"

using namespace rigtopo;
using namespace rigtopo::test;

TEST_CASE("explain: conflicts are minimal", "[solve][explain]") {
  Random random(3);
  int infeasible = 0;
  for (int round = 0; round < 300; ++round) {
    CAPTURE(round);
    Sat sat;
    Formula formula(sat);
    const std::vector<Lit> lits = formula.fresh(6);
    const int count = random.between(4, 12);
    for (int d = 0; d < count; ++d) {
      const DemandId id = formula.demand({"X", "x", "demand " + std::to_string(d), {}, {}});
      for (int c = random.between(1, 4); c > 0; --c) {
        std::vector<Lit> clause;
        for (int l = random.between(1, 3); l > 0; --l) {
          clause.push_back(random.chance(50) ? random.pick(lits) : -random.pick(lits));
        }
        formula.clause(clause, id);
      }
    }
    if (sat.solve(formula.selectors()) == Answer::sat) continue;
    ++infeasible;
    const std::vector<DemandId> core = minimal_conflict(formula);
    REQUIRE_FALSE(core.empty());
    const auto answer_without = [&](std::size_t left_out) {
      std::vector<Lit> assumed;
      for (std::size_t i = 0; i < core.size(); ++i) {
        if (i != left_out) assumed.push_back(formula.selector(core[i]));
      }
      return sat.solve(assumed);
    };
    CHECK(answer_without(core.size()) == Answer::unsat);
    for (std::size_t i = 0; i < core.size(); ++i) CHECK(answer_without(i) == Answer::sat);
  }
  CHECK(infeasible > 50);
}

TEST_CASE("explain: the smallest of several conflicts is told", "[solve][explain]") {
  Random random(7);
  int smaller = 0;
  for (int round = 0; round < 300; ++round) {
    CAPTURE(round);
    Sat sat;
    Formula formula(sat);
    const std::vector<Lit> lits = formula.fresh(5);
    const int count = random.between(6, 11);
    for (int d = 0; d < count; ++d) {
      const DemandId id = formula.demand({"X", "x", "demand " + std::to_string(d), {}, {}});
      std::vector<Lit> clause;
      for (int l = random.between(1, 3); l > 0; --l) {
        clause.push_back(random.chance(50) ? random.pick(lits) : -random.pick(lits));
      }
      formula.clause(clause, id);
    }
    if (sat.solve(formula.selectors()) == Answer::sat) continue;
    // Every subset is tried: the fewest members of one that clashes.
    std::size_t fewest = static_cast<std::size_t>(count);
    for (unsigned set = 0; set < 1U << static_cast<unsigned>(count); ++set) {
      std::vector<Lit> assumed;
      for (int d = 0; d < count; ++d) {
        if ((set >> static_cast<unsigned>(d) & 1U) != 0) {
          assumed.push_back(formula.selector(static_cast<DemandId>(d)));
        }
      }
      if (assumed.size() < fewest && sat.solve(assumed) == Answer::unsat) fewest = assumed.size();
    }
    const std::vector<DemandId> smallest = smallest_conflict(formula);
    CHECK(smallest.size() == fewest);
    std::vector<Lit> assumed;
    for (const DemandId id : smallest) assumed.push_back(formula.selector(id));
    CHECK(sat.solve(assumed) == Answer::unsat);
    smaller += minimal_conflict(formula).size() > fewest ? 1 : 0;
  }
  CHECK(smaller > 5);  // else the test says nothing
}

TEST_CASE("explain: without any one of its demands the rig can be built", "[solve][explain]") {
  // Three cards, two slots: one card less, or a third slot, and there is a layout.
  const auto with = [](int cards) {
    RigBuilder b = base(cards);
    b.edit<Supply>("supply", [](Supply& s) {
      s.outputs[2].count = 3;
      s.ratings[0].power = 2000_W;
    });
    b.edit<Frame>("frame", [](Frame& f) { f.expansion_positions = 12; });
    // Three slots at the 66 W allowance would be 198 W of the 132 W that the 24-pin passes on.
    b.edit<Device>("card", [](Device& d) { d.slot_power = 40_W; });
    return b;
  };
  const SolveResult result = solved(with(3));
  REQUIRE(result.status == SolveStatus::infeasible);
  REQUIRE(result.conflict.size() == 2);
  CHECK(result.conflict[0].code == "I101");
  CHECK(result.conflict[1].code == "L108");
  CHECK(result.conflict[1].message ==
        "2 ports of `board` take `card` with the risers at hand: `S1` and `S2`");
  CHECK(solved(with(2)).status == SolveStatus::optimal);
  RigBuilder more = with(3);
  more.slot("S3", "cpu0.B0");
  more.edit_connector("S3", [](BoardConnector& c) { c.position = at(162.56, 0, 0); });
  CHECK(solved(more).status == SolveStatus::optimal);
}

TEST_CASE("explain: every board says why it will not do", "[solve][explain]") {
  RigBuilder b = base(3);
  b.board("second").connector("N1", Socket::slot, "cpu0.A0", 16);
  b.board_inlet("atx", Plug::atx_24pin, InletUse::board);
  const SolveResult result = solved(b);
  REQUIRE(result.status == SolveStatus::infeasible);
  for (const char* board : {"on `board`: ", "on `second`: "}) {
    CHECK(std::any_of(result.conflict.begin(), result.conflict.end(),
                      [&](const Diagnostic& d) { return d.message.starts_with(board); }));
  }
}
