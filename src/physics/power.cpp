// What supplies and circuits carry. Who feeds whom comes from the graph (power_walk.hpp), draws of
// parts from power_cards.cpp.
#include "physics/power.hpp"

#include <algorithm>
#include <map>
#include <set>

#include "physics/power_walk.hpp"

namespace rigtopo {
namespace {

/// Loads of every supply while they are gathered, by node of the supply.
struct Gathered {
  SupplyLoad load;
  Watts peak;
  Confidence peak_confidence = Confidence::verified;
  std::vector<std::string> peak_missing;

  void add(Load l, Confidence sure, Watts at_peak) {
    load.expected += l.expected;
    load.worst += l.worst;
    load.confidence = weakest(load.confidence, sure);
    load.loads.push_back(std::move(l));
    peak += at_peak;
  }
};
using Supplies = std::map<NodeId, Gathered>;

Shares shares_of_plugs(const Rig& rig, const PlacedDevice& d, PowerWalk& walk) {
  const std::vector<FedInlet> inlets = fed_inlets(rig, d.node, d.use->part->inlets);
  const std::vector<double> parts = split_by_rating(inlets);
  Shares sum;
  double fed = 0;
  for (std::size_t i = 0; i < inlets.size(); ++i) {
    const Shares& shares = walk.feeding(inlets[i].port);
    if (shares.empty()) continue;
    fed += parts[i];
    for (const auto& [supply, share] : shares) sum[supply] += share * parts[i];
  }
  // A cable that leads nowhere yet carries nothing: the other plugs carry all.
  for (auto& entry : sum) entry.second /= fed;
  return sum;
}

/// The share of one supply; 0 when it is not among them.
double share_of(const Shares& shares, NodeId supply) {
  const auto it = shares.find(supply);
  return it == shares.end() ? 0 : it->second;
}

Load load_of_card(const PlacedDevice& d, double slot, double plugs) {
  const Watts total = d.draw.total.value.value_or(Watts{0});
  const bool both = slot > 0 && plugs > 0;
  Load load;
  load.subject = d.use->id;
  load.at = d.at;
  if (d.draw.takes_aux && !both) load.side = slot > 0 ? FedSide::slot : FedSide::plugs;
  load.expected = d.draw.slot_expected * slot + d.draw.aux_expected * plugs;
  load.worst =
      (slot > 0 ? d.draw.slot_worst : Watts{0}) + (plugs > 0 ? d.draw.aux_worst : Watts{0});
  // The card's total counts once, however it is split.
  if (both && d.draw.total.known()) {
    load.expected = std::min(load.expected, total);
    load.worst = std::min(load.worst, total);
  }
  return load;
}

/// Part of a card's peak that a supply sees.
Watts peak_of_card(const PlacedDevice& d, const Estimate<Watts>& peak, double slot, double plugs) {
  const Watts total = d.draw.total.value.value_or(Watts{0});
  if (!peak.known() || total.value <= 0) return Watts{0};
  if (!d.draw.takes_aux) return *peak * slot;
  Watts seen;
  if (slot > 0) seen += d.draw.slot_worst;
  if (plugs > 0) seen += *peak * (d.draw.aux_expected / total) * plugs;
  return slot > 0 && plugs > 0 ? std::min(seen, *peak) : seen;
}

void gather_cards(const Rig& rig, Caps caps, PowerWalk& walk, Supplies& supplies) {
  for (const PlacedDevice& d : placed_devices(rig, caps)) {
    const auto port = rig.port(d.node, "12v-slot");
    const Shares slot = port ? walk.feeding(*port) : Shares{};
    const Shares plugs = shares_of_plugs(rig, d, walk);
    const Estimate<Watts> peak = card_peak(*d.use->part, limit_of(rig, d.use->id, caps));
    for (auto& [node, gathered] : supplies) {
      const double s = share_of(slot, node);
      const double p = share_of(plugs, node);
      if (s <= 0 && p <= 0) continue;
      const bool one_side = d.draw.takes_aux && (s <= 0 || p <= 0);
      const Confidence sure =
          one_side ? weakest(d.draw.total.confidence, d.draw.split) : d.draw.total.confidence;
      gathered.add(load_of_card(d, s, p), sure, peak_of_card(d, peak, s, p));
      auto& missing = gathered.load.missing;
      missing.insert(missing.end(), d.draw.total.missing.begin(), d.draw.total.missing.end());
      gathered.peak_confidence = weakest(gathered.peak_confidence, peak.confidence);
      gathered.peak_missing.insert(gathered.peak_missing.end(), peak.missing.begin(),
                                   peak.missing.end());
    }
  }
}

void gather_constant(PowerWalk& walk, PortId port, const std::string& what, Source at,
                     const Estimate<Watts>& power, Supplies& supplies) {
  for (const auto& [node, share] : walk.feeding(port)) {
    const auto it = supplies.find(node);
    if (it == supplies.end()) continue;
    const Watts watts = power.value.value_or(Watts{0});
    Load load{what, FedSide::whole, watts * share, watts, at};
    it->second.add(std::move(load), power.confidence, watts * share);
    if (power.known()) continue;
    auto& missing = it->second.load.missing;
    missing.insert(missing.end(), power.missing.begin(), power.missing.end());
  }
}

/// Switches and bifurcation cards draw power of their own from where their slots get it.
void gather_expanders(const Rig& rig, PowerWalk& walk, Supplies& supplies) {
  for (std::size_t i = 0; i < rig.nodes.size(); ++i) {
    const Node& node = rig.nodes[i];
    const ExpanderUse* use =
        node.kind == NodeKind::expander ? rig.project->expander(node.id) : nullptr;
    const auto port = use != nullptr ? rig.port(i, "12v") : std::nullopt;
    if (!port) continue;
    Estimate<Watts> own;
    own.value = use->part->power.value;
    own.rests_on(use->part->power);
    const bool passive = use->part->type.value == ExpanderType::bifurcation;
    if (!own.known() && passive) own.value = Watts{0};
    if (!own.known()) own.missing.push_back("power of `" + use->part->id + "` is not known");
    gather_constant(walk, *port, node.id, node.at, own, supplies);
  }
}

void gather_host(const Rig& rig, PowerWalk& walk, Supplies& supplies) {
  if (rig.board == nullptr) return;
  Estimate<Watts> each = cpu_power(*rig.project);
  if (each.known()) each.value = *each / static_cast<double>(rig.project->cpu_count);
  for (std::size_t i = 0; i < rig.nodes.size(); ++i) {
    const Node& node = rig.nodes[i];
    if (node.kind != NodeKind::cpu) continue;
    if (const auto port = rig.port(i, "12v")) {
      gather_constant(walk, *port, node.id, node.at, each, supplies);
    }
  }
  gather_expanders(rig, walk, supplies);
  const auto board = rig.node(NodeKind::board, "board");
  const auto hub = board ? rig.port(*board, "12v") : std::nullopt;
  if (!hub) return;
  const PlatformRow& row = rig.project->spec.platform;
  gather_constant(walk, *hub, "platform", row.at, platform_power(*rig.project), supplies);
}

/// The circuit a supply hangs on, walking up its cord.
const CircuitRow* circuit_of(const Rig& rig, NodeId supply) {
  const View power = rig.view(Domain::power);
  std::optional<PortId> port = rig.port(supply, "mains");
  while (port) {
    const Node& node = rig.node_of(*port);
    if (node.kind == NodeKind::circuit) return rig.project->circuit(node.id);
    const auto [first, last] = in_edges(*port, power);
    port = first == last ? std::nullopt : std::optional<PortId>(source(*first, power));
  }
  return nullptr;
}

const Supply* supply_part(const Node& node) {
  return node.part != nullptr ? std::get_if<Supply>(node.part) : nullptr;
}

Estimate<Watts> rating_in_use(const Rig& rig, NodeId supply) {
  const Node& node = rig.nodes[supply];
  Estimate<Watts> none;
  const CircuitRow* circuit = circuit_of(rig, supply);
  if (circuit == nullptr) {
    none.missing.push_back("circuit of `" + node.id + "` is not decided");
    return none;
  }
  if (!circuit->volts.known()) {
    none.missing.push_back("voltage of circuit `" + circuit->id.value_or("") + "` is not known");
    return none;
  }
  Estimate<Watts> rating = rating_at(*supply_part(node), *circuit->volts);
  rating.rests_on(circuit->volts);
  return rating;
}

/// `watts` as far as nothing is missing that would add to it.
Estimate<Watts> complete(Watts watts, Confidence sure, const std::vector<std::string>& missing) {
  Estimate<Watts> e;
  if (missing.empty()) e.value = watts;
  e.confidence = sure;
  e.missing = missing;
  return e;
}

void finish(const Rig& rig, NodeId node, Gathered& g) {
  SupplyLoad& load = g.load;
  load.rating = rating_in_use(rig, node);
  load.peak = complete(g.peak, weakest(load.confidence, g.peak_confidence), load.missing);
  load.peak.missing.insert(load.peak.missing.end(), g.peak_missing.begin(), g.peak_missing.end());
  const Supply& supply = *supply_part(rig.nodes[node]);
  const Percent efficiency = supply.efficiency.value_or(default_efficiency());
  load.wall = complete(load.expected * (100.0 / efficiency.value), load.confidence, load.missing);
  load.wall.rests_on(supply.efficiency);
  if (!supply.efficiency.known()) {
    load.wall.confidence = Confidence::unverified;
    load.wall.missing.push_back("efficiency of `" + supply.id + "` is not known");
  }
}

}  // namespace

std::vector<SupplyLoad> supply_loads(const Rig& rig, Caps caps) {
  Supplies supplies;
  for (std::size_t i = 0; i < rig.nodes.size(); ++i) {
    if (rig.nodes[i].kind != NodeKind::supply || supply_part(rig.nodes[i]) == nullptr) continue;
    supplies[i].load.id = rig.nodes[i].id;
  }
  PowerWalk walk(rig);
  gather_cards(rig, caps, walk, supplies);
  gather_host(rig, walk, supplies);
  std::vector<SupplyLoad> loads;
  for (auto& [node, gathered] : supplies) {
    finish(rig, node, gathered);
    loads.push_back(std::move(gathered.load));
  }
  return loads;
}

namespace {

/// How sure what a unit draws for its load is.
Confidence unit_confidence(const MainsUnit& unit) {
  if (unit.efficiency.known()) return unit.efficiency.confidence;
  const bool ups = unit.kind.value_or(MainsUnitKind::ups) == MainsUnitKind::ups;
  return ups ? Confidence::unverified : Confidence::verified;
}

CircuitLoad empty_circuit(const CircuitRow& row) {
  CircuitLoad c;
  c.id = row.id.value_or("");
  c.at = row.at;
  c.volts = row.volts.value_or(Volts{0});
  c.breaker = row.breaker.value_or(Amps{0});
  c.other = row.other_load.value_or(Watts{0});
  c.expected = c.other;
  c.trip = c.volts * c.breaker;
  // NEC 210.20: a breaker carries loads of three hours and more to 80 % of its rating.
  c.continuous = 0.8 * c.trip;
  if (row.other_load.known()) c.confidence = row.other_load.confidence;
  if (!row.volts.known()) c.missing.push_back("voltage of circuit `" + c.id + "` is not known");
  if (!row.breaker.known()) c.missing.push_back("breaker of circuit `" + c.id + "` is not known");
  return c;
}

}  // namespace

std::vector<CircuitLoad> circuit_loads(const Rig& rig, Caps caps) {
  std::vector<CircuitLoad> circuits;
  for (const CircuitRow& row : rig.project->spec.mains.circuits) {
    circuits.push_back(empty_circuit(row));
  }
  std::set<const MainsUnit*> units;
  for (const SupplyLoad& load : supply_loads(rig, caps)) {
    const auto node = rig.node(NodeKind::supply, load.id);
    const CircuitRow* row = node ? circuit_of(rig, *node) : nullptr;
    if (row == nullptr) continue;
    const auto index = static_cast<std::size_t>(row - rig.project->spec.mains.circuits.data());
    CircuitLoad& c = circuits[index];
    c.supplies.push_back(load.id);
    // Everything on one UPS or PDU takes one outlet.
    const SupplyPlace* place = rig.layout.supply(load.id);
    const MainsUnit* unit =
        place == nullptr ? nullptr : rig.project->mains_unit(place->circuit.value_or(""));
    const bool first = unit == nullptr || units.insert(unit).second;
    if (first) c.outlets_used += 1;
    if (unit != nullptr && first) c.expected += unit->charging.value_or(Watts{0});
    c.confidence = weakest(c.confidence, load.wall.confidence);
    if (unit != nullptr) c.confidence = weakest(c.confidence, unit_confidence(*unit));
    if (load.wall.known()) {
      c.expected += unit == nullptr ? *load.wall : drawn_through(*unit, *load.wall);
    } else {
      c.missing.insert(c.missing.end(), load.missing.begin(), load.missing.end());
    }
  }
  return circuits;
}

}  // namespace rigtopo
