// What each link trains to, against what the spec demands and what the card could do. How much
// signal is left is signal_rules.cpp.
#include <array>
#include <fmt/format.h>
#include <optional>
#include <string>
#include <vector>

#include "check/hung.hpp"
#include "check/rule.hpp"

namespace rigtopo {
namespace {

std::string link_text(int width, PcieGen generation) {
  return fmt::format("{} {}", to_text(Lanes{width}), to_text(generation));
}

/// A device whose link can be judged from end to end.
struct Link {
  const DeviceUse* use = nullptr;
  LinkPath path;
  std::optional<TrainedLink> trained;
  Source at;
};

std::vector<Link> links(const Rig& rig) {
  std::vector<Link> list;
  for (const DevicePlace& place : rig.layout.devices) {
    const DeviceUse* use = rig.project->device(place.id.value_or(""));
    std::optional<LinkPath> path = rig.link_path(place);
    if (use == nullptr || !path || !path->chain_decided) continue;
    Link link{use, *std::move(path), std::nullopt, either(place.port.at, place_of(rig, place))};
    link.trained = trained_link(link.path);
    list.push_back(std::move(link));
  }
  return list;
}

bool meets_demand(const Link& link) {
  if (!link.trained) return false;
  if (link.use->row == nullptr || !link.use->row->min_link.known()) return true;
  const MinLink& least = *link.use->row->min_link;
  return link.trained->width >= least.width.value && link.trained->generation >= least.generation;
}

/// Why a port has no lanes at all, when another rule says it better.
bool told_elsewhere(const LinkPath& path) {
  const bool no_lanes_in_mode = path.group_lanes && *path.group_lanes <= 0;   // L104
  const bool two_cores = path.connectors.size() > 1 && path.core_id.empty();  // L106
  bool above = path.behind != nullptr && !path.from_switch();                 // L113
  for (const LinkPath* p = &path; p->behind != nullptr && !above; p = p->uplink.get()) {
    above = p->uplink == nullptr;  // L112
    if (above) break;
  }
  return no_lanes_in_mode || two_cores || above || pair_is_divided(path);  // L106
}

/// "no piece of core `cpu0.A1` starts at port `M2_1` while it is split x16"
std::string no_link_text(const LinkPath& path) {
  if (path.from_switch()) return fmt::format("the switch above `{}` has none itself", path.port);
  if (!path.split) return fmt::format("no split in the BIOS menu has a piece for `{}`", path.port);
  return fmt::format("no piece of core `{}` starts at port `{}` while it is split {}", path.core_id,
                     path.port, path.split->text);
}

/// What would lift the limit: a riser can be replaced, a port, core or card is what it is.
std::string link_help(const Rig& rig, const TrainedLink& link) {
  if (rig.project->part<Riser>(link.limited_by) != nullptr) {
    return fmt::format("replace `{}`", link.limited_by);
  }
  return "use another port, if the board has one that offers more";
}

void link_below_demand(const Rig& rig, Reporter& out) {
  for (const Link& link : links(rig)) {
    const std::string& id = link.use->id;
    if (!link.trained) {
      if (told_elsewhere(link.path)) continue;
      std::vector<std::string> subject{id};
      if (!link.path.core_id.empty()) subject.push_back(link.path.core_id);
      out.report(link.at, std::move(subject),
                 fmt::format("`{}` gets no link: {}", id, no_link_text(link.path)))
          .help = "choose a split that has a piece for this port, or another port";
      continue;
    }
    out.rests_on(link.trained->confidence);
    out.not_checked(link.trained->missing, id);
    if (meets_demand(link)) continue;
    const Fact<MinLink>& least = link.use->row->min_link;
    Diagnostic& d = out.report(link.at, {id},
                               fmt::format("`{}` trains to {}, the spec demands {}", id,
                                           link_text(link.trained->width, link.trained->generation),
                                           link_text(least->width.value, least->generation)),
                               link.trained->bandwidth,
                               link_bandwidth(least->width.value, least->generation), "GB/s");
    d.labels.push_back({least.at, "demanded here"});
    d.confidence = link.trained->confidence;
    d.help = link.trained->limited_by.empty()
                 ? "the card itself offers no more: lower `min_link`"
                 : fmt::format("`{}` limits it: ", link.trained->limited_by) +
                       link_help(rig, *link.trained);
  }
}

void link_below_card(const Rig& rig, Reporter& out) {
  for (const Link& link : links(rig)) {
    if (!meets_demand(link) || link.trained->limited_by.empty()) continue;
    const TrainedLink& t = *link.trained;
    const int own_width = link.use->part->width.value_or(Lanes{0}).value;
    const PcieGen own = link.use->part->generation.value_or(PcieGen::gen1);
    if (t.width >= own_width && t.generation >= own) continue;
    Diagnostic& d = out.report(
        link.at, {link.use->id},
        fmt::format("`{}` trains to {} instead of its own {}: `{}` limits it", link.use->id,
                    link_text(t.width, t.generation), link_text(own_width, own), t.limited_by),
        t.bandwidth, link_bandwidth(own_width, own), "GB/s");
    d.confidence = t.confidence;
    d.help = link_help(rig, t);
  }
}

constexpr std::array link_table{
    Rule{{"L110", "link-below-demand", Severity::error,
          "A link trains narrower or slower than the spec demands.",
          "Width and generation of a link are the least along core, connector, risers and card. "
          "`min_link` of a device says what it must come to at least.",
          "PCI Express link training"},
         link_below_demand},
    Rule{{"L111", "link-below-card", Severity::warning,
          "A link trains narrower or slower than the card could.",
          "The card works, with less bandwidth to the CPU and to other cards. One x8 card halves "
          "the ring that all cards of a group share.",
          "PCI Express link training"},
         link_below_card}};

}  // namespace

std::span<const Rule> link_rules() { return link_table; }

}  // namespace rigtopo
