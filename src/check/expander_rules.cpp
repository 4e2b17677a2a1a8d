// Switches, bifurcation cards and chipsets: do they hang anywhere, are they divided and fed, and
// what do those below them share. The links of their ports are judged where all links are.
#include <algorithm>
#include <array>
#include <fmt/format.h>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "check/hung.hpp"
#include "check/rule.hpp"
#include "physics/power.hpp"

namespace rigtopo {
namespace {

/// An expander of the layout.
struct Placed {
  const DevicePlace* place = nullptr;
  const ExpanderUse* use = nullptr;
  Source at;
};

std::vector<Placed> placed_expanders(const Rig& rig) {
  std::vector<Placed> list;
  for (const DevicePlace& place : rig.layout.expanders) {
    const ExpanderUse* use = rig.project->expander(place.id.value_or(""));
    if (use != nullptr) list.push_back({&place, use, either(place.port.at, place_of(rig, place))});
  }
  return list;
}

/// Devices and expanders whose port is one of `id`.
std::vector<const DevicePlace*> hanging_on(const Rig& rig, std::string_view id) {
  std::vector<const DevicePlace*> list;
  for (const auto* places : {&rig.layout.devices, &rig.layout.expanders}) {
    for (const DevicePlace& place : *places) {
      const bool here = place.port.known() && place.port->find('.') != std::string::npos &&
                        owner_of(*place.port) == id;
      if (here) list.push_back(&place);
    }
  }
  return list;
}

/// The expanders above a place, nearest first; a ring ends where it closes.
std::vector<std::string> above(const Rig& rig, const DevicePlace& place) {
  std::vector<std::string> ids;
  const DevicePlace* at = &place;
  while (at != nullptr && at->port.known()) {
    const std::string owner = owner_of(*at->port);
    const bool known = rig.project->expander(owner) != nullptr &&
                       std::find(ids.begin(), ids.end(), owner) == ids.end();
    if (!known) break;
    ids.push_back(owner);
    at = rig.layout.expander(owner);
  }
  return ids;
}

// ---- unconnected
// ---------------------------------------------------------------------------------

void expander_unconnected(const Rig& rig, Reporter& out) {
  std::set<std::string> told;
  const auto report = [&](const std::string& id, const DevicePlace& below, std::string why) {
    if (!told.insert(id).second) return;
    out.report(either(below.port.at, place_of(rig, below)), {below.id.value_or("?"), id},
               fmt::format("`{}` hangs on `{}`, which {}", below.id.value_or("?"), id, why))
        .help = fmt::format("give `{}` a port of the board under `pins:`", id);
  };
  for (const auto* places : {&rig.layout.devices, &rig.layout.expanders}) {
    for (const DevicePlace& place : *places) {
      if (!place.port.known()) continue;
      const std::string id = owner_of(*place.port);
      const ExpanderUse* use = rig.project->expander(id);
      if (use == nullptr) continue;
      const DevicePlace* held = rig.layout.expander(id);
      if (held == nullptr || !held->port.known()) {
        report(id, place, "hangs nowhere");
      } else if (const auto ids = above(rig, *held);
                 std::find(ids.begin(), ids.end(), id) != ids.end()) {
        report(id, place, "hangs below itself");
      }
    }
  }
  for (const Placed& e : placed_expanders(rig)) {
    if (e.place->port.known() || told.contains(e.use->id)) continue;
    out.undecided(fmt::format("`{}` has no port yet", e.use->id));
  }
}

// ---- splits
// --------------------------------------------------------------------------------------

/// Does `split` have every piece of `wanted` when that starts at `offset`?
bool has_pieces(const Split& split, const Split& wanted, int offset) {
  std::set<std::pair<int, int>> there;  // first lane, width
  int lane = 0;
  for (const int piece : split.pieces) {
    there.emplace(lane, piece);
    lane += piece;
  }
  lane = offset;
  for (const int piece : wanted.pieces) {
    if (!there.contains({lane, piece})) return false;
    lane += piece;
  }
  return true;
}

std::optional<Split> chosen_split(const Rig& rig, std::string_view core) {
  const Fact<std::string>* mode = rig.layout.mode(core);
  if (mode == nullptr || !mode->known()) return std::nullopt;
  Value written;
  written.kind = Value::Kind::scalar;
  written.text = **mode;
  std::string reason;
  return YamlType<Split>::parse(written, reason);
}

void judge_division(const Rig& rig, const Placed& e, const PortChoice& port, Reporter& out) {
  const Split& wanted = *e.use->part->split;
  bool menu_known = false;
  const auto legal = legal_splits(*rig.board, *rig.project->cpu, port, &menu_known);
  std::vector<std::string> fitting;
  for (const Split& s : legal) {
    if (has_pieces(s, wanted, port.first_lane)) fitting.push_back(s.text);
  }
  const auto blame = [&](std::string message) -> Diagnostic& {
    Diagnostic& d = out.report(e.at, {e.use->id, port.core_id}, std::move(message));
    d.labels.push_back({e.use->part->split.at, "needed by this card"});
    d.confidence = e.use->part->split.confidence;
    return d;
  };
  if (menu_known && fitting.empty()) {
    blame(fmt::format("`{}` needs `{}` divided {}, which CPU and BIOS of `{}` do not offer",
                      e.use->id, port.id, wanted.text, rig.board->id))
        .help = "use another port, or a card that divides as the BIOS can";
    return;
  }
  if (const auto split = chosen_split(rig, port.core_id)) {
    if (has_pieces(*split, wanted, port.first_lane)) return;
    Diagnostic& d = blame(fmt::format("`{}` needs `{}` divided {}, core `{}` is set to {}",
                                      e.use->id, port.id, wanted.text, port.core_id, split->text));
    if (!fitting.empty()) d.help = fmt::format("set `{}` to {}", port.core_id, one_of(fitting));
  } else if (!menu_known && fitting.empty()) {
    out.not_checked(fmt::format("nobody says whether the BIOS of `{}` can divide `{}` {} (`{}`)",
                                rig.board->id, port.id, wanted.text, e.use->id));
  }
}

int lanes_of(const Split& split) {
  int sum = 0;
  for (const int piece : split.pieces) sum += piece;
  return sum;
}

/// A slot that looks long and is wired for fewer lanes leaves the last ports of the card without
/// any, however its core is split. True when it said so.
bool too_few_lanes(const Rig& rig, const Placed& e, Reporter& out) {
  const auto path = rig.link_path(*e.place);
  if (!path) return false;
  const Lanes there{wired_lanes(*path)};
  const Lanes wanted{lanes_of(*e.use->part->split)};
  if (!exceeds(wanted, there)) return false;
  Diagnostic& d =
      out.report(e.at, {e.use->id},
                 fmt::format("`{}` divides {} into {}, `{}` leads {} to it", e.use->id,
                             to_text(wanted), e.use->part->split->text, path->port, to_text(there)),
                 wanted, there, "lanes");
  d.labels.push_back({e.use->part->split.at, "needed by this card"});
  d.help = "use a port that is wired for as many lanes";
  return true;
}

void card_not_divided(const Rig& rig, Reporter& out) {
  const auto& ports = rig.ports;
  for (const Placed& e : placed_expanders(rig)) {
    if (e.use->part->is_switch() || !e.place->port.known() || !e.use->part->split.known()) continue;
    const auto port = std::find_if(ports.begin(), ports.end(),
                                   [&](const PortChoice& p) { return p.id == *e.place->port; });
    if (port == ports.end() || too_few_lanes(rig, e, out)) continue;
    if (port->core == nullptr) {
      out.not_checked(fmt::format("nobody says whether `{}` can be divided {} (`{}`)", port->id,
                                  e.use->part->split->text, e.use->id));
      continue;
    }
    const bool reversed = std::any_of(port->connectors.begin(), port->connectors.end(),
                                      [](const auto* c) { return c->reversed.value_or(false); });
    if (reversed) {
      out.not_checked(
          fmt::format("`{}` runs its lanes backwards: nobody says whether it can be "
                      "divided {} (`{}`)",
                      port->id, e.use->part->split->text, e.use->id));
    }
    judge_division(rig, e, *port, out);
  }
}

// ---- what is shared
// ------------------------------------------------------------------------------

void uplink_shared(const Rig& rig, Reporter& out) {
  for (const Placed& e : placed_expanders(rig)) {
    if (!e.use->part->is_switch()) continue;
    const auto path = rig.link_path(*e.place);
    const auto up = path ? trained_link(*path) : std::nullopt;
    if (!up) continue;
    double below = 0;
    int links = 0;
    for (const DevicePlace* place : hanging_on(rig, e.use->id)) {
      const auto down = rig.link_path(*place);
      const auto link = down ? trained_link(*down) : std::nullopt;
      if (!link) continue;
      below += link->bandwidth.value;
      ++links;
    }
    if (links < 2 || !exceeds(GigabytesPerSecond{below}, up->bandwidth)) continue;
    Diagnostic& d = out.report(
        e.at, {e.use->id},
        fmt::format("{} links below `{}` come to {} GB/s, its uplink {} {} carries {} GB/s: {:.1f} "
                    "to 1 towards the CPU",
                    links, e.use->id, number(below, 1), to_text(Lanes{up->width}),
                    to_text(up->generation), number(up->bandwidth.value, 1),
                    below / up->bandwidth.value),
        GigabytesPerSecond{below}, up->bandwidth, "GB/s");
    d.confidence = up->confidence;
    d.help = "traffic between the cards of one switch does not cross its uplink";
  }
}

void uplink_narrow(const Rig& rig, Reporter& out) {
  for (const Placed& e : placed_expanders(rig)) {
    if (!e.use->part->is_switch()) continue;
    const auto path = rig.link_path(*e.place);
    const auto up = path ? trained_link(*path) : std::nullopt;
    if (!up) continue;
    if (!e.use->part->width.known()) {
      out.not_checked(fmt::format("width of the uplink of `{}` is not known", e.use->id));
      continue;
    }
    out.rests_on(up->confidence);
    const Lanes own = *e.use->part->width;
    if (!exceeds(own, Lanes{up->width})) continue;
    Diagnostic& d = out.report(
        e.at, {e.use->id},
        fmt::format("the uplink of `{}` trains to {}, the switch could {}: `{}` limits it",
                    e.use->id, to_text(Lanes{up->width}), to_text(own), up->limited_by),
        Lanes{up->width}, own, "lanes");
    d.confidence = up->confidence;
    d.help = path->split
                 ? fmt::format("set core `{}` to {} in the BIOS and fit every cable of the chain",
                               path->core_id, to_text(own))
                 : "fit every cable of the chain, or use a port that offers more";
  }
}

/// "PEX890xx" collapse with two sources, others were seen to with four.
int collapse_threshold(const Expander& e) {
  const std::string chip = e.chip.value_or("");
  return chip.starts_with("PEX890") || chip.starts_with("PEX891") ? 2 : 4;
}

/// GPUs of one group by the port of the board that they come to, and how many share a switch there.
struct Root {
  std::vector<std::string> gpus;
  const Expander* top = nullptr;  // switch on the port; null: none
  std::string top_id;
  Source at;
};

void writes_collapse(const Rig& rig, Reporter& out) {
  std::map<std::string, std::map<std::string, Root>> groups;
  for (const DevicePlace& place : rig.layout.devices) {
    const DeviceUse* use = rig.project->device(place.id.value_or(""));
    const bool grouped = use != nullptr && use->kind == "gpu" && use->row->group.known();
    if (!grouped || !place.port.known()) continue;
    const auto ids = above(rig, place);
    std::string port = *place.port;
    Root found;
    if (!ids.empty()) {
      const DevicePlace* top = rig.layout.expander(ids.back());
      if (top == nullptr || !top->port.known()) continue;
      const Expander& part = *rig.project->expander(ids.back())->part;
      if (part.is_switch()) {
        port = *top->port;
        found.top = &part;
        found.top_id = ids.back();
        found.at = either(top->port.at, place_of(rig, *top));
      }
    }
    Root& root = groups[*use->row->group].try_emplace(port, std::move(found)).first->second;
    root.gpus.push_back(use->id);
  }
  for (const auto& [group, roots] : groups) {
    for (const auto& [port, root] : roots) {
      const bool many = root.top != nullptr &&
                        static_cast<int>(root.gpus.size()) >= collapse_threshold(*root.top);
      if (!many || roots.size() < 3) continue;
      Diagnostic& d = out.report(
          root.at, {root.top_id},
          fmt::format("{} cards of `{}` write through the one uplink of `{}` to cards behind {} "
                      "other root ports: such writes were seen to collapse",
                      root.gpus.size(), group, root.top_id, roots.size() - 1));
      d.confidence = Confidence::secondary;
      d.help = "put at most two switches into the rig, or test with p2pmark before relying on it";
    }
  }
}

void gpu_on_chipset(const Rig& rig, Reporter& out) {
  for (const DevicePlace& place : rig.layout.devices) {
    const DeviceUse* use = rig.project->device(place.id.value_or(""));
    if (use == nullptr || use->kind != "gpu") continue;
    const auto path = rig.link_path(place);
    const LinkPath* p = path ? &*path : nullptr;
    while (p != nullptr && p->chipset == nullptr) p = p->uplink.get();
    if (p == nullptr) continue;
    const Chipset& chip = *p->chipset;
    if (!chip.width.known() || !chip.generation.known()) {
      out.not_checked(
          fmt::format("uplink of `{}` is not known ({})", chip.id.value_or("chipset"), use->id));
      continue;
    }
    Diagnostic& d = out.report(
        either(place.port.at, place_of(rig, place)), {use->id},
        fmt::format("`{}` hangs on `{}` of the chipset, whose uplink {} {} it shares with "
                    "everything else there ({})",
                    use->id, p->port, to_text(*chip.width), to_text(*chip.generation),
                    to_text(link_bandwidth(chip.width->value, *chip.generation))));
    d.labels.push_back({chip.at, "chipset described here"});
    d.confidence = weakest(chip.width.confidence, chip.generation.confidence);
    d.help = "use a slot of the CPU";
  }
}

// ---- power
// ---------------------------------------------------------------------------------------

bool fed(const DevicePlace& place, const std::string& inlet) {
  return std::any_of(place.power.aux.begin(), place.power.aux.end(), [&](const Feed& f) {
    return f.inlet.value == inlet && (!f.from.empty() || f.part.known());
  });
}

void expander_unfed(const Rig& rig, Reporter& out) {
  for (const Placed& e : placed_expanders(rig)) {
    for (const Inlet& inlet : e.use->part->inlets) {
      const std::string id = inlet.id.value_or("?");
      if (fed(*e.place, id)) continue;
      if (is_partial(rig) && e.place->power.aux.empty()) {
        out.undecided(fmt::format("nothing feeds inlet `{}` of `{}` yet", id, e.use->id));
        continue;
      }
      Diagnostic& d = out.report(place_of(rig, *e.place), {e.use->id},
                                 fmt::format("inlet `{}` of `{}` is not fed", id, e.use->id));
      d.labels.push_back({inlet.at, "inlet described here"});
      d.help = "feed every inlet: the connected ones carry the share of the missing";
    }
  }
}

/// What the side that feeds the slots can pass on: the plugs that are fed, else the host's slot.
Watts passable(const Placed& e) {
  Watts sum{0};
  for (const Inlet& inlet : e.use->part->inlets) {
    if (inlet.plug.known() && fed(*e.place, inlet.id.value_or(""))) sum += plug_rating(*inlet.plug);
  }
  return e.use->part->inlets.empty() ? slot_allowance() : sum;
}

void expander_overloaded(const Rig& rig, Reporter& out) {
  const std::vector<ExpanderLoad> loads = expander_loads(rig);
  for (const Placed& e : placed_expanders(rig)) {
    const auto load = std::find_if(loads.begin(), loads.end(),
                                   [&](const ExpanderLoad& l) { return l.id == e.use->id; });
    const Watts limit = passable(e);
    if (load == loads.end() || !e.place->port.known() || limit.value <= 0) continue;
    out.not_checked(load->missing, e.use->id);
    out.rests_on(load->confidence);
    const bool host = e.use->part->inlets.empty();
    out.limit(fmt::format("{} ({})", e.use->id, host ? "slot" : "plugs"), load->expected.value,
              limit.value, "W");
    if (!exceeds(load->expected, limit)) continue;
    std::vector<std::string> subject{e.use->id};
    subject.insert(subject.end(), load->devices.begin(), load->devices.end());
    const Pair pair = distinct(load->expected.value, limit.value);
    Diagnostic& d = out.report(
        e.at, std::move(subject),
        fmt::format("`{}` and the slots of {} may draw {} W of 12 V, its {} {} W", e.use->id,
                    load->devices.empty() ? "no card" : listed(load->devices), pair.actual,
                    host ? "own slot passes on" : "plugs carry", pair.limit),
        load->expected, limit, "W");
    d.confidence = load->confidence;
    d.help = host ? "use a card whose slots have a plug of their own" : "feed more of its plugs";
  }
}

constexpr std::array expander_table{
    Rule{{"L112", "expander-unconnected", Severity::error,
          "A device hangs on a switch or bifurcation card that hangs nowhere.",
          "What hangs on the port of a switch reaches the CPU through the switch's own upstream "
          "link. Without one nothing below it is found.",
          "PCI Express: one upstream port to each switch"},
         expander_unconnected},
    Rule{{"L113", "card-not-divided", Severity::error,
          "A bifurcation card sits on a port that is not divided as it needs.",
          "A bifurcation card only leads the lanes of one core to several connectors. Core and "
          "BIOS have to divide them the same way; otherwise the first card is found and the "
          "others are not.",
          "PCI Express bifurcation: CPU documentation and board BIOS menu"},
         card_not_divided},
    Rule{{"L114", "uplink-shared", Severity::note,
          "The links below a switch come to more than its uplink.",
          "Cards of one switch talk to each other at full speed; to memory and to other switches "
          "they share one uplink. Loading a model from memory or disk takes as much longer.",
          "arithmetic on trained links"},
         uplink_shared},
    Rule{{"L115", "expander-unfed", Severity::error,
          "A power plug of a switch or bifurcation card is not fed.",
          "The slots of such a card take up to 66 W of 12 V each from its plugs. A plug left open "
          "puts its share on the others, or on the board's slot.",
          "PCI Express card electromechanical specification, 5.5 A at 12 V per slot"},
         expander_unfed},
    Rule{{"L116", "gpu-on-chipset", Severity::warning, "A GPU hangs on a slot of the chipset.",
          "Slots of the chipset share its uplink with drives, network and USB. The card trains at "
          "the slot's width and still gets a part of the uplink only, and none of it directly to "
          "other cards.",
          "board block diagram"},
         gpu_on_chipset},
    Rule{{"L124", "writes-collapse", Severity::warning,
          "Several cards of one switch write to cards behind several other root ports.",
          "Posted writes from several cards of one uplink to several roots at once were measured "
          "at 2.7 of 37 GB/s (two cards of a PEX890xx) and 13.5 of 52 GB/s (four cards of a "
          "PM50100). Reads and ring all-reduce were not affected. The cause is not settled.",
          "https://github.com/voipmonitor/rtx6kpro hardware/collapse-report.md"},
         writes_collapse},
    Rule{{"L125", "expander-overloaded", Severity::error,
          "The slots of a switch or bifurcation card draw more than what feeds it carries.",
          "A passive card hands the 66 W of one slot on to several cards; one with plugs carries "
          "what these are rated for. Copper above its rating overheats.",
          "PCI Express card electromechanical specification, 5.5 A at 12 V per slot"},
         expander_overloaded},
    Rule{
        {"L126", "uplink-narrow", Severity::warning,
         "The link above a switch trains narrower than the switch could.",
         "Every card below shares it on the way to memory. A core that is still split x8x8, or one "
         "cable where two are needed, halves it without any other sign.",
         "https://github.com/jamesob/local-llm (measured on a built machine)"},
        uplink_narrow}};

}  // namespace

std::span<const Rule> expander_rules() { return expander_table; }

}  // namespace rigtopo
