// What is not known about switches, bridges and CPUs is said: where they stand, how large they are,
// how far apart their slots are, what a board takes.
#include <string>

#include "rules/judged.hpp"
#include "support/catch.hpp"

namespace {

using namespace rigtopo;
using rigtopo::test::Judged;

/// Two cards and a switch on two cables beside the board.
std::string switch_rig(const std::string& sw, const std::string& mount,
                       const std::string& frame = "frame: test-frame\n") {
  return "rigtopo: 1\nboard: test-board\ncpu: test-cpu\n" + frame +
         "devices: [{part: card-200, count: 2}]\n"
         "stock:\n  - {part: switch-slim" +
         sw +
         ", owned: 1}\n  - {part: atx-2000, owned: 1}\n"
         "mains: {code: iec, circuits: [{id: A, volts: 230 V, breaker: 16 A}]}\n"
         "platform: {total: 50 W}\npins:\n  cpu0.B0: {mode: x16}\n"
         "  sw0: {port: SLIM1+2, chain: [{part: slim-cable, count: 2}], " +
         mount +
         "supply: psu0}\n"
         "  gpu0: {port: sw0.P1, mount: direct, supply: psu0}\n"
         "  gpu1: {port: sw0.P2, mount: direct, supply: psu0}\n"
         "  board: {supply: psu0}\n  psu0: {circuit: A}\n";
}

TEST_CASE("place: everything of a switch is known", "[rules][place][G101][G102]") {
  const Judged judged = Judged::text(switch_rig("", "mount: low, "));
  INFO(judged.messages());
  REQUIRE(judged.loaded());
  CHECK(judged.result().diagnostics.errors() == 0);
  CHECK(judged.not_checked("G101", "sw0") == nullptr);
  CHECK(judged.not_checked("G102", "sw0") == nullptr);
  CHECK(judged.limit("G101", "sw0 reach") != nullptr);
}

TEST_CASE("place: size, mount and slots of a switch that nobody states", "[rules][place]") {
  const Judged size = Judged::text(switch_rig(", but: {thickness: unknown}", "mount: low, "));
  REQUIRE(size.loaded());
  REQUIRE(size.not_checked("G102", "thickness of `switch-slim`") != nullptr);
  CHECK(size.result().verdict == Verdict::incomplete);

  const Judged mount = Judged::text(switch_rig("", ""));
  REQUIRE(mount.loaded());
  REQUIRE(mount.not_checked("G107", "`sw0` has no mount") != nullptr);

  const Judged slots = Judged::text(switch_rig(
      ", but: {ports: [{id: P1, socket: slot, width: x16}, {id: P2, socket: slot, width: x16}]}",
      "mount: low, "));
  REQUIRE(slots.loaded());
  INFO(slots.messages());
  REQUIRE(slots.not_checked("G106", "position of `P1` is not known") != nullptr);
  CHECK(slots.result().verdict == Verdict::incomplete);
}

TEST_CASE("place: cards on a card in a slot, beside others", "[rules][place][G106]") {
  const std::string rig =
      "rigtopo: 1\nboard: test-board\ncpu: test-cpu\n"
      "devices: [{part: card-200, count: 2}]\n"
      "stock: [{part: split-x8x8, owned: 1}, {part: atx-2000, owned: 1}]\n"
      "mains: {code: iec, circuits: [{id: A, volts: 230 V, breaker: 16 A}]}\n"
      "platform: {total: 50 W}\npins:\n  cpu0.A0: {mode: x8x8}\n  cpu0.A1: {mode: x16}\n"
      "  SHARED: {mode: slot}\n  sw0: {port: PCIE1, mount: direct}\n"
      "  gpu0: {port: sw0.P2, mount: direct, supply: psu0}\n"
      "  gpu1: {port: PCIE2, mount: direct, supply: psu0}\n"
      "  board: {supply: psu0}\n  psu0: {circuit: A}\n";
  const Judged judged = Judged::text(rig);
  INFO(judged.messages());
  REQUIRE(judged.loaded());
  CHECK(judged.not_checked("G106", "`gpu0` on `sw0` clears") != nullptr);
}

TEST_CASE("place: a board without a list of CPUs, and with one", "[rules][L127]") {
  const Judged open(rigtopo::test::rules_folder() / "G112/good-side-by-side.yaml");
  REQUIRE(open.loaded());
  const NotChecked* said = open.not_checked("L127", "nobody says which CPUs");
  REQUIRE(said != nullptr);
  CHECK_FALSE(said->decided);
  const Judged listed(rigtopo::test::rules_folder() / "L127/good-listed.yaml");
  REQUIRE(listed.loaded());
  CHECK(listed.assumes("has revision 2.00 or later and BIOS 1.3 or later, as EPYC 7002 needs"));
}

TEST_CASE("place: windows of memory are said, or taken from the memory", "[rules][L118]") {
  const std::string rig =
      "rigtopo: 1\nboard: %\ncpu: test-cpu\n"
      "devices: [{part: {id: big, kind: gpu, extends: card-200, memory: 24 GB}, count: 2}]\n"
      "stock: [{part: atx-2000, owned: 1}]\n"
      "mains: {code: iec, circuits: [{id: A, volts: 230 V, breaker: 16 A}]}\n"
      "platform: {total: 50 W}\npins:\n  cpu0.A0: {mode: x16}\n  cpu0.A1: {mode: x16}\n"
      "  SHARED: {mode: slot}\n  gpu0: {port: PCIE1, mount: direct, supply: psu0}\n"
      "  gpu1: {port: PCIE2, mount: direct, supply: psu0}\n"
      "  board: {supply: psu0}\n  psu0: {circuit: A}\n";
  const auto on = [&](const std::string& board) {
    std::string text = rig;
    return Judged::text(text.replace(text.find('%'), 1, board));
  };
  const Judged open = on("test-board");
  REQUIRE(open.loaded());
  CHECK(open.not_checked("L118", "address space") != nullptr);
  // Two windows of 32 GB below one root complex.
  const Judged small = on("{id: small, kind: board, extends: test-board, bar_window: 60 GB}");
  INFO(small.messages());
  REQUIRE(small.loaded());
  CHECK(small.finding("L118") != nullptr);
  CHECK(small.assumes("`big` asks for a memory window of 32 GB"));
  CHECK(on("{id: large, kind: board, extends: test-board, bar_window: 64 GB}").finding("L118") ==
        nullptr);
}

}  // namespace
