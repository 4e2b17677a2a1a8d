// Rigs for tests of pictures: two small ones with golden DOT, a long one on two sockets, one that
// is decided in part only.
#pragma once

#include <string>
#include <vector>

#include "render/render.hpp"
#include "support/rig_builder.hpp"

namespace rigtopo::test {

/// Two cards on one supply: one through a ribbon, one plugged straight in beside an M.2 drive that
/// takes lanes from it.
inline RigBuilder two_cards() {
  RigBuilder b;
  b.rome().board("board");
  b.slot("PCIE1", "cpu0.A0").slot("PCIE2", "cpu0.A1");
  b.connector("M2_1", Socket::m2, "cpu0.A1", 4, 8);
  b.group("PCIE2-group", "cpu0.A1",
          {{"slot", {{"PCIE2", 16}}}, {"m2", {{"PCIE2", 8}, {"M2_1", 4}}}});
  b.fixed("X550", "cpu0.B0", 4, LaneUse::onboard).fixed("rest", "cpu0.B0", 12, LaneUse::unrouted);
  b.board_inlet("atx", Plug::atx_24pin, InletUse::board);
  b.board_inlet("eps", Plug::eps_8pin, InletUse::cpu, 2);
  b.frame("frame").mount("upper", 2);
  b.gpu("card", 2, 350_W).nvme("drive");
  b.ribbon("ribbon-200", 200_mm);
  b.supply("atx1600", 1600_W, 1,
           {{"atx", Plug::atx_24pin, 1},
            {"eps", Plug::eps_8pin, 2},
            {"16pin", Plug::twelve_volt_2x6, 2}});
  b.circuit("A", 120_V, 20_A);
  b.mode("cpu0.A0", "x16").mode("cpu0.A1", "x8x4x4").mode("PCIE2-group", "m2");
  b.limit("gpu0", 300_W);
  b.place("gpu0", "PCIE1", {"ribbon-200"}, "upper-1").feed("gpu0", "16pin", {"psu0.16pin0"});
  b.place("gpu1", "PCIE2", {}, "direct").feed("gpu1", "16pin", {"psu0.16pin1"});
  b.place("nvme0", "M2_1", {}, "direct");
  b.feed_board("atx", {"psu0.atx"}).feed_board("eps0", {"psu0.eps0"});
  b.feed_board("eps1", {"psu0.eps1"}).stand("psu0", "A");
  return b;
}

/// One card through two cables and a powered adapter, fed by a server supply over a breakout board;
/// the board has a supply of its own.
inline RigBuilder powered_riser() {
  RigBuilder b;
  b.rome().board("board");
  b.connector("SLIM1", Socket::slimsas_8i, "cpu0.C0", 8, 0);
  b.connector("SLIM2", Socket::slimsas_8i, "cpu0.C0", 8, 8);
  b.pair("SLIM1+2", {"SLIM1", "SLIM2"});
  b.board_inlet("atx", Plug::atx_24pin, InletUse::board);
  b.frame("frame").mount("upper", 1);
  b.gpu("card", 1, 450_W).cable("slimsas-500", 500_mm);
  b.riser("adapter", RiserType::device_adapter, {Socket::slimsas_8i, 2}, {Socket::slot, 1}, 16,
          PcieGen::gen4, SlotFeed::own, {{"6pin", Plug::pcie_6pin}});
  b.supply("atx500", 500_W, 1, {{"atx", Plug::atx_24pin, 1}});
  b.breakout("ports", {{"port", Plug::pcie_6pin, 6}});
  b.supply("server", 900_W, 1, {}, "ports");
  b.power_cable("three-to-one", Plug::pcie_6pin, 3, Plug::twelve_volt_2x6, 450_W);
  b.power_cable("plain", Plug::pcie_6pin, 1, Plug::pcie_6pin, 75_W);
  b.circuit("A", 230_V, 16_A).circuit("B", 230_V, 16_A).code(MainsCode::iec);
  b.mode("cpu0.C0", "x16");
  b.place("gpu0", "SLIM1+2", {"slimsas-500*2", "adapter"}, "upper");
  b.feed("gpu0", "16pin", {"psu1.port0", "psu1.port1", "psu1.port2"}, "three-to-one");
  b.feed_riser("gpu0", "6pin", {"psu1.port3"}, "plain");
  b.feed_board("atx", {"psu0.atx"}).stand("psu0", "A").stand("psu1", "B");
  return b;
}

/// Eight cards on two sockets with four NUMA nodes, five supplies, 36 cables.
inline RigBuilder eight_cards() {
  RigBuilder b;
  b.cpu("genoa", 360_W);
  int n = 0;
  for (const char* c : {"P0", "P1", "P2", "P3", "G0", "G1", "G2", "G3"}) {
    b.core(c, "Q" + std::to_string(n / 2), 16, PcieGen::gen5, n / 4);
    ++n;
  }
  b.core("B", "Q0", 8, PcieGen::gen3, 0).board("board", 2);
  for (int i = 0; i < 8; ++i) {
    const std::string core = "cpu" + std::to_string(i / 4) + ".P" + std::to_string(i % 4);
    const std::string left = "MCIO" + std::to_string(2 * i + 1);
    const std::string right = "MCIO" + std::to_string(2 * i + 2);
    b.connector(left, Socket::mcio_8i, core, 8, 0, PcieGen::gen5);
    b.connector(right, Socket::mcio_8i, core, 8, 8, PcieGen::gen5);
    b.pair(left + "+", {left, right}).mode(core, "x16");
  }
  for (const char* core : {"cpu0.G0", "cpu0.G1", "cpu0.G2", "cpu1.G0", "cpu1.G1", "cpu1.G2"}) {
    b.fixed("xgmi", core, 16, LaneUse::xgmi);
  }
  b.connector("M2_1", Socket::m2, "cpu0.B", 4, 0, PcieGen::gen3);
  b.connector("U2_7", Socket::u2, "", 4, 0, PcieGen::gen3);
  b.board_inlet("atx", Plug::atx_24pin, InletUse::board);
  b.board_inlet("eps", Plug::eps_8pin, InletUse::cpu, 4);
  b.frame("frame").mount("upper", 8);
  b.gpu("card", 8, 350_W,
        {{"8pin-a", Plug::pcie_8pin}, {"8pin-b", Plug::pcie_8pin}, {"8pin-c", Plug::pcie_8pin}});
  b.nvme("drive").cable("mcio-700", 700_mm, Socket::mcio_8i, 8, PcieGen::gen5);
  b.riser("adapter", RiserType::device_adapter, {Socket::mcio_8i, 2}, {Socket::slot, 1}, 16,
          PcieGen::gen5, SlotFeed::unknown_cut, {{"6pin", Plug::pcie_6pin}});
  b.supply("atx1200", 1200_W, 5,
           {{"atx", Plug::atx_24pin, 1}, {"eps", Plug::eps_8pin, 4}, {"pcie", Plug::pcie_8pin, 8}});
  b.circuit("kitchen", 230_V, 16_A).circuit("hall", 230_V, 16_A).circuit("spare", 230_V, 16_A);
  for (int i = 0; i < 8; ++i) {
    const std::string card = "gpu" + std::to_string(i);
    const std::string supply = "psu" + std::to_string(1 + i / 2);
    const int first = (i % 2) * 4;
    b.place(card, "MCIO" + std::to_string(2 * i + 1) + "+", {"mcio-700*2", "adapter"},
            "upper-" + std::to_string(i + 1));
    for (int k = 0; k < 3; ++k) {
      b.feed(card, std::string("8pin-") + static_cast<char>('a' + k),
             {supply + ".pcie" + std::to_string(first + k)});
    }
    b.feed_riser(card, "6pin", {supply + ".pcie" + std::to_string(first + 3)});
  }
  b.place("nvme0", "M2_1").feed_board("atx", {"psu0.atx"});
  for (int i = 0; i < 3; ++i) {
    b.feed_board("eps" + std::to_string(i), {"psu0.eps" + std::to_string(i)});
  }
  b.stand("psu0", "kitchen").stand("psu1", "kitchen").stand("psu2", "hall").stand("psu3", "hall");
  return b.stand("psu4", "");
}

/// Much is open: a card without a port, one on a port that is not there, one without chain and
/// mount, a supply without a circuit, no split.
inline RigBuilder half_decided() {
  RigBuilder b = two_cards();
  b.gpu("card", 3, 350_W);  // gpu2, gpu3, gpu4
  b.place("gpu2", "", {"ribbon-200"}, "upper-2").place("gpu3", "NOWHERE", {}, "");
  b.place_of("gpu4").port = std::string("PCIE1");
  b.feed("gpu2", "16pin", {"psu7.16pin0"});
  b.layout().modes.clear();
  b.layout().supplies.front().circuit = {};
  return b;
}

/// Names that try to break out of XML and DOT, and one that is not UTF-8.
inline RigBuilder hostile_names() {
  RigBuilder b = two_cards();
  b.edit<Device>("card", [](Device& d) { d.name = std::string("a<b>&\"c'\\N\\l\n]]> --> {|}"); });
  b.edit<Device>("drive", [](Device& d) { d.name = std::string("Übergröße 日本 \xff\xc0\x80"); });
  b.edit<Riser>("ribbon-200",
                [](Riser& r) { r.name = std::string("</text><g id=\"pcie-gpu0\">"); });
  b.edit<Supply>("atx1600", [](Supply& s) { s.name = std::string("<!-- <TABLE> &#45; --"); });
  b.the_board().name = std::string("<script>alert(1)</script>");
  return b.place("nvme0", "M2_1");
}

/// What the caller hands in, with findings on parts of the two small rigs.
inline PictureContext picture_context() {
  PictureContext c;
  c.title = "test rig";
  c.verdict = "fail: 2 errors, 1 warning";
  c.spec_file = "test.yaml";
  c.spec_sha256 = "0123456789abcdef0123456789abcdef";
  c.tool = "rigtopo test";
  const auto add = [&](const char* code, const char* name, Severity severity,
                       std::vector<std::string> subject) -> Diagnostic& {
    Diagnostic d;
    d.code = code;
    d.name = name;
    d.severity = severity;
    d.subject = std::move(subject);
    c.findings.push_back(std::move(d));
    return c.findings.back();
  };
  Diagnostic& supply = add("P101", "supply-overloaded", Severity::error, {"psu0", "gpu0"});
  supply.actual = 1700;
  supply.limit = 1600;
  supply.unit = "W";
  add("L202", "signal-thin", Severity::warning, {"gpu0"});
  add("P105", "output-overloaded", Severity::error, {"nobody.out3"});
  return c;
}

/// A rig with everything it refers to, kept in place.
class TestRig {
 public:
  explicit TestRig(RigBuilder builder)
      : builder_(std::move(builder)),
        project_(builder_.project()),
        rig_(build_rig(project_, builder_.layout())) {}
  TestRig(const TestRig&) = delete;
  TestRig& operator=(const TestRig&) = delete;
  const Rig& rig() const { return rig_; }

 private:
  RigBuilder builder_;
  Project project_;
  Rig rig_;
};

using RigMaker = RigBuilder (*)();
struct NamedRig {
  const char* name;
  RigMaker make;
};
inline const std::vector<NamedRig>& picture_rigs() {
  static const std::vector<NamedRig> rigs{{"two-cards", &two_cards},
                                          {"powered-riser", &powered_riser},
                                          {"eight-cards", &eight_cards},
                                          {"half-decided", &half_decided},
                                          {"hostile-names", &hostile_names}};
  return rigs;
}

}  // namespace rigtopo::test
