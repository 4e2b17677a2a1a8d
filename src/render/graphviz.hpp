// Graphviz in process: lays a graph out and hands its SVG back. The only door to cgraph and gvc.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "render/dot.hpp"

namespace rigtopo {

/// Where a node came to lie, in the coordinates inside the SVG's outermost group.
struct NodeArea {
  double x = 0;
  double y = 0;
  double width = 0;
  double height = 0;
};

struct GraphvizResult {
  std::string svg;                    // as Graphviz writes it; empty when it failed
  std::vector<NodeArea> nodes;        // one for each node of the graph
  std::vector<std::string> problems;  // anything it said: it also complains and then carries on
};
/// Lays `from` out with dot. Same graph, same bytes, in every process that has this Graphviz. Safe
/// to call from several threads; they wait for one another.
GraphvizResult lay_out(const DotGraph& from);

struct DotCount {
  int nodes = 0;
  int edges = 0;
  std::vector<std::string> problems;
};
/// Reads DOT text back with Graphviz' own parser and counts; nullopt when it does not parse.
std::optional<DotCount> count_dot(const std::string& dot);

}  // namespace rigtopo
