// The board: which connectors hang on which x16 core, which compete for lanes, which can be joined,
// what feeds it. Whether its lanes close core by core is judged in check/.
#include <algorithm>
#include <cctype>

#include "catalog/kinds.hpp"

namespace rigtopo {

const BoardConnector* Board::connector(std::string_view wanted) const {
  const auto it = std::find_if(connectors.begin(), connectors.end(), [&](const BoardConnector& c) {
    return c.id.known() && *c.id == wanted;
  });
  return it == connectors.end() ? nullptr : &*it;
}

const ConnectorPair* Board::pair(std::string_view wanted) const {
  const auto it = std::find_if(pairs.begin(), pairs.end(), [&](const ConnectorPair& p) {
    return p.id.known() && *p.id == wanted;
  });
  return it == pairs.end() ? nullptr : &*it;
}

const SharedGroup* Board::group_of(std::string_view wanted) const {
  for (const SharedGroup& group : groups) {
    for (const GroupMode& mode : group.modes) {
      for (const auto& member : mode.lanes) {
        if (member.key.known() && *member.key == wanted) return &group;
      }
    }
  }
  return nullptr;
}

const Chipset* Board::chipset(std::string_view wanted) const {
  const auto it = std::find_if(chipsets.begin(), chipsets.end(),
                               [&](const Chipset& c) { return c.id.known() && *c.id == wanted; });
  return it == chipsets.end() ? nullptr : &*it;
}

const CpuSupport* Board::support(std::string_view series) const {
  const auto it = std::find_if(cpus.begin(), cpus.end(), [&](const CpuSupport& c) {
    return c.series.known() && *c.series == series;
  });
  return it == cpus.end() ? nullptr : &*it;
}

// ---- field tables
// ----------------------------------------------------------------------------------

const Fields<BoardConnector>& Table<BoardConnector>::fields() {
  using S = BoardConnector;
  static const Fields<S> list{
      field("id", &S::id, Need::required, "Name printed on the board: `PCIE1`, `MCIO3`."),
      field("socket", &S::socket, Need::required, "What it is mechanically."),
      field("core", &S::core, Need::optional,
            "The x16 core of the CPU it hangs on: `cpu0.A1`. Never a bus number: those change with "
            "BIOS and CPU. Without it lane checks say \"not checked\"."),
      field("width", &S::width, Need::required, "Lanes that are wired."),
      field("mechanical", &S::mechanical, Need::optional,
            "Length of a slot in lanes; default `width`."),
      field("first_lane", &S::first_lane, Need::optional, "First lane within the core; default 0."),
      field("generation", &S::generation, Need::optional,
            "Best PCIe generation the board is made for."),
      field("splits", &S::splits, Need::optional,
            "Splits the BIOS offers for this connector's core; default: `bios_splits`."),
      field("position", &S::position, Need::optional,
            "Middle of the connector's face, from the board's origin."),
      field("board_loss", &S::board_loss, Need::optional,
            "Loss from CPU ball to connector at the Nyquist frequency of `generation`."),
      field("open_ended", &S::open_ended, Need::optional,
            "The slot takes a card longer than itself; default false."),
      field("reversed", &S::reversed, Need::optional,
            "Its lanes run backwards: one link trains all the same, a divided port may not; "
            "default false."),
      field("pinout", &S::pinout, Need::optional,
            "Cable connectors: lane order and side bands, by the maker's name for it.")};
  return list;
}

const Fields<Chipset>& Table<Chipset>::fields() {
  using S = Chipset;
  static const Fields<S> list{
      field("id", &S::id, Need::required,
            "Name of the chip; connectors on it say `core: chipset`. Letters and digits."),
      field("core", &S::core, Need::optional, "Core that its uplink hangs on."),
      field("width", &S::width, Need::required, "Lanes of the uplink."),
      field("generation", &S::generation, Need::required, "Generation of the uplink."),
      field("lanes", &S::lanes, Need::optional, "Lanes it leads out itself; default 24.")};
  return list;
}

const Fields<ConnectorPair>& Table<ConnectorPair>::fields() {
  using S = ConnectorPair;
  static const Fields<S> list{
      field("id", &S::id, Need::required, "Name of the joined port: `SLIM1+2`."),
      field("connectors", &S::connectors, Need::required,
            "The two connectors, the one with the lower lanes first.")};
  return list;
}

const Fields<GroupMode>& Table<GroupMode>::fields() {
  using S = GroupMode;
  static const Fields<S> list{
      field("id", &S::id, Need::required, "Name of the setting: `slot`, `m2`."),
      field("lanes", &S::lanes, Need::required,
            "Lanes each member gets: `{PCIE2: x8, M2_1: x4}`. A member that is not named gets "
            "none."),
      field("split", &S::split, Need::optional,
            "How the core has to be split in this mode, when it matters.")};
  return list;
}

const Fields<SharedGroup>& Table<SharedGroup>::fields() {
  using S = SharedGroup;
  static const Fields<S> list{
      field("id", &S::id, Need::required, "Name of the group."),
      field("core", &S::core, Need::optional, "The core whose lanes are shared."),
      field("set_by", &S::set_by, Need::optional, "How the mode is chosen."),
      field("modes", &S::modes, Need::required, "Every way it can be set.")};
  return list;
}

const Fields<FixedLanes>& Table<FixedLanes>::fields() {
  using S = FixedLanes;
  static const Fields<S> list{
      field("id", &S::id, Need::required, "What the lanes go to: `X550 10GbE`."),
      field("core", &S::core, Need::optional, "The core they belong to."),
      field("width", &S::width, Need::required, "How many lanes."),
      field("count", &S::count, Need::optional, "How many times `width`; default 1."),
      field("use", &S::use, Need::required, "Why no device can have them.")};
  return list;
}

const Fields<CpuSocket>& Table<CpuSocket>::fields() {
  using S = CpuSocket;
  static const Fields<S> list{
      field("id", &S::id, Need::required, "`cpu0`, `cpu1`; filled in this order."),
      field("socket", &S::socket, Need::required, "Socket type, as on the CPU part: `SP3`.")};
  return list;
}

const Fields<CpuSupport>& Table<CpuSupport>::fields() {
  using S = CpuSupport;
  static const Fields<S> list{
      field("series", &S::series, Need::required, "As on the CPU part: `EPYC 7002`."),
      field("revision", &S::revision, Need::optional,
            "First revision of the board that takes them, as printed: `2.00`."),
      field("bios", &S::bios, Need::optional, "First BIOS that starts them.")};
  return list;
}

const Fields<BoardInlet>& Table<BoardInlet>::fields() {
  using S = BoardInlet;
  static const Fields<S> list{
      field("id", &S::id, Need::required, "Name of the power connector."),
      field("plug", &S::plug, Need::required, "What plugs in."),
      field("use", &S::use, Need::required,
            "What it feeds: the CPU, the 12 V of the slots, or the rest of the board."),
      field("count", &S::count, Need::optional, "How many equal ones; default 1."),
      field("required", &S::required, Need::optional,
            "It has to be connected; default true for `board` and `cpu`, false for `slots`.")};
  return list;
}

const Fields<BiosSetting>& Table<BiosSetting>::fields() {
  using S = BiosSetting;
  static const Fields<S> list{
      field("id", &S::id, Need::required, "What the setting is for: `above-4g`, `PCIE2`."),
      field("menu", &S::menu, Need::optional, "Where it is found, by its real names."),
      field("value", &S::value, Need::required, "What to set.")};
  return list;
}

const Fields<Board>& Table<Board>::fields() {
  using S = Board;
  static const Fields<S> list = detail::part_fields<S>(
      {field("form_factor", &S::form_factor, Need::optional, "`ATX`, `EEB`, `SSI-CEB`."),
       field("size", &S::size, Need::optional, "Width, depth and height of the board."),
       field("sockets", &S::sockets, Need::required, "CPU sockets."),
       field("connectors", &S::connectors, Need::required, "Connectors with PCIe lanes."),
       field("pairs", &S::pairs, Need::optional,
             "Cable connectors of one core that join to one x16 port."),
       field("groups", &S::groups, Need::optional, "Connectors that compete for the same lanes."),
       field("fixed_lanes", &S::fixed_lanes, Need::optional,
             "Lanes that end in no connector: on-board devices, xGMI, not routed."),
       field("bios_splits", &S::bios_splits, Need::optional,
             "Splits the BIOS offers for connectors without `splits` of their own. Empty: not "
             "known."),
       field("inlets", &S::inlets, Need::optional, "Power connectors."),
       field("slot_power_limit", &S::slot_power_limit, Need::optional,
             "12 V power the board passes to all slots together."),
       field("bios", &S::bios, Need::optional, "Settings the builder has to make."),
       field("complete", &S::complete, Need::optional,
             "The lane map accounts for every lane; default false."),
       field("chipsets", &S::chipsets, Need::optional,
             "Chips whose connectors share one uplink to the CPU."),
       field("max_devices", &S::max_devices, Need::optional,
             "PCIe devices its BIOS gets through enumerating, where a report says so."),
       field("bar_window", &S::bar_window, Need::optional,
             "64-bit address space its BIOS leaves to the cards of one root complex."),
       field("cpus", &S::cpus, Need::optional,
             "Every series of CPUs the maker says it takes. Empty: not known.")});
  return list;
}

// ---- what the table cannot say
// ---------------------------------------------------------------------

namespace {

void complete(Board& board) {
  for (BoardConnector& c : board.connectors) {
    detail::default_to(c.first_lane, 0);
    if (c.socket.known() && *c.socket == Socket::slot) {
      detail::default_to(c.mechanical, c.width);
    }
    detail::default_to(c.open_ended, false);
  }
  for (FixedLanes& f : board.fixed_lanes) detail::default_to(f.count, 1);
  for (BoardInlet& i : board.inlets) {
    detail::default_to(i.count, 1);
    if (i.use.known()) detail::default_to(i.required, *i.use != InletUse::slots);
  }
  detail::default_to(board.complete, false);
  for (Chipset& c : board.chipsets) {
    detail::default_to(c.lanes, 24);
    c.as_core.at = c.at;
    c.as_core.id = c.id;
    c.as_core.lanes = c.lanes;
    c.as_core.generation = c.generation;
  }
}

bool all_letters_or_digits(std::string_view text) {
  return !text.empty() && std::all_of(text.begin(), text.end(), [](unsigned char c) {
    return c < 0x80 && std::isalnum(c) != 0;
  });
}

/// "cpu0.A1" has to name a socket of the board and something that can be a core.
void check_core(const Fact<std::string>& core, const Board& board, Diagnostics& out) {
  if (!core.known() || board.chipset(*core) != nullptr) return;
  const std::string_view text = *core;
  const auto dot = text.find('.');
  const std::string_view socket = text.substr(0, dot);
  const bool formed = dot != std::string_view::npos && socket.starts_with("cpu") &&
                      all_letters_or_digits(socket) && all_letters_or_digits(text.substr(dot + 1));
  if (!formed) {
    out.report(codes::bad_value, core.at, "`" + *core + "` is no core of a CPU",
               "write socket and core, such as `cpu0.A1`");
    return;
  }
  const bool there = std::any_of(board.sockets.begin(), board.sockets.end(),
                                 [&](const auto& s) { return s.id.known() && *s.id == socket; });
  if (!there) {
    out.report(codes::unknown_id, core.at,
               "`" + *core + "` names the socket `" + std::string(socket) +
                   "`, which the board does not have");
  }
}

void check_splits(const std::vector<Fact<Split>>& splits, Diagnostics& out) {
  for (const Fact<Split>& split : splits) {
    if (split.known() && split->lanes() > detail::core_lanes) {
      Diagnostic& d = out.report(codes::contradictory, split.at,
                                 "`" + split->text + "` needs " + std::to_string(split->lanes()) +
                                     " lanes; a core has " + std::to_string(detail::core_lanes));
      d.actual = split->lanes();
      d.limit = detail::core_lanes;
    }
  }
}

void check_connector(const BoardConnector& c, const Board& board, Diagnostics& out) {
  check_core(c.core, board, out);
  check_splits(c.splits, out);
  if (!c.width.known()) return;
  const int first = c.first_lane.value_or(0);
  const Chipset* chipset = c.core.known() ? board.chipset(*c.core) : nullptr;
  const int lanes = chipset != nullptr ? chipset->lanes.value_or(24) : detail::core_lanes;
  if (first + c.width->value > lanes) {
    out.report(codes::contradictory, c.first_lane.at.known() ? c.first_lane.at : c.at,
               "`" + c.id.value_or("?") + "` starts at lane " + std::to_string(first) +
                   " and is x" + std::to_string(c.width->value) + " wide; a core has " +
                   std::to_string(lanes) + " lanes");
  }
  if (c.mechanical.known() && *c.mechanical < *c.width) {
    out.report(codes::contradictory, c.mechanical.at,
               "`" + c.id.value_or("?") + "` is wired for more lanes (" + to_text(*c.width) +
                   ") than it has contacts for (" + to_text(*c.mechanical) + ")");
  }
}

const BoardConnector* known_connector(const Fact<std::string>& id, const Board& board,
                                      Diagnostics& out) {
  if (!id.known()) return nullptr;
  const BoardConnector* connector = board.connector(*id);
  if (connector != nullptr) return connector;
  std::vector<std::string> ids;
  for (const BoardConnector& c : board.connectors) {
    if (c.id.known()) ids.push_back(*c.id);
  }
  const auto near = did_you_mean(*id, ids);
  out.report(codes::unknown_id, id.at, "`" + *id + "` is no connector of the board",
             near ? "did you mean `" + *near + "`?" : "");
  return nullptr;
}

/// Both known and different.
bool differ(const Fact<std::string>& a, const Fact<std::string>& b) {
  return a.known() && b.known() && *a != *b;
}

void check_pair(const ConnectorPair& pair, const Board& board, Diagnostics& out) {
  const std::string name = pair.id.value_or("?");
  if (pair.connectors.size() != 2) {
    out.report(codes::contradictory, pair.at,
               "the pair `" + name + "` joins " + std::to_string(pair.connectors.size()) +
                   " connectors; a pair has 2");
    return;
  }
  const BoardConnector* first = known_connector(pair.connectors[0], board, out);
  const BoardConnector* second = known_connector(pair.connectors[1], board, out);
  if (first == nullptr || second == nullptr) return;
  if (first == second) {
    out.report(codes::contradictory, pair.connectors[1].at,
               "the pair `" + name + "` names `" + *second->id + "` twice");
  } else if (differ(first->core, second->core)) {
    out.report(codes::contradictory, pair.connectors[1].at,
               "the pair `" + name + "` joins connectors of two cores, `" + *first->core +
                   "` and `" + *second->core + "`");
  } else if (first->first_lane.known() && second->first_lane.known() && first->width.known() &&
             *second->first_lane != *first->first_lane + first->width->value) {
    out.report(codes::contradictory, pair.connectors[1].at,
               "the lanes of `" + *second->id + "` do not follow those of `" + *first->id +
                   "` in the pair `" + name + "`",
               "give `first_lane` of both, and name the one with the lower lanes first");
  }
  if (first->socket.known() && second->socket.known() && *first->socket != *second->socket) {
    out.report(codes::contradictory, pair.connectors[1].at,
               "the pair `" + name + "` joins unlike connectors, " +
                   std::string(word(*first->socket)) + " and " +
                   std::string(word(*second->socket)));
  }
}

void check_mode(const GroupMode& mode, const SharedGroup& group, const Board& board,
                Diagnostics& out) {
  int sum = 0;
  detail::UniqueIds members("member", out);
  for (const auto& member : mode.lanes) {
    members.add(member.key);
    const BoardConnector* connector = known_connector(member.key, board, out);
    if (connector == nullptr || !member.value.known()) continue;
    sum += member.value->value;
    if (connector->width.known() && *connector->width < *member.value) {
      out.report(codes::contradictory, member.value.at,
                 "`" + *member.key + "` gets " + to_text(*member.value) + " in mode `" +
                     mode.id.value_or("?") + "`; it is wired for " + to_text(*connector->width));
    }
    if (differ(connector->core, group.core)) {
      out.report(codes::contradictory, member.key.at,
                 "`" + *member.key + "` hangs on `" + *connector->core + "`; the group `" +
                     group.id.value_or("?") + "` shares lanes of `" + *group.core + "`");
    }
  }
  if (sum > detail::core_lanes) {
    out.report(codes::contradictory, mode.at,
               "mode `" + mode.id.value_or("?") + "` hands out " + std::to_string(sum) +
                   " lanes; a core has " + std::to_string(detail::core_lanes));
  }
  if (mode.split.known()) check_splits({mode.split}, out);
}

/// A connector's mode is looked up through its one group.
void check_one_group_each(const Board& board, Diagnostics& out) {
  for (const SharedGroup& group : board.groups) {
    for (const GroupMode& mode : group.modes) {
      for (const auto& member : mode.lanes) {
        if (!member.key.known()) continue;
        const SharedGroup* owner = board.group_of(*member.key);
        if (owner == &group) continue;
        out.report(codes::contradictory, member.key.at,
                   "`" + *member.key + "` is a member of two groups, `" + owner->id.value_or("?") +
                       "` and `" + group.id.value_or("?") + "`",
                   "make one group of them with a mode for each combination");
      }
    }
  }
}

void check_lanes(const Board& board, Diagnostics& out) {
  detail::UniqueIds ports("connector", out);
  for (const BoardConnector& c : board.connectors) {
    ports.add(c.id);
    check_connector(c, board, out);
  }
  for (const ConnectorPair& p : board.pairs) {
    ports.add(p.id);
    check_pair(p, board, out);
  }
  detail::UniqueIds groups("group", out);
  for (const SharedGroup& g : board.groups) {
    groups.add(g.id);
    check_core(g.core, board, out);
    if (g.modes.empty()) {
      out.report(codes::contradictory, g.at, "the group `" + g.id.value_or("?") + "` has no mode");
    }
    detail::UniqueIds modes("mode", out);
    for (const GroupMode& m : g.modes) {
      modes.add(m.id);
      check_mode(m, g, board, out);
    }
  }
  check_one_group_each(board, out);
  detail::UniqueIds chips("chipset", out);
  for (const Chipset& c : board.chipsets) {
    chips.add(c.id);
    if (c.core.known()) check_core(c.core, board, out);
    if (c.id.known() && !all_letters_or_digits(*c.id)) {
      out.report(codes::bad_value, c.id.at, "`" + *c.id + "` is no name for a chipset",
                 "use letters and digits");
    }
    detail::check_count(c.lanes, "lanes", 1, 64, out);
  }
  for (const FixedLanes& f : board.fixed_lanes) {
    check_core(f.core, board, out);
    detail::check_count(f.count, "count", 1, detail::core_lanes, out);
    if (f.width.known() && f.count.known() && f.width->value * *f.count > detail::core_lanes) {
      out.report(codes::contradictory, f.at,
                 "`" + f.id.value_or("?") + "` takes " + std::to_string(f.width->value * *f.count) +
                     " lanes; a core has " + std::to_string(detail::core_lanes));
    }
  }
}

void validate_board(const AnyPart& part, Diagnostics& out) {
  const Board& board = std::get<Board>(part);
  detail::UniqueIds sockets("socket", out);
  for (const CpuSocket& s : board.sockets) {
    sockets.add(s.id);
    if (s.id.known() &&
        !(s.id->starts_with("cpu") && s.id->size() > 3 && all_letters_or_digits(*s.id))) {
      out.report(codes::bad_value, s.id.at, "`" + *s.id + "` is no name for a CPU socket",
                 "write `cpu0`, `cpu1` and so on");
    }
  }
  check_splits(board.bios_splits, out);
  check_lanes(board, out);
  detail::UniqueIds inlets("inlet", out);
  for (const BoardInlet& i : board.inlets) {
    detail::check_count(i.count, "count", 1, 16, out);
    if (!i.id.known()) continue;
    for (const std::string& id : detail::unrolled(*i.id, i.count)) inlets.add(id, i.id.at);
  }
  detail::check_positive(board.slot_power_limit, "slot_power_limit", out);
}

std::string board_reference() {
  return reference_table<Board>() + nested_reference<CpuSocket>("sockets") +
         nested_reference<CpuSupport>("cpus") + nested_reference<BoardConnector>("connectors") +
         nested_reference<ConnectorPair>("pairs") + nested_reference<SharedGroup>("groups") +
         nested_reference<GroupMode>("groups: modes") +
         nested_reference<FixedLanes>("fixed_lanes") + nested_reference<BoardInlet>("inlets") +
         nested_reference<BiosSetting>("bios") + nested_reference<Chipset>("chipsets");
}

}  // namespace

const Kind board_kind{
    "board",        "Motherboard",        "board",        detail::read_part<Board, complete>,
    validate_board, struct_schema<Board>, board_reference};

}  // namespace rigtopo
