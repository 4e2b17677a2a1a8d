// Which 12 V copper is one piece, and which supplies stand behind slot and plugs of a card.
#include <algorithm>
#include <map>
#include <set>
#include <utility>

#include <boost/pending/disjoint_sets.hpp>

#include "physics/power.hpp"
#include "physics/power_walk.hpp"

namespace rigtopo {
namespace {

/// Copper of the power view, direction forgotten.
struct Copper {
  std::vector<std::pair<PortId, PortId>> links;
  std::vector<std::size_t> net;  // by port: a name for its connected component
};

Copper copper_of(const Rig& rig) {
  const std::size_t n = num_vertices(rig.graph);
  std::vector<std::size_t> rank(n, 0);
  std::vector<PortId> parent(n);
  for (PortId p = 0; p < n; ++p) parent[p] = p;
  boost::disjoint_sets<std::size_t*, PortId*> sets(rank.data(), parent.data());
  Copper copper;
  const View power = rig.view(Domain::power);
  const auto [first, last] = edges(power);
  for (auto it = first; it != last; ++it) {
    if (!rig.graph[*it].copper) continue;
    copper.links.emplace_back(source(*it, power), target(*it, power));
    sets.union_set(copper.links.back().first, copper.links.back().second);
  }
  copper.net.resize(n);
  for (PortId p = 0; p < n; ++p) copper.net[p] = sets.find_set(p);
  return copper;
}

bool is_supply(const Rig& rig, PortId p) { return rig.node_of(p).kind == NodeKind::supply; }

/// Ports of a net that lie between supplies: dead ends are cut off until none is left.
std::set<PortId> between_supplies(const Rig& rig, const Copper& copper, std::size_t net) {
  std::map<PortId, std::multiset<PortId>> neighbours;
  for (const auto& [a, b] : copper.links) {
    if (copper.net[a] != net) continue;
    neighbours[a].insert(b);
    neighbours[b].insert(a);
  }
  std::vector<PortId> ends;
  const auto is_end = [&](PortId p) {
    return neighbours[p].size() == 1 && !(is_supply(rig, p) && rig.graph[p].name == "12v");
  };
  for (const auto& entry : neighbours) {
    if (is_end(entry.first)) ends.push_back(entry.first);
  }
  while (!ends.empty()) {
    const PortId end = ends.back();
    ends.pop_back();
    if (neighbours[end].size() != 1) continue;
    const PortId next = *neighbours[end].begin();
    neighbours.erase(end);
    neighbours[next].erase(neighbours[next].find(end));
    if (is_end(next)) ends.push_back(next);
  }
  std::set<PortId> left;
  for (const auto& [port, others] : neighbours) {
    if (!others.empty()) left.insert(port);
  }
  return left;
}

/// Node ids in node order, each once.
std::vector<std::string> ids_of(const Rig& rig, const std::set<NodeId>& nodes) {
  std::vector<std::string> ids;
  ids.reserve(nodes.size());
  for (const NodeId n : nodes) ids.push_back(rig.nodes[n].id);
  return ids;
}

JoinedNet joined_net(const Rig& rig, const Copper& copper, std::size_t net,
                     const std::set<NodeId>& supplies) {
  std::set<NodeId> parts;
  std::set<NodeId> cables;
  for (const PortId p : between_supplies(rig, copper, net)) {
    const NodeKind kind = rig.node_of(p).kind;
    if (kind == NodeKind::supply || kind == NodeKind::breakout) continue;
    (kind == NodeKind::cable ? cables : parts).insert(rig.graph[p].node);
  }
  JoinedNet joined{ids_of(rig, supplies), ids_of(rig, parts.empty() ? cables : parts)};
  std::sort(joined.supplies.begin(), joined.supplies.end());
  return joined;
}

std::vector<std::string> names(const Rig& rig, const Shares& shares) {
  std::vector<std::string> ids;
  ids.reserve(shares.size());
  for (const auto& entry : shares) ids.push_back(rig.nodes[entry.first].id);
  return ids;
}

}  // namespace

std::vector<JoinedNet> joined_nets(const Rig& rig) {
  const Copper copper = copper_of(rig);
  // Nets in the order of their first supply.
  std::vector<std::pair<std::size_t, std::set<NodeId>>> nets;
  for (PortId p = 0; p < copper.net.size(); ++p) {
    if (!is_supply(rig, p) || rig.graph[p].name != "12v") continue;
    const auto it = std::find_if(nets.begin(), nets.end(),
                                 [&](const auto& n) { return n.first == copper.net[p]; });
    if (it == nets.end()) {
      nets.push_back({copper.net[p], {rig.graph[p].node}});
    } else {
      it->second.insert(rig.graph[p].node);
    }
  }
  std::vector<JoinedNet> joined;
  for (const auto& [net, supplies] : nets) {
    if (supplies.size() >= 2) joined.push_back(joined_net(rig, copper, net, supplies));
  }
  return joined;
}

DeviceSources device_sources(const Rig& rig, std::string_view device_id) {
  PowerWalk walk(rig);
  return device_sources(rig, device_id, walk);
}

DeviceSources device_sources(const Rig& rig, std::string_view device_id, PowerWalk& walk) {
  DeviceSources sources;
  const auto node = rig.node(NodeKind::device, device_id);
  const DeviceUse* use = rig.project->device(device_id);
  if (!node || use == nullptr) return sources;
  if (const auto slot = rig.port(*node, "12v-slot")) {
    sources.slot = names(rig, walk.feeding(*slot));
  }
  Shares plugs;
  for (const FedInlet& inlet : fed_inlets(rig, *node, use->part->inlets)) {
    const Shares& shares = walk.feeding(inlet.port);
    plugs.insert(shares.begin(), shares.end());
  }
  sources.aux = names(rig, plugs);
  return sources;
}

}  // namespace rigtopo
