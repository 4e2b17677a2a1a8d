// Physics of rig against numbers worked out by hand or taken from sources named beside them.
#include "rig/rig.hpp"

#include <algorithm>

#include "physics/rigs.hpp"
#include "support/catch.hpp"

using namespace rigtopo;
using namespace rigtopo::test;

namespace {

bool linked(const Rig& rig, std::string_view from, std::string_view from_port, std::string_view to,
            std::string_view to_port) {
  const auto a = rig.port(from, from_port);
  const auto b = rig.port(to, to_port);
  return a && b && edge(*a, *b, rig.graph).second;
}

std::size_t count_of(const Rig& rig, NodeKind kind) {
  return static_cast<std::size_t>(std::count_if(rig.nodes.begin(), rig.nodes.end(),
                                                [&](const Node& n) { return n.kind == kind; }));
}

}  // namespace

TEST_CASE("rig: a passive ribbon carries signal and slot power from the board to the card",
          "[rig]") {
  RigBuilder b = one_card({"ribbon-200"});
  const Project project = b.project();
  const Rig rig = build_rig(project, b.layout());
  CHECK(validate(rig).empty());

  CHECK(linked(rig, "cpu0", "down", "cpu0.C", "up"));
  CHECK(linked(rig, "cpu0.C", "down", "cpu0.C1", "up"));
  CHECK(linked(rig, "cpu0.C1", "down", "PCIE1", "up"));
  CHECK(linked(rig, "PCIE1", "down", "R1", "up"));
  CHECK(linked(rig, "R1", "down", "gpu0", "up"));
  CHECK(linked(rig, "board", "slot.PCIE1", "R1", "12v-up"));
  CHECK(linked(rig, "R1", "12v-up", "R1", "12v-down"));
  CHECK(linked(rig, "R1", "12v-down", "gpu0", "12v-slot"));
  CHECK(linked(rig, "upper-1", "holds", "gpu0", "held"));
  CHECK(linked(rig, "room", "air", "gpu0", "air"));
  CHECK(rig.nodes[*rig.node("R1")].part == project.parts.at("ribbon-200").get());
}

TEST_CASE("rig: cores and complexes of both sockets are there, each once", "[rig]") {
  RigBuilder b;
  b.rome().board("board", 2);
  const Project project = b.project();
  const Rig rig = build_rig(project, b.layout());
  // Rome: 2 sockets of 4 complexes of 2 cores.
  CHECK(count_of(rig, NodeKind::cpu) == 2);
  CHECK(count_of(rig, NodeKind::complex) == 8);
  CHECK(count_of(rig, NodeKind::core) == 16);
  CHECK(validate(rig).empty());
}

TEST_CASE("rig: an empty socket has no cores and no ports", "[rig]") {
  RigBuilder b;
  b.rome().board("board", 2).slot("S1", "cpu0.A0").slot("S2", "cpu1.A0").cpus(1);
  const Project project = b.project();
  const auto ports = ports_of(project.board(), *project.cpu, project.cpu_count);
  REQUIRE(ports.size() == 1);
  CHECK(ports[0].id == "S1");
  CHECK_FALSE(build_rig(project, b.layout()).node("cpu1").has_value());
}

TEST_CASE("rig: what is undecided or leads nowhere makes no node and no link", "[rig]") {
  RigBuilder b = seven_slots();
  b.gpu("card", 4, 350_W).supply("atx", 1000_W, 1, {{"pcie", Plug::pcie_8pin, 2}});
  b.place_of("gpu0");                                      // nothing decided
  b.place("gpu1", "SLOT9");                                // no such port
  b.place("gpu2", "PCIE2", {"no-such-riser"}, "upper-9");  // no such riser, no such mount
  b.place_of("gpu3").port = std::string("PCIE3");          // chain undecided
  b.feed("gpu0", "16pin", {"psu0.pcie9"});                 // no such output
  b.feed("gpu1", "no-inlet", {"psu0.pcie0"});
  b.feed_board("atx", {"psu7.atx"});
  b.stand("psu0", "").stand("psu9", "");
  const Project project = b.project();
  const Rig rig = build_rig(project, b.layout());

  CHECK(validate(rig).empty());
  CHECK(count_of(rig, NodeKind::cable) == 0);
  CHECK(count_of(rig, NodeKind::riser) == 0);
  CHECK(count_of(rig, NodeKind::supply) == 1);
  CHECK(count_of(rig, NodeKind::mount) == 0);
  const View pcie = rig.view(Domain::pcie);
  CHECK(in_degree(*rig.port("gpu0", "up"), pcie) == 0);
  CHECK(in_degree(*rig.port("gpu1", "up"), pcie) == 0);
  // The card hangs below its port although nobody knows through what; its slot power is open.
  CHECK(linked(rig, "PCIE3", "down", "gpu3", "up"));
  CHECK(in_degree(*rig.port("gpu3", "12v-slot"), rig.view(Domain::power)) == 0);
  CHECK_FALSE(rig.link_path(b.layout().devices[0]).has_value());
  CHECK_FALSE(rig.link_path(b.layout().devices[1]).has_value());
  REQUIRE(rig.link_path(b.layout().devices[3]).has_value());
  CHECK_FALSE(rig.link_path(b.layout().devices[2])->chain_decided);
  CHECK_FALSE(rig.link_path(b.layout().devices[3])->chain_decided);
}

TEST_CASE("rig: without a decided board among several there is no host, but supplies stand",
          "[rig]") {
  RigBuilder b;
  b.rome().board("one").slot("S1", "cpu0.A0").board("two").slot("S1", "cpu0.B0");
  b.gpu("card", 1, 350_W).supply("atx", 1000_W, 1, {{"pcie", Plug::pcie_8pin, 2}});
  b.place("gpu0", "S1").stand("psu0", "");
  const Project project = b.project();
  const Rig rig = build_rig(project, b.layout());
  CHECK(rig.board == nullptr);
  CHECK(validate(rig).empty());
  CHECK(rig.node("psu0").has_value());
  CHECK_FALSE(rig.node("cpu0").has_value());
  CHECK_FALSE(rig.link_path(b.layout().devices[0]).has_value());

  b.layout().board = std::string("two");
  const Rig decided = build_rig(project, b.layout());
  REQUIRE(decided.board != nullptr);
  CHECK(decided.link_path(b.layout().devices[0])->core_id == "cpu0.B0");
}

TEST_CASE("rig: power goes from the circuit through cord, supply and cable to the plug", "[rig]") {
  RigBuilder b = one_card();
  b.power_cable("three-to-16pin", Plug::pcie_8pin, 3, Plug::twelve_volt_2x6, 450_W);
  b.supply("atx", 1000_W, 1, {{"pcie", Plug::pcie_8pin, 4}, {"atx", Plug::atx_24pin, 1}});
  b.circuit("A", 120_V, 20_A).stand("psu0", "A");
  b.feed("gpu0", "16pin", {"psu0.pcie0", "psu0.pcie1", "psu0.pcie2"}, "three-to-16pin");
  b.feed_board("atx", {"psu0.atx"});
  const Project project = b.project();
  const Rig rig = build_rig(project, b.layout());
  CHECK(validate(rig).empty());
  CHECK(linked(rig, "A", "mains", "W1", "in"));
  CHECK(linked(rig, "W1", "out", "psu0", "mains"));
  CHECK(linked(rig, "psu0", "mains", "psu0", "12v"));
  CHECK(linked(rig, "psu0", "out.pcie2", "K1", "in2"));
  CHECK(linked(rig, "K1", "out", "gpu0", "16pin"));
  CHECK(linked(rig, "K2", "out", "board", "atx"));
  CHECK(rig.nodes[*rig.node("K2")].part == nullptr);  // the output's own cable
}

TEST_CASE("rig: ports of a breakout answer to the supply's name", "[rig]") {
  RigBuilder b = one_card();
  b.breakout("breakout", {{"p", Plug::pcie_6pin, 10}});
  b.supply("hp", 1200_W, 1, {}, "breakout").stand("psu0", "");
  b.feed("gpu0", "16pin", {"psu0.p0", "psu0.p9"});
  const Project project = b.project();
  const Rig rig = build_rig(project, b.layout());
  CHECK(validate(rig).empty());
  CHECK(linked(rig, "psu0", "12v", "psu0.board", "12v"));
  CHECK(linked(rig, "psu0.board", "out.p9", "K1", "in1"));
}

TEST_CASE("rig: equal ids of different kinds stay apart", "[rig]") {
  RigBuilder b = seven_slots();
  DeviceRow row;
  row.id = std::string("A");
  b.gpu("card", 1, 350_W, {{"up", Plug::pcie_8pin}}, row);  // an inlet called as one of our ports
  b.circuit("A", 120_V, 20_A).place("A", "PCIE1");
  const Project project = b.project();
  const Rig rig = build_rig(project, b.layout());
  CHECK(validate(rig).empty());
  CHECK(rig.node(NodeKind::device, "A") != rig.node(NodeKind::circuit, "A"));
  CHECK(rig.port(*rig.node(NodeKind::device, "A"), "inlet.up").has_value());
}

TEST_CASE("rig: splits a port may have are those of the CPU that the BIOS offers", "[rig]") {
  RigBuilder b = seven_slots();  // BIOS: x16, x8x8, x4x4x4x4; CPU also x8x4x4 and x4x4x8
  b.edit_connector("PCIE7", [](BoardConnector& c) { c.splits = {Fact<Split>(split("x16"))}; });
  Project project = b.project();
  auto ports = ports_of(project.board(), *project.cpu, 1);
  const auto texts = [&](const PortChoice& p, bool& known) {
    std::vector<std::string> list;
    for (const Split& s : legal_splits(project.board(), *project.cpu, p, &known)) {
      list.push_back(s.text);
    }
    return list;
  };
  bool known = false;
  CHECK(texts(ports[0], known) == std::vector<std::string>{"x16", "x8x8", "x4x4x4x4"});
  CHECK(known);
  CHECK(texts(ports[6], known) == std::vector<std::string>{"x16"});

  b.edit<Board>("board", [](Board& board) { board.bios_splits.clear(); });
  project = b.project();
  ports = ports_of(project.board(), *project.cpu, 1);
  CHECK(texts(ports[0], known).size() == 5);  // what the CPU can do
  CHECK_FALSE(known);
}

TEST_CASE("rig: a core of few lanes is split as its connectors are wired", "[rig]") {
  RigBuilder b;
  b.cpu("genoa").core("P0", "A").core("X", "A", 8, PcieGen::gen3);
  b.board("board").connector("M2_1", Socket::m2, "cpu0.X", 4);
  const Project project = b.project();
  const auto ports = ports_of(project.board(), *project.cpu, 1);
  const auto splits = legal_splits(project.board(), *project.cpu, ports[0]);
  REQUIRE(splits.size() == 1);
  CHECK(splits[0].pieces == std::vector<int>{4, 4});
}

TEST_CASE("rig: a pair is one port of both connectors' lanes", "[rig]") {
  RigBuilder b;
  b.rome().board("board");
  b.connector("SLIM1", Socket::slimsas_8i, "cpu0.A0", 8, 0);
  b.connector("SLIM2", Socket::slimsas_8i, "cpu0.A0", 8, 8);
  b.connector("SLIM3", Socket::slimsas_8i, "cpu0.A1", 8, 0);
  b.pair("SLIM1+2", {"SLIM1", "SLIM2"}).pair("SLIM2+3", {"SLIM2", "SLIM3"});
  const Project project = b.project();
  const auto ports = ports_of(project.board(), *project.cpu, 1);
  REQUIRE(ports.size() == 5);
  CHECK(ports[3].id == "SLIM1+2");
  CHECK(ports[3].lanes == 16);
  CHECK(ports[3].core_id == "cpu0.A0");
  CHECK(ports[4].core_id.empty());  // connectors of two cores are no one link
}

TEST_CASE("validate: a sound graph that is broken by hand is reported", "[rig]") {
  RigBuilder b = one_card({"ribbon-200"});
  b.supply("atx", 1000_W, 1, {{"pcie", Plug::pcie_8pin, 1}}).stand("psu0", "");
  b.feed("gpu0", "16pin", {"psu0.pcie"});
  const Project project = b.project();
  Rig rig = build_rig(project, b.layout());
  REQUIRE(validate(rig).empty());
  const PortId up = *rig.port("gpu0", "up");
  const PortId slot = *rig.port("gpu0", "12v-slot");

  SECTION("a link between domains") {
    add_edge(up, slot, RigLink{Domain::pcie, Join::mated, false}, rig.graph);
    CHECK_FALSE(validate(rig).empty());
  }
  SECTION("a link of a domain that is not its ports'") {
    add_edge(*rig.port("PCIE1", "down"), up, RigLink{Domain::air, Join::wire, false}, rig.graph);
    CHECK(validate(rig).size() == 1);
  }
  SECTION("a cycle of signals") {
    add_edge(*rig.port("R1", "down"), *rig.port("R1", "up"),
             RigLink{Domain::pcie, Join::inside, false}, rig.graph);
    CHECK(validate(rig).size() == 1);
  }
  SECTION("a cycle of power") {
    add_edge(*rig.port("K1", "out"), *rig.port("psu0", "12v"),
             RigLink{Domain::power, Join::mated, true}, rig.graph);
    CHECK(validate(rig).size() == 1);
  }
  SECTION("a second parent") {
    add_edge(*rig.port("PCIE1", "down"), up, RigLink{Domain::pcie, Join::mated, false}, rig.graph);
    CHECK(validate(rig).size() == 1);
  }
  SECTION("copper that carries no power") {
    add_edge(*rig.port("cpu0", "down"), *rig.port("cpu0.C1", "up"),
             RigLink{Domain::pcie, Join::inside, true}, rig.graph);
    CHECK(validate(rig).size() == 1);
  }
  SECTION("a port of no node") {
    add_vertex(RigPort{rig.nodes.size() + 5, Domain::pcie, "lost"}, rig.graph);
    CHECK(validate(rig).size() == 1);
  }
  SECTION("a port that the index does not know") {
    add_vertex(RigPort{0, Domain::pcie, "lost"}, rig.graph);
    CHECK(validate(rig).size() == 1);
  }
  SECTION("an index that names another port") {
    rig.by_port[{*rig.node("gpu0"), "up"}] = slot;
    CHECK_FALSE(validate(rig).empty());
  }
}
