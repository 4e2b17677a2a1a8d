// A scene as a graph for Graphviz: nodes with HTML tables, edges, columns. Decides every attribute;
// both our own DOT text and the graph built in memory are written from it, so that the two cannot
// differ. Groups are plain subgraphs that have no say in the layout: inside clusters dot keeps no
// order (it loses the order of nested ones), so headings are nodes and frames are drawn afterwards.
#pragma once

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "render/scene.hpp"

namespace rigtopo {

/// An attribute value: plain text, or HTML (already escaped).
struct DotValue {
  std::string text;
  bool html = false;
};
/// Sorted by name.
using DotAttributes = std::vector<std::pair<std::string, DotValue>>;

struct DotNode {
  std::string name;  // "gpu0.pcie"
  DotAttributes attributes;
  std::optional<std::size_t> group;
};
struct DotEdge {
  std::string name;  // key, tells parallel edges apart
  std::size_t from = 0;
  std::size_t to = 0;
  DotAttributes attributes;
};
struct DotGroup {
  std::string name;  // "group_board.pcie"
  DotAttributes attributes;
  std::optional<std::size_t> parent;
};
struct DotGraph {
  std::string name;
  DotAttributes graph_defaults;
  DotAttributes node_defaults;
  DotAttributes edge_defaults;
  std::vector<DotGroup> groups;  // parents first
  std::vector<DotNode> nodes;
  std::vector<DotEdge> edges;
  std::vector<std::vector<std::size_t>> columns;  // nodes of equal rank
};

/// Graph of a scene, in the scene's order, which is the order from top to bottom.
DotGraph dot_graph(const Scene& scene);

/// The graph as DOT: nodes in order, attributes sorted, no positions.
std::string dot_text(const DotGraph& graph);

/// Id in the SVG of something in a picture: "pcie-gpu0".
std::string svg_id(const Scene& scene, std::string_view thing);

}  // namespace rigtopo
