// What a rig's graph promises by itself. Anything reported here is our own mistake, never the
// user's.
#include <map>
#include <string>
#include <vector>

#include <boost/graph/depth_first_search.hpp>

#include "rig/rig.hpp"

namespace rigtopo {
namespace {

/// "node.port" for reports; indices when the graph itself is off.
std::string name_of(const Rig& rig, PortId p) {
  const RigPort& port = rig.graph[p];
  if (port.node >= rig.nodes.size()) return "port " + std::to_string(p);
  return rig.nodes[port.node].id + "." + port.name;
}

std::string_view word_of(Domain d) {
  switch (d) {
    case Domain::pcie:
      return "pcie";
    case Domain::power:
      return "power";
    case Domain::air:
      return "air";
    case Domain::place:
      return "place";
  }
  return "?";
}

class CycleFinder : public boost::default_dfs_visitor {
 public:
  explicit CycleFinder(std::vector<PortId>* ends) : ends_(ends) {}
  template <class Edge, class G>
  void back_edge(Edge e, const G& g) {
    ends_->push_back(target(e, g));
  }

 private:
  std::vector<PortId>* ends_;
};

void check_ports(const Rig& rig, std::vector<std::string>& broken) {
  for (const auto& [key, port] : rig.by_port) {
    if (port >= num_vertices(rig.graph) || rig.graph[port].node != key.first ||
        rig.graph[port].name != key.second) {
      broken.push_back("port `" + key.second + "` of node " + std::to_string(key.first) +
                       " is not the one the index names");
    }
  }
  for (PortId p = 0; p < num_vertices(rig.graph); ++p) {
    const RigPort& port = rig.graph[p];
    if (port.node >= rig.nodes.size()) {
      broken.push_back("port `" + port.name + "` belongs to no node");
    } else if (rig.port(port.node, port.name) != p) {
      broken.push_back("port `" + name_of(rig, p) + "` is not in the index");
    }
  }
  for (const auto& [id, node] : rig.by_id) {
    if (node >= rig.nodes.size() || rig.nodes[node].id != id) {
      broken.push_back("node `" + id + "` is not the one the index names");
    }
  }
}

void check_links(const Rig& rig, std::vector<std::string>& broken) {
  const auto [first, last] = edges(rig.graph);
  for (auto it = first; it != last; ++it) {
    const PortId from = source(*it, rig.graph);
    const PortId to = target(*it, rig.graph);
    const RigLink& link = rig.graph[*it];
    const std::string name = "link `" + name_of(rig, from) + "` to `" + name_of(rig, to) + "`";
    if (rig.graph[from].domain != link.domain || rig.graph[to].domain != link.domain) {
      broken.push_back(name + " of domain " + std::string(word_of(link.domain)) +
                       " joins ports of another");
    }
    if (link.copper && link.domain != Domain::power) {
      broken.push_back(name + " is copper outside the power domain");
    }
    const bool same_node = rig.graph[from].node == rig.graph[to].node;
    if (link.join == Join::mated && same_node) {
      broken.push_back(name + " plugs a part into itself");
    }
  }
}

void check_cycles(const Rig& rig, Domain domain, std::vector<std::string>& broken) {
  std::vector<PortId> ends;
  const View view = rig.view(domain);
  std::vector<boost::default_color_type> colour(num_vertices(rig.graph));
  boost::depth_first_search(
      view, CycleFinder(&ends),
      boost::make_iterator_property_map(colour.begin(), get(boost::vertex_index, rig.graph)));
  for (const PortId p : ends) {
    broken.push_back("the " + std::string(word_of(domain)) + " view has a cycle through `" +
                     name_of(rig, p) + "`");
  }
}

void check_parents(const Rig& rig, std::vector<std::string>& broken) {
  const View pcie = rig.view(Domain::pcie);
  for (PortId p = 0; p < num_vertices(rig.graph); ++p) {
    const RigPort& port = rig.graph[p];
    if (port.node >= rig.nodes.size() || rig.nodes[port.node].kind != NodeKind::device) continue;
    if (in_degree(p, pcie) > 1) {
      broken.push_back("device `" + rig.nodes[port.node].id + "` has more than one pcie parent");
    }
  }
}

}  // namespace

std::vector<std::string> validate(const Rig& rig) {
  std::vector<std::string> broken;
  check_ports(rig, broken);
  check_links(rig, broken);
  check_cycles(rig, Domain::pcie, broken);
  check_cycles(rig, Domain::power, broken);
  check_parents(rig, broken);
  return broken;
}

}  // namespace rigtopo
