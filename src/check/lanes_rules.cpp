// Lanes and connectors: do the board's lanes close, is every split legal, does each port serve one
// link, do connectors mate. What a link trains to is link_rules.cpp.
#include <algorithm>
#include <array>
#include <fmt/format.h>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "check/hung.hpp"
#include "check/rule.hpp"
#include "physics/lanes.hpp"

namespace rigtopo {
namespace {

std::vector<std::string> ids_of(const std::vector<Hung>& devices) {
  std::vector<std::string> ids;
  ids.reserve(devices.size());
  for (const Hung& h : devices) ids.push_back(h.id);
  return ids;
}

// ---- the board's lane map
// ------------------------------------------------------------------------

std::vector<CoreBudget> budget(const Rig& rig) {
  if (rig.board == nullptr || rig.project->cpu == nullptr) return {};
  return lane_budget(*rig.board, *rig.project->cpu, rig.project->cpu_count);
}

void core_overcommitted(const Rig& rig, Reporter& out) {
  for (const CoreBudget& c : budget(rig)) {
    if (!exceeds(Lanes{c.sum()}, Lanes{c.lanes})) continue;
    Diagnostic& d =
        out.report(board_place(rig), {rig.board->id},
                   fmt::format("board `{}` leads {} lanes out of core `{}`, which has {}",
                               rig.board->id, c.sum(), c.id, c.lanes),
                   Lanes{c.sum()}, Lanes{c.lanes}, "lanes");
    d.labels.push_back({rig.board->at, "board described here"});
    d.help = "correct the board's file: connectors that share lanes belong into one of `groups:`";
  }
}

void core_not_closed(const Rig& rig, Reporter& out) {
  if (rig.board == nullptr) return;
  if (!rig.board->complete.value_or(false)) {
    out.left_out(fmt::format("`{}` does not claim a complete lane map", rig.board->id));
    return;
  }
  for (const CoreBudget& c : budget(rig)) {
    if (c.sum() >= c.lanes) continue;
    Diagnostic& d =
        out.report(board_place(rig), {rig.board->id},
                   fmt::format("board `{}` accounts for {} of the {} lanes of core `{}`",
                               rig.board->id, c.sum(), c.lanes, c.id),
                   Lanes{c.sum()}, Lanes{c.lanes}, "lanes");
    d.labels.push_back({rig.board->at, "board described here"});
    d.help = "add what is missing to `fixed_lanes:` of the board, with `use: unknown` if need be";
  }
}

// ---- splits and shared groups
// --------------------------------------------------------------------

/// The split that a mode stands for; nullopt when the text is none (the loader has said so).
std::optional<Split> split_of(const std::string& text) {
  Value written;
  written.kind = Value::Kind::scalar;
  written.text = text;
  std::string reason;
  return YamlType<Split>::parse(written, reason);
}

/// One core with what hangs on it.
struct SplitCore {
  std::string id;
  const CpuCore* core = nullptr;
  std::vector<Hung> users;
  std::vector<const PortChoice*> ports;  // of the users; all of the core when nothing hangs on it
};

std::vector<SplitCore> split_cores(const std::vector<PortChoice>& choices,
                                   const std::vector<Hung>& hung) {
  std::vector<SplitCore> cores;
  for (const PortChoice& choice : choices) {
    if (choice.core == nullptr || choice.expander != nullptr) continue;
    const bool known = std::any_of(cores.begin(), cores.end(),
                                   [&](const SplitCore& c) { return c.id == choice.core_id; });
    if (!known) cores.push_back({choice.core_id, choice.core, {}, {}});
  }
  for (SplitCore& c : cores) {
    for (const Hung& h : hung) {
      // What hangs on a bifurcation card is the card's business: L113.
      if (h.port == nullptr || h.port->expander != nullptr || h.port->core_id != c.id) continue;
      c.users.push_back(h);
      c.ports.push_back(h.port);
    }
    for (const PortChoice& choice : choices) {
      const bool own = choice.expander == nullptr && choice.core_id == c.id;
      if (c.users.empty() && own) c.ports.push_back(&choice);
    }
  }
  return cores;
}

enum class Offered { yes, no, unknown };

/// Do CPU and BIOS offer `split` at one port?
Offered offered(const Rig& rig, const PortChoice& port, const Split& split,
                std::vector<std::string>& choices) {
  bool menu_known = false;
  const auto legal = legal_splits(*rig.board, *rig.project->cpu, port, &menu_known);
  choices.clear();
  for (const Split& s : legal) choices.push_back(s.text);
  const bool there = std::find(legal.begin(), legal.end(), split) != legal.end();
  // An undivided core needs no menu entry; anything else does.
  const bool undivided =
      split.pieces.size() == 1 && split.pieces[0] == port.core->lanes.value_or(16);
  if (!menu_known && undivided) return Offered::yes;
  if (menu_known || (!there && !legal.empty())) return there ? Offered::yes : Offered::no;
  return Offered::unknown;
}

void judge_split(const Rig& rig, const SplitCore& core, const Fact<std::string>& mode,
                 const Split& split, Reporter& out) {
  for (const PortChoice* port : core.ports) {
    std::vector<std::string> choices;
    const Offered answer = offered(rig, *port, split, choices);
    if (answer == Offered::yes) continue;
    if (answer == Offered::unknown) {
      out.not_checked(
          fmt::format("nobody says whether CPU and BIOS of `{}` can set core `{}` to "
                      "{} (port `{}`)",
                      rig.board->id, core.id, split.text, port->id));
      continue;
    }
    std::vector<std::string> subject = ids_of(core.users);
    subject.push_back(core.id);
    Diagnostic& d = out.report(
        either(mode.at, core.users.empty() ? board_place(rig) : core.users.front().at), subject,
        fmt::format("core `{}` cannot be split {} (port `{}`)", core.id, split.text, port->id));
    d.labels.push_back({port->connectors.front()->at, "connector described here"});
    d.help = choices.empty() ? "CPU and BIOS have no split in common"
                             : "CPU and BIOS both offer " + listed(choices);
    return;  // once for a core
  }
}

/// A shared group's mode can need a split of its core.
void judge_group_split(const Rig& rig, const SplitCore& core, const Fact<std::string>& mode,
                       const Split& split, Reporter& out) {
  for (const Hung& h : core.users) {
    if (h.port->group == nullptr) continue;
    const std::string id = h.port->group->id.value_or("?");
    const Fact<std::string>* set = rig.layout.mode(id);
    for (const GroupMode& m : h.port->group->modes) {
      const bool chosen = set != nullptr && set->known() && m.id.value == **set;
      if (!chosen || !m.split.known() || m.split->pieces == split.pieces) continue;
      Diagnostic& d =
          out.report(either(mode.at, h.at), {h.id, core.id, id},
                     fmt::format("mode `{}` of `{}` needs core `{}` at {}, it is set to {}", *m.id,
                                 id, core.id, m.split->text, split.text));
      d.labels.push_back({m.split.at, "needed by this mode"});
      d.help = fmt::format("set the core to {}", m.split->text);
      return;
    }
  }
}

void split_illegal(const Rig& rig, Reporter& out) {
  const auto& choices = rig.ports;
  for (const SplitCore& core : split_cores(choices, hung_devices(rig, choices))) {
    if (rig.board->chipset(core.id) != nullptr) continue;  // as wired, and nobody chooses
    const Fact<std::string>* mode = rig.layout.mode(core.id);
    if (mode != nullptr && mode->known()) {
      const std::optional<Split> split = split_of(**mode);
      if (!split) continue;
      judge_split(rig, core, *mode, *split, out);
      judge_group_split(rig, core, *mode, *split, out);
    } else if (!core.users.empty() && core.core->lanes.value_or(16) >= 16) {
      // Smaller cores are split as their connectors are wired, and nobody chooses.
      out.undecided(fmt::format("split of core `{}` is not decided ({})", core.id,
                                listed(ids_of(core.users))));
    }
  }
}

/// A device on connectors of a shared group.
struct Sharer {
  Hung hung;
  std::vector<const BoardConnector*> members;
};

std::vector<Sharer> sharers(const Rig& rig, const SharedGroup& group,
                            const std::vector<Hung>& hung) {
  std::vector<Sharer> list;
  for (const Hung& h : hung) {
    if (h.port == nullptr || h.port->expander != nullptr) continue;
    Sharer s{h, {}};
    for (const BoardConnector* c : h.port->connectors) {
      if (rig.board->group_of(c->id.value_or("")) == &group) s.members.push_back(c);
    }
    if (!s.members.empty()) list.push_back(std::move(s));
  }
  return list;
}

/// Does a mode leave lanes to every connector that a device hangs on?
bool serves(const GroupMode& mode, const Sharer& sharer) {
  return std::all_of(sharer.members.begin(), sharer.members.end(), [&](const BoardConnector* c) {
    return std::any_of(mode.lanes.begin(), mode.lanes.end(), [&](const auto& member) {
      return member.key.value == c->id.value && member.value.known() && member.value->value > 0;
    });
  });
}

void judge_mode(const SharedGroup& group, const Fact<std::string>& set,
                const std::vector<Sharer>& users, Reporter& out) {
  const std::string id = group.id.value_or("?");
  for (const Sharer& user : users) {
    const Hung& h = user.hung;
    const GroupMode* chosen = nullptr;
    std::vector<std::string> fitting;
    for (const GroupMode& m : group.modes) {
      if (m.id.value == *set) chosen = &m;
      if (serves(m, user)) fitting.push_back(m.id.value_or("?"));
    }
    if (chosen != nullptr && serves(*chosen, user)) continue;
    Diagnostic& d = out.report(
        h.at, {h.id, id},
        chosen == nullptr
            ? fmt::format("shared group `{}` has no mode `{}`", id, *set)
            : fmt::format("`{}` hangs on `{}`, which gets no lanes while `{}` is set to `{}`", h.id,
                          h.port->id, id, *set));
    d.labels.push_back({group.at, "group described here"});
    if (set.at.known()) d.labels.push_back({set.at, "set here"});
    d.help = (fitting.empty() ? "" : fmt::format("set `{}` to {}, or ", id, one_of(fitting))) +
             std::string("use another port");
  }
}

void shared_lanes(const Rig& rig, Reporter& out) {
  if (rig.board == nullptr) return;
  const auto& choices = rig.ports;
  const auto hung = hung_devices(rig, choices);
  for (const SharedGroup& group : rig.board->groups) {
    const std::vector<Sharer> users = sharers(rig, group, hung);
    if (users.empty()) continue;
    const std::string id = group.id.value_or("?");
    const Fact<std::string>* set = rig.layout.mode(id);
    if (set != nullptr && set->known()) {
      judge_mode(group, *set, users, out);
      continue;
    }
    std::vector<std::string> ids;
    ids.reserve(users.size());
    for (const Sharer& user : users) ids.push_back(user.hung.id);
    const bool possible =
        std::any_of(group.modes.begin(), group.modes.end(), [&](const GroupMode& m) {
          return std::all_of(users.begin(), users.end(),
                             [&](const Sharer& user) { return serves(m, user); });
        });
    if (possible) {
      out.undecided(fmt::format("shared group `{}` has no mode yet ({})", id, listed(ids)));
      continue;
    }
    std::vector<std::string> subject = ids;
    subject.push_back(id);
    Diagnostic& d = out.report(
        users.back().hung.at, subject,
        fmt::format("no mode of shared group `{}` gives lanes to {} at once", id, listed(ids)));
    d.labels.push_back({group.at, "group described here"});
    d.help = "move one of them to a port outside the group";
  }
}

// ---- ports
// ---------------------------------------------------------------------------------------

void port_taken(const Rig& rig, Reporter& out) {
  const auto& choices = rig.ports;
  std::map<std::string, std::string> taken;  // connector id -> device
  for (const Hung& h : hung_devices(rig, choices)) {
    if (h.port == nullptr) continue;
    for (const BoardConnector* c : h.port->connectors) {
      const std::string id = h.port->expander != nullptr ? h.port->id : c->id.value_or("?");
      const auto [it, first] = taken.emplace(id, h.id);
      if (first) continue;
      Diagnostic& d =
          out.report(h.at, {h.id, it->second},
                     fmt::format("`{}` and `{}` both hang on `{}`", it->second, h.id, it->first));
      d.labels.push_back({place_of(rig, it->second), "taken here"});
      d.help = "give one of them another port";
      break;  // a pair that is taken twice is one finding
    }
  }
}

bool cores_known(const PortChoice& port) {
  return std::all_of(port.connectors.begin(), port.connectors.end(),
                     [](const BoardConnector* c) { return c->core.known(); });
}

void judge_port(const Rig& rig, const Hung& h, const std::vector<PortChoice>& choices,
                Reporter& out) {
  const bool on_expander = rig.project->expander(owner_of(*h.place->port)) != nullptr;
  if (on_expander) return;  // L112
  if (h.port == nullptr) {
    const bool there = rig.board->connector(*h.place->port) != nullptr ||
                       rig.board->pair(*h.place->port) != nullptr;
    Diagnostic& d = out.report(
        h.at, {h.id},
        there ? fmt::format("port `{}` belongs to a CPU socket that is empty", *h.place->port)
              : fmt::format("board `{}` has no port `{}`", rig.board->id, *h.place->port));
    std::vector<std::string> ids;
    ids.reserve(choices.size());
    for (const PortChoice& c : choices) ids.push_back(c.id);
    d.help = there ? "fit the second CPU, or use a port of the first" : "it has " + listed(ids);
    return;
  }
  for (const BoardConnector* c : h.port->connectors) {
    if (c->core.known()) out.rests_on(c->core.confidence);
  }
  if (!cores_known(*h.port)) {
    out.not_checked(fmt::format("nobody says on which core `{}` hangs ({})", h.port->id, h.id));
  } else if (h.port->core == nullptr && h.port->pair == nullptr) {
    out.not_checked(fmt::format("CPU `{}` has no core `{}`, which `{}` is said to hang on ({})",
                                rig.project->cpu->id, h.port->core_id, h.port->id, h.id));
  }
}

void port_missing(const Rig& rig, Reporter& out) {
  for (const DeviceUse& use : rig.project->devices) {
    const DevicePlace* place = rig.layout.device(use.id);
    if (place == nullptr || !place->port.known()) {
      out.undecided(fmt::format("`{}` has no port yet", use.id));
    } else if (rig.board == nullptr) {
      out.undecided(fmt::format("`{}` hangs on `{}` of a board that is not chosen yet", use.id,
                                *place->port));
    }
  }
  if (rig.board == nullptr) return;
  const auto& choices = rig.ports;
  for (const Hung& h : hung_devices(rig, choices)) judge_port(rig, h, choices, out);
}

// ---- pairs and chains
// ----------------------------------------------------------------------------

/// One cable fewer or more than a pair needs: told as L106, which names the cure.
bool is_pair_fault(const Hung& h, const ChainFault& fault) {
  return h.port->pair != nullptr && fault.position == 0 &&
         fault.offered_count != fault.needed_count && fault.offered == fault.needed;
}

void pair_incomplete(const Rig& rig, Reporter& out) {
  const auto& choices = rig.ports;
  for (const Hung& h : hung_devices(rig, choices)) {
    if (h.port == nullptr || h.port->pair == nullptr) continue;
    const std::optional<LinkPath> path = rig.link_path(*h.place);
    if (!path) continue;
    if (cores_known(*h.port) && h.port->core_id.empty()) {
      out.report(h.at, {h.id},
                 fmt::format("the connectors of `{}` hang on different cores and cannot form one "
                             "link",
                             h.port->id))
          .labels.push_back({h.port->pair->at, "pair described here"});
    } else if (pair_is_divided(*path)) {
      Diagnostic& d = out.report(h.at, {h.id, h.port->core_id},
                                 fmt::format("`{}` needs core `{}` undivided, but it is split {}",
                                             h.port->id, h.port->core_id, path->split->text));
      const Fact<std::string>* mode = rig.layout.mode(h.port->core_id);
      if (mode != nullptr && mode->at.known()) d.labels.push_back({mode->at, "set here"});
      d.help = fmt::format("set the core to x{} in the BIOS", h.port->lanes);
    } else if (const auto fault = chain_fault(*path); fault && is_pair_fault(h, *fault)) {
      out.report(h.at, {h.id},
                 fmt::format("the chain of `{}` takes {} connector{}, `{}` offers {} side by side",
                             h.id, fault->needed_count, fault->needed_count == 1 ? "" : "s",
                             h.port->id, fault->offered_count),
                 Count{fault->needed_count}, Count{fault->offered_count}, "connectors")
          .help = fmt::format("fit {} cables of the same length (`count: {}`)",
                              fault->offered_count, fault->offered_count);
    }
  }
}

std::string fault_text(const Hung& h, const LinkPath& path, const ChainFault& fault) {
  const auto position = static_cast<std::size_t>(fault.position);
  const std::string needs = position < path.chain.size() ? path.chain[position].first->id : h.id;
  const std::string offers = position == 0 ? h.port->id : path.chain[position - 1].first->id;
  if (fault.two_plugs) {
    return fmt::format("`{}` and `{}` are two cables: their {} plugs do not go into each other",
                       offers, needs, word(fault.needed));
  }
  if (fault.two_receptacles) {
    return fmt::format("`{}` and `{}` both have {} receptacles: a cable belongs between them",
                       offers, needs, word(fault.needed));
  }
  if (fault.needed_length > fault.offered_length) {
    return fmt::format("`{}` has an x{} edge, the closed slot `{}` takes x{}", needs,
                       fault.needed_length, offers, fault.offered_length);
  }
  return fmt::format("`{}` needs {}x {}, `{}` offers {}x {}", needs, fault.needed_count,
                     word(fault.needed), offers, fault.offered_count, word(fault.offered));
}

void connectors_differ(const Rig& rig, Reporter& out) {
  const auto& choices = rig.ports;
  for (const Hung& h : hung_devices(rig, choices)) {
    if (h.port == nullptr) continue;
    const std::optional<LinkPath> path = rig.link_path(*h.place);
    if (!path || !path->chain_decided) {
      out.undecided(
          fmt::format("what lies between `{}` and `{}` is not decided", h.port->id, h.id));
      continue;
    }
    const std::optional<ChainFault> fault = chain_fault(*path);
    if (!fault || is_pair_fault(h, *fault)) continue;
    const auto position = static_cast<std::size_t>(fault->position);
    const Source piece =
        position < h.place->chain.size() ? h.place->chain[position].at : h.place->port.at;
    const bool edge_to_cable = position == h.place->chain.size() && fault->needed == Socket::slot;
    out.report(either(piece, h.at), {h.id}, fault_text(h, *path, *fault)).help =
        edge_to_cable && fault->offered != Socket::slot
            ? "end the chain with a device adapter that has a slot"
        : fault->two_plugs ? "use one cable that is long enough"
                           : "choose parts whose connectors mate";
  }
}

constexpr std::array lane_table{
    Rule{{"L101", "core-overcommitted", Severity::error,
          "More lanes are led out of an x16 core than it has.",
          "A core of the CPU has 16 lanes. A board file that leads more of them to connectors, "
          "on-board chips and the other socket is wrong, and every lane count built on it too. "
          "Connectors that share lanes belong into a shared group, which counts its largest mode.",
          "arithmetic on the board's lane map"},
         core_overcommitted},
    Rule{{"L102", "core-not-closed", Severity::warning,
          "A board that claims a complete lane map leaves lanes of a core unexplained.",
          "Every lane is routed to a connector, used on the board, used between sockets, not "
          "routed, or marked unknown. A gap means that something on the board is missing from its "
          "file, and that something may share lanes with a slot.",
          "arithmetic on the board's lane map"},
         core_not_closed},
    Rule{{"L103", "split-illegal", Severity::error,
          "A core is split in a way that CPU, BIOS or a shared group's mode does not offer.",
          "How an x16 core can be divided is the CPU's ability cut down by the BIOS menu of the "
          "board. A split that the menu does not offer cannot be set, whatever the CPU could do. "
          "Where a jumper or switch shares the lanes of a core, its setting asks for a certain "
          "split too.",
          "PCI Express bifurcation: CPU documentation and board BIOS menu"},
         split_illegal},
    Rule{{"L104", "shared-lanes", Severity::error,
          "A device hangs on a connector whose lanes another member of its group has.",
          "Slots, M.2 sockets and OCuLink connectors often share lanes through a switch set by a "
          "jumper or the BIOS. In each setting some of them get no lanes and a device there is not "
          "found at all.",
          "board manual, block diagram"},
         shared_lanes},
    Rule{{"L105", "port-taken", Severity::error, "Two devices hang on one connector.",
          "A connector serves one link. An x16 pair takes both of its connectors, so neither can "
          "serve another device.",
          "one link per connector"},
         port_taken},
    Rule{{"L106", "pair-incomplete", Severity::error,
          "An x16 link over two cables lacks a cable or an undivided core.",
          "Two 8-lane connectors carry one x16 link only when both cables are fitted, both hang on "
          "the same core, and the BIOS has that core at x16. Left at x8x8 the link trains at x8, "
          "which is easily missed.",
          "https://github.com/jamesob/local-llm (ROMED8-2T, slot left at x8x8)"},
         pair_incomplete},
    Rule{{"L107", "port-missing", Severity::error,
          "A device is given a port that the board does not have, or whose CPU socket is empty.",
          "On boards with two sockets, half of the slots are dead while one socket is empty. Where "
          "nobody knows on which core a port hangs, no lane of it can be counted.",
          "board manual"},
         port_missing},
    Rule{{"L108", "connectors-differ", Severity::error,
          "Two parts that should mate have different connectors.",
          "From the port to the card each part must offer what the next one needs: kind and number "
          "of connectors, and a slot that is long enough or open at its end.",
          "connector standards: PCIe CEM, SFF-8654, SFF-TA-1016, SFF-8611"},
         connectors_differ}};

}  // namespace

std::span<const Rule> lane_rules() { return lane_table; }

}  // namespace rigtopo
