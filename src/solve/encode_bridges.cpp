// NVLink bridges: the two cards of each stand as far apart as it spans, and nothing is in its way
// between them. Which cards a bridge joins is written in the spec; nothing here chooses bridges.
#include <algorithm>
#include <fmt/format.h>
#include <map>
#include <set>

#include "physics/bridge.hpp"
#include "physics/expander_place.hpp"
#include "solve/encoding.hpp"

namespace rigtopo {

/// Where a card may stand: the mounts of the frame, then the ports themselves.
std::vector<Encoding::Spot> Encoding::spots() const {
  std::vector<Spot> list;
  for (const Mount& m : c_.mounts) list.push_back({m.id.value_or("?"), stand_in_mount(m), true});
  for (const PortChoice& port : c_.ports) {
    list.push_back(
        {"direct in " + port.id, stand_in_slot(c_.fixed, port), port.socket == Socket::slot});
  }
  return list;
}

/// By spot: true when a card of the class stands there. Without a frame, cards on risers stand
/// nowhere.
std::vector<Lit> Encoding::standing(std::size_t device_class) {
  std::vector<Lit> at = f_.fresh(c_.mounts.size() + ports_.size());
  for (std::size_t p = 0; p < ports_.size(); ++p) {
    const PortVars& port = ports_[p];
    for (std::size_t m = 0; m < c_.mounts.size(); ++m) {
      f_.implies({port.device[device_class], port.mount[m]}, {at[m]});
    }
    for (std::size_t h = 0; h < port.chain.size(); ++h) {
      if (!c_.chains[p][h].parts.empty()) continue;
      f_.implies({port.device[device_class], port.chain[h]}, {at[c_.mounts.size() + p]});
    }
  }
  return at;
}

/// L122, L123: what is wrong with a bridge wherever its cards stand.
void Encoding::join_pairs() {
  std::map<std::string, std::string> partner;
  for (const BridgeChoice& bridge : c_.bridges) {
    for (int side = 0; side < 2; ++side) {
      const DeviceUse& card = *bridge.cards[static_cast<std::size_t>(side)];
      const DeviceUse& other = *bridge.cards[static_cast<std::size_t>(1 - side)];
      const Source at = bridge.place->between[static_cast<std::size_t>(side)].at;
      if (bridge_mate(*bridge.part, *card.part) != BridgeMate::fits ||
          unlike(*card.part, *other.part)) {
        f_.clause(
            {},
            f_.demand({"L122",
                       "bridge-misfit",
                       fmt::format("`{}` is known to take bridge `{}`", card.id, bridge.part->id),
                       at,
                       {card.id, bridge.part->id}}));
      }
      const auto [it, first] = partner.emplace(card.id, other.id);
      if (card.id == other.id || (!first && it->second != other.id)) {
        f_.clause({}, f_.demand({"L123",
                                 "bridge-twice",
                                 fmt::format("bridges join `{}` with one other card", card.id),
                                 at,
                                 {card.id}}));
      }
    }
  }
}

/// G108, G112. Without a frame nobody knows where cards on risers stand, so that bridged ones sit
/// in slots; what other cards do is left open as it is in check/.
void Encoding::span_bridges() {
  join_pairs();
  if (c_.bridges.empty()) return;
  const std::vector<Spot> places = spots();
  std::map<std::size_t, std::vector<Lit>> at;  // by class
  for (const BridgeChoice& bridge : c_.bridges) {
    for (const std::size_t k : bridge.classes) {
      if (!at.contains(k)) at[k] = standing(k);
    }
  }
  for (const BridgeChoice& bridge : c_.bridges) {
    const DemandId spans =
        f_.demand({"G108",
                   "bridge-span",
                   fmt::format("`{}` and `{}` stand as far apart as bridge `{}` spans",
                               bridge.cards[0]->id, bridge.cards[1]->id, bridge.part->id),
                   bridge.place->at,
                   {bridge.cards[0]->id, bridge.cards[1]->id}});
    if (c_.project.frame == nullptr) keep_in_slots(bridge, spans);
    for (std::size_t a = 0; a < places.size(); ++a) {
      for (std::size_t b = 0; b < places.size(); ++b) {
        const auto stand = side_by_side({places[a].stand, places[b].stand});
        const bool known = stand[0].known() && stand[1].known() && bridge.part->span.known();
        const bool fits =
            known &&
            !exceeds(bridge_fit(*stand[0], *stand[1], *bridge.part->span).wrong, bridge_play);
        // Two cards of one class never stand in one place: no pair, no clause.
        const bool one_card = bridge.classes[0] == bridge.classes[1] && a == b;
        if (fits) clear_between(bridge, places, {a, b}, at);
        if (fits || (one_card && known)) continue;
        if (!known && a == b && places[a].takes_cards) {
          c_.reject("G108", bridge.part->id, places[a].id, "its place or the span is not known");
        }
        // What lacks a number stays out, even where a distance is waived.
        f_.clause({-at[bridge.classes[0]][a], -at[bridge.classes[1]][b]},
                  known ? spans : (spans == waived ? always : spans));
      }
    }
  }
}

void Encoding::keep_in_slots(const BridgeChoice& bridge, DemandId demand) {
  for (const std::size_t k : bridge.classes) {
    for (std::size_t p = 0; p < ports_.size(); ++p) {
      for (std::size_t h = 0; h < ports_[p].chain.size(); ++h) {
        if (c_.chains[p][h].parts.empty()) continue;
        f_.clause({-ports_[p].device[k], -ports_[p].chain[h]}, demand == waived ? always : demand);
      }
    }
  }
}

/// G112: no card stands between two bridged ones that it leaves no room to, or nobody knows.
void Encoding::clear_between(const BridgeChoice& bridge, const std::vector<Spot>& places,
                             std::array<std::size_t, 2> ends,
                             std::map<std::size_t, std::vector<Lit>>& at) {
  const DemandId clear =
      f_.demand({"G112",
                 "bridges-cross",
                 fmt::format("nothing is in the way of the bridge of `{}` and `{}`",
                             bridge.cards[0]->id, bridge.cards[1]->id),
                 bridge.place->at,
                 {bridge.cards[0]->id, bridge.cards[1]->id}});
  for (std::size_t k = 0; k < c_.classes.size(); ++k) {
    const DeviceClass& c = c_.classes[k];
    const bool card = c.expander == nullptr && c.part->edge.value_or(Socket::slot) == Socket::slot;
    const Overhead room = overhead(*c.part, c.gpu, *bridge.cards[0]->part, *bridge.cards[1]->part);
    if (!card || k == bridge.classes[0] || k == bridge.classes[1]) continue;
    for (std::size_t m = 0; m < places.size(); ++m) {
      if (m == ends[0] || m == ends[1] || !places[m].takes_cards) continue;
      const auto stand =
          side_by_side({places[ends[0]].stand, places[ends[1]].stand, places[m].stand});
      const bool known = stand[0].known() && stand[1].known() && stand[2].known();
      if (!known && c_.project.frame == nullptr) continue;
      if (known && (room == Overhead::free || !stands_below(*stand[2], *stand[0], *stand[1]))) {
        continue;
      }
      if (!at.contains(k)) at[k] = standing(k);
      const bool sure = known && room == Overhead::blocked;
      f_.clause({-at[bridge.classes[0]][ends[0]], -at[bridge.classes[1]][ends[1]], -at[k][m]},
                sure ? clear : (clear == waived ? always : clear));
    }
  }
}

/// Pairs that a bridge joins cross nothing, wherever their cards hang: `together` says whether two
/// ports count as one place.
void Encoding::leave_out_bridged(const std::string& group,
                                 const std::function<bool(std::size_t, std::size_t)>& together,
                                 WishLevel& level) {
  std::set<std::pair<std::string, std::string>> done;
  for (const BridgeChoice& bridge : c_.bridges) {
    const auto [first, second] = std::minmax(bridge.cards[0]->id, bridge.cards[1]->id);
    const DeviceClass& a = c_.classes[bridge.classes[0]];
    const DeviceClass& b = c_.classes[bridge.classes[1]];
    if (!a.gpu || !b.gpu || a.group != group || b.group != group || first == second) continue;
    if (!done.emplace(first, second).second) continue;
    const Lit same = f_.fresh();
    for (std::size_t p = 0; p < ports_.size(); ++p) {
      for (std::size_t q = 0; q < ports_.size(); ++q) {
        if (p == q || !together(p, q)) continue;
        f_.implies({ports_[p].device[bridge.classes[0]], ports_[q].device[bridge.classes[1]]},
                   {same});
      }
    }
    level.offset -= 1;
    level.softs.push_back({same, 1});
  }
}

}  // namespace rigtopo
