// DOT text: golden bytes, valid for Graphviz' own parser, nothing escapes from names.
#include "render/dot.hpp"

#include "golden.hpp"
#include "picture_rigs.hpp"
#include "render/graphviz.hpp"
#include "render/views.hpp"

using namespace rigtopo;
using namespace rigtopo::test;

namespace {

int columns_edges(const DotGraph& graph) {
  int hidden = 0;
  for (const DotEdge& e : graph.edges) hidden += e.name.starts_with("column") ? 1 : 0;
  return hidden;
}

std::vector<Scene> scenes_of(const Rig& rig) {
  return {pcie_scene(rig, picture_context()), power_scene(rig, picture_context())};
}

}  // namespace

TEST_CASE("dot: golden text of two small rigs", "[render][dot]") {
  for (const char* name : {"two-cards", "powered-riser"}) {
    const TestRig rig(std::string(name) == "two-cards" ? two_cards() : powered_riser());
    for (const Scene& scene : scenes_of(rig.rig())) {
      check_golden(std::string(name) + "." + scene.id + ".dot", dot_text(dot_graph(scene)));
    }
  }
}

TEST_CASE("dot: the text parses back with as many nodes and edges as the scene has",
          "[render][dot]") {
  for (const NamedRig& row : picture_rigs()) {
    const TestRig rig(row.make());
    for (const Scene& scene : scenes_of(rig.rig())) {
      CAPTURE(row.name, scene.id);
      const DotGraph graph = dot_graph(scene);
      const auto count = count_dot(dot_text(graph));
      REQUIRE(count);
      CHECK(count->problems.empty());
      CHECK(count->nodes == static_cast<int>(scene.boxes.size()));
      CHECK(count->edges == static_cast<int>(scene.wires.size()) + columns_edges(graph));
    }
  }
}

TEST_CASE("dot: a syntax error is told, not swallowed", "[render][dot]") {
  CHECK_FALSE(count_dot("digraph { a -> ").has_value());
  CHECK(count_dot("digraph { a -> b }")->edges == 1);
}

TEST_CASE("dot: the graph built in memory and the text are the same graph", "[render][dot]") {
  const TestRig rig(powered_riser());
  const DotGraph graph = dot_graph(pcie_scene(rig.rig(), picture_context()));
  const std::string text = dot_text(graph);
  for (const DotNode& n : graph.nodes) {
    CAPTURE(n.name);
    CHECK(text.find("\"" + n.name + "\" [") != text.npos);
  }
  CHECK(text.find("\"gpu0.pcie\"") != text.npos);
  CHECK(text.find("\"port-SLIM1_2b2.pcie\"") != text.npos);  // '+' is 2b
}

TEST_CASE("graphviz: what it complains about is a problem of the picture", "[render][dot]") {
  DotGraph graph;
  graph.name = "broken";
  graph.nodes.push_back({"a", {{"label", {"<TABLE><TR><TD>never closed</TABLE>", true}}}, {}});
  const GraphvizResult result = lay_out(graph);
  CHECK_FALSE(result.problems.empty());
}

TEST_CASE("graphviz: boxes of a column stand in the scene's order, columns from left to right",
          "[render][dot]") {
  for (const NamedRig& row : picture_rigs()) {
    const TestRig rig(row.make());
    for (const Scene& scene : scenes_of(rig.rig())) {
      const DotGraph graph = dot_graph(scene);
      const GraphvizResult result = lay_out(graph);
      REQUIRE(result.nodes.size() == scene.boxes.size());
      double reached = -1e9;
      for (const auto& column : graph.columns) {
        double right = reached;
        for (std::size_t i = 0; i < column.size(); ++i) {
          const NodeArea& area = result.nodes[column[i]];
          CAPTURE(row.name, scene.boxes[column[i]].id);
          CHECK(area.x >= reached);
          right = std::max(right, area.x + area.width);
          if (i > 0) {
            const NodeArea& above = result.nodes[column[i - 1]];
            CHECK(above.y + above.height <= area.y);
          }
        }
        reached = right;
      }
    }
  }
}
