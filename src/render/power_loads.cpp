// Board, powered risers and cards of the power picture in words: draws, inlets, who feeds them.
#include "render/power_loads.hpp"

#include "physics/power_walk.hpp"
#include "render/views.hpp"

namespace rigtopo {
namespace {

void add_host_load(const PowerGraph& graph, Box& box, std::string_view what,
                   const Estimate<Watts>& watts, std::string_view net, NodeId board) {
  std::string words(what);
  words += watts.known() ? " " + watt_number(*watts) + " W" : ": power not known";
  const auto port = graph.rig().port(board, net);
  const auto sources = graph.sources_of(port);
  if (!sources.empty()) words += ", " + graph.names_of(sources);
  box.lines.push_back(small_line(words, watts.known() ? Color::muted : Color::alarm));
}
void add_board_inlets(const PowerGraph& graph, Box& box, NodeId n) {
  for (const BoardInlet& inlet : graph.rig().board->inlets) {
    if (!inlet.id.known()) continue;
    const bool slots = inlet.use.value_or(InletUse::board) == InletUse::slots;
    for (const std::string& id : numbered(*inlet.id, inlet.count.value_or(1))) {
      const auto port = graph.rig().port(n, inlet_port_name(id));
      if (!port) continue;
      box.subjects.push_back("board." + id);
      const bool fed = !graph.before(*port).empty();
      std::string words = id;
      if (inlet.plug.known()) words += " (" + std::string(plug_words(*inlet.plug)) + ")";
      if (!fed) words += slots || !inlet.required.value_or(true) ? ": not used" : ": not fed";
      const bool missing = !fed && !slots && inlet.required.value_or(true);
      Line line = small_line(words, missing ? Color::alarm : Color::ink, missing);
      line.port = graph.port_name(*port);
      box.lines.push_back(std::move(line));
    }
  }
}
void add_slot_load(const PowerGraph& graph, Box& box) {
  const SlotNetLoad load = slot_net_load(graph.rig());
  if (load.cards == 0) return;
  if (!load.limit.known()) {
    box.lines.push_back(small_line("slots together " + watt_number(load.expected) + " W"));
    return;
  }
  box.lines.push_back(meter_line("slots", load.expected.value, (*load.limit).value, "W",
                                 Color::muted, !load.missing.empty()));
}

/// A line for every slot that passes power on, so that each wire starts at its own place.
void add_slots(const PowerGraph& graph, Box& box, NodeId board) {
  std::vector<std::pair<PortId, std::string>> slots;
  const auto add = [&](PortId from, const std::string& to) {
    if (graph.owner(from) == board) slots.emplace_back(from, to);
  };
  for (const NodeId n : graph.ordered_devices()) {
    for (const NodeId riser : graph.powered_risers_above(n)) {
      const auto up = graph.rig().port(riser, "12v-up");
      if (!up || graph.after(*up).empty()) continue;
      for (const PortId from : graph.origins(*up)) add(from, graph.rig().nodes[riser].id);
    }
    for (const PortId from : graph.slot_origins(n)) add(from, graph.rig().nodes[n].id);
  }
  for (const auto& [from, to] : slots) {
    const std::string& name = graph.port_name(from);
    Line line = small_line(name.substr(name.find('.') + 1) + " to " + to);
    line.port = name;
    box.lines.push_back(std::move(line));
  }
}

std::string slot_fault(const PowerGraph& graph, NodeId n) {
  const DevicePlace* place = graph.rig().layout.device(graph.rig().nodes[n].id);
  const bool open = place == nullptr || !place->port.known() ||
                    (!place->chain_decided && place->mount.value != "direct");
  return open ? "feed undecided" : "not fed";
}

std::string slot_words(const PowerGraph& graph, NodeId n, const DeviceSources& from) {
  const Watts draw = card_draw(*graph.rig().project->device(graph.rig().nodes[n].id)->part,
                               limit_of(graph.rig(), graph.rig().nodes[n].id, Caps::as_set))
                         .slot_expected;
  std::string words = joined(from.slot, " + ");
  if (draw.value > 0) words += ", up to " + watt_number(draw) + " W";
  std::vector<std::string> through;
  for (const PortId p : graph.slot_origins(n)) {
    const Node& node = graph.node_at(p);
    add_once(through, node.kind == NodeKind::board ? "board" : node.id);
  }
  if (!through.empty()) words += " through " + joined(through, " + ");
  return words;
}

void add_draw(const PowerGraph& graph, Box& box, const DeviceUse& use) {
  const Device& part = *use.part;
  const auto limit = limit_of(graph.rig(), use.id, Caps::as_set);
  const CardDraw draw = card_draw(part, limit);
  if (!draw.total.known()) {
    box.lines.push_back(small_line("power not known", Color::alarm));
    return;
  }
  const bool capped = is_capped(graph.rig(), use);
  std::string words = watt_number(*draw.total) + " W";
  words += capped ? ", capped from " + watt_number(*part.power) + " W" : " as shipped";
  box.lines.push_back(small_line(words, Color::ink));
}

void add_sources(const PowerGraph& graph, Box& box, NodeId n, const Device& part,
                 const DeviceSources& from) {
  for (const Inlet& inlet : part.inlets) {
    if (!inlet.id.known()) continue;
    const auto port = graph.rig().port(n, inlet_port_name(*inlet.id));
    const auto sources = graph.sources_of(port);
    std::string words = *inlet.id;
    if (inlet.plug.known() && plug_words(*inlet.plug) != *inlet.id) {
      words += " (" + std::string(plug_words(*inlet.plug)) + ")";
    }
    words += sources.empty() ? ": not fed" : ": " + graph.names_of(sources);
    Line line = small_line(words, sources.empty() ? Color::alarm : Color::muted, sources.empty());
    if (port) line.port = graph.port_name(*port);
    box.lines.push_back(std::move(line));
  }
  const bool fed = !from.slot.empty();
  Line slot = small_line("slot: " + (fed ? slot_words(graph, n, from) : slot_fault(graph, n)),
                         fed ? Color::muted : Color::alarm);
  slot.port = "12v-slot";
  box.lines.push_back(std::move(slot));
}

}  // namespace

bool is_capped(const Rig& rig, const DeviceUse& use) {
  const auto limit = limit_of(rig, use.id, Caps::as_set);
  return limit && use.part->power.known() && *limit < *use.part->power;
}

Box board_box(const PowerGraph& graph, NodeId board) {
  Box box;
  box.id = "board";
  box.subjects = {"board", graph.rig().board->id};
  for (const NodeId cpu : graph.nodes_of(NodeKind::cpu))
    box.subjects.push_back(graph.rig().nodes[cpu].id);
  box.fill = Color::panel;
  box.border = Color::ink;
  box.frame = 1.2;
  const std::string name = graph.rig().board->name.value_or(graph.rig().board->id);
  box.lines.push_back(name_line("board", shortened(name, power_name_room, 9), 12));
  add_host_load(graph, box, "CPU", cpu_power(*graph.rig().project), "cpu-12v", board);
  add_host_load(graph, box, "memory, drives, fans", platform_power(*graph.rig().project), "12v",
                board);
  add_board_inlets(graph, box, board);
  add_slot_load(graph, box);
  add_slots(graph, box, board);
  return box;
}

namespace {

/// Name of a part with inlets of its own, and what each of them hangs on.
Box inlets_box(const PowerGraph& graph, NodeId n, const std::vector<Inlet>& inlets) {
  const Node& node = graph.rig().nodes[n];
  Box box;
  box.id = node.id;
  box.subjects = {node.id};
  box.border = Color::slate;
  box.lines.push_back(name_line(node.id, shortened(part_name(node.part), power_name_room, 9), 10));
  for (const Inlet& inlet : inlets) {
    if (!inlet.id.known()) continue;
    const auto port = graph.rig().port(n, inlet_port_name(*inlet.id));
    const auto sources = graph.sources_of(port);
    const bool fed = !sources.empty();
    Line line = small_line(*inlet.id + (fed ? ": " + graph.names_of(sources) : ": not fed"),
                           fed ? Color::muted : Color::alarm, !fed);
    if (port) line.port = graph.port_name(*port);
    box.lines.push_back(std::move(line));
  }
  return box;
}

}  // namespace

Box powered_expander_box(const PowerGraph& graph, NodeId n) {
  const auto& part = std::get<Expander>(*graph.rig().nodes[n].part);
  Box box = inlets_box(graph, n, part.inlets);
  if (part.power.known())
    box.lines.push_back(small_line("itself " + watt_number(*part.power) + " W"));
  return box;
}

Box powered_riser_box(const PowerGraph& graph, NodeId n, const std::string& device) {
  const auto& part = std::get<Riser>(*graph.rig().nodes[n].part);
  Box box = inlets_box(graph, n, part.inlets);
  box.devices = {device};
  const SlotFeed feed = slot_feed_of(part);
  if (feed == SlotFeed::joined || feed == SlotFeed::unknown_cut) {
    const bool unknown = feed == SlotFeed::unknown_cut;
    box.lines.push_back(small_line(
        unknown ? "nobody says whether 12 V of the board is cut" : "12 V of the board is NOT cut",
        Color::alarm));
  } else if (feed == SlotFeed::own) {
    box.lines.push_back(small_line("12 V of the board is cut"));
  }
  return box;
}

Box fed_card_box(const PowerGraph& graph, NodeId n, const DeviceUse& use) {
  const Node& node = graph.rig().nodes[n];
  const DeviceSources from = device_sources(graph.rig(), node.id);
  Box box;
  box.id = node.id;
  box.subjects = {node.id};
  box.devices = {node.id};
  box.fill = Color::panel;
  box.border = Color::ink;
  const auto& main = from.aux.empty() ? from.slot : from.aux;
  const auto supply =
      main.empty() ? std::nullopt : graph.rig().node(NodeKind::supply, main.front());
  if (supply) {
    box.fill = graph.mark_of(*supply).tint;
    box.border = graph.mark_of(*supply).line;
  }
  box.frame = 1.2;
  box.lines.push_back(name_line(node.id, shortened(part_name(node.part), power_name_room, 9), 12));
  add_draw(graph, box, use);
  add_sources(graph, box, n, *use.part, from);
  return box;
}

}  // namespace rigtopo
