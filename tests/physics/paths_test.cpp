// Physics of paths against numbers worked out by hand or taken from sources named beside them.
#include "physics/paths.hpp"

#include <filesystem>
#include <fstream>
#include <map>
#include <set>
#include <sstream>

#include "physics/rigs.hpp"
#include "support/catch.hpp"

using namespace rigtopo;
using namespace rigtopo::test;

namespace {

namespace fs = std::filesystem;

/// Where a card sits: root bus (host bridge) and NUMA node.
struct Seat {
  int root = 0;
  int numa = 0;
};

/// One card per seat; host bridges become complexes, every card has a core of its own.
RigBuilder seated(const std::vector<Seat>& seats) {
  RigBuilder b;
  b.cpu("cpu");
  int number = 0;
  for (const Seat& s : seats) {
    b.core("P" + std::to_string(number++), "root" + std::to_string(s.root), 16, PcieGen::gen4,
           s.numa);
  }
  b.board("board").gpu("card", static_cast<int>(seats.size()), 350_W);
  for (int i = 0; i < number; ++i) {
    const std::string n = std::to_string(i);
    b.slot("S" + n, "cpu0.P" + n).place("gpu" + n, "S" + n);
  }
  return b;
}

/// Matrix of classes, "X" on the diagonal.
std::vector<std::vector<std::string>> matrix_of(RigBuilder b, std::size_t n) {
  const Project project = b.project();
  const Rig rig = build_rig(project, b.layout());
  REQUIRE(validate(rig).empty());
  std::vector<std::vector<std::string>> matrix(n, std::vector<std::string>(n, "X"));
  for (std::size_t i = 0; i < n; ++i) {
    for (std::size_t k = 0; k < n; ++k) {
      if (i == k) continue;
      matrix[i][k] =
          to_string(path_class(rig, "gpu" + std::to_string(i), "gpu" + std::to_string(k)));
    }
  }
  return matrix;
}

/// Lines of a file below RIGTOPO_SHARED_DIR; empty when it is not there.
std::vector<std::string> fixture(const std::string& name) {
  std::vector<std::string> lines;
  std::ifstream in(fs::path(RIGTOPO_SHARED_DIR) / "fixtures" / name);
  for (std::string line; std::getline(in, line);) lines.push_back(line);
  if (lines.empty()) WARN("skipped: no " << name);
  return lines;
}

std::vector<std::string> words(const std::string& line, const std::string& separators) {
  std::vector<std::string> list;
  std::string word;
  for (const char c : line + separators[0]) {
    if (separators.find(c) == std::string::npos) {
      word += c;
    } else if (!word.empty()) {
      list.push_back(word);
      word.clear();
    }
  }
  return list;
}

int hex(const std::string& text) { return std::stoi(text, nullptr, 16); }

/// The largest root bus that is no larger than a card's bus.
int root_of(int bus, const std::set<int>& roots) {
  int found = 0;
  for (const int r : roots) {
    if (r <= bus) found = r;
  }
  return found;
}

/// Cells of a printed `topo -m` matrix: rows that start with "GPU<n>".
std::vector<std::vector<std::string>> printed(const std::vector<std::string>& lines) {
  std::vector<std::vector<std::string>> rows;
  for (const std::string& line : lines) {
    if (line.rfind("GPU", 0) != 0) continue;
    std::vector<std::string> cells = words(line, "\t ");
    cells.erase(cells.begin());
    rows.push_back(std::move(cells));
  }
  for (auto& row : rows) row.resize(rows.size());
  return rows;
}

}  // namespace

TEST_CASE("paths: same complex PHB, same NUMA node NODE, else SYS", "[paths]") {
  RigBuilder b = seven_slots();
  b.gpu("card", 7, 350_W);
  for (int i = 0; i < 7; ++i) b.place("gpu" + std::to_string(i), slot_names[i]);
  const auto matrix = matrix_of(b, 7);
  // C-Payne's board map of the ROMED8-2T: slots 7 and 1, 6 and 3, 5 and 2 share a root.
  const std::set<std::pair<int, int>> close = {{0, 6}, {2, 5}, {1, 4}};
  for (int i = 0; i < 7; ++i) {
    for (int k = 0; k < 7; ++k) {
      if (i == k) continue;
      const bool phb = close.contains({std::min(i, k), std::max(i, k)});
      CAPTURE(i, k);
      CHECK(matrix[static_cast<std::size_t>(i)][static_cast<std::size_t>(k)] ==
            (phb ? "PHB" : "NODE"));
    }
  }
  const Project project = b.project();
  const PairCounts counts = pair_counts(build_rig(project, b.layout()));
  CHECK(counts.cross_socket == 0);
  CHECK(counts.cross_numa == 0);
  CHECK(counts.leave_complex == 21 - 3);  // 7 * 6 / 2 pairs
}

TEST_CASE("paths: by cores alone the same classes come out", "[paths]") {
  RigBuilder b;
  b.rome().board("board", 2);
  const Project p = b.project();
  const auto c = [&](const char* x, const char* y) { return path_class(p.board(), *p.cpu, x, y); };
  CHECK(c("cpu0.A0", "cpu0.A0") == PathClass::phb);
  CHECK(c("cpu0.A0", "cpu0.A1") == PathClass::phb);
  CHECK(c("cpu0.A0", "cpu0.B0") == PathClass::node);
  CHECK(c("cpu0.A0", "cpu1.A0") == PathClass::sys);
  CHECK(c("cpu0.A0", "") == PathClass::sys);
  CHECK(c("cpu0.A0", "cpu0.Z9") == PathClass::sys);
}

TEST_CASE("paths: what is unknown is SYS and counts against every pair", "[paths]") {
  RigBuilder b = seven_slots();
  b.edit_connector("PCIE1", [](BoardConnector& c) { c.core = Fact<std::string>(); });
  b.gpu("card", 3, 350_W).place("gpu0", "PCIE1").place("gpu1", "PCIE7");
  const Project project = b.project();
  const Rig rig = build_rig(project, b.layout());
  CHECK(path_class(rig, "gpu0", "gpu1") == PathClass::sys);
  CHECK(path_class(rig, "gpu0", "gpu2") == PathClass::sys);  // not placed
  const PairCounts counts = pair_counts(rig);
  CHECK(counts.cross_socket == 1);
  CHECK(counts.leave_complex == 1);
}

TEST_CASE("paths: cores of unknown complex are not taken for close", "[paths]") {
  RigBuilder b = seated({{0, 0}, {1, 0}});
  b.edit<Cpu>("cpu", [](Cpu& c) {
    for (CpuCore& core : c.cores) core.complex = Fact<std::string>();
  });
  CHECK(matrix_of(b, 2)[0][1] == "SYS");
  const Project p = b.project();
  CHECK(path_class(p.board(), *p.cpu, "cpu0.P0", "cpu0.P1") == PathClass::sys);
  CHECK(path_class(p.board(), *p.cpu, "cpu0.P0", "cpu0.P0") == PathClass::phb);
}

TEST_CASE("paths: two sockets are counted as such", "[paths]") {
  RigBuilder b;
  b.rome().board("board", 2).slot("S1", "cpu0.A0").slot("S2", "cpu0.B0").slot("S3", "cpu1.A0");
  b.gpu("card", 3, 350_W).place("gpu0", "S1").place("gpu1", "S2").place("gpu2", "S3");
  const Project project = b.project();
  const PairCounts counts = pair_counts(build_rig(project, b.layout()));
  CHECK(counts.cross_socket == 2);
  CHECK(counts.cross_numa == 2);
  CHECK(counts.leave_complex == 3);
}

TEST_CASE("paths: six 4090 of a published matrix, NUMA nodes unknown", "[paths]") {
  // https://github.com/NVIDIA/nccl/issues/814: roots 00, 20, 40, 60; the kernel names no NUMA node,
  // so host bridges count as apart.
  const auto lines = fixture("topo/nccl814_6x4090_topo.txt");
  if (lines.empty()) return;
  std::vector<Seat> seats;
  for (const int bus : {0x01, 0x02, 0x2d, 0x41, 0x42, 0x61}) {
    const int root = root_of(bus, {0x00, 0x20, 0x40, 0x60});
    seats.push_back({root, root / 0x20});
  }
  CHECK(matrix_of(seated(seats), 6) == printed(lines));
}

TEST_CASE("paths: four A4000 on four roots of one NUMA node", "[paths]") {
  const auto lines = fixture("topo/trpro3955wx_4xA4000_topo.txt");
  if (lines.empty()) return;
  CHECK(matrix_of(seated({{0, 0}, {1, 0}, {2, 0}, {3, 0}}), 4) == printed(lines));
}

TEST_CASE("paths: hwloc agrees, with and without NUMA domains in the socket", "[paths]") {
  for (const char* name : {"physics/hwloc/rig_paths.csv", "physics/hwloc/rig_nps1_paths.csv"}) {
    const auto lines = fixture(name);
    if (lines.empty()) return;
    std::vector<Seat> seats;
    std::vector<std::vector<std::string>> expected;
    for (std::size_t i = 1; i < lines.size(); ++i) {
      const auto cells = words(lines[i], ",");
      const int bus = hex(cells.at(1).substr(5, 2));
      seats.push_back({root_of(bus, {0x00, 0x40, 0x80, 0xc0}), std::stoi(cells.at(2))});
      expected.emplace_back(cells.begin() + 3, cells.end());
    }
    REQUIRE(expected.size() == 7);
    auto matrix = matrix_of(seated(seats), 7);
    // Cards 5 and 6 meet in a switch, which a rig has not: their own root stands for it.
    CHECK(expected[5][6] == "PIX");
    expected[5][6] = expected[6][5] = "PHB";
    CAPTURE(name);
    CHECK(matrix == expected);
  }
}

TEST_CASE("paths: the bus ids of a tinybox green fall into the classes of its board", "[paths]") {
  // Two unrelated sources: the board map of the ROMED16QM3 and the bus ids a tinybox prints.
  const auto map = fixture("topo/slot_root_ports.tsv");
  const auto log = fixture("topo/tinybox-green_6x4090_p2p.txt");
  if (map.empty() || log.empty()) return;
  std::map<int, int> x16;  // root bus -> x16 connectors on it
  std::set<int> roots;
  for (const std::string& line : map) {
    const auto cells = words(line, "\t");
    if (cells.size() < 4 || cells[1] != "ASRock-Rack ROMED16QM3") continue;
    const int root = hex(cells[3].substr(5, 2));
    roots.insert(root);
    if (cells[2].rfind("SLIM", 0) == 0) x16[root] += 1;
  }
  std::vector<int> buses;
  for (const std::string& line : log) {
    const std::size_t at_bus = line.find("[0x");
    if (line.find("Rank") != std::string::npos && at_bus != std::string::npos) {
      buses.push_back(hex(line.substr(at_bus + 3, 2)));
    }
  }
  REQUIRE(buses == std::vector<int>{0x01, 0x42, 0x81, 0x82, 0xc1, 0xc2});
  std::vector<Seat> seats;
  std::map<int, int> used;
  for (const int bus : buses) {
    seats.push_back({root_of(bus, roots), 0});
    used[seats.back().root] += 1;
  }
  CHECK(used == x16);  // as many cards on each root as the board has x16 connectors there
  const auto matrix = matrix_of(seated(seats), 6);
  for (std::size_t i = 0; i < 6; ++i) {
    for (std::size_t k = 0; k < 6; ++k) {
      if (i == k) continue;
      CHECK(matrix[i][k] == (seats[i].root == seats[k].root ? "PHB" : "NODE"));
    }
  }
}
