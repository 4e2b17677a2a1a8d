// Parts of a chain between port and card: ribbons, adapters, cables, retimers. What mates with what
// and what signal is left is computed in physics/; here only that a part does not contradict
// itself.
#include <set>

#include "catalog/kinds.hpp"

namespace rigtopo {

const Fields<RiserEnd>& Table<RiserEnd>::fields() {
  using S = RiserEnd;
  static const Fields<S> list{
      field("socket", &S::socket, Need::required, "What it plugs into, or what it offers."),
      field("count", &S::count, Need::optional,
            "How many connectors are used together; default 1. Two 8i connectors carry x16."),
      field("pinout", &S::pinout, Need::optional,
            "Cable connectors: lane order and side bands, by the maker's name for it.")};
  return list;
}

void Table<RiserEnd>::from_scalar(RiserEnd& end, const Value& value, Reader& reader) {
  end.at = value.at;
  end.socket = read_fact<Socket>(value, "socket", reader);
}

const Fields<LossAt>& Table<LossAt>::fields() {
  using S = LossAt;
  static const Fields<S> list{
      field("generation", &S::generation, Need::required,
            "Generation at whose Nyquist frequency the loss was measured."),
      field("loss", &S::loss, Need::required, "Insertion loss with both connectors.")};
  return list;
}

const Fields<Riser>& Table<Riser>::fields() {
  using S = Riser;
  static const Fields<S> list = detail::part_fields<S>(
      {field("type", &S::type, Need::required, "What the signal passes through."),
       field("from", &S::from, Need::required, "The end towards the board."),
       field("to", &S::to, Need::required, "The end towards the card."),
       field("width", &S::width, Need::required, "Lanes of the whole part."),
       field("generation", &S::generation, Need::optional, "Best generation it is sold for."),
       field("proven", &S::proven, Need::optional,
             "Best generation that field experience confirms."),
       field("length", &S::length, Need::optional, "Between connector faces; 0 mm for an adapter."),
       field("loss", &S::loss, Need::optional,
             "Insertion loss by generation. Without it a pessimistic figure is used."),
       field("gain", &S::gain, Need::optional, "What a redriver gives back."),
       field("retimer", &S::retimer, Need::optional,
             "It restarts the loss budget; default: true for type `retimer`."),
       field("slot_feed", &S::slot_feed, Need::optional,
             "Where the 12 V of the slot at its end comes from. Required when `to` is a slot; "
             "`unknown-cut` when nobody says whether the host's 12 V is cut."),
       field("inlets", &S::inlets, Need::optional, "Power connectors of its own.")});
  return list;
}

namespace {

void complete(Riser& riser) {
  detail::default_to(riser.from.count, 1);
  detail::default_to(riser.to.count, 1);
  if (riser.type.known()) detail::default_to(riser.retimer, *riser.type == RiserType::retimer);
  if (riser.to.socket.known() && *riser.to.socket != Socket::slot) {
    detail::default_to(riser.slot_feed, SlotFeed::none);
  }
}

/// Lanes one connector can carry.
int lanes_of(Socket socket) {
  switch (socket) {
    case Socket::slot:
    case Socket::ocp:
      return 16;
    case Socket::slimsas_8i:
    case Socket::mcio_8i:
    case Socket::oculink_8i:
      return 8;
    case Socket::slimsas_4i:
    case Socket::mcio_4i:
    case Socket::oculink_4i:
    case Socket::m2:
    case Socket::u2:
      return 4;
  }
  return 16;
}

void check_end(const RiserEnd& end, std::string_view key, const Riser& riser, Diagnostics& out) {
  detail::check_count(end.count, "count", 1, 4, out);
  if (!end.socket.known() || !end.count.known() || !riser.width.known()) return;
  const int carried = lanes_of(*end.socket) * *end.count;
  if (riser.width->value > carried) {
    out.report(codes::contradictory, riser.width.at,
               "the part is " + to_text(*riser.width) + " wide; its end `" + std::string(key) +
                   "` carries x" + std::to_string(carried))
        .labels.push_back({end.at, "connector given here"});
  }
}

void check_slot_feed(const Riser& riser, Diagnostics& out) {
  const bool ends_in_slot = riser.to.socket.known() && *riser.to.socket == Socket::slot;
  if (ends_in_slot && !riser.slot_feed.known()) {
    out.report(codes::missing_key, riser.slot_feed.at.known() ? riser.slot_feed.at : riser.at,
               "`slot_feed` is missing: a riser that ends in a slot has to say where the 12 V "
               "comes from",
               "write `slot_feed: unknown-cut` when nobody knows whether the host's 12 V is cut");
    return;
  }
  if (!riser.slot_feed.known()) return;
  const SlotFeed feed = *riser.slot_feed;
  const Source at = riser.slot_feed.at.known() ? riser.slot_feed.at : riser.at;
  const std::string written = "`slot_feed: " + std::string(word(feed)) + "`";
  if (ends_in_slot && feed == SlotFeed::none) {
    out.report(codes::contradictory, at, written + " on a riser that ends in a slot");
  }
  if (!ends_in_slot && feed != SlotFeed::none) {
    out.report(codes::contradictory, at, written + " on a riser that does not end in a slot");
    return;
  }
  const bool own =
      feed == SlotFeed::own || feed == SlotFeed::joined || feed == SlotFeed::unknown_cut;
  if (own && riser.inlets.empty()) {
    out.report(codes::contradictory, at, written + " needs `inlets`, and there are none");
  }
  if (feed == SlotFeed::host && !riser.inlets.empty()) {
    out.report(codes::contradictory, at,
               written + " on a riser with inlets of its own: its 12 V has two sources",
               "write `own`, `joined` or `unknown-cut`");
  }
  const bool host_has_power = riser.from.socket.known() && *riser.from.socket == Socket::slot;
  if (feed == SlotFeed::host && riser.from.socket.known() && !host_has_power) {
    out.report(codes::contradictory, at,
               written + " from a " + std::string(word(*riser.from.socket)) +
                   ", which carries no slot power");
  }
}

void validate_riser(const AnyPart& part, Diagnostics& out) {
  const Riser& riser = std::get<Riser>(part);
  check_end(riser.from, "from", riser, out);
  check_end(riser.to, "to", riser, out);
  check_slot_feed(riser, out);
  detail::check_inlets(riser.inlets, out);
  std::set<PcieGen> generations;
  for (const LossAt& at : riser.loss) {
    if (at.generation.known() && !generations.insert(*at.generation).second) {
      out.report(codes::contradictory, at.generation.at,
                 "loss at " + to_text(*at.generation) + " is given twice");
    }
    if (at.loss.known() && at.loss->value < 0) {
      out.report(codes::out_of_range, at.loss.at,
                 "a loss is not negative; `gain` is for redrivers");
    }
  }
  if (riser.length.known() && riser.length->value < 0) {
    out.report(codes::out_of_range, riser.length.at, "`length` is negative");
  }
  if (!riser.type.known()) return;
  const bool is_retimer = *riser.type == RiserType::retimer;
  if (riser.retimer.known() && is_retimer && !*riser.retimer) {
    out.report(codes::contradictory, riser.retimer.at, "`retimer: false` on type `retimer`");
  }
  if (riser.gain.known() && *riser.type == RiserType::ribbon) {
    out.report(codes::contradictory, riser.gain.at, "`gain` on a ribbon, which is passive");
  }
}

std::string riser_reference() {
  return reference_table<Riser>() + nested_reference<RiserEnd>("from and to") +
         nested_reference<LossAt>("loss") + nested_reference<Inlet>("inlets");
}

}  // namespace

const Kind riser_kind{
    "riser",        "Riser part",         "riser",        detail::read_part<Riser, complete>,
    validate_riser, struct_schema<Riser>, riser_reference};

}  // namespace rigtopo
