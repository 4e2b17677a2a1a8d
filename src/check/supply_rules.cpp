// Several supplies in one rig: rails, who switches them on, what ties their returns, what happens
// when one of them is off. Loads are power_rules.cpp, joined copper is wiring_rules.cpp.
#include <algorithm>
#include <array>
#include <fmt/format.h>
#include <set>
#include <string>
#include <vector>

#include "check/power_phrases.hpp"
#include "check/rule.hpp"
#include "physics/outage.hpp"
#include "physics/wire.hpp"

namespace rigtopo {
namespace {

/// Supplies that something hangs on, in layout order.
std::vector<std::string> supplies_in_use(const Rig& rig) {
  std::vector<std::string> ids;
  for (const SupplyLoad& s : supply_loads(rig)) {
    if (!s.loads.empty()) ids.push_back(s.id);
  }
  return ids;
}

std::set<std::string> behind_board(const Rig& rig) {
  std::set<std::string> ids;
  for (const Feed& f : rig.layout.board_power) {
    for (const auto& from : f.from) ids.insert(owner_of(from.value_or("")));
  }
  return ids;
}

// ---- rails
// ---------------------------------------------------------------------------------------

void rail_overloaded(const Rig& rig, Reporter& out) {
  const auto& loads = out.physics().output_loads();
  for (const SupplyPlace& place : rig.layout.supplies) {
    const std::string id = place.id.value_or("?");
    const Supply* supply = supply_part(rig, id);
    if (supply == nullptr || supply->rails.empty()) continue;
    for (const OutputGroup& g : output_groups(*supply, nullptr)) {
      if (g.kind != OutputGroup::Kind::rail) continue;
      Watts carried;
      for (const OutputLoad& o : loads) {
        const bool here =
            owner_of(o.id) == id &&
            std::find(g.outputs.begin(), g.outputs.end(), output_at(rig, o.id)) != g.outputs.end();
        if (here) carried += o.carried;
      }
      if (carried.value <= 0) continue;
      if (!g.limit.known()) {
        out.not_checked(g.limit.missing, id);
        continue;
      }
      out.limit(fmt::format("{} rail {}", id, g.id), carried.value, (*g.limit).value, "W");
      if (!exceeds(carried, *g.limit)) continue;
      Diagnostic& d = out.report(
          supply_place(rig, id), {id},
          fmt::format("rail `{}` of `{}` carries {}", g.id, id, of_limit(carried, *g.limit)),
          carried, *g.limit, "W");
      d.labels.push_back({g.at, "rail described here"});
      d.confidence = g.limit.confidence;
      d.help = "spread the cables over its rails, or use a supply with a single one";
    }
  }
}

// ---- switching
// -----------------------------------------------------------------------------------

bool always_on(const Rig& rig, const std::string& id) {
  const Supply* supply = supply_part(rig, id);
  const Breakout* breakout = breakout_part(rig, id);
  return (supply != nullptr && supply->always_on.value_or(false)) ||
         (breakout != nullptr && breakout->always_on.value_or(false));
}

void always_on_supply(const Rig& rig, Reporter& out) {
  const std::set<std::string> board = behind_board(rig);
  if (board.empty()) return;
  for (const std::string& id : supplies_in_use(rig)) {
    if (!always_on(rig, id) || board.contains(id)) continue;
    std::vector<std::string> cards;
    for (const DevicePlace& place : rig.layout.devices) {
      const DeviceSources sources = device_sources(rig, place.id.value_or(""));
      const auto on = [&](const std::vector<std::string>& list) {
        return std::find(list.begin(), list.end(), id) != list.end();
      };
      if (on(sources.slot) || on(sources.aux)) cards.push_back(place.id.value_or("?"));
    }
    if (cards.empty()) continue;
    std::vector<std::string> subject{id};
    subject.insert(subject.end(), cards.begin(), cards.end());
    const Supply* supply = supply_part(rig, id);
    const bool of_supply = supply->always_on.value_or(false);
    Diagnostic& d = out.report(
        supply_place(rig, id), subject,
        fmt::format("`{}` has no switch: {} {} power while the board is off, and can pass it on",
                    id, listed(cards), cards.size() == 1 ? "has" : "have"));
    d.labels.push_back({of_supply ? supply->always_on.at : breakout_part(rig, id)->always_on.at,
                        "always on, as said here"});
    d.confidence =
        of_supply ? supply->always_on.confidence : breakout_part(rig, id)->always_on.confidence;
    d.help =
        "switch its mains together with the board's supply, or use one that the board can "
        "switch";
  }
}

void not_synchronised(const Rig& rig, Reporter& out) {
  const auto in_use = supplies_in_use(rig);
  if (in_use.size() < 2) return;
  const Fact<SupplySync>& sync = rig.project->spec.power.sync;
  if (!sync.known()) {
    out.left_out("nobody says what switches the supplies on together: `power: {sync: ...}`");
  } else if (*sync == SupplySync::by_hand) {
    Diagnostic& d =
        out.report(sync.at, in_use,
                   fmt::format("{} are switched on by hand, one after another", listed(in_use)));
    d.help =
        "let the board's supply switch the others through a relay or the sync plugs of the "
        "breakout boards";
  }
  const std::set<std::string> board = behind_board(rig);
  for (const SupplyPlace& place : rig.layout.supplies) {
    const std::string id = place.id.value_or("?");
    if (place.sync.value != "master" || board.empty() || board.contains(id)) continue;
    out.report(either(place.sync.at, supply_place(rig, id)), {id},
               fmt::format("`{}` switches the others on, {} feeds the board", id,
                           listed(std::vector<std::string>(board.begin(), board.end()))))
        .help = "make the supply of the board the master: it alone knows when the board is on";
  }
}

// ---- return, bays
// --------------------------------------------------------------------------------

void no_common_return(const Rig& rig, Reporter& out) {
  const auto in_use = supplies_in_use(rig);
  if (in_use.size() < 2) return;
  const Fact<bool>& common = rig.project->spec.power.common_return;
  if (!common.known()) {
    out.assume("the 0 V of " + listed(in_use) +
               " meets at one point of low resistance, not only through the ground pins of data "
               "connectors (user, to be made sure of)");
    return;
  }
  if (*common) return;
  out.report(common.at, in_use,
             fmt::format("{} have no common return: what they supply flows back through the ground "
                         "pins of data connectors",
                         listed(in_use)))
      .help = "join the 0 V of all supplies by wire as thick as their cables, at one point";
}

void bays_exceeded(const Rig& rig, Reporter& out) {
  const Frame* frame = rig.project->frame;
  if (frame == nullptr || !frame->supplies.known()) return;
  const auto in_use = supplies_in_use(rig);
  const Count used{static_cast<int>(in_use.size())};
  const Count bays{*frame->supplies};
  if (!exceeds(used, bays)) return;
  Diagnostic& d = out.report(supply_place(rig, in_use.back()), in_use,
                             fmt::format("{} supplies for the {} bay{} of `{}`", used.value,
                                         bays.value, bays.value == 1 ? "" : "s", frame->id),
                             used, bays, "bays");
  d.labels.push_back({frame->supplies.at, "bays given here"});
  d.confidence = frame->supplies.confidence;
  d.help = "use fewer and larger supplies, or another frame";
}

// ---- what if one is off
// --------------------------------------------------------------------------

/// "gpu0 and gpu1 go dark", "the board stops" ...
std::string consequences(const Outage& o) {
  std::vector<std::string> parts;
  if (o.host) parts.emplace_back("the board stops");
  if (!o.dark.empty())
    parts.push_back(listed(o.dark) + (o.dark.size() == 1 ? " goes" : " go") + " dark");
  if (!o.half.empty())
    parts.push_back(listed(o.half) + " lose" + (o.half.size() == 1 ? "s" : "") + " slot or plugs");
  if (!o.overloaded.empty()) {
    parts.push_back(listed(o.overloaded) + (o.overloaded.size() == 1 ? " is" : " are") +
                    " overloaded");
  }
  std::string text;
  for (const std::string& p : parts) text += (text.empty() ? "" : ", ") + p;
  return text;
}

void no_redundancy(const Rig& rig, Reporter& out) {
  const Fact<Redundancy>& wanted = rig.project->spec.power.redundancy;
  if (!wanted.known() || *wanted != Redundancy::n_plus_1) return;
  for (const std::string& id : supplies_in_use(rig)) {
    const Outage o = outage(rig, {id});
    if (o.harmless()) continue;
    out.report(wanted.at, {id},
               fmt::format("n+1 does not hold: when `{}` fails, {}", id, consequences(o)))
        .help =
        "only equal units that share current behind one board of outputs can stand in for "
        "one another";
  }
}

void dead_supply_back_fed(const Rig& rig, Reporter& out) {
  for (const JoinedNet& net : joined_nets(rig)) {
    const Supply* first = supply_part(rig, net.supplies.front());
    if (first == nullptr || !first->shares_current.value_or(false)) continue;  // W103
    std::vector<std::string> open;
    for (const std::string& id : net.supplies) {
      const Supply* s = supply_part(rig, id);
      if (s != nullptr && !s->isolates_output.value_or(false)) open.push_back(id);
    }
    if (open.empty()) continue;
    Diagnostic& d = out.report(
        supply_place(rig, open.front()), net.supplies,
        fmt::format("a dead one of {} is fed from behind: {} that `{}` keeps current out of its "
                    "output",
                    listed(net.supplies),
                    first->isolates_output.known() ? "it is said not to be so" : "nobody says",
                    first->id));
    d.labels.push_back({either(first->isolates_output.at, first->at), "supply described here"});
    d.confidence =
        first->isolates_output.known() ? first->isolates_output.confidence : Confidence::unverified;
    d.help = "join only units with an isolating output stage (OR-ing), as their data sheet says";
  }
}

constexpr std::array supply_table{
    Rule{
        {"P120", "rail-overloaded", Severity::error,
         "A 12 V rail carries more than its over-current limit.",
         "Supplies with several rails watch each of them and shut down when one is over its limit, "
         "however much the others have free.",
         "label of the supply"},
        rail_overloaded},
    Rule{
        {"P121", "always-on-supply", Severity::warning,
         "A supply without a switch powers cards while the board is off.",
         "Mining supplies and jumpered breakout boards give 12 V as soon as they have mains. Cards "
         "on them feed the board that is switched off through slots and fans, or hang at the next "
         "start.",
         "common experience with mining supplies (unverified)"},
        always_on_supply},
    Rule{
        {"P122", "supplies-not-synchronised", Severity::warning,
         "Several supplies are not switched on together by the board's supply.",
         "Cards whose plugs have power while their slot has none, or the reverse, may not be found "
         "at boot and load the other side. A relay on PS_ON or the sync plugs of breakout boards "
         "start and stop all supplies with the board's.",
         "https://peerip.com/configuring-dual-corsair-hx1600i-psus-with-an-add2psu-relay-for-"
         "synchronized-atx-startup/"},
        not_synchronised},
    Rule{{"P123", "no-common-return", Severity::error, "The 0 V of several supplies is not joined.",
          "Current that one supply gives has to find its way back to it. Without a conductor made "
          "for it, tens of amperes take the ground pins of slots and risers, which are made for "
          "signals.",
          "circuit simulation of two supplies on one card: 9.4 A through the data ground"},
         no_common_return},
    Rule{{"P124", "supply-bays-exceeded", Severity::warning,
          "There are more supplies than the frame has bays.",
          "A supply that hangs loose pulls at its cables and stands where air should flow.",
          "frame maker"},
         bays_exceeded},
    Rule{{"P125", "no-redundancy", Severity::warning,
          "The spec wants n+1 supplies, and the rig does not survive the loss of one.",
          "A supply takes everything with it that hangs on it alone. Redundancy needs equal units "
          "with shared current and isolating outputs, and enough rating in the rest.",
          "`power:` of the spec"},
         no_redundancy},
    Rule{{"W115", "dead-supply-back-fed", Severity::warning,
          "A supply that fails would be fed from behind by those joined to it.",
          "Units made for parallel use put an isolating stage before their output. Without it the "
          "others feed the short of a dead unit.",
          "https://fdokumen.com/documents/ds1200-series-mouser-electronics.html"},
         dead_supply_back_fed}};

}  // namespace

std::span<const Rule> supply_rules() { return supply_table; }

}  // namespace rigtopo
