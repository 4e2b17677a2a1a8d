// Cards that work together, and cards that the BIOS has to get along with: unequal links, awkward
// numbers, peer-to-peer, NVLink bridges, devices and address space. Single links are
// link_rules.cpp.
#include <algorithm>
#include <array>
#include <fmt/format.h>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "base/text.hpp"
#include "check/rule.hpp"
#include "physics/bridge.hpp"
#include "physics/link.hpp"
#include "physics/paths.hpp"

namespace rigtopo {
namespace {

/// GPUs of each group, in the order of the spec.
std::map<std::string, std::vector<const DeviceUse*>> gpu_groups(const Rig& rig) {
  std::map<std::string, std::vector<const DeviceUse*>> groups;
  for (const DeviceUse& use : rig.project->devices) {
    const bool grouped = use.kind == "gpu" && use.row != nullptr && use.row->group.known();
    if (grouped) groups[*use.row->group].push_back(&use);
  }
  return groups;
}

std::vector<std::string> ids_of(const std::vector<const DeviceUse*>& cards) {
  std::vector<std::string> ids;
  for (const DeviceUse* c : cards) ids.push_back(c->id);
  return ids;
}

// ---- unequal links
// -------------------------------------------------------------------------------

void links_unequal(const Rig& rig, Reporter& out) {
  for (const auto& [group, cards] : gpu_groups(rig)) {
    const DeviceUse* slowest = nullptr;
    std::optional<TrainedLink> least;
    double most = 0;
    for (const DeviceUse* card : cards) {
      const DevicePlace* place = rig.layout.device(card->id);
      const auto path = place != nullptr ? rig.link_path(*place) : std::nullopt;
      const auto link = path && path->chain_decided ? trained_link(*path) : std::nullopt;
      if (!link) continue;
      most = std::max(most, link->bandwidth.value);
      if (least && !(link->bandwidth < least->bandwidth)) continue;
      least = link;
      slowest = card;
    }
    if (!least || !exceeds(GigabytesPerSecond{most}, least->bandwidth)) continue;
    Diagnostic& d = out.report(
        place_of(rig, slowest->id), {slowest->id},
        fmt::format("`{}` has {} {}, {} GB/s, other cards of `{}` have {} GB/s: a ring over all of "
                    "them runs at its pace",
                    slowest->id, to_text(Lanes{least->width}), to_text(least->generation),
                    number(least->bandwidth.value, 1), group, number(most, 1)),
        least->bandwidth, GigabytesPerSecond{most}, "GB/s");
    d.confidence = least->confidence;
    d.help = "split layers over the cards, or leave this one out of tensor parallel groups";
  }
}

// ---- numbers of cards
// ----------------------------------------------------------------------------

bool power_of_two(std::size_t n) { return n != 0 && (n & (n - 1)) == 0; }

void group_awkward(const Rig& rig, Reporter& out) {
  for (const auto& [group, cards] : gpu_groups(rig)) {
    const std::size_t n = cards.size();
    if (n < 3 || power_of_two(n)) continue;
    std::size_t usable = 1;
    while (usable * 2 <= n) usable *= 2;
    Diagnostic& d = out.report(
        cards.front()->row->group.at, ids_of(cards),
        fmt::format("group `{}` has {} cards: tensor parallel use divides the attention heads of a "
                    "model evenly, so most models run on {} of them",
                    group, n, usable));
    d.confidence = Confidence::secondary;
    d.help = fmt::format(
        "pipeline parallel use takes any number; so do models whose heads can be "
        "divided by {}",
        n);
  }
}

// ---- peer to peer
// --------------------------------------------------------------------------------

void peers_advice(const Rig& rig, Reporter& out) {
  const auto& want = rig.project->spec.want;
  const auto wish = std::find_if(want.begin(), want.end(),
                                 [](const Fact<Wish>& w) { return w.value == Wish::p2p; });
  if (wish == want.end()) return;
  std::vector<std::string> ids;
  std::set<std::string> chips;
  for (const auto& [group, cards] : gpu_groups(rig)) {
    if (cards.size() < 2) continue;
    for (const DeviceUse* c : cards) {
      ids.push_back(c->id);
      chips.insert(c->part->chip.known() ? *c->part->chip : c->part->id);
    }
  }
  if (ids.empty()) return;
  std::string text =
      "cards reach one another directly only with ACS off on root ports and switch ports, "
      "resizable "
      "BAR on, and the IOMMU off or in pass-through";
  if (chips.size() > 1) text += "; cards of different chips may not do so at all";
  Diagnostic& d = out.report(wish->at, std::move(ids), std::move(text));
  d.confidence = Confidence::secondary;
  d.help = "GeForce cards need a patched kernel module too; check with `nvidia-smi topo -p2p r`";
}

// ---- bridges
// -------------------------------------------------------------------------------------

void judge_likeness(const Rig& rig, const BridgePlace& bridge, Reporter& out) {
  if (bridge.between.size() != 2) return;
  const DeviceUse* a = rig.project->device(bridge.between[0].value_or(""));
  const DeviceUse* b = rig.project->device(bridge.between[1].value_or(""));
  if (a == nullptr || b == nullptr || !unlike(*a->part, *b->part)) return;
  Diagnostic& d = out.report(bridge.between[1].at, {a->id, b->id},
                             fmt::format("`{}` is a `{}` and `{}` a `{}`: NVLink joins equal cards",
                                         a->id, a->part->id, b->id, b->part->id));
  d.confidence = Confidence::secondary;
  d.help = "bridge two cards of one model";
}

void bridge_misfit(const Rig& rig, Reporter& out) {
  for (const BridgePlace& bridge : rig.layout.bridges) {
    judge_likeness(rig, bridge, out);
    const Bridge* part = rig.project->part<Bridge>(bridge.part.value_or(""));
    for (const Fact<std::string>& id : bridge.between) {
      const DeviceUse* use = rig.project->device(id.value_or(""));
      if (use == nullptr) continue;
      const Device& card = *use->part;
      if (!card.nvlinks.known()) {
        out.not_checked(
            fmt::format("nobody says whether `{}` has an NVLink connector ({})", card.id, use->id));
        continue;
      }
      if (*card.nvlinks == 0) {
        Diagnostic& d =
            out.report(id.at, {use->id}, fmt::format("`{}` has no NVLink connector", use->id));
        d.labels.push_back({card.nvlinks.at, "said here"});
        d.confidence = card.nvlinks.confidence;
        d.help = "leave out the bridge";
        continue;
      }
      if (part == nullptr || bridge_mate(*part, card) != BridgeMate::other_card) continue;
      Diagnostic& d =
          out.report(id.at, {use->id, part->id},
                     fmt::format("bridge `{}` is not made for `{}`", part->id, card.id));
      d.labels.push_back({part->fits.front().at, "made for these"});
      d.confidence = part->fits.front().confidence;
      d.help = "use a bridge for this card";
    }
  }
}

void bridge_twice(const Rig& rig, Reporter& out) {
  std::map<std::string, std::string> partner;
  std::map<std::pair<std::string, std::string>, int> links;
  for (const BridgePlace& bridge : rig.layout.bridges) {
    if (bridge.between.size() != 2) continue;
    for (int side = 0; side < 2; ++side) {
      const Fact<std::string>& here = bridge.between[static_cast<std::size_t>(side)];
      const std::string id = here.value_or("?");
      const std::string other = bridge.between[static_cast<std::size_t>(1 - side)].value_or("?");
      if (id == other) {
        out.report(here.at, {id}, fmt::format("a bridge joins `{}` with itself", id));
        break;
      }
      const auto [it, first] = partner.emplace(id, other);
      if (first || it->second == other) continue;
      out.report(here.at, {id},
                 fmt::format("`{}` is bridged to `{}` and to `{}`", id, it->second, other))
          .help = "bridges join pairs: two cards each";
    }
  }
}

// ---- what the BIOS has to get along with
// ---------------------------------------------------------

/// "revision 2.00 or later and BIOS 1.3 or later"
std::string conditions(const CpuSupport& support) {
  std::string text;
  if (support.revision.known()) text = "revision " + *support.revision + " or later";
  if (!support.bios.known()) return text;
  return text + (text.empty() ? "" : " and ") + "BIOS " + *support.bios + " or later";
}

void cpu_not_taken(const Rig& rig, Reporter& out) {
  if (rig.board == nullptr || rig.project->cpu == nullptr) return;
  const Board& board = *rig.board;
  const Cpu& cpu = *rig.project->cpu;
  if (board.cpus.empty()) {
    out.left_out(fmt::format("nobody says which CPUs `{}` takes, apart from its socket", board.id));
    return;
  }
  if (!cpu.series.known()) {
    out.not_checked(
        fmt::format("series of `{}` is not known; `{}` takes some only", cpu.id, board.id));
    return;
  }
  const CpuSupport* support = board.support(*cpu.series);
  if (support != nullptr) {
    out.rests_on(support->series.confidence);
    const std::string needed = conditions(*support);
    if (needed.empty()) return;
    out.assume(fmt::format("`{}` has {}, as {} needs ({})", board.id, needed, *cpu.series,
                           to_string(support->series.confidence)));
    return;
  }
  std::vector<std::string> taken;
  for (const CpuSupport& s : board.cpus) taken.push_back(s.series.value_or("?"));
  Diagnostic& d = out.report(
      rig.project->spec.cpu->value.at, {cpu.id, board.id},
      fmt::format("board `{}` does not start with `{}`, an {}", board.id, cpu.id, *cpu.series));
  d.labels.push_back({board.cpus.front().at, "CPUs that it takes"});
  d.confidence = board.cpus.front().series.confidence;
  d.help = "it takes " + listed(taken);
}

void too_many_devices(const Rig& rig, Reporter& out) {
  if (rig.board == nullptr || !rig.board->max_devices.known()) return;
  int count = 0;
  std::vector<std::string> ids;
  for (const DeviceUse& use : rig.project->devices) {
    count += use.part->functions.value_or(1);
    ids.push_back(use.id);
  }
  const int limit = *rig.board->max_devices;
  out.limit(fmt::format("devices the BIOS of {} finds", rig.board->id), count, limit, "devices");
  if (count <= limit) return;
  Diagnostic& d =
      out.report(board_place(rig), std::move(ids),
                 fmt::format("there are {} devices; the BIOS of `{}` was seen to find {}", count,
                             rig.board->id, limit),
                 Count{count}, Count{limit}, "devices");
  d.labels.push_back({rig.board->max_devices.at, "reported here"});
  d.confidence = rig.board->max_devices.confidence;
  d.help =
      "switch off what is not needed (serial ports, SATA, on-board network), or ask for a BIOS";
}

/// What a card asks for: its figure, else as resizable BAR does, its memory rounded up to a power
/// of two.
std::optional<Gigabytes> memory_window(const Device& card, Reporter& out) {
  if (card.bar.known()) return *card.bar;
  if (!card.memory.known()) return std::nullopt;
  double window = 1;
  while (window < card.memory->value) window *= 2;
  out.assume(
      fmt::format("`{}` asks for a memory window of {} GB, its memory rounded up to a power "
                  "of two (unverified)",
                  card.id, number(window, 0)));
  return Gigabytes{window};
}

void window_too_small(const Rig& rig, Reporter& out) {
  if (rig.board == nullptr || !rig.board->bar_window.known()) {
    const bool asked = std::any_of(rig.project->devices.begin(), rig.project->devices.end(),
                                   [](const DeviceUse& u) { return u.kind == "gpu"; });
    if (asked) out.left_out("how much address space the board leaves to cards is not known");
    return;
  }
  std::map<std::string, double> by_root;
  std::map<std::string, std::vector<std::string>> cards;
  for (const DevicePlace& place : rig.layout.devices) {
    const DeviceUse* use = rig.project->device(place.id.value_or(""));
    const auto path = use != nullptr ? rig.link_path(place) : std::nullopt;
    if (!path) continue;
    const LinkPath* root = &*path;
    while (root->uplink != nullptr) root = root->uplink.get();
    const auto window = memory_window(*use->part, out);
    if (!window) {
      out.not_checked(
          fmt::format("memory window of `{}` is not known ({})", use->part->id, use->id));
      continue;
    }
    const std::string socket = owner_of(root->core_id);
    const std::string complex =
        root->core != nullptr ? root->core->complex.value_or("?") : std::string("?");
    by_root[socket + "." + complex] += window->value;
    cards[socket + "." + complex].push_back(use->id);
  }
  const Gigabytes limit = *rig.board->bar_window;
  for (const auto& [root, sum] : by_root) {
    out.limit(fmt::format("memory windows below {}", root), sum, limit.value, "GB");
    if (!exceeds(Gigabytes{sum}, limit)) continue;
    Diagnostic& d = out.report(
        place_of(rig, cards[root].back()), cards[root],
        fmt::format(
            "cards below `{}` ask for {} GB of address space, the BIOS of `{}` leaves {} GB", root,
            number(sum, 0), rig.board->id, number(limit.value, 0)),
        Gigabytes{sum}, limit, "GB");
    d.labels.push_back({rig.board->bar_window.at, "given here"});
    d.confidence = rig.board->bar_window.confidence;
    d.help = "raise the MMIO window in the BIOS, or spread the cards over more root complexes";
  }
}

constexpr std::array group_table{
    Rule{
        {"L127", "cpu-not-taken", Severity::error,
         "The board does not take CPUs of this series, though they fit its socket.",
         "One socket serves several generations. Boards made for the first often lack room in the "
         "BIOS chip, or the wiring, for later ones: a Supermicro H11SSL starts with EPYC 7002 from "
         "revision 2.00 on and never with EPYC 7003. What fits and does not start is dead weight.",
         "CPU lists of board makers, named in the board's file"},
        cpu_not_taken},
    Rule{{"L117", "too-many-devices", Severity::warning,
          "There are more PCIe devices than the BIOS was seen to find.",
          "Some boards stop or hang while they enumerate more than a certain number of cards, "
          "because legacy I/O space or tables run out. The number is known from reports only.",
          "reports named in the board's file"},
         too_many_devices},
    Rule{{"L118", "window-too-small", Severity::warning,
          "Cards ask for more address space than the BIOS leaves to their root complex.",
          "With resizable BAR each card asks for a window as large as its memory. What does not "
          "fit gets a small window or none: peer-to-peer fails, or the card is not started.",
          "BIOS menus (MMIO high size), reports named in the board's file"},
         window_too_small},
    Rule{
        {"L119", "links-unequal", Severity::note, "Cards of one group have links of unequal speed.",
         "Collective operations of a group pass the data around all cards; the slowest link sets "
         "the pace. One x8 card was found to halve the ring of seven.",
         "NCCL ring search on recorded topologies (NCCL 2.19.4)"},
        links_unequal},
    Rule{{"L120", "group-awkward", Severity::note,
          "A group has a number of cards that tensor parallel programs seldom can use.",
          "Tensor parallel use gives each card the same number of attention heads. Models have "
          "mostly 32, 40, 64 or 96 heads and 8 key heads, which 3, 5, 6 or 7 cards do not divide.",
          "vLLM and similar servers require heads divisible by the number of cards"},
         group_awkward},
    Rule{{"L121", "peers-advice", Severity::note,
          "The spec wants peer-to-peer traffic, which needs settings of BIOS and kernel.",
          "With ACS on, traffic between two cards of one switch goes through the root port: 103 "
          "GB/s became 50 GB/s. An IOMMU that translates does the same. Without resizable BAR a "
          "card's memory is not reachable as a whole.",
          "https://github.com/voipmonitor/rtx6kpro, "
          "https://github.com/tinygrad/open-gpu-kernel-modules"},
         peers_advice},
    Rule{{"L122", "bridge-misfit", Severity::error,
          "An NVLink bridge is planned for a card that it does not fit.",
          "Only some cards have the connector on their top edge, and bridges of other families "
          "differ in shape and key. Two cards of unlike chips or memory seat and stay apart.",
          "card and bridge descriptions"},
         bridge_misfit},
    Rule{{"L123", "bridge-twice", Severity::error, "A card is bridged to two others.",
          "The bridges of PCIe cards join pairs. Where a card has three connectors, all three "
          "bridges go to the same partner.",
          "NVIDIA A100 PCIe product brief; Ampere cards: two cards per bridge"},
         bridge_twice}};

}  // namespace

std::span<const Rule> group_rules() { return group_table; }

}  // namespace rigtopo
