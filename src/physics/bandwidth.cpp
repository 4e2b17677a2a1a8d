// Max-min and uniform sharing, and the edges of a rig. Capacities of links come from what they
// train to (link.hpp); what the CPU's fabric carries is the caller's to say.
#include "physics/bandwidth.hpp"

#include <algorithm>
#include <limits>
#include <set>

#include <boost/graph/boykov_kolmogorov_max_flow.hpp>

#include "base/text.hpp"
#include "physics/link.hpp"

namespace rigtopo {
namespace {

constexpr double unlimited = std::numeric_limits<double>::infinity();

/// Flows of each edge that still rise.
std::vector<int> rising_on(const std::vector<SharedEdge>& edges,
                           const std::vector<FlowRoute>& flows, const std::vector<bool>& rising) {
  std::vector<int> count(edges.size(), 0);
  for (std::size_t f = 0; f < flows.size(); ++f) {
    if (!rising[f]) continue;
    for (const std::size_t e : flows[f]) ++count.at(e);
  }
  return count;
}

}  // namespace

std::vector<double> max_min_rates(const std::vector<SharedEdge>& edges,
                                  const std::vector<FlowRoute>& flows) {
  std::vector<double> rates(flows.size(), 0);
  std::vector<double> left;
  for (const SharedEdge& e : edges) left.push_back(e.capacity.value);
  std::vector<bool> rising(flows.size(), true);
  for (std::size_t f = 0; f < flows.size(); ++f) {
    if (!flows[f].empty()) continue;
    rates[f] = unlimited;
    rising[f] = false;
  }
  while (std::find(rising.begin(), rising.end(), true) != rising.end()) {
    const std::vector<int> count = rising_on(edges, flows, rising);
    double step = unlimited;
    for (std::size_t e = 0; e < edges.size(); ++e) {
      if (count[e] > 0) step = std::min(step, std::max(left[e], 0.0) / count[e]);
    }
    for (std::size_t e = 0; e < edges.size(); ++e) left[e] -= step * count[e];
    for (std::size_t f = 0; f < flows.size(); ++f) {
      if (!rising[f]) continue;
      rates[f] += step;
      // Full up to rounding: a billionth of the capacity.
      rising[f] = std::none_of(flows[f].begin(), flows[f].end(), [&](std::size_t e) {
        return left[e] <= 1e-9 * edges[e].capacity.value;
      });
    }
  }
  return rates;
}

double uniform_rate(const std::vector<SharedEdge>& edges, const std::vector<FlowRoute>& flows) {
  if (flows.empty()) return 0;
  const std::vector<int> count = rising_on(edges, flows, std::vector<bool>(flows.size(), true));
  double rate = unlimited;
  for (std::size_t e = 0; e < edges.size(); ++e) {
    if (count[e] > 0) rate = std::min(rate, edges[e].capacity.value / count[e]);
  }
  return rate;
}

// ---- edges of a rig
// --------------------------------------------------------------------------------

TrafficMap::TrafficMap(const Rig& rig, const BandwidthLimits& limits) : limits_(limits) {
  for (const DevicePlace& place : rig.layout.devices) {
    if (place.id.known()) add(rig, *place.id);
  }
  std::sort(missing_.begin(), missing_.end());
  missing_.erase(std::unique(missing_.begin(), missing_.end()), missing_.end());
}

std::size_t TrafficMap::edge(std::string what, GigabytesPerSecond capacity) {
  edges_.push_back({std::move(what), capacity});
  return edges_.size() - 1;
}

void TrafficMap::add(const Rig& rig, const std::string& id) {
  std::vector<Hop> way;
  std::string at = id;
  std::optional<LinkPath> path;
  for (std::size_t depth = 0; depth <= rig.layout.expanders.size(); ++depth) {
    const DevicePlace* place = rig.layout.device(at);
    if (place == nullptr) place = rig.layout.expander(at);
    path = place != nullptr ? rig.link_path(*place) : std::nullopt;
    const auto link = path ? trained_link(*path) : std::nullopt;
    if (!link) return;
    missing_.insert(missing_.end(), link->missing.begin(), link->missing.end());
    const bool divides =
        path->expander != nullptr && path->expander->type.value == ExpanderType::bifurcation;
    if (!divides) {  // a bifurcation card is no link of its own
      auto [hop, fresh] = hops_.try_emplace(at);
      if (fresh) {
        const GigabytesPerSecond capacity{link->bandwidth.value * limits_.efficiency};
        hop->second = {edge(at + ".up", capacity), edge(at + ".down", capacity), at};
      }
      way.push_back(hop->second);
    }
    if (path->behind == nullptr) break;
    at = owner_of(path->port);
  }
  if (path->chipset != nullptr) {
    const Chipset& chip = *path->chipset;
    const std::string name = chip.id.value_or("chipset");
    auto [hop, fresh] = hops_.try_emplace(name);
    if (fresh) {
      const GigabytesPerSecond raw = link_bandwidth(chip.width.value_or(Lanes{4}).value,
                                                    chip.generation.value_or(PcieGen::gen3));
      const GigabytesPerSecond capacity{raw.value * limits_.efficiency};
      hop->second = {edge(name + ".up", capacity), edge(name + ".down", capacity), name};
    }
    way.push_back(hop->second);
  }
  const std::string core_id =
      path->chipset != nullptr ? path->chipset->core.value_or("") : path->core_id;
  const std::size_t dot = core_id.find('.');
  const CpuCore* core = dot == std::string::npos
                            ? nullptr
                            : rig.project->cpu->core(std::string_view(core_id).substr(dot + 1));
  if (core == nullptr || !core->complex.known()) {
    missing_.push_back("root complex of `" + id + "` is not known");
    return;
  }
  const std::string complex = core_id.substr(0, dot) + "." + *core->complex;
  ways_[id] = std::move(way);
  complexes_[id] = complex;
  if (!limits_.complex_memory) {
    missing_.push_back("what `" + complex + "` can move to and from memory is not known");
  } else if (!memories_.contains(complex)) {
    memories_[complex] = {edge(complex + ".memory.up", *limits_.complex_memory),
                          edge(complex + ".memory.down", *limits_.complex_memory), complex};
  }
  const std::string socket = owner_of(complex);
  for (const auto& entry :
       std::map<std::string, std::string>(complexes_.begin(), complexes_.end())) {
    const std::string other = owner_of(entry.second);
    if (other == socket || fabric_.contains({socket, other})) continue;
    if (!limits_.socket_fabric) {
      missing_.push_back("what the link between `" + std::min(socket, other) + "` and `" +
                         std::max(socket, other) + "` carries is not known");
      continue;
    }
    fabric_[{socket, other}] = edge(socket + "-" + other, *limits_.socket_fabric);
    fabric_[{other, socket}] = edge(other + "-" + socket, *limits_.socket_fabric);
  }
}

std::optional<FlowRoute> TrafficMap::route(std::string_view from, std::string_view to) const {
  const auto a = ways_.find(from);
  const auto b = ways_.find(to);
  if (a == ways_.end() || b == ways_.end()) return std::nullopt;
  std::vector<Hop> up = a->second;
  std::vector<Hop> down = b->second;
  // At the top they meet, or go on through the CPU.
  while (!up.empty() && !down.empty() && up.back().id == down.back().id) {
    up.pop_back();
    down.pop_back();
  }
  FlowRoute route;
  for (const Hop& h : up) route.push_back(h.up);
  const std::string& left = complexes_.at(std::string(from));
  const std::string& right = complexes_.at(std::string(to));
  const auto crossing = fabric_.find({owner_of(left), owner_of(right)});
  if (crossing != fabric_.end()) route.push_back(crossing->second);
  for (auto h = down.rbegin(); h != down.rend(); ++h) route.push_back(h->down);
  return route;
}

std::optional<FlowRoute> TrafficMap::from_memory(std::string_view device) const {
  const auto way = ways_.find(device);
  if (way == ways_.end()) return std::nullopt;
  FlowRoute route;
  const auto memory = memories_.find(complexes_.at(std::string(device)));
  if (memory != memories_.end()) route.push_back(memory->second.down);
  for (auto h = way->second.rbegin(); h != way->second.rend(); ++h) route.push_back(h->down);
  return route;
}

std::optional<FlowRoute> TrafficMap::to_memory(std::string_view device) const {
  const auto way = ways_.find(device);
  if (way == ways_.end()) return std::nullopt;
  FlowRoute route;
  for (const Hop& h : way->second) route.push_back(h.up);
  const auto memory = memories_.find(complexes_.at(std::string(device)));
  if (memory != memories_.end()) route.push_back(memory->second.up);
  return route;
}

// ---- maximum flow
// ----------------------------------------------------------------------------------

namespace {

using Traits = boost::adjacency_list_traits<boost::vecS, boost::vecS, boost::directedS>;
struct FlowEdge {
  double capacity = 0;
  double residual = 0;
  Traits::edge_descriptor back{};
};
struct FlowNode {
  boost::default_color_type color{};
  long distance = 0;
  Traits::edge_descriptor predecessor{};
};
using FlowGraph =
    boost::adjacency_list<boost::vecS, boost::vecS, boost::directedS, FlowNode, FlowEdge>;

void join(FlowGraph& g, std::size_t from, std::size_t to, double capacity) {
  const auto there = add_edge(from, to, FlowEdge{capacity, 0, {}}, g).first;
  const auto back = add_edge(to, from, FlowEdge{0, 0, {}}, g).first;
  g[there].back = back;
  g[back].back = there;
}

}  // namespace

double TrafficMap::memory_bound(const std::vector<std::string>& devices) const {
  // Edges of the map become nodes in a row: a route is a way from memory (0) to the end (1).
  FlowGraph g(2 + 2 * edges_.size());
  const auto entry = [](std::size_t e) { return 2 + 2 * e; };
  std::set<std::pair<std::size_t, std::size_t>> joined;
  for (std::size_t e = 0; e < edges_.size(); ++e) {
    join(g, entry(e), entry(e) + 1, edges_[e].capacity.value);
  }
  double all = 0;
  for (const SharedEdge& e : edges_) all += e.capacity.value;
  const auto step = [&](std::size_t from, std::size_t to) {
    if (joined.emplace(from, to).second) join(g, from, to, all);
  };
  for (const std::string& id : std::set<std::string>(devices.begin(), devices.end())) {
    const auto route = from_memory(id);
    if (!route || route->empty()) continue;
    step(0, entry(route->front()));
    for (std::size_t i = 1; i < route->size(); ++i) {
      step(entry((*route)[i - 1]) + 1, entry((*route)[i]));
    }
    step(entry(route->back()) + 1, 1);
  }
  return boost::boykov_kolmogorov_max_flow(
      g, get(&FlowEdge::capacity, g), get(&FlowEdge::residual, g), get(&FlowEdge::back, g),
      get(&FlowNode::predecessor, g), get(&FlowNode::color, g), get(&FlowNode::distance, g),
      get(boost::vertex_index, g), std::size_t{0}, std::size_t{1});
}

}  // namespace rigtopo
