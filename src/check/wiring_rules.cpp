// Wiring: which plug goes where, twelve-volt copper of several supplies, who feeds which side of a
// card. Nets and sources come from walks over the power graph, never from special cases.
#include <algorithm>
#include <array>
#include <fmt/format.h>
#include <map>
#include <string>
#include <vector>

#include "check/rule.hpp"
#include "physics/power.hpp"

namespace rigtopo {
namespace {

const PowerCable* cable_of(const Rig& rig, const PlacedFeed& f) {
  return rig.project->part<PowerCable>(f.feed->part.value_or(""));
}

// ---- plugs
// ---------------------------------------------------------------------------------------

/// The far end of a cable part against the inlet.
void judge_far_end(const Rig& rig, const PlacedFeed& f, const PowerCable& cable, Reporter& out) {
  if (!cable.to.known()) {
    out.not_checked(fmt::format("nobody says what `{}` ends in ({})", cable.id, f.inlet()));
  } else if (f.plug && *cable.to != *f.plug) {
    Diagnostic& d = out.report(f.at(rig), {f.owner, cable.id},
                               fmt::format("`{}` ends in {}, `{}` takes {}", cable.id,
                                           word(*cable.to), f.inlet(), word(*f.plug)));
    d.labels.push_back({cable.to.at, "cable described here"});
    d.help = fmt::format("use a cable that ends in {}", word(*f.plug));
  }
}

/// One output against what takes its plug: the cable part, else the inlet itself.
void judge_near_end(const Rig& rig, const PlacedFeed& f, const PowerCable* cable,
                    const Fact<std::string>& from, Reporter& out) {
  const Output* output = output_at(rig, from.value_or(""));
  if (output == nullptr) return;  // the loader has said so
  const std::string taker = cable != nullptr ? cable->id : f.inlet();
  const std::optional<Plug> wanted = cable != nullptr ? cable->from.value : f.plug;
  const Source at = either(from.at, f.at(rig));
  if (!output->plug.known() || !wanted) {
    out.not_checked(fmt::format("nobody says which plug joins `{}` and `{}`", *from, taker));
    return;
  }
  if (*output->plug != *wanted) {
    Diagnostic& d = out.report(
        at, {f.owner, owner_of(*from)},
        fmt::format("`{}` is {}, `{}` takes {}", *from, word(*output->plug), taker, word(*wanted)));
    d.labels.push_back({output->at, "output described here"});
    d.help = "never force a plug: an EPS plug in a PCIe inlet shorts 12 V";
  } else if (cable == nullptr && output->needs_cable.value_or(false)) {
    Diagnostic& d =
        out.report(at, {f.owner, owner_of(*from)},
                   fmt::format("`{}` is a bare port: it needs a cable to `{}`", *from, f.inlet()));
    d.labels.push_back({output->at, "output described here"});
    d.help = fmt::format("name a cable part from {} to {}", word(*output->plug), word(*wanted));
  }
}

/// More plugs than there are places for them.
void judge_plug_count(const Rig& rig, const PlacedFeed& f, const PowerCable* cable, Reporter& out) {
  const auto given = static_cast<int>(f.feed->from.size());
  const int places = cable != nullptr ? cable->from_count.value_or(1) : 1;
  if (given <= places) return;
  out.report(f.at(rig), {f.owner},
             fmt::format("`{}` takes {} plug{}, {} outputs lead to it",
                         cable != nullptr ? cable->id : f.inlet(), places, places == 1 ? "" : "s",
                         given))
      .help = cable != nullptr ? "leave out what is too much, or use an adapter with more inputs"
                               : "join outputs through an adapter made for it, or leave one";
}

void judge_breakouts(const Rig& rig, Reporter& out) {
  for (const SupplyPlace& place : rig.layout.supplies) {
    const std::string id = place.id.value_or("?");
    const Breakout* breakout = breakout_part(rig, id);
    const Supply* supply = supply_part(rig, id);
    if (breakout == nullptr || supply == nullptr) continue;
    if (!supply->type.known() || breakout->fits.empty()) {
      out.not_checked(
          fmt::format("nobody says whether `{}` fits `{}` ({})", breakout->id, supply->id, id));
      continue;
    }
    const bool fits =
        std::any_of(breakout->fits.begin(), breakout->fits.end(),
                    [&](const Fact<SupplyType>& t) { return t.value == *supply->type; });
    if (fits) continue;
    Diagnostic& d = out.report(either(place.breakout.at, supply_place(rig, id)), {id, breakout->id},
                               fmt::format("breakout board `{}` does not fit `{}`, which is {}",
                                           breakout->id, supply->id, word(*supply->type)));
    d.labels.push_back({breakout->at, "breakout board described here"});
    d.help = fmt::format("use a breakout board for {}", word(*supply->type));
  }
}

void plug_differs(const Rig& rig, Reporter& out) {
  std::map<std::string, int> cables_on;
  for (const PlacedFeed& f : all_feeds(rig)) {
    if (!f.inlet_known || f.feed->from.empty()) continue;
    const PowerCable* cable = cable_of(rig, f);
    if (f.feed->part.known() && cable == nullptr) continue;  // of another kind: said by the loader
    if (!f.plug) out.not_checked(fmt::format("nobody says which plug `{}` takes", f.inlet()));
    if (cable != nullptr) judge_far_end(rig, f, *cable, out);
    judge_plug_count(rig, f, cable, out);
    for (const auto& from : f.feed->from) judge_near_end(rig, f, cable, from, out);
    if (++cables_on[f.inlet()] == 2) {
      out.report(f.at(rig), {f.owner},
                 fmt::format("`{}` takes one plug, several cables lead to it", f.inlet()))
          .help = "leave one of them";
    }
  }
  judge_breakouts(rig, out);
}

void output_taken(const Rig& rig, Reporter& out) {
  std::map<std::string, const PlacedFeed*> taken;
  const auto feeds = all_feeds(rig);
  for (const PlacedFeed& f : feeds) {
    for (const auto& from : f.feed->from) {
      if (!from.known()) continue;
      const auto [it, first] = taken.emplace(*from, &f);
      if (first) continue;
      const PlacedFeed& other = *it->second;
      Diagnostic& d =
          out.report(either(from.at, f.at(rig)), {f.owner, other.owner, owner_of(*from)},
                     other.feed == f.feed
                         ? fmt::format("output `{}` is named twice for `{}`", *from, f.inlet())
                         : fmt::format("output `{}` feeds both `{}` and `{}`", *from, other.inlet(),
                                       f.inlet()));
      d.labels.push_back({other.at(rig), "taken here"});
      d.help = "use another output";
    }
  }
}

// ---- copper
// --------------------------------------------------------------------------------------

/// Outputs of equal units made for it may be joined, by cables; the pins of a slot are no bus for
/// it.
bool may_join(const Rig& rig, const JoinedNet& net) {
  const std::vector<std::string>& supplies = net.supplies;
  const bool by_cable = std::all_of(net.through.begin(), net.through.end(), [&](const auto& id) {
    return rig.node(NodeKind::cable, id).has_value();
  });
  if (!by_cable) return false;
  const Supply* first = supply_part(rig, supplies.front());
  return first != nullptr &&
         std::all_of(supplies.begin(), supplies.end(), [&](const std::string& id) {
           const Supply* s = supply_part(rig, id);
           return s != nullptr && s->id == first->id && s->shares_current.value_or(false);
         });
}

/// The first of what joins a net that the layout names by itself: a riser or a cable.
const Node* culprit(const Rig& rig, const JoinedNet& net) {
  for (const std::string& id : net.through) {
    for (const NodeKind kind : {NodeKind::riser, NodeKind::cable}) {
      if (const auto node = rig.node(kind, id)) return &rig.nodes[*node];
    }
  }
  return nullptr;
}

/// "`R1` (`riser-x`), which may not cut the slot's 12 V"
std::string joiner_text(const Rig& rig, const std::string& id) {
  const auto node = rig.node(NodeKind::riser, id);
  const AnyPart* part = node ? rig.nodes[*node].part : nullptr;
  const Riser* riser = part != nullptr ? std::get_if<Riser>(part) : nullptr;
  if (riser == nullptr) return "`" + id + "`";
  const bool unknown = slot_feed_of(*riser) == SlotFeed::unknown_cut;
  return fmt::format("`{}` (`{}`{})", id, riser->id,
                     unknown ? ", of which nobody says that it cuts the slot's 12 V" : "");
}

void joined_12v(const Rig& rig, Reporter& out) {
  for (const JoinedNet& net : joined_nets(rig)) {
    if (may_join(rig, net)) {
      const Supply* supply = supply_part(rig, net.supplies.front());
      out.assume("12 V outputs of " + listed(net.supplies) +
                 " are joined: equal units that share current by their data sheet (" +
                 std::string(to_string(supply->shares_current.confidence)) + ")");
      out.rests_on(supply->shares_current.confidence);
      continue;
    }
    std::vector<std::string> subject = net.supplies;
    subject.insert(subject.end(), net.through.begin(), net.through.end());
    std::string through;
    for (const std::string& id : net.through) {
      through += (through.empty() ? ", joined through " : ", ") + joiner_text(rig, id);
    }
    const Node* node = culprit(rig, net);
    Diagnostic& d = out.report(
        either(node != nullptr ? node->at : Source{}, supply_place(rig, net.supplies.front())),
        subject,
        fmt::format("the 12 V of {} is one piece of copper{}", listed(net.supplies), through));
    const Riser* riser =
        node != nullptr && node->part != nullptr ? std::get_if<Riser>(node->part) : nullptr;
    if (riser != nullptr) {
      d.labels.push_back({either(riser->slot_feed.at, riser->at), "riser described here"});
      d.confidence = riser->slot_feed.confidence;
    }
    d.help =
        "use risers that cut the slot's 12 V from the board, or feed both sides from one supply";
  }
}

// ---- the two sides of a card
// ---------------------------------------------------------------------

void plugs_on_several_supplies(const Rig& rig, Reporter& out) {
  for (const DevicePlace& place : rig.layout.devices) {
    const std::string id = place.id.value_or("?");
    const DeviceSources sources = device_sources(rig, id);
    if (sources.aux.size() < 2) continue;
    std::vector<std::string> subject{id};
    subject.insert(subject.end(), sources.aux.begin(), sources.aux.end());
    out.report(place_of(rig, place), subject,
               fmt::format("the plugs of `{}` hang on {}", id, listed(sources.aux)))
        .help = "feed all plugs of one card from one supply";
  }
}

void slot_and_plugs_apart(const Rig& rig, Reporter& out) {
  for (const DevicePlace& place : rig.layout.devices) {
    const std::string id = place.id.value_or("?");
    const DeviceSources sources = device_sources(rig, id);
    if (sources.slot.empty() || sources.aux.empty()) continue;
    const bool shared = std::any_of(sources.slot.begin(), sources.slot.end(), [&](const auto& s) {
      return std::find(sources.aux.begin(), sources.aux.end(), s) != sources.aux.end();
    });
    if (shared) continue;
    std::vector<std::string> subject{id};
    subject.insert(subject.end(), sources.slot.begin(), sources.slot.end());
    subject.insert(subject.end(), sources.aux.begin(), sources.aux.end());
    out.report(place_of(rig, place), subject,
               fmt::format("`{}` takes slot power from {} and plug power from {}", id,
                           listed(sources.slot), listed(sources.aux)))
        .help =
        "switch the supplies on together and tie their grounds, or use a riser with its own "
        "12 V from the same supply";
  }
}

// ---- risers and adapters
// -------------------------------------------------------------------------

void sata_feeds_riser(const Rig& rig, Reporter& out) {
  for (const PlacedFeed& f : all_feeds(rig)) {
    const ExpanderUse* expander = rig.project->expander(f.owner);
    if (f.riser == nullptr && expander == nullptr) continue;
    const std::string part = f.riser != nullptr ? f.riser->id : expander->part->id;
    const PowerCable* cable = cable_of(rig, f);
    bool sata = f.plug == Plug::sata;
    sata = sata ||
           (cable != nullptr && (cable->from.value == Plug::sata || cable->to.value == Plug::sata));
    for (const auto& from : f.feed->from) {
      const Output* output = output_at(rig, from.value_or(""));
      sata = sata || (output != nullptr && output->plug.value == Plug::sata);
    }
    if (!sata) continue;
    Diagnostic& d = out.report(
        f.at(rig), {f.owner, part},
        fmt::format("`{}` of `{}` is fed through a SATA plug: the slot may draw {} of {}",
                    f.feed->inlet.value_or("?"), part, to_text(slot_allowance()),
                    to_text(plug_rating(Plug::sata))),
        slot_allowance(), plug_rating(Plug::sata), "W");
    d.labels.push_back({f.riser != nullptr ? f.riser->at : expander->part->at,
                        f.riser != nullptr ? "riser described here" : "described here"});
    d.help = f.plug == Plug::sata ? "use a riser with a 6-pin inlet, fed from a PCIe output"
                                  : "feed it from a 6-pin or 8-pin PCIe output";
  }
}

/// Whether a board keeps the 12 V of its CPU plugs apart from that of its 24-pin is not known of
/// any: judged as joined, like a riser of which nobody says that it cuts.
void board_on_several_supplies(const Rig& rig, Reporter& out) {
  std::string first;
  std::set<std::string> told;
  for (const PlacedFeed& f : all_feeds(rig)) {
    if (f.owner != "board") continue;
    for (const auto& from : f.feed->from) {
      const std::string supply = owner_of(from.value_or(""));
      if (supply_part(rig, supply) == nullptr) continue;
      if (first.empty()) first = supply;
      if (supply == first || !told.insert(supply).second) continue;
      Diagnostic& d = out.report(
          f.at(rig), {"board", first, supply},
          fmt::format("the board is fed by `{}` and, at `{}`, by `{}`: nobody says that it keeps "
                      "their 12 V apart",
                      first, f.feed->inlet.value_or("?"), supply));
      d.confidence = Confidence::unverified;
      d.help = fmt::format("feed every plug of the board from `{}`", first);
    }
  }
}

/// What one cable carries.
Watts carried_by(const Rig& rig, const PlacedFeed& feed) {
  const std::vector<PlacedFeed> only{feed};
  Watts most;
  for (const InletLoad& i : inlet_loads(rig)) {
    if (feed_of_cable(only, i.at, i.cable) != nullptr) most = std::max(most, i.carried);
  }
  return most;
}

void adapter_starved(const Rig& rig, Reporter& out) {
  for (const PlacedFeed& f : all_feeds(rig)) {
    const PowerCable* cable = cable_of(rig, f);
    const auto inputs = static_cast<int>(f.feed->from.size());
    if (cable == nullptr || inputs == 0 || inputs >= cable->from_count.value_or(1)) continue;
    if (!cable->from.known()) continue;  // W101 says that its plugs are not known
    const Watts carried = carried_by(rig, f);
    const Watts can = plug_rating(*cable->from) * static_cast<double>(inputs);
    if (!exceeds(carried, can)) continue;
    Diagnostic& d =
        out.report(f.at(rig), {f.owner, cable->id},
                   fmt::format("`{}` has {} inputs, {} of them connected: `{}` takes {}", cable->id,
                               cable->from_count.value_or(1), inputs, f.inlet(),
                               to_text(carried) + " of " + to_text(can)),
                   carried, can, "W");
    d.labels.push_back({cable->from_count.at.known() ? cable->from_count.at : cable->at,
                        "adapter described here"});
    d.help = "connect every input: the card counts on all of them";
  }
}

// ---- stock
// ---------------------------------------------------------------------------------------

void count_uses(const std::vector<Feed>& feeds, std::map<std::string, int>& used) {
  for (const Feed& f : feeds) {
    if (f.part.known()) ++used[*f.part];
  }
}

/// Pieces of each part in the layout. A breakout board that comes with its supply counts not.
std::map<std::string, int> parts_used(const Rig& rig) {
  std::map<std::string, int> used;
  for (const auto* places : {&rig.layout.devices, &rig.layout.expanders}) {
    for (const DevicePlace& place : *places) {
      for (const ChainLink& piece : place.chain) {
        if (piece.part.known()) used[*piece.part] += piece.count.value_or(1);
      }
      count_uses(place.power.aux, used);
      count_uses(place.power.riser, used);
    }
  }
  for (const DevicePlace& place : rig.layout.expanders) {
    const ExpanderUse* use = rig.project->expander(place.id.value_or(""));
    if (use != nullptr) ++used[use->part->id];
  }
  for (const BridgePlace& bridge : rig.layout.bridges) {
    if (bridge.part.known()) ++used[*bridge.part];
  }
  count_uses(rig.layout.board_power, used);
  for (const SupplyPlace& s : rig.layout.supplies) {
    if (s.part.known()) ++used[*s.part];
    if (s.cord_part.known()) ++used[*s.cord_part];
    const SupplyUse* use = rig.project->supply(s.id.value_or(""));
    const auto stock = use == nullptr ? std::size_t{0} : static_cast<std::size_t>(use->stock);
    const bool comes_with = use != nullptr && stock < rig.project->stock.size() &&
                            rig.project->stock[stock].breakout == s.breakout.value_or("");
    if (s.breakout.known() && !comes_with) ++used[*s.breakout];
  }
  return used;
}

void stock_exceeded(const Rig& rig, Reporter& out) {
  for (const auto& [part, count] : parts_used(rig)) {
    int most = 0;
    bool stocked = false;
    bool unlimited = false;
    Source at;
    for (const StockUse& stock : rig.project->stock) {
      if (stock.part_id != part) continue;
      stocked = true;
      unlimited = unlimited || !stock.max;
      most += stock.max.value_or(0);
      at = stock.at;
    }
    if (!stocked) {
      out.assume(
          fmt::format("{} of `{}` at hand: the layout uses it and `stock:` does not name it "
                      "(user)",
                      count, part));
    }
    const Count used{count};
    const Count there{most};
    if (!stocked || unlimited || !exceeds(used, there)) continue;
    out.report(at, {part},
               fmt::format("the layout uses {} of `{}`, the stock has {}", count, part, most), used,
               there, "pieces")
        .help = "raise `max:` or `owned:` of that stock row, if there are more";
  }
}

constexpr std::array wiring_table{
    Rule{
        {"W101", "plug-differs", Severity::error, "A power plug does not belong to its inlet.",
         "PCIe and EPS plugs of eight pins look alike and can be forced into one another, which "
         "puts 12 V on ground. Every connection must be of one kind, or go through an adapter made "
         "for the two; a breakout board must be made for the supply's edge connector.",
         "connector standards; PCIe 8-pin and EPS have opposite polarity"},
        plug_differs},
    Rule{{"W102", "output-taken", Severity::error, "One output feeds two inlets.",
          "An output is a cable or a port: it serves one plug. Splitters double the current in the "
          "wires before them.",
          "connector rating"},
         output_taken},
    Rule{
        {"W103", "joined-12v", Severity::error,
         "12 V outputs of several supplies are connected to one another.",
         "Two supplies never agree on their voltage. The higher one feeds current through whatever "
         "joins them into the lower: 0.2 V of difference drove 9.4 A through the pins of one slot, "
         "which are made for 5.5 A. A supply that is switched off is fed from behind.",
         "circuit simulation of two supplies at 12.20 and 12.00 V joined through one riser"},
        joined_12v},
    Rule{{"W104", "plugs-on-several-supplies", Severity::error,
          "The plugs of one card hang on different supplies.",
          "A card may join its plugs inside, and all power pins of one connector are meant to come "
          "from one converter.",
          "Intel ATX 3 design guide, table 3-5"},
         plugs_on_several_supplies},
    Rule{
        {"W105", "slot-and-plugs-apart", Severity::warning,
         "A card takes slot power from one supply and plug power from another.",
         "Cards keep these inputs apart, and rigs have run so. But the supplies must start and "
         "stop "
         "together, their grounds must be tied, and the supply behind the slots carries every card "
         "in it.",
         "https://www.mov-axbx.com/wopr/wopr_power.html"},
        slot_and_plugs_apart},
    Rule{{"W106", "sata-feeds-riser", Severity::error, "A riser is fed through a SATA plug.",
          "A SATA plug has three 12 V pins of 1.5 A: 54 W. A slot may draw 66 W of 12 V. These "
          "plugs "
          "have melted in mining rigs.",
          "https://stefanholmes.com/home/pcie-risers-with-sata-power-adapters/"},
         sata_feeds_riser},
    Rule{{"W116", "board-on-several-supplies", Severity::error,
          "The plugs of the board hang on different supplies.",
          "Boards may join the 12 V of the 24-pin, the CPU plugs and the slots in one plane. Two "
          "supplies on it drive current into each other, and one that is off is fed from behind.",
          "design rule; which planes a board joins is published for none (unverified)"},
         board_on_several_supplies},
    Rule{{"W107", "adapter-starved", Severity::error,
          "An adapter has too few of its inputs connected for what it feeds.",
          "The sense pins of a 12V-2x6 adapter can promise the card the power of all inputs; the "
          "connected ones then carry the share of the missing.",
          "Intel ATX 3 design guide, sense pins"},
         adapter_starved},
    Rule{{"W108", "stock-exceeded", Severity::error,
          "A layout uses more of a part than the spec has.",
          "`owned:` and `max:` of a stock row say how many there are. A part that no row names is "
          "taken to be at hand, and said so.",
          "`stock:` of the spec"},
         stock_exceeded}};

}  // namespace

std::span<const Rule> wiring_rules() { return wiring_table; }

}  // namespace rigtopo
