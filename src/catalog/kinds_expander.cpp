// One link in, several out: PCIe switches and bifurcation cards; and the bridges between NVLink
// connectors. What a link behind them trains to is computed in physics/; here only that a part does
// not contradict itself.
#include <algorithm>

#include "catalog/kinds.hpp"

namespace rigtopo {

const ExpanderPort* Expander::port(std::string_view wanted) const {
  const auto it = std::find_if(ports.begin(), ports.end(), [&](const ExpanderPort& p) {
    return p.id.known() && *p.id == wanted;
  });
  return it == ports.end() ? nullptr : &*it;
}

const Fields<ExpanderPort>& Table<ExpanderPort>::fields() {
  using S = ExpanderPort;
  static const Fields<S> list{
      field_of<S>("id", &BoardConnector::id, Need::required, "Name of the port: `P1`."),
      field_of<S>("socket", &BoardConnector::socket, Need::required,
                  "What a card or riser plugs into."),
      field("count", &S::count, Need::optional,
            "How many connectors are used together; default 1. Two 8i connectors carry x16."),
      field_of<S>("width", &BoardConnector::width, Need::required, "Lanes of the port."),
      field_of<S>("mechanical", &BoardConnector::mechanical, Need::optional,
                  "Length of a slot in lanes; default `width`."),
      field_of<S>("first_lane", &BoardConnector::first_lane, Need::optional,
                  "Bifurcation: first lane within the upstream port; default 0."),
      field_of<S>("generation", &BoardConnector::generation, Need::optional,
                  "Best generation of the port; default: that of the part."),
      field_of<S>("position", &BoardConnector::position, Need::optional,
                  "Middle of the connector's face, from the upstream connector."),
      field_of<S>("board_loss", &BoardConnector::board_loss, Need::optional,
                  "Loss from the switch chip to the connector."),
      field_of<S>("open_ended", &BoardConnector::open_ended, Need::optional,
                  "The slot takes a card longer than itself; default false."),
      field_of<S>("pinout", &BoardConnector::pinout, Need::optional,
                  "Cable connectors: lane order and side bands, by the maker's name for it.")};
  return list;
}

const Fields<Expander>& Table<Expander>::fields() {
  using S = Expander;
  static const Fields<S> list = detail::part_fields<S>(
      {field("type", &S::type, Need::required,
             "`switch`: a chip that forwards packets; `bifurcation`: lanes of one divided core."),
       field("chip", &S::chip, Need::optional, "Chip inside: `PM50100`, `PEX89104`."),
       field("up", &S::up, Need::required, "The end towards the board."),
       field("width", &S::width, Need::required, "Lanes of the upstream link."),
       field("generation", &S::generation, Need::optional, "Best generation it is made for."),
       field("ports", &S::ports, Need::required, "Where devices hang."),
       field("split", &S::split, Need::optional,
             "Bifurcation: how the core has to be divided for it: `x8x8`, `x4x4x4x4`."),
       field("loss", &S::loss, Need::optional, "Bifurcation: insertion loss by generation."),
       field("retimer", &S::retimer, Need::optional,
             "Bifurcation: it restarts the loss budget; default false."),
       field("partitions", &S::partitions, Need::optional,
             "Virtual switches that the chip can be set up as. A layout knows one."),
       field("power", &S::power, Need::optional, "Its own power, without its slots."),
       field("slot_feed", &S::slot_feed, Need::optional,
             "Where the 12 V of its slots comes from; default `own` with inlets, else `host`."),
       field("inlets", &S::inlets, Need::optional, "Power connectors."),
       field("length", &S::length, Need::optional, "Of the board or card as a whole."),
       field("height", &S::height, Need::optional, "From the edge connector, or of the board."),
       field("thickness", &S::thickness, Need::optional, "Across the slots.")});
  return list;
}

const Fields<Bridge>& Table<Bridge>::fields() {
  using S = Bridge;
  static const Fields<S> list = detail::part_fields<S>(
      {field("fits", &S::fits, Need::optional, "Cards (ids) or chips it is made for."),
       field("slots", &S::slots, Need::optional, "Distance of the two cards in slots: 2, 3, 4."),
       field("span", &S::span, Need::optional, "The same in millimetres; default: slots x 20.32."),
       field("links", &S::links, Need::optional, "NVLinks that it carries.")});
  return list;
}

namespace {

void complete(Expander& e) {
  detail::default_to(e.up.count, 1);
  detail::default_to(e.retimer, false);
  detail::default_to(e.partitions, 1);
  for (ExpanderPort& p : e.ports) {
    detail::default_to(p.count, 1);
    detail::default_to(p.first_lane, 0);
    detail::default_to(p.generation, e.generation);
    detail::default_to(p.open_ended, false);
    if (p.socket.known() && *p.socket == Socket::slot) detail::default_to(p.mechanical, p.width);
  }
  const bool slots = std::any_of(e.ports.begin(), e.ports.end(),
                                 [](const auto& p) { return p.socket.value == Socket::slot; });
  const SlotFeed feed = !slots             ? SlotFeed::none
                        : e.inlets.empty() ? SlotFeed::host
                                           : SlotFeed::unknown_cut;
  detail::default_to(e.slot_feed, feed);
}

/// Every port of a bifurcation card is one piece of its split.
void check_split(const Expander& e, Diagnostics& out) {
  if (!e.type.known()) return;
  if (*e.type == ExpanderType::switch_chip) {
    if (e.split.known()) {
      out.report(codes::contradictory, e.split.at, "`split` on a switch, which needs none");
    }
    return;
  }
  if (!e.split.known()) {
    out.report(codes::missing_key, e.split.at.known() ? e.split.at : e.at,
               "`split` is missing: a bifurcation card has to say how its core is divided");
    return;
  }
  if (e.width.known() && e.split->lanes() != e.width->value) {
    out.report(codes::contradictory, e.split.at,
               "`" + e.split->text + "` makes x" + std::to_string(e.split->lanes()) +
                   "; the part is " + to_text(*e.width));
  }
  for (const ExpanderPort& p : e.ports) {
    int lane = 0;
    bool there = false;
    for (const int piece : e.split->pieces) {
      there =
          there || (lane == p.first_lane.value_or(0) && p.width.known() && p.width->value == piece);
      lane += piece;
    }
    if (there || !p.width.known()) continue;
    out.report(codes::contradictory, p.at,
               "`" + p.id.value_or("?") + "` is " + to_text(*p.width) + " from lane " +
                   std::to_string(p.first_lane.value_or(0)) + ", which is no piece of " +
                   e.split->text);
  }
}

void validate_expander(const AnyPart& part, Diagnostics& out) {
  const Expander& e = std::get<Expander>(part);
  detail::UniqueIds ports("port", out);
  for (const ExpanderPort& p : e.ports) {
    ports.add(p.id);
    detail::check_count(p.count, "count", 1, 4, out);
  }
  detail::check_count(e.up.count, "count", 1, 4, out);
  detail::check_count(e.partitions, "partitions", 1, 16, out);
  detail::check_inlets(e.inlets, out);
  detail::check_positive(e.power, "power", out);
  detail::check_positive(e.length, "length", out);
  detail::check_positive(e.height, "height", out);
  detail::check_positive(e.thickness, "thickness", out);
  check_split(e, out);
  if (e.ports.empty()) out.report(codes::contradictory, e.at, "an expander without a port");
  const SlotFeed feed = e.slot_feed.value_or(SlotFeed::host);
  if (e.inlets.empty() && feed != SlotFeed::host && feed != SlotFeed::none) {
    out.report(codes::contradictory, e.slot_feed.at.known() ? e.slot_feed.at : e.at,
               "`slot_feed: " + std::string(word(feed)) + "` needs `inlets`, and there are none");
  }
}

std::string expander_reference() {
  return reference_table<Expander>() + nested_reference<RiserEnd>("up") +
         nested_reference<ExpanderPort>("ports") + nested_reference<LossAt>("loss") +
         nested_reference<Inlet>("inlets");
}

// Distance of neighbouring slots: 0.8 in (ATX specification 2.2).
constexpr double slot_pitch = 20.32;

void complete_bridge(Bridge& b) {
  if (!b.span.known() && !b.span.at.known() && b.slots.known()) {
    b.span = Fact<Millimetres>(Millimetres{slot_pitch * *b.slots}, b.slots.at, b.slots.confidence);
  }
}

void validate_bridge(const AnyPart& part, Diagnostics& out) {
  const Bridge& b = std::get<Bridge>(part);
  detail::check_count(b.slots, "slots", 1, 8, out);
  detail::check_count(b.links, "links", 1, 18, out);
  detail::check_positive(b.span, "span", out);
}

std::string reference_bridge() { return reference_table<Bridge>(); }

}  // namespace

const Kind expander_kind{"expander",
                         "PCIe switch or bifurcation card",
                         "sw",
                         detail::read_part<Expander, complete>,
                         validate_expander,
                         struct_schema<Expander>,
                         expander_reference};
const Kind bridge_kind{"bridge",        "NVLink bridge",
                       "bridge",        detail::read_part<Bridge, complete_bridge>,
                       validate_bridge, struct_schema<Bridge>,
                       reference_bridge};

}  // namespace rigtopo
