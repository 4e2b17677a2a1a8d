// Links and paths through switches, bifurcation cards, chipsets and bridges.
#include <string>

#include "physics/expander_place.hpp"
#include "physics/lanes.hpp"
#include "physics/link.hpp"
#include "physics/paths.hpp"
#include "physics/rigs.hpp"
#include "rules/judged.hpp"
#include "solve/solve.hpp"
#include "support/catch.hpp"

namespace {

using namespace rigtopo;
using Catch::Matchers::WithinAbs;
using rigtopo::test::Judged;
using rigtopo::test::RigBuilder;

std::string spec_of(const std::string& devices, const std::string& stock, const std::string& pins,
                    const std::string& more = "") {
  return "rigtopo: 1\nboard: test-board-gen5\ncpu: test-cpu-gen5\nframe: test-frame\n"
         "devices: [" +
         devices + "]\nstock: [" + stock +
         "]\nmains: {code: iec, circuits: [{id: A, volts: 230 V, breaker: 16 A}]}\n" + more +
         "pins:\n" + pins;
}

TEST_CASE("expanders: path classes are those of nvidia-smi topo -m", "[expanders][paths]") {
  // NVML: one switch PIX, several PXB, one host bridge PHB, one NUMA node NODE, else SYS.
  const std::string pins =
      "  sw0: {port: PCIE1}\n  sw1: {port: sw0.P4}\n  sw2: {port: PCIE2}\n"
      "  gpu0: {port: sw0.P1, chain: []}\n  gpu1: {port: sw0.P2, chain: []}\n"
      "  gpu2: {port: sw1.P1, chain: []}\n  gpu3: {port: sw2.P1, chain: []}\n"
      "  gpu4: {port: PCIE3, chain: []}\n";
  const std::string devices = "{part: card-gen5, count: 5}";
  const Judged j = Judged::text(spec_of(devices, "{part: switch-gen5, owned: 3}", pins));
  INFO(j.messages());
  REQUIRE(j.loaded());
  CHECK(validate(j.rig()).empty());
  CHECK(path_class(j.rig(), "gpu0", "gpu1") == PathClass::pix);
  CHECK(path_class(j.rig(), "gpu0", "gpu2") == PathClass::pxb);
  CHECK(path_class(j.rig(), "gpu0", "gpu3") == PathClass::phb);  // A0 and A1 share complex A
  CHECK(path_class(j.rig(), "gpu0", "gpu4") == PathClass::node);
  const Judged halves =
      Judged::text(spec_of(devices, "{part: switch-gen5, owned: 3}", pins, "bios: {nps: 2}\n"));
  REQUIRE(halves.loaded());
  CHECK(path_class(halves.rig(), "gpu0", "gpu3") == PathClass::phb);
  CHECK(path_class(halves.rig(), "gpu0", "gpu4") == PathClass::sys);
}

TEST_CASE("expanders: NUMA nodes per socket on four complexes", "[expanders][paths]") {
  // Rome: quadrants A B | C D. NPS1 one node, NPS2 two halves, NPS4 each quadrant its own.
  RigBuilder b;
  b.rome().board("board").slot("S1", "cpu0.A0");
  const Project p = b.project();
  const auto of = [&](const char* x, const char* y, int nps) {
    return path_class(p.board(), *p.cpu, x, y, nps);
  };
  CHECK(of("cpu0.A0", "cpu0.D0", 1) == PathClass::node);
  CHECK(of("cpu0.A0", "cpu0.B0", 2) == PathClass::node);
  CHECK(of("cpu0.C0", "cpu0.D1", 2) == PathClass::node);
  CHECK(of("cpu0.B0", "cpu0.C0", 2) == PathClass::sys);
  CHECK(of("cpu0.A0", "cpu0.B0", 4) == PathClass::sys);
  CHECK(of("cpu0.A0", "cpu0.A1", 4) == PathClass::phb);
}

TEST_CASE("expanders: a bridge makes a pair NV", "[expanders][paths]") {
  const Judged j =
      Judged::text(spec_of("{part: card-linked, count: 2, group: g}", "",
                           "  gpu0: {port: PCIE1, chain: []}\n  gpu1: {port: PCIE3, chain: []}\n",
                           "bridges: [{part: bridge-3, between: [gpu0, gpu1]}]\n"));
  INFO(j.messages());
  REQUIRE(j.loaded());
  CHECK(path_class(j.rig(), "gpu0", "gpu1") == PathClass::nv);
  CHECK(nvlinks_between(j.rig(), "gpu1", "gpu0") == 4);
  CHECK(pair_counts(j.rig()).leave_complex == 0);
}

TEST_CASE("expanders: the loss budget starts anew at a switch", "[expanders][link]") {
  const Judged j = Judged::text(spec_of("{part: card-gen5}", "{part: switch-gen5, owned: 1}",
                                        "  cpu0.A0: {mode: x16}\n  sw0: {port: PCIE1}\n"
                                        "  gpu0: {port: sw0.P1, chain: []}\n"));
  REQUIRE(j.loaded());
  const auto path = j.rig().link_path(*j.rig().layout.device("gpu0"));
  REQUIRE(path);
  const auto link = trained_link(*path);
  REQUIRE(link);
  CHECK(link->width == 16);
  CHECK(link->generation == PcieGen::gen5);
  CHECK(link->missing.empty());
  // Package 9 + board of the switch 5 + connector 1.5 + card 9.5.
  CHECK_THAT((*link->loss.total).value, WithinAbs(25.0, 1e-9));
  // The uplink takes the core's lanes, once.
  for (const CoreBudget& core :
       lane_budget(*j.rig().board, *j.project().cpu, j.project().cpu_count, &j.rig())) {
    CHECK(core.used == (core.id == "cpu0.A0" ? 16 : 0));
  }
  // Its port lies 30 mm above the slot, which is at 0, 90, 10.
  for (const PortChoice& p : j.rig().ports) {
    if (p.id != "sw0.P2") continue;
    const auto at = port_place(j.rig(), p);
    REQUIRE(at.known());
    CHECK_THAT((*at).x.value, WithinAbs(60.96, 1e-9));
    CHECK_THAT((*at).z.value, WithinAbs(40, 1e-9));
  }
}

TEST_CASE("expanders: a bifurcation card lengthens the way", "[expanders][link]") {
  const Judged j = Judged::text(
      spec_of("{part: card-200, count: 2}", "{part: split-x8x8, owned: 1}",
              "  cpu0.A0: {mode: x8x8}\n  sw0: {port: PCIE1}\n  gpu0: {port: sw0.P1, chain: []}\n"
              "  gpu1: {port: sw0.P2, chain: []}\n"));
  INFO(j.messages());
  REQUIRE(j.loaded());
  for (const char* id : {"gpu0", "gpu1"}) {
    const auto path = j.rig().link_path(*j.rig().layout.device(id));
    REQUIRE(path);
    const auto link = trained_link(*path);
    REQUIRE(link);
    CHECK(link->width == 8);
    CHECK(link->generation == PcieGen::gen4);
    // Gen4 of 28 dB: package 9/36 x 28 = 7, board 5, connector 1.1667, the card itself 1, its
    // connector 1.1667, add-in card 7.3889.
    CHECK_THAT((*link->loss.total).value, WithinAbs(22.7222, 1e-3));
  }
  CHECK(path_class(j.rig(), "gpu0", "gpu1") == PathClass::phb);
  for (const CoreBudget& core :
       lane_budget(*j.rig().board, *j.project().cpu, j.project().cpu_count, &j.rig())) {
    CHECK(core.used == (core.id == "cpu0.A0" ? 16 : 0));
  }
}

TEST_CASE("expanders: a layout with them reads back as it was written", "[expanders][layout]") {
  const Judged j =
      Judged::text(spec_of("{part: card-linked, count: 2}", "{part: switch-gen5, owned: 1}",
                           "  sw0: {port: PCIE1}\n  gpu0: {port: sw0.P1, chain: []}\n"
                           "  gpu1: {port: sw0.P2, chain: []}\n",
                           "bridges: [{part: bridge-3, between: [gpu0, gpu1]}]\n"));
  REQUIRE(j.loaded());
  const std::string text = layout_yaml(j.rig().layout);
  const rigtopo::test::TempDir dir;
  rigtopo::test::write_text(dir.path() / "layout.yaml", text);
  SourceMap sources;
  Diagnostics out;
  const auto again = read_layout((dir.path() / "layout.yaml").string(), sources, out);
  REQUIRE(again);
  CHECK(out.errors() == 0);
  CHECK(layout_yaml(*again) == text);
  REQUIRE(again->expanders.size() == 1);
  CHECK(again->expanders.front().port.value == "PCIE1");
  REQUIRE(again->bridges.size() == 1);
  CHECK(again->bridges.front().between.size() == 2);
}

TEST_CASE("expanders: a pinned switch that nothing feeds leaves no layout", "[expanders][solve]") {
  const Judged j = Judged::text(
      spec_of("{part: card-200}", "{part: switch-gen5, owned: 1}", "  sw0: {port: PCIE1}\n"));
  REQUIRE(j.loaded());
  SolveOptions options;
  options.judge = [](const Layout&) { return std::vector<std::string>{}; };
  const SolveResult result = solve(j.project(), options);
  CHECK(result.status == SolveStatus::infeasible);
  CHECK(result.layouts.empty());
}

TEST_CASE("expanders: an older CPU lowers the generation of a slot", "[expanders][link]") {
  // The same board: Rome gives its slots gen4, Naples gen3.
  for (const PcieGen g : {PcieGen::gen3, PcieGen::gen4}) {
    RigBuilder b;
    b.rome("cpu", Watts{180}, g).board("board").slot("S1", "cpu0.A0");
    b.gpu("card", 1, Watts{350}).mode("cpu0.A0", "x16").place("gpu0", "S1", {}, "direct");
    const Project p = b.project();
    const Rig rig = build_rig(p, b.layout());
    const auto path = rig.link_path(*rig.layout.device("gpu0"));
    REQUIRE(path);
    const auto link = trained_link(*path);
    REQUIRE(link);
    CHECK(link->generation == g);
  }
}

}  // namespace
