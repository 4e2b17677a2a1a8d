// Is everything fed that has to be, and are power limits ones that card and spec accept? How much
// flows is power_rules.cpp, which plug goes where wiring_rules.cpp.
#include <algorithm>
#include <array>
#include <fmt/format.h>
#include <string>
#include <vector>

#include "check/rule.hpp"
#include "physics/power.hpp"

namespace rigtopo {
namespace {

bool fed(const std::vector<Feed>& feeds, const std::string& inlet) {
  return std::any_of(feeds.begin(), feeds.end(), [&](const Feed& f) {
    return f.inlet.value_or("") == inlet && !f.from.empty();
  });
}

// ---- cards and risers
// ----------------------------------------------------------------------------

void judge_plugs(const Rig& rig, const DevicePlace& place, const DeviceUse& use, Reporter& out) {
  if (is_partial(rig) && place.power.aux.empty()) {
    const bool several = use.part->inlets.size() > 1;
    if (use.part->inlets.empty()) return;
    out.undecided(fmt::format("the plug{} of `{}` {} no supply yet", several ? "s" : "", use.id,
                              several ? "have" : "has"));
    return;
  }
  for (const Inlet& inlet : use.part->inlets) {
    const std::string name = inlet.id.value_or("?");
    if (fed(place.power.aux, name)) continue;
    Diagnostic& d = out.report(place_of(rig, place), {use.id},
                               fmt::format("plug `{}` of `{}` is not fed", name, use.id));
    d.labels.push_back({inlet.at, "plug described here"});
    d.help =
        "feed it: a card with an open plug does not start, or loads the others beyond their "
        "limit";
  }
}

void judge_riser_inlets(const Rig& rig, const DevicePlace& place, const std::string& id,
                        Reporter& out) {
  for (const ChainLink& piece : place.chain) {
    const Riser* riser = rig.project->part<Riser>(piece.part.value_or(""));
    if (riser == nullptr) continue;
    for (const Inlet& inlet : riser->inlets) {
      const std::string name = inlet.id.value_or("?");
      if (fed(place.power.riser, name)) continue;
      if (is_partial(rig) && place.power.riser.empty()) {
        out.undecided(
            fmt::format("inlet `{}` of `{}` has no supply yet ({})", name, riser->id, id));
        continue;
      }
      Diagnostic& d = out.report(
          either(piece.at, place_of(rig, place)), {id, riser->id},
          fmt::format("inlet `{}` of riser `{}` of `{}` is not fed", name, riser->id, id));
      d.labels.push_back({inlet.at, "inlet described here"});
      d.help = "feed it from the supply that feeds the card";
    }
  }
}

void inlet_unfed(const Rig& rig, Reporter& out) {
  for (const DevicePlace& place : rig.layout.devices) {
    const DeviceUse* use = rig.project->device(place.id.value_or(""));
    if (use == nullptr) continue;
    judge_plugs(rig, place, *use, out);
    judge_riser_inlets(rig, place, use->id, out);
  }
}

// ---- power limits
// --------------------------------------------------------------------------------

void judge_limit(const DeviceUse& use, Watts limit, Source at, const Fact<Range<Watts>>& range,
                 std::string_view who, Reporter& out) {
  const bool low = exceeds(range->least, limit);
  if (!low && !exceeds(limit, range->most)) return;
  const Watts bound = low ? range->least : range->most;
  Diagnostic& d =
      out.report(at, {use.id},
                 fmt::format("`{}` runs at {}, {} takes {} {}", use.id, to_text(limit), who,
                             low ? "no less than" : "no more than", to_text(bound)),
                 limit, bound, "W");
  d.labels.push_back({range.at, "range given here"});
  d.confidence = range.confidence;
  d.help =
      fmt::format("choose a limit between {} and {}", to_text(range->least), to_text(range->most));
}

void judge_power_limit(const Rig& rig, const DeviceUse& use, Reporter& out) {
  const Fact<Watts>* set = rig.layout.power_limit(use.id);
  const bool limited = set != nullptr && set->known();
  const auto& card = use.part->power_limits;
  const bool as_shipped = limited && use.part->power.known() && !exceeds(*use.part->power, **set) &&
                          !exceeds(**set, *use.part->power);
  if (limited && card.known()) {
    judge_limit(use, **set, either(set->at, place_of(rig, use.id)), card, "`" + use.part->id + "`",
                out);
  } else if (limited && !as_shipped) {
    out.not_checked(
        fmt::format("no range of power limits is known for `{}` ({})", use.part->id, use.id));
  }
  if (use.row == nullptr || !use.row->power_limit.known()) return;
  if (!limited && is_partial(rig)) {
    out.undecided(fmt::format("`{}` has no power limit yet", use.id));
  } else if (limited) {
    judge_limit(use, **set, either(set->at, place_of(rig, use.id)), use.row->power_limit,
                "the spec", out);
  } else if (use.part->power.known()) {
    judge_limit(use, *use.part->power, place_of(rig, use.id), use.row->power_limit, "the spec",
                out);
  } else {
    out.not_checked(fmt::format("power of `{}` is not known ({})", use.part->id, use.id));
  }
}

void power_limit_refused(const Rig& rig, Reporter& out) {
  for (const DeviceUse& use : rig.project->devices) judge_power_limit(rig, use, out);
}

// ---- the board
// -----------------------------------------------------------------------------------

/// A server supply has 12 V only; a board needs 5 V, 3.3 V and standby from somewhere.
bool can_feed_board(const Supply& supply) {
  if (supply.feeds_24pin.known()) return *supply.feeds_24pin;
  const SupplyType type = supply.type.value_or(SupplyType::server_brick);
  return type == SupplyType::atx || type == SupplyType::sfx;
}

void judge_board_inlet(const Rig& rig, const BoardInlet& inlet, Reporter& out) {
  const bool slots = inlet.use.value_or(InletUse::board) == InletUse::slots;
  if (!inlet.required.value_or(!slots)) return;
  for (const std::string& name : numbered(inlet.id.value_or("?"), inlet.count.value_or(1))) {
    if (fed(rig.layout.board_power, name)) continue;
    Diagnostic& d = out.report(board_place(rig), {"board"},
                               fmt::format("inlet `{}` of the board is not fed", name));
    d.labels.push_back({inlet.at, "inlet described here"});
    d.help = "feed it from the supply that feeds the board";
  }
}

/// Is it the 24-pin of the board that this feed goes into, whatever it comes from?
bool feeds_24pin(const Rig& rig, const Feed& feed) {
  for (const BoardInlet& inlet : rig.board->inlets) {
    const auto ids = numbered(inlet.id.value_or("?"), inlet.count.value_or(1));
    if (std::find(ids.begin(), ids.end(), feed.inlet.value_or("")) == ids.end()) continue;
    return inlet.plug.value_or(Plug::molex) == Plug::atx_24pin;
  }
  return false;
}

void judge_board_feed(const Rig& rig, const Feed& feed, Reporter& out) {
  for (const auto& from : feed.from) {
    const Output* output = output_at(rig, from.value_or(""));
    const std::string id = owner_of(from.value_or(""));
    const Supply* supply = supply_part(rig, id);
    const bool atx = feeds_24pin(rig, feed) ||
                     (output != nullptr && output->plug.value_or(Plug::molex) == Plug::atx_24pin);
    if (!atx || supply == nullptr || can_feed_board(*supply)) continue;
    Diagnostic& d =
        out.report(either(from.at, supply_place(rig, id)), {"board", id},
                   fmt::format("`{}` gives 12 V only, the board's 24-pin needs 5 V, 3.3 V and "
                               "standby",
                               id));
    d.labels.push_back({either(supply->feeds_24pin.at, supply->at), "supply described here"});
    d.help = "feed the board from an ATX or SFX supply";
  }
}

void board_unfed(const Rig& rig, Reporter& out) {
  if (rig.board == nullptr) return;
  if (rig.board->inlets.empty()) {
    out.not_checked(fmt::format("power inlets of `{}` are not known", rig.board->id));
  }
  if (rig.layout.board_power.empty() && is_partial(rig)) {
    out.undecided("the board has no supply yet");
    return;
  }
  for (const BoardInlet& inlet : rig.board->inlets) judge_board_inlet(rig, inlet, out);
  for (const Feed& f : rig.layout.board_power) judge_board_feed(rig, f, out);
}

constexpr std::array feed_table{
    Rule{{"P109", "inlet-unfed", Severity::error, "A power plug of a card or riser is not fed.",
          "Sense pins tell the card which of its plugs are connected: with one missing it shuts "
          "down "
          "or runs reduced, or loads the remaining ones beyond their limit. A riser with an inlet "
          "of "
          "its own takes the slot's 12 V from there, and gives none without it.",
          "PCI Express card electromechanical specification (sense pins of the plugs), as told at "
          "http://what-when-how.com/Tutorial/topic-1055jk35/Upgrading-and-Repairing-PCs-933.html"},
         inlet_unfed},
    Rule{{"P114", "power-limit-refused", Severity::error,
          "A power limit is outside of what the card accepts or the spec allows.",
          "`nvidia-smi -pl` refuses limits outside the range stored in the card: a 5090 takes "
          "nothing below 400 W.",
          "nvidia-smi -q -d POWER"},
         power_limit_refused},
    Rule{{"P115", "board-unfed", Severity::error,
          "The board lacks a supply for one of its inlets, or has one that cannot feed it.",
          "12 V supplies from servers have no 5 V, 3.3 V and standby for the 24-pin connector. A "
          "small ATX or SFX supply beside them does.",
          "ATX 24-pin connector"},
         board_unfed}};

}  // namespace

std::span<const Rule> feed_rules() { return feed_table; }

}  // namespace rigtopo
