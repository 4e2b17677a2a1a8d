// Millimetres: reach of risers, room of mounts, cards in neighbouring slots.
#include <algorithm>
#include <array>
#include <cmath>
#include <fmt/format.h>
#include <map>
#include <string>
#include <vector>

#include "check/hung.hpp"
#include "check/rule.hpp"
#include "physics/expander_place.hpp"

namespace rigtopo {
namespace {

bool is_direct(const DevicePlace& place) { return place.mount.value_or("") == "direct"; }

/// Is it a card in a slot? Drives in M.2 sockets and the like are held by the board and take no
/// bracket; switches on cables stand somewhere of their own.
bool is_card(const Rig& rig, const std::string& id) {
  if (const DeviceUse* use = rig.project->device(id)) {
    return use->part->edge.value_or(Socket::slot) == Socket::slot;
  }
  const ExpanderUse* use = rig.project->expander(id);
  return use != nullptr && use->part->up.socket.value_or(Socket::slot) == Socket::slot;
}

/// Devices, then switches and bifurcation cards.
std::vector<DevicePlace> all_places(const Rig& rig) {
  std::vector<DevicePlace> places = rig.layout.devices;
  places.insert(places.end(), rig.layout.expanders.begin(), rig.layout.expanders.end());
  for (DevicePlace& place : places) {
    const bool in_slot = !place.mount.known() && place.chain.empty() &&
                         rig.project->expander(place.id.value_or("")) != nullptr &&
                         is_card(rig, *place.id);
    if (in_slot) place.mount = Fact<std::string>("direct");
  }
  return places;
}

Source mount_place(const Rig& rig, const DevicePlace& place) {
  return either(place.mount.at, place_of(rig, place));
}

/// A device, switch or bifurcation card that hangs in a mount of the frame.
struct Mounted {
  DevicePlace place;
  std::string id;
  Source at;
  const Mount* mount = nullptr;
};

std::vector<Mounted> mounted(const Rig& rig, const std::vector<Mount>& mounts) {
  std::vector<Mounted> list;
  for (const DevicePlace& place : all_places(rig)) {
    if (!place.mount.known() || is_direct(place)) continue;
    for (const Mount& m : mounts) {
      if (m.id.value != *place.mount) continue;
      list.push_back({place, place.id.value_or("?"), mount_place(rig, place), &m});
    }
  }
  return list;
}

// ---- reach
// ---------------------------------------------------------------------------------------

void judge_reach(const Rig& rig, const Mounted& m, const PortChoice& port, const LinkPath& path,
                 Reporter& out) {
  const auto needed = route_from(rig, port, *m.mount);
  const auto fitted = chain_length(path.chain);
  out.not_checked(needed.missing, m.id);
  out.not_checked(fitted.missing, m.id);
  if (!needed.known() || !fitted.known()) return;
  const Confidence sure = weakest(needed.confidence, fitted.confidence);
  out.rests_on(sure);
  out.limit(fmt::format("{} reach from {} to {}", m.id, port.id, *m.place.mount), (*needed).value,
            (*fitted).value, "mm");
  if (!exceeds(*needed, *fitted)) return;
  const Pair pair = distinct((*needed).value, (*fitted).value);
  std::vector<std::string> subject{m.id};
  for (const auto& entry : path.chain) subject.push_back(entry.first->id);
  Diagnostic& d =
      out.report(m.at, std::move(subject),
                 fmt::format("`{}` needs a riser of {} mm from `{}` to `{}`, the chain has {} mm",
                             m.id, pair.actual, port.id, *m.place.mount, pair.limit),
                 *needed, *fitted, "mm");
  for (const auto& entry : path.chain) {
    if (entry.first->length.known())
      d.labels.push_back({entry.first->length.at, "length given here"});
  }
  d.confidence = sure;
  d.help = fmt::format("use a riser of at least {:.0f} mm, or a nearer mount",
                       std::ceil((*needed).value));
}

void riser_too_short(const Rig& rig, Reporter& out) {
  if (rig.board == nullptr || rig.project->frame == nullptr) return;
  const auto& ports = rig.ports;
  const auto mounts = mounts_of(rig);
  for (const Mounted& m : mounted(rig, mounts)) {
    const auto port = std::find_if(ports.begin(), ports.end(), [&](const PortChoice& p) {
      return p.id == m.place.port.value_or("");
    });
    const std::optional<LinkPath> path = rig.link_path(m.place);
    if (port == ports.end() || !path || !path->chain_decided) continue;
    if (path->chain.empty()) {
      out.report(m.at, {m.id},
                 fmt::format("`{}` hangs in `{}` with no riser from `{}`", m.id, *m.place.mount,
                             port->id))
          .help = "name the riser parts in `chain:`, or plug it in directly (`mount: direct`)";
      continue;
    }
    judge_reach(rig, m, *port, *path, out);
  }
}

// ---- room
// ----------------------------------------------------------------------------------------

/// One dimension of a card against the room for it.
struct Room {
  std::string card;
  std::string dimension;
  std::string place;  // "mount `upper-1`"
  Source at;
  Source described;
  Estimate<Millimetres> actual;
  Estimate<Millimetres> limit;
};

void judge_room(const Room& r, bool in_limits, Reporter& out) {
  out.not_checked(r.actual.missing, r.card);
  out.not_checked(r.limit.missing, r.card);
  if (!r.actual.known() || !r.limit.known()) return;
  const Confidence sure = weakest(r.actual.confidence, r.limit.confidence);
  out.rests_on(sure);
  const Pair pair = distinct((*r.actual).value, (*r.limit).value);
  if (in_limits) {
    std::string place = r.place;
    std::erase(place, '`');
    out.limit(fmt::format("{} {} in {}", r.card, r.dimension, place), (*r.actual).value,
              (*r.limit).value, "mm");
  }
  if (!exceeds(*r.actual, *r.limit)) return;
  Diagnostic& d = out.report(r.at, {r.card},
                             fmt::format("`{}` has a {} of {} mm, {} has room for {} mm", r.card,
                                         r.dimension, pair.actual, r.place, pair.limit),
                             *r.actual, *r.limit, "mm");
  d.labels.push_back({r.described, "room described here"});
  d.confidence = sure;
  d.help = fmt::format("use a place with at least {} mm, or a smaller card", pair.actual);
}

/// One dimension of every mounted card against its mount.
void check_fit(const Rig& rig, Reporter& out, std::string_view dimension) {
  const auto mounts = mounts_of(rig);
  for (const Mounted& m : mounted(rig, mounts)) {
    const DeviceUse* device = rig.project->device(m.id);
    const ExpanderUse* expander = rig.project->expander(m.id);
    if (device == nullptr && expander == nullptr) continue;
    for (const FitCheck& f :
         device != nullptr ? fit(*device->part, *m.mount) : fit(*expander->part, *m.mount)) {
      if (f.dimension != dimension) continue;
      judge_room({m.id, f.dimension, fmt::format("mount `{}`", *m.place.mount), m.at, m.mount->at,
                  f.actual, f.limit},
                 dimension == "thickness", out);
    }
  }
}

/// Cards in the board's slots have the case's length.
void check_direct_length(const Rig& rig, Reporter& out) {
  const Frame* frame = rig.project->frame;
  if (frame == nullptr) return;
  for (const DevicePlace& place : all_places(rig)) {
    const std::string id = place.id.value_or("");
    if (!is_direct(place) || !is_card(rig, id)) continue;
    if (frame->direct.known() && !*frame->direct) continue;  // G107
    const DeviceUse* device = rig.project->device(id);
    const Part& part = device != nullptr ? static_cast<const Part&>(*device->part)
                                         : *rig.project->expander(id)->part;
    const Fact<Millimetres>& length =
        device != nullptr ? device->part->length : rig.project->expander(id)->part->length;
    Room r{id,
           "length",
           fmt::format("frame `{}`", frame->id),
           mount_place(rig, place),
           either(frame->card_length.at, frame->at),
           {},
           {}};
    r.actual.value = length.value;
    r.actual.rests_on(length);
    if (!r.actual.known()) r.actual.missing.push_back("length of `" + part.id + "` is not known");
    r.limit.value = frame->card_length.value;
    r.limit.rests_on(frame->card_length);
    if (!r.limit.known()) {
      r.limit.missing.push_back("card length of `" + frame->id + "` is not known");
    }
    judge_room(r, false, out);
  }
}

void card_too_thick(const Rig& rig, Reporter& out) { check_fit(rig, out, "thickness"); }
void card_too_long(const Rig& rig, Reporter& out) {
  check_fit(rig, out, "length");
  check_direct_length(rig, out);
}
void card_too_tall(const Rig& rig, Reporter& out) { check_fit(rig, out, "height"); }

// ---- neighbours
// ----------------------------------------------------------------------------------

void mount_taken(const Rig& rig, Reporter& out) {
  std::map<std::string, std::string> taken;
  for (const DevicePlace& place : all_places(rig)) {
    if (!place.mount.known() || is_direct(place)) continue;
    const std::string id = place.id.value_or("?");
    const auto [it, first] = taken.emplace(*place.mount, id);
    if (first) continue;
    Diagnostic& d =
        out.report(mount_place(rig, place), {id, it->second},
                   fmt::format("`{}` and `{}` both hang in `{}`", it->second, id, *place.mount));
    d.labels.push_back({place_of(rig, it->second), "taken here"});
    d.help = "give one of them another mount";
  }
}

/// Cards on a switch or bifurcation card that sits in a slot stand over the board's own row.
void slots_over_board(const Rig& rig, Reporter& out) {
  const auto in_slot_of = [&](const DevicePlace& place, std::string_view owner) {
    const std::string port = place.port.value_or("");
    const bool of_board = rig.board != nullptr && rig.board->connector(port) != nullptr;
    return is_direct(place) && is_card(rig, place.id.value_or("")) &&
           (owner.empty() ? of_board : !of_board && owner_of(port) == owner);
  };
  const std::vector<DevicePlace> places = all_places(rig);
  for (const DevicePlace& held : places) {
    const std::string id = held.id.value_or("?");
    if (rig.project->expander(id) == nullptr || !in_slot_of(held, "")) continue;
    const bool alone = std::none_of(places.begin(), places.end(), [&](const DevicePlace& other) {
      return other.id.value != id && in_slot_of(other, "");
    });
    for (const DevicePlace& card : places) {
      if (alone || !in_slot_of(card, id)) continue;
      out.not_checked(
          fmt::format("whether `{}` on `{}` clears the cards in the board's slots is not known",
                      card.id.value_or("?"), id));
    }
  }
}

void cards_collide(const Rig& rig, Reporter& out) {
  slots_over_board(rig, out);
  for (const DirectClearance& c : direct_clearances(rig)) {
    if (!is_card(rig, c.first)) continue;
    // Without a frame there is no end of brackets; neighbours are there all the same.
    const bool last = c.second.empty();
    if (last && rig.project->frame == nullptr) continue;
    const std::string about = last ? c.first : c.first + " and " + c.second;
    out.not_checked(c.thickness.missing, about);
    out.not_checked(c.room.missing, about);
    if (c.thickness.known() && !c.room.known() && c.room.missing.empty()) {
      out.not_checked(fmt::format("room beside `{}` is not known", c.first));
    }
    if (!c.thickness.known() || !c.room.known()) continue;
    const Confidence sure = weakest(c.thickness.confidence, c.room.confidence);
    out.rests_on(sure);
    out.limit(last ? fmt::format("{} in the last expansion positions", c.first)
                   : fmt::format("{} beside {}", c.first, c.second),
              (*c.thickness).value, (*c.room).value, "mm");
    if (!exceeds(*c.thickness, *c.room)) continue;
    const Pair pair = distinct((*c.thickness).value, (*c.room).value);
    std::vector<std::string> subject{c.first};
    if (!last) subject.push_back(c.second);
    Diagnostic& d = out.report(place_of(rig, c.first), subject,
                               last ? fmt::format("`{}` is {} mm thick, the case ends after {} mm",
                                                  c.first, pair.actual, pair.limit)
                                    : fmt::format("`{}` is {} mm thick, `{}` sits {} mm beside it",
                                                  c.first, pair.actual, c.second, pair.limit),
                               *c.thickness, *c.room, "mm");
    if (!last) d.labels.push_back({place_of(rig, c.second), "its neighbour"});
    d.confidence = sure;
    d.help = "leave more slots free between them, or hang one on a riser";
  }
}

// ---- mounts
// --------------------------------------------------------------------------------------

void judge_direct(const Rig& rig, const DevicePlace& place, const std::string& id, Reporter& out) {
  const Frame& frame = *rig.project->frame;
  const Source at = mount_place(rig, place);
  if (!place.chain.empty()) {
    out.report(at, {id}, fmt::format("`{}` is to sit in the board's own slot, yet has a riser", id))
        .help = "name a mount of the frame, or leave out `chain`";
  }
  if (!is_card(rig, id)) return;
  if (!frame.direct.known()) {
    out.not_checked(
        fmt::format("nobody says whether `{}` has room for cards in the board's slots "
                    "({})",
                    frame.id, id));
  } else if (!*frame.direct) {
    Diagnostic& d = out.report(
        at, {id},
        fmt::format("`{}` is to sit in the board's own slot, frame `{}` has no room for that", id,
                    frame.id));
    d.labels.push_back({frame.direct.at, "said here"});
    d.help = "hang it in a mount of the frame on a riser";
  }
}

void mount_missing(const Rig& rig, Reporter& out) {
  if (rig.project->frame == nullptr) {
    out.left_out("no frame or case is given: reach and room are open");
    return;
  }
  const Frame& frame = *rig.project->frame;
  const auto mounts = mounts_of(rig);
  for (const DevicePlace& place : all_places(rig)) {
    const std::string id = place.id.value_or("?");
    if (!place.mount.known()) {
      out.undecided(fmt::format("`{}` has no mount yet", id));
      continue;
    }
    if (is_direct(place)) {
      judge_direct(rig, place, id, out);
      continue;
    }
    const bool there = std::any_of(mounts.begin(), mounts.end(),
                                   [&](const Mount& m) { return m.id.value == *place.mount; });
    if (there) continue;
    std::vector<std::string> ids;
    ids.reserve(mounts.size());
    for (const Mount& m : mounts) ids.push_back(m.id.value_or("?"));
    Diagnostic& d = out.report(mount_place(rig, place), {id},
                               fmt::format("frame `{}` has no mount `{}`", frame.id, *place.mount));
    d.labels.push_back({frame.at, "frame described here"});
    d.help = ids.empty() ? "it has none: plug the card in directly (`mount: direct`)"
                         : "it has " + listed(ids);
  }
}

constexpr std::array geometry_table{
    Rule{{"G101", "riser-too-short", Severity::error,
          "A riser does not reach from its port to the mount.",
          "The route runs along the edges of board and frame, not as the crow flies: the distances "
          "along the three axes are added, with a tenth (at least 30 mm) for bends and slack. A "
          "card in a mount of the frame needs a riser in any case.",
          "Manhattan route between connector faces; slack is a design figure"},
         riser_too_short},
    Rule{{"G102", "card-too-thick", Severity::error, "A card is thicker than its mount.",
          "Thickness counts from the back plate to the cooler's face. Cards that touch also starve "
          "each other of air.",
          "dimensions of card and frame"},
         card_too_thick},
    Rule{{"G103", "card-too-long", Severity::error,
          "A card is longer than its mount, or than the case has room for over the slots.",
          "Length counts from the bracket to the far end of the cooler. Plugs that leave at that "
          "end need their bend on top of it.",
          "dimensions of card and frame"},
         card_too_long},
    Rule{{"G104", "card-too-tall", Severity::error, "A card is taller than its mount.",
          "Height counts from the edge connector upwards; a plug on the top edge needs its bend on "
          "top of that.",
          "dimensions of card and frame"},
         card_too_tall},
    Rule{{"G105", "mount-taken", Severity::error, "Two cards hang in one mount.",
          "A mount holds one card; the room that its frame states for it is for that one card.",
          "one card per mount"},
         mount_taken},
    Rule{{"G106", "cards-collide", Severity::error,
          "Cards in neighbouring slots, or a card and the end of the case, overlap.",
          "Slots are 20.32 mm apart. A card covers its own slot and, on its cooler's side, as many "
          "as its thickness takes. Slots of a switch are a row of their own.",
          "slot pitch 0.8 in (ATX)"},
         cards_collide},
    Rule{{"G107", "mount-missing", Severity::error,
          "A card is given a mount that the frame does not have.",
          "A card sits in the board's own slot, where the case has room for it, or in a mount of "
          "the frame on a riser.",
          "frame description"},
         mount_missing}};

}  // namespace

std::span<const Rule> geometry_rules() { return geometry_table; }

}  // namespace rigtopo
