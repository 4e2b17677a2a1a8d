// What single conductors carry: inlets with their cables, outputs, and the 12 V of the board's
// slots.
#include <algorithm>
#include <map>

#include "physics/power.hpp"
#include "physics/power_walk.hpp"

namespace rigtopo {
namespace {

/// What one inlet carries.
struct Carried {
  PortId port = 0;
  Plug plug{};
  Watts watts;
  Confidence confidence = Confidence::verified;
  std::vector<std::string> missing;
};

void share_out(const std::vector<FedInlet>& inlets, Watts watts, Confidence sure,
               const std::vector<std::string>& missing, std::vector<Carried>& out) {
  const std::vector<double> parts = split_by_rating(inlets);
  for (std::size_t i = 0; i < inlets.size(); ++i) {
    out.push_back({inlets[i].port, inlets[i].plug, watts * parts[i], sure, missing});
  }
}

/// The riser in a card's chain whose inlets feed the card's slot: the last one with a feed of its
/// own.
std::optional<NodeId> feeding_riser(const Rig& rig, NodeId device) {
  const View power = rig.view(Domain::power);
  std::optional<PortId> port = rig.port(device, "12v-slot");
  while (port) {
    std::optional<PortId> above;
    const auto [first, last] = in_edges(*port, power);
    for (auto it = first; it != last; ++it) {
      const PortId from = source(*it, power);
      const Node& node = rig.node_of(from);
      if (node.kind != NodeKind::riser) continue;
      const bool inlet = rig.graph[from].name != "12v-up" && rig.graph[from].name != "12v-down";
      if (inlet) return rig.graph[from].node;
      above = from;
    }
    port = above;
  }
  return std::nullopt;
}

void carried_by_cards(const Rig& rig, Caps caps, std::vector<Carried>& out) {
  for (const PlacedDevice& d : placed_devices(rig, caps)) {
    const Estimate<Watts>& total = d.draw.total;
    const Confidence sure = weakest(total.confidence, d.draw.split);
    share_out(fed_inlets(rig, d.node, d.use->part->inlets), d.draw.aux_expected, sure,
              total.missing, out);
    const auto riser = feeding_riser(rig, d.node);
    if (!riser || rig.nodes[*riser].part == nullptr) continue;
    const Riser& part = std::get<Riser>(*rig.nodes[*riser].part);
    share_out(fed_inlets(rig, *riser, part.inlets), d.draw.slot_expected, sure, {}, out);
  }
}

void carried_by_board(const Rig& rig, Caps caps, std::vector<Carried>& out) {
  const SlotNetLoad slots = slot_net_load(rig, caps);
  share_out(fed_board_inlets(rig, false), slots.expected, slots.confidence, slots.missing, out);
  const Estimate<Watts> cpu = cpu_power(*rig.project);
  share_out(fed_board_inlets(rig, true), cpu.value.value_or(Watts{0}), cpu.confidence, cpu.missing,
            out);
}

/// Inlets of an expander carry its own power and the 12 V of its slots.
void carried_by_expanders(const Rig& rig, Caps caps, std::vector<Carried>& out) {
  for (const ExpanderLoad& load : expander_loads(rig, caps)) {
    const ExpanderUse* use = rig.project->expander(load.id);
    const auto node = rig.node(NodeKind::expander, load.id);
    if (use == nullptr || !node) continue;
    share_out(fed_inlets(rig, *node, use->part->inlets), load.expected, load.confidence,
              load.missing, out);
  }
}

std::vector<Carried> carried_by_inlets(const Rig& rig, Caps caps) {
  std::vector<Carried> out;
  carried_by_cards(rig, caps, out);
  carried_by_expanders(rig, caps, out);
  carried_by_board(rig, caps, out);
  return out;
}

std::string name_of(const Rig& rig, PortId p) {
  return rig.node_of(p).id + "." + rig.graph[p].name;
}

/// Nodes of the cables on an inlet, in the order they were put on.
std::vector<NodeId> cables_on(const Rig& rig, PortId inlet) {
  const View power = rig.view(Domain::power);
  std::vector<NodeId> cables;
  const auto [first, last] = in_edges(inlet, power);
  for (auto it = first; it != last; ++it) cables.push_back(rig.graph[source(*it, power)].node);
  return cables;
}

const PowerCable* cable_part(const Node& node) {
  return node.part != nullptr ? std::get_if<PowerCable>(node.part) : nullptr;
}

/// The kind of output a port "out.pcie1" belongs to; nullptr when there is none.
const Output* output_of(const Rig& rig, PortId port) {
  const AnyPart* part = rig.node_of(port).part;
  if (part == nullptr) return nullptr;
  const std::vector<Output>* outputs = nullptr;
  if (const Supply* s = std::get_if<Supply>(part)) outputs = &s->outputs;
  if (const Breakout* b = std::get_if<Breakout>(part)) outputs = &b->outputs;
  if (outputs == nullptr) return nullptr;
  for (const Output& o : *outputs) {
    if (!o.id.known()) continue;
    for (const std::string& id : numbered(*o.id, o.count.value_or(1))) {
      if (rig.graph[port].name == "out." + id) return &o;
    }
  }
  return nullptr;
}

/// "psu0.pcie1" for an output port of a supply or its breakout.
std::string address_of(const Rig& rig, PortId port) {
  std::string owner = rig.node_of(port).id;
  if (rig.node_of(port).kind == NodeKind::breakout) owner.resize(owner.rfind('.'));
  return owner + "." + rig.graph[port].name.substr(4);
}

OutputLoad empty_output(const Rig& rig, PortId port, const Output& output) {
  OutputLoad load;
  load.id = address_of(rig, port);
  load.plug = output.plug.value_or(Plug::pcie_6pin);
  const Estimate<Watts> rating = output_rating(output);
  load.rating = *rating;
  load.confidence = rating.confidence;
  if (!output.plug.known()) load.missing.push_back("plug of `" + load.id + "` is not known");
  return load;
}

}  // namespace

std::vector<InletLoad> inlet_loads(const Rig& rig, Caps caps) {
  std::vector<InletLoad> loads;
  for (Carried& c : carried_by_inlets(rig, caps)) {
    InletLoad load;
    load.id = name_of(rig, c.port);
    load.plug = c.plug;
    load.carried = c.watts;
    load.rating = plug_rating(c.plug);
    load.confidence = c.confidence;
    load.missing = std::move(c.missing);
    for (const NodeId node : cables_on(rig, c.port)) {
      const Node& cable = rig.nodes[node];
      if (load.cable.empty()) {
        load.cable = cable.id;
        load.at = cable.at;
      }
      const PowerCable* part = cable_part(cable);
      if (part == nullptr || !part->power.known()) continue;
      load.rating = std::min(load.rating, *part->power);
      load.confidence = weakest(load.confidence, part->power.confidence);
    }
    loads.push_back(std::move(load));
  }
  return loads;
}

namespace {

/// An output that feeds an inlet, and the cable between.
struct Source12V {
  PortId output = 0;
  NodeId cable = 0;
};
std::vector<Source12V> outputs_behind(const Rig& rig, PortId inlet) {
  const View power = rig.view(Domain::power);
  std::vector<Source12V> outputs;
  for (const NodeId cable : cables_on(rig, inlet)) {
    for (int i = 0;; ++i) {
      const auto in = rig.port(cable, "in" + std::to_string(i));
      if (!in) break;
      const auto [first, last] = in_edges(*in, power);
      for (auto it = first; it != last; ++it) outputs.push_back({source(*it, power), cable});
    }
  }
  return outputs;
}

}  // namespace

std::vector<OutputLoad> output_loads(const Rig& rig, Caps caps) {
  std::map<PortId, OutputLoad> by_port;  // supplies come in the layout's order
  for (const Carried& c : carried_by_inlets(rig, caps)) {
    const std::vector<Source12V> outputs = outputs_behind(rig, c.port);
    for (const Source12V& s : outputs) {
      const Output* output = output_of(rig, s.output);
      if (output == nullptr) continue;
      const auto [it, fresh] = by_port.try_emplace(s.output);
      OutputLoad& load = it->second;
      if (fresh) load = empty_output(rig, s.output, *output);
      if (fresh) load.at = rig.nodes[s.cable].at;
      load.carried += c.watts / static_cast<double>(outputs.size());
      load.feeds += (load.feeds.empty() ? "" : ", ") + name_of(rig, c.port);
      load.confidence = weakest(load.confidence, c.confidence);
      load.missing.insert(load.missing.end(), c.missing.begin(), c.missing.end());
    }
  }
  std::vector<OutputLoad> loads;
  loads.reserve(by_port.size());
  for (auto& entry : by_port) loads.push_back(std::move(entry.second));
  return loads;
}

std::vector<ExpanderLoad> expander_loads(const Rig& rig, Caps caps) {
  std::vector<ExpanderLoad> loads;
  const View power = rig.view(Domain::power);
  for (const ExpanderUse& use : rig.project->expanders) {
    const auto hub = rig.port(use.id, "12v");
    if (!hub) continue;
    ExpanderLoad load;
    load.id = use.id;
    load.confidence = use.part->power.confidence;
    if (use.part->power.known()) load.expected = load.worst = *use.part->power;
    const bool passive = use.part->type.value == ExpanderType::bifurcation;
    if (!use.part->power.known() && !passive) {
      load.missing.push_back("power of `" + use.part->id + "` is not known");
    }
    for (const PlacedDevice& d : placed_devices(rig, caps)) {
      // Up from the card's slot, until the hub is met or copper ends.
      std::vector<PortId> open;
      if (const auto slot = rig.port(d.node, "12v-slot")) open.push_back(*slot);
      bool below = false;
      while (!open.empty() && !below) {
        const PortId port = open.back();
        open.pop_back();
        below = port == *hub;
        const auto [first, last] = in_edges(port, power);
        for (auto it = first; it != last; ++it) {
          if (rig.node_of(source(*it, power)).kind != NodeKind::cable) {
            open.push_back(source(*it, power));
          }
        }
      }
      if (!below) continue;
      load.devices.push_back(d.use->id);
      load.expected += d.draw.slot_expected;
      load.worst += d.draw.slot_worst;
      load.confidence = weakest(load.confidence, d.draw.split);
    }
    loads.push_back(std::move(load));
  }
  return loads;
}

SlotNetLoad slot_net_load(const Rig& rig, Caps caps) {
  SlotNetLoad net;
  if (rig.board != nullptr && rig.board->slot_power_limit.known()) {
    net.limit.value = *rig.board->slot_power_limit;
    net.limit.rests_on(rig.board->slot_power_limit);
  } else if (rig.board != nullptr) {
    net.limit.missing.push_back("slot power limit of `" + rig.board->id + "` is not known");
  }
  for (const PlacedDevice& d : placed_devices(rig, caps)) {
    if (!on_slot_net(rig, d.node)) continue;
    net.expected += d.draw.slot_expected;
    net.worst += d.draw.slot_worst;
    net.cards += 1;
    net.subjects.push_back(d.use->id);
    net.confidence =
        weakest(net.confidence, d.draw.takes_aux ? d.draw.split : d.draw.total.confidence);
    if (d.draw.takes_aux || d.draw.total.known()) continue;
    net.missing.insert(net.missing.end(), d.draw.total.missing.begin(), d.draw.total.missing.end());
  }
  return net;
}

}  // namespace rigtopo
