// Room and reach beyond the card itself: bends of power plugs, power cables from their supplies,
// riser parts with much to spare, bridges between two cards.
#include <algorithm>
#include <array>
#include <cmath>
#include <fmt/format.h>
#include <optional>
#include <string>
#include <vector>

#include "check/hung.hpp"
#include "check/rule.hpp"
#include "physics/bridge.hpp"
#include "physics/expander_place.hpp"

namespace rigtopo {
namespace {

const Mount* mount_of(const std::vector<Mount>& mounts, const DevicePlace& place) {
  const auto it = std::find_if(mounts.begin(), mounts.end(), [&](const Mount& m) {
    return place.mount.known() && m.id.value == *place.mount;
  });
  return it == mounts.end() ? nullptr : &*it;
}

// ---- plugs
// ---------------------------------------------------------------------------------------

// Room that the cables of a 12V-2x6 plug take before they may bend: 35 to 40 mm
// (facts: 35 mm asked for by cable and card makers; unverified).
constexpr Millimetres plug_bend{35};

bool has_wide_plug(const Device& card) {
  return std::any_of(card.inlets.begin(), card.inlets.end(),
                     [](const Inlet& i) { return i.plug.value == Plug::twelve_volt_2x6; });
}

/// One edge of a card with its plug against the room there; nullopt when either is not known.
struct PlugRoom {
  Millimetres needed;
  Millimetres room;
  std::string_view dimension;
  Confidence sure;
  bool fits() const { return !exceeds(needed, room); }
};
std::optional<PlugRoom> plug_room(const Fact<Millimetres>& card, const Fact<Millimetres>& room,
                                  std::string_view dimension) {
  if (!card.known() || !room.known()) return std::nullopt;
  return PlugRoom{*card + plug_bend, *room, dimension, Confidence::unverified};
}

void plug_no_room(const Rig& rig, Reporter& out) {
  const auto mounts = mounts_of(rig);
  for (const DevicePlace& place : rig.layout.devices) {
    const DeviceUse* use = rig.project->device(place.id.value_or(""));
    if (use == nullptr || !has_wide_plug(*use->part) || rig.project->frame == nullptr) continue;
    const Mount* mount = mount_of(mounts, place);
    const bool direct = place.mount.value == "direct";
    if (mount == nullptr && !direct) continue;
    const Fact<Millimetres> open;  // nobody says how much room is over the board's slots
    const auto top =
        plug_room(use->part->height, mount != nullptr ? mount->height : open, "height");
    const auto end =
        plug_room(use->part->length,
                  mount != nullptr ? mount->length : rig.project->frame->card_length, "length");
    const bool at_end = use->part->plugs.value == PlugEdge::end;
    const auto& judged = at_end ? end : top;
    if (!use->part->plugs.known()) {
      const bool good = top && end && top->fits() && end->fits();
      if (!good) {
        out.left_out(fmt::format("nobody says on which edge the plug of `{}` stands ({})",
                                 use->part->id, use->id));
      }
      continue;
    }
    if (!judged) {
      out.not_checked(fmt::format("room for the plug of `{}` is not known", use->id));
      continue;
    }
    if (judged->fits()) continue;
    const Pair pair = distinct(judged->needed.value, judged->room.value);
    Diagnostic& d = out.report(
        either(place.mount.at, place_of(rig, place)), {use->id},
        fmt::format("`{}` with the bend of its power plug needs a {} of {} mm, there are {} mm",
                    use->id, judged->dimension, pair.actual, pair.limit),
        judged->needed, judged->room, "mm");
    d.confidence = judged->sure;
    d.help = "use an angled plug made for this card, or a place with more room";
  }
}

// ---- power cables
// --------------------------------------------------------------------------------

/// Along the edges, as cables are laid.
Millimetres way_between(const Position& a, const Position& b) {
  return Millimetres{std::abs((a.x - b.x).value) + std::abs((a.y - b.y).value) +
                     std::abs((a.z - b.z).value)};
}

/// Where the cables of "psu2" leave.
const Fact<Position>* supply_position(const Rig& rig, std::string_view supply) {
  const auto& at = rig.project->frame->supply_positions;
  const auto& all = rig.layout.supplies;
  for (std::size_t i = 0; i < all.size() && i < at.size(); ++i) {
    if (all[i].id.value == supply) return &at[i];
  }
  return nullptr;
}

Estimate<Millimetres> cable_length(const Rig& rig, const Feed& feed) {
  Estimate<Millimetres> length;
  Millimetres sum{0};
  const PowerCable* part = feed.part.known() ? rig.project->part<PowerCable>(*feed.part) : nullptr;
  const Output* output =
      feed.from.empty() ? nullptr : output_at(rig, feed.from.front().value_or(""));
  if (output == nullptr) return length;
  const bool own = !output->needs_cable.value_or(false) && output->reach.known();
  if (own) {
    sum += *output->reach;
    length.rests_on(output->reach);
  }
  if (part != nullptr && part->length.known()) {
    sum += *part->length;
    length.rests_on(part->length);
  }
  const bool whole = own || (part != nullptr && part->length.known());
  if (whole && (part == nullptr || part->length.known())) length.value = sum;
  return length;
}

void power_cable_short(const Rig& rig, Reporter& out) {
  if (rig.project->frame == nullptr || rig.project->frame->supply_positions.empty()) return;
  for (const DevicePlace& place : rig.layout.devices) {
    const std::string id = place.id.value_or("?");
    const Estimate<Position> card = stand_of(rig, place).in_frame;
    for (const Feed& feed : place.power.aux) {
      const std::string supply = feed.from.empty() ? "" : owner_of(feed.from.front().value_or(""));
      const Fact<Position>* from = supply_position(rig, supply);
      const Estimate<Millimetres> length = cable_length(rig, feed);
      if (from == nullptr || !from->known() || !card.known() || !length.known()) {
        out.not_checked(fmt::format("way of the cable from `{}` to `{}.{}` is not known", supply,
                                    id, feed.inlet.value_or("?")));
        continue;
      }
      const Millimetres needed = way_between(**from, *card);
      if (!exceeds(needed, *length)) continue;
      const Pair pair = distinct(needed.value, (*length).value);
      Diagnostic& d =
          out.report(either(feed.at, place_of(rig, place)), {id, supply},
                     fmt::format("the cable from `{}` to `{}` has {} mm, the way is {} mm", supply,
                                 id, pair.limit, pair.actual),
                     needed, *length, "mm");
      d.confidence = weakest(length.confidence, weakest(card.confidence, from->confidence));
      d.help = "feed the card from a nearer supply, or use a longer cable";
    }
  }
}

// ---- risers
// --------------------------------------------------------------------------------------

// A riser this much over its need has to be stowed, and loses signal for nothing (design figure).
constexpr double riser_excess_share = 2;
constexpr Millimetres riser_excess{500};

void riser_too_long(const Rig& rig, Reporter& out) {
  if (rig.board == nullptr || rig.project->frame == nullptr) return;
  const auto mounts = mounts_of(rig);
  const auto& ports = rig.ports;
  for (const DevicePlace& place : rig.layout.devices) {
    const Mount* mount = mount_of(mounts, place);
    const auto path = rig.link_path(place);
    const auto port = std::find_if(ports.begin(), ports.end(), [&](const PortChoice& p) {
      return p.id == place.port.value_or("");
    });
    if (mount == nullptr || !path || path->chain.empty() || port == ports.end()) continue;
    const auto needed = route_from(rig, *port, *mount);
    const auto fitted = chain_length(path->chain);
    if (!needed.known() || !fitted.known()) continue;  // G101 says so
    const Millimetres most = std::max(*needed * riser_excess_share, *needed + riser_excess);
    if (!exceeds(*fitted, most)) continue;
    const std::string id = place.id.value_or("?");
    Diagnostic& d = out.report(either(place.chain.front().at, place_of(rig, place)), {id},
                               fmt::format("the riser of `{}` has {} mm, its way needs {} mm", id,
                                           number((*fitted).value, 0), number((*needed).value, 0)),
                               *fitted, most, "mm");
    d.confidence = weakest(needed.confidence, fitted.confidence);
    d.help = "a shorter one loses less signal and need not be stowed";
  }
}

// ---- bridges
// -------------------------------------------------------------------------------------

/// A bridge of the layout between two cards of it, and how far these are apart.
struct Joined {
  const BridgePlace* place = nullptr;
  const Bridge* part = nullptr;
  std::vector<std::string> ids;
  std::vector<Stand> stands;
  std::vector<Estimate<Position>> at;

  bool stands_known() const { return at[0].known() && at[1].known(); }
  bool joins(std::string_view id) const { return ids[0] == id || ids[1] == id; }
};

std::vector<Joined> joined_cards(const Rig& rig) {
  std::vector<Joined> list;
  for (const BridgePlace& bridge : rig.layout.bridges) {
    const Bridge* part = rig.project->part<Bridge>(bridge.part.value_or(""));
    if (part == nullptr || bridge.between.size() != 2) continue;
    Joined j{&bridge, part, {}, {}, {}};
    for (const Fact<std::string>& id : bridge.between) {
      const DevicePlace* place = rig.layout.device(id.value_or(""));
      if (place == nullptr) continue;
      j.ids.push_back(*id);
      j.stands.push_back(stand_of(rig, *place));
    }
    if (j.ids.size() != 2) continue;
    j.at = side_by_side(j.stands);
    list.push_back(std::move(j));
  }
  return list;
}

/// Is it said where a card hangs? In a slot or a mount; what is missing then is a number.
bool is_placed(const Rig& rig, const std::string& id) {
  const DevicePlace* place = rig.layout.device(id);
  return place != nullptr && place->port.known() && place->mount.known();
}

void bridge_span(const Rig& rig, Reporter& out) {
  for (const Joined& j : joined_cards(rig)) {
    if (!j.stands_known() || !j.part->span.known()) {
      const bool decided = is_placed(rig, j.ids[0]) && is_placed(rig, j.ids[1]);
      const std::string what = fmt::format(
          "distance of the cards of bridge `{}`, or its span, is not known", j.part->id);
      decided ? out.not_checked(what) : out.undecided(what);
      continue;
    }
    const BridgeFit fit = bridge_fit(*j.at[0], *j.at[1], *j.part->span);
    const Confidence sure =
        weakest(j.part->span.confidence, weakest(j.at[0].confidence, j.at[1].confidence));
    out.rests_on(sure);
    if (!exceeds(fit.wrong, bridge_play)) continue;
    Diagnostic& d =
        exceeds(fit.across, bridge_play)
            ? out.report(j.place->at, j.ids,
                         fmt::format("`{}` and `{}` do not stand side by side: {} mm apart across "
                                     "the row",
                                     j.ids[0], j.ids[1], number(fit.across.value, 1)))
            : out.report(j.place->at, j.ids,
                         fmt::format("`{}` and `{}` stand {} mm apart, bridge `{}` spans {} mm",
                                     j.ids[0], j.ids[1], number(fit.apart.value, 2), j.part->id,
                                     number(j.part->span->value, 2)),
                         fit.apart, *j.part->span, "mm");
    d.confidence = sure;
    d.help = "move one card, or use a bridge of that span";
  }
}

/// A card that stands below a bridge of two others.
void judge_below(const Rig& rig, const Joined& j, const DeviceUse& card,
                 const std::vector<Joined>& all, Reporter& out) {
  const Overhead room =
      overhead(*card.part, card.kind == "gpu", *rig.project->device(j.ids[0])->part,
               *rig.project->device(j.ids[1])->part);
  if (room == Overhead::free) return;
  const std::string bridge = fmt::format("bridge of `{}` and `{}`", j.ids[0], j.ids[1]);
  if (room == Overhead::unknown) {
    out.not_checked(
        fmt::format("whether `{}` leaves room to the {} above it is not known", card.id, bridge));
    return;
  }
  const auto other =
      std::find_if(all.begin(), all.end(), [&](const Joined& o) { return o.joins(card.id); });
  const bool crosses = other != all.end();
  // Each passes over a card of the other: told at the later one.
  if (crosses && other->place->at.line > j.place->at.line) return;
  Diagnostic& d = out.report(
      j.place->at, {j.ids[0], j.ids[1], card.id},
      crosses ? fmt::format("the {} crosses that of `{}` and `{}`", bridge, other->ids[0],
                            other->ids[1])
              : fmt::format("the {} passes over `{}`, which is in its way", bridge, card.id));
  if (crosses) d.labels.push_back({other->place->at, "the other bridge"});
  d.labels.push_back({place_of(rig, card.id), "stands between"});
  d.confidence = Confidence::secondary;
  d.help = "put the cards of each bridge side by side";
}

void bridges_cross(const Rig& rig, Reporter& out) {
  const std::vector<Joined> all = joined_cards(rig);
  for (const Joined& j : all) {
    if (!j.stands_known()) continue;  // G108
    for (const DevicePlace& place : rig.layout.devices) {
      const DeviceUse* card = rig.project->device(place.id.value_or(""));
      const bool other = card != nullptr && !j.joins(card->id) &&
                         card->part->edge.value_or(Socket::slot) == Socket::slot;
      if (!other) continue;
      const auto at = side_by_side({j.stands[0], j.stands[1], stand_of(rig, place)});
      if (at[0].known() && at[1].known() && at[2].known()) {
        if (stands_below(*at[2], *at[0], *at[1])) judge_below(rig, j, *card, all, out);
        continue;
      }
      const std::string what =
          fmt::format("whether `{}` stands below bridge `{}` is not known", card->id, j.part->id);
      if (rig.project->frame == nullptr) {
        out.left_out(what);
      } else {
        is_placed(rig, card->id) ? out.not_checked(what) : out.undecided(what);
      }
    }
  }
}

constexpr std::array reach_table{
    Rule{
        {"G108", "bridge-span", Severity::error,
         "An NVLink bridge does not span the distance of its cards.",
         "Bridges are rigid and made for 2, 3 or 4 slots of 20.32 mm. Forced onto cards at another "
         "distance they bend the connectors or do not seat.",
         "slot pitch 0.8 in (ATX); NVLink bridges of 2, 3 and 4 slots"},
        bridge_span},
    Rule{
        {"G109", "plug-no-room", Severity::warning, "The bend of a card's 16-pin plug has no room.",
         "The cable of a 12V-2x6 plug should run straight for 35 mm before it bends. Bent nearer, "
         "contacts open on one side and heat up.",
         "35 to 40 mm, asked for by card and cable makers (unverified)"},
        plug_no_room},
    Rule{{"G110", "power-cable-short", Severity::warning,
          "A power cable does not reach from its supply to the card.",
          "Cables run along edges and frames, so the distances along the three axes add up.",
          "positions of the frame, cable lengths of supply and cable parts"},
         power_cable_short},
    Rule{
        {"G111", "riser-too-long", Severity::note, "A riser is more than twice as long as its way.",
         "Each centimetre of riser loses signal, and a long ribbon has to be folded and stowed "
         "where air should pass.",
         "design figure"},
        riser_too_long},
    Rule{{"G112", "bridges-cross", Severity::error,
          "An NVLink bridge passes over a card that is in its way, or crosses another bridge.",
          "Bridges lie on the top edges of their cards, and every connector of a row is in one "
          "line. A card between the two keeps the bridge from seating, by its own connector or "
          "bridge, or by a taller edge.",
          "shape of NVLink bridges: rigid, on the connectors of two cards side by side"},
         bridges_cross}};

}  // namespace

std::span<const Rule> reach_rules() { return reach_table; }

}  // namespace rigtopo
