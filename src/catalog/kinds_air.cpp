// Air as parts describe it: the zones, passages and fan positions of a frame, the flow figures of a
// card. Holds the figures against one another; what flows is computed in physics/.
#include <algorithm>
#include <set>

#include "catalog/kinds.hpp"

namespace rigtopo {

const Fields<CardAirflow>& Table<CardAirflow>::fields() {
  using S = CardAirflow;
  static const Fields<S> list{
      field("drop", &S::drop, Need::optional, "Passive cards: pressure it costs at `flow`."),
      field("flow", &S::flow, Need::optional, "Passive cards: flow that belongs to `drop`."),
      field("exponent", &S::exponent, Need::optional,
            "How pressure grows with flow: 1 laminar fins, 2 orifices; default 2."),
      field("free_flow", &S::free_flow, Need::optional,
            "Cards with fans: flow of the whole card without resistance."),
      field("shut_off", &S::shut_off, Need::optional,
            "Cards with fans: pressure of the whole card without flow."),
      field("need", &S::need, Need::optional, "Flow the maker asks for at full power."),
      field("max_inlet", &S::max_inlet, Need::optional, "Warmest air it may breathe."),
      field("max_core", &S::max_core, Need::optional, "Chip temperature at which it slows down."),
      field("thermal_resistance", &S::thermal_resistance, Need::optional,
            "Chip over inlet air for each watt of the card.")};
  return list;
}

const Fields<FrameOpening>& Table<FrameOpening>::fields() {
  using S = FrameOpening;
  static const Fields<S> list{
      field("id", &S::id, Need::required, "Name: `grille`, `gap-over-cards`."),
      field("from", &S::from, Need::required, "Zone it starts in, or `room`."),
      field("to", &S::to, Need::required, "Zone it ends in, or `room`."),
      field("drop", &S::drop, Need::required, "Pressure it costs at `flow`."),
      field("flow", &S::flow, Need::required, "Flow that belongs to `drop`."),
      field("exponent", &S::exponent, Need::optional,
            "How pressure grows with flow: 1 laminar, 1.5 to 1.9 filters, 2 grilles; default 2."),
      field("filter", &S::filter, Need::optional, "It is a dense filter.")};
  return list;
}

const Fields<FanPosition>& Table<FanPosition>::fields() {
  using S = FanPosition;
  static const Fields<S> list{
      field("id", &S::id, Need::required,
            "Name of the row: `wall` with `count: 4` gives `wall-1` to `wall-4`."),
      field("count", &S::count, Need::optional, "How many equal ones; default 1."),
      field("size", &S::size, Need::optional, "Width of the fan it takes."),
      field("from", &S::from, Need::required, "Zone the fan sucks from, or `room`."),
      field("to", &S::to, Need::required, "Zone it blows into, or `room`.")};
  return list;
}

const Fields<FrameAir>& Table<FrameAir>::fields() {
  using S = FrameAir;
  static const Fields<S> list{
      field("zones", &S::zones, Need::required, "Names of the spaces that air mixes in."),
      field("passages", &S::passages, Need::optional,
            "Grilles, filters, gaps, leaks and ways back."),
      field("fans", &S::fans, Need::optional, "Places for fans."),
      field("board", &S::board, Need::optional, "Zone that the board, CPUs and drives warm."),
      field("supplies", &S::supplies, Need::optional,
            "Zone that the supplies blow into; without it they breathe and warm the room."),
      field("cards", &S::cards, Need::optional, "Zone that cards in the board's slots breathe."),
      field("cards_exhaust", &S::cards_exhaust, Need::optional,
            "Zone that cards in the board's slots blow into, or `room`.")};
  return list;
}

namespace detail {
namespace {

/// The zones of a frame; `room` is always one.
class Zones {
 public:
  Zones(const FrameAir& air, Diagnostics& out) : out_(out) {
    UniqueIds ids("air zone", out);
    for (const Fact<std::string>& zone : air.zones) {
      if (!zone.known()) continue;
      if (*zone == "room") {
        out.report(codes::contradictory, zone.at,
                   "`room` stands for the air around the frame and can't name a zone in it");
        continue;
      }
      ids.add(zone);
      names_.push_back(*zone);
    }
  }

  void check(const Fact<std::string>& zone, std::string_view what, bool or_room) {
    if (!zone.known() || has(*zone) || (or_room && *zone == "room")) return;
    std::vector<std::string> candidates = names_;
    if (or_room) candidates.emplace_back("room");
    const auto near = did_you_mean(*zone, candidates);
    out_.report(codes::unknown_id, zone.at,
                std::string(what) + " names the air zone `" + *zone + "`, which is not there",
                near ? "did you mean `" + *near + "`?" : "");
  }
  bool has(const std::string& zone) const {
    return std::find(names_.begin(), names_.end(), zone) != names_.end();
  }
  const std::vector<std::string>& names() const { return names_; }

 private:
  std::vector<std::string> names_;
  Diagnostics& out_;
};

template <class Way>
void check_way(const Way& way, const std::string& what, Zones& zones, Diagnostics& out) {
  zones.check(way.from, what, true);
  zones.check(way.to, what, true);
  if (way.from.known() && way.to.known() && *way.from == *way.to) {
    out.report(codes::contradictory, way.to.at, what + " leads from `" + *way.from + "` to itself");
  }
}

void check_passage(const FrameOpening& p, Zones& zones, Diagnostics& out) {
  check_way(p, "the passage `" + p.id.value_or("?") + "`", zones, out);
  check_positive(p.drop, "drop", out);
  check_positive(p.flow, "flow", out);
}

void check_position(const FanPosition& f, Zones& zones, Diagnostics& out) {
  check_way(f, "the fan position `" + f.id.value_or("?") + "`", zones, out);
  check_count(f.count, "count", 1, 64, out);
  check_positive(f.size, "size", out);
}

/// Air needs a passage or a fan position that leads, over others, to the room.
void check_ways_out(const FrameAir& air, Diagnostics& out) {
  std::vector<std::pair<std::string, std::string>> ways;
  for (const FrameOpening& p : air.passages) ways.emplace_back(*p.from.value, *p.to.value);
  for (const FanPosition& f : air.fans) ways.emplace_back(*f.from.value, *f.to.value);
  std::set<std::string> open{"room"};
  for (bool grew = true; grew;) {
    grew = false;
    for (const auto& [a, b] : ways) {
      if (open.contains(a) == open.contains(b)) continue;
      open.insert(open.contains(a) ? b : a);
      grew = true;
    }
  }
  for (const Fact<std::string>& zone : air.zones) {
    if (!zone.known() || open.contains(*zone)) continue;
    out.report(codes::contradictory, zone.at,
               "the air zone `" + *zone +
                   "` has no way outside: no passage and no fan position "
                   "leads from it to the room",
               "add the gap, grille or leak that is there to `passages:`");
  }
}

bool all_ends_known(const FrameAir& air, const Zones& zones) {
  const auto known = [&](const Fact<std::string>& zone) {
    return zone.known() && (*zone == "room" || zones.has(*zone));
  };
  return std::all_of(air.passages.begin(), air.passages.end(),
                     [&](const auto& p) { return known(p.from) && known(p.to); }) &&
         std::all_of(air.fans.begin(), air.fans.end(),
                     [&](const auto& f) { return known(f.from) && known(f.to); });
}

}  // namespace

void check_frame_air(const Frame& frame, Diagnostics& out) {
  const FrameAir& air = frame.air;
  if (!air.given()) return;
  if (frame.open.value_or(false)) {
    out.report(codes::contradictory, frame.open.at,
               "an `open` frame has no zones: its cards breathe the room",
               "take out `open: true` or `air:`")
        .labels.push_back({air.at, "`air` is here"});
  }
  Zones zones(air, out);
  UniqueIds ids("passage or fan position", out);
  for (const FrameOpening& p : air.passages) {
    ids.add(p.id);
    check_passage(p, zones, out);
  }
  for (const FanPosition& f : air.fans) {
    check_position(f, zones, out);
    if (!f.id.known() || f.count.value_or(1) > 64) continue;
    for (const std::string& id : unrolled(*f.id, f.count, 1, "-")) ids.add(id, f.id.at);
  }
  zones.check(air.board, "`board`", false);
  zones.check(air.supplies, "`supplies`", true);
  zones.check(air.cards, "`cards`", false);
  zones.check(air.cards_exhaust, "`cards_exhaust`", true);
  for (const Mount& m : frame.mounts) {
    zones.check(m.zone, "the mount `" + m.id.value_or("?") + "`", true);
    zones.check(m.exhaust, "the mount `" + m.id.value_or("?") + "`", true);
  }
  if (all_ends_known(air, zones)) check_ways_out(air, out);
}

void check_card_airflow(const CardAirflow& airflow, Diagnostics& out) {
  check_positive(airflow.drop, "drop", out);
  check_positive(airflow.flow, "flow", out);
  check_positive(airflow.free_flow, "free_flow", out);
  check_positive(airflow.shut_off, "shut_off", out);
  check_positive(airflow.need, "need", out);
  check_positive(airflow.thermal_resistance, "thermal_resistance", out);
  if (airflow.drop.known() != airflow.flow.known()) {
    const Source at = airflow.drop.known() ? airflow.drop.at : airflow.flow.at;
    out.report(codes::contradictory, at, "`drop` and `flow` are one point and need each other");
  }
}

}  // namespace detail
}  // namespace rigtopo
