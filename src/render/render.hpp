// Pictures: a scene (boxes, ports, wires, captions) is made once from a rig and its check, and thin
// back-ends write it as DOT or SVG. Knows no rules; colours and marks follow findings handed in.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "rig/rig.hpp"
#include "rigtopo/diagnostic.hpp"

namespace rigtopo {

/// What a picture shows besides the rig: the verdict and the findings to mark on parts. Handed in
/// by the caller, since render/ does not know check/.
struct PictureContext {
  std::string title;    // name of the rig
  std::string verdict;  // one line: "fail: 1 error, 2 warnings"
  std::string spec_file;
  std::string spec_sha256;
  std::string tool;  // "rigtopo 0.1.0"
  std::vector<Diagnostic> findings;
};

struct Picture {
  std::string dot;  // empty for pictures that Graphviz does not lay out
  std::string svg;
  std::vector<std::string> problems;  // anything Graphviz said; empty when all is well
};

/// One row per view.
struct ViewRow {
  std::string_view id;       // "pcie"
  std::string_view summary;  // for help
  bool has_dot;
  Picture (*draw)(const Rig&, const PictureContext&);
};
/// pcie, power, lanes.
std::span<const ViewRow> views();
const ViewRow* find_view(std::string_view id);

/// Lane budget of a bare board: the picture of `rigtopo lanes BOARD --format svg`.
std::string lanes_svg(const Board& board, const Cpu& cpu, int cpu_count, const Rig* rig,
                      const PictureContext& context);

}  // namespace rigtopo
