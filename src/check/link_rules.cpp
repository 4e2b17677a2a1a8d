// What each link trains to, against what the spec demands and what the card could do. How much
// signal is left is signal_rules.cpp.
#include <algorithm>
#include <array>
#include <cmath>
#include <fmt/format.h>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "check/hung.hpp"
#include "check/rule.hpp"
#include "physics/expander_place.hpp"

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

// ---- claims of a layout file
// ------------------------------------------------------------------------

/// One value that a layout file states about a link, beside what it comes to.
struct Claim {
  std::string what;
  Source at;
  std::string claimed;
  std::string computed;
};

template <class T>
void compare(std::vector<Claim>& list, std::string what, const Fact<T>& claimed, const T& computed,
             const std::function<std::string(const T&)>& words) {
  if (!claimed.known() || words(*claimed) == words(computed)) return;
  list.push_back({std::move(what), claimed.at, words(*claimed), words(computed)});
}

std::vector<Claim> link_claims(const LayoutLink& link, const TrainedLink& trained) {
  std::vector<Claim> list;
  compare<int>(list, "width", link.width, trained.width, [](int w) { return to_text(Lanes{w}); });
  compare<int>(list, "generation", link.generation, static_cast<int>(trained.generation),
               [](int g) { return fmt::format("gen{}", g); });
  if (!link.loss || !trained.loss.total.known()) return list;
  compare<std::string>(list, "band", link.loss->band, std::string(to_string(trained.loss.band)),
                       [](const std::string& band) { return band; });
  return list;
}

/// Layout files hold whole millimetres; one of them is no difference.
constexpr Millimetres rounding{1};

void compare_length(std::vector<Claim>& list, std::string what, const Fact<Millimetres>& claimed,
                    const Estimate<Millimetres>& computed) {
  if (!claimed.known() || !computed.known()) return;
  if (std::abs((*claimed - *computed).value) <= rounding.value) return;
  list.push_back({std::move(what), claimed.at, number(claimed->value, 0) + " mm",
                  number((*computed).value, 0) + " mm"});
}

std::vector<Claim> route_claims(const Rig& rig, const DevicePlace& place, const LinkPath& path) {
  std::vector<Claim> list;
  const Frame* frame = rig.project->frame;
  const auto port = std::find_if(rig.ports.begin(), rig.ports.end(),
                                 [&](const PortChoice& p) { return p.id == path.port; });
  if (!place.route || frame == nullptr || port == rig.ports.end()) return list;
  compare_length(list, "fitted length", place.route->fitted, chain_length(path.chain));
  for (const Mount& m : all_mounts(*frame)) {
    if (m.id.value_or("?") != place.mount.value_or("")) continue;
    compare_length(list, "needed length", place.route->needed, route_from(rig, *port, m));
  }
  return list;
}

void claim_differs(const Rig& rig, Reporter& out) {
  for (const auto* places : {&rig.layout.devices, &rig.layout.expanders}) {
    for (const DevicePlace& place : *places) {
      const std::optional<LinkPath> path = rig.link_path(place);
      if (!path || !path->chain_decided) continue;
      const std::optional<TrainedLink> trained = trained_link(*path);
      std::vector<Claim> claims = route_claims(rig, place, *path);
      if (place.link && trained) {
        for (Claim& c : link_claims(*place.link, *trained)) claims.push_back(std::move(c));
      }
      const std::string id = place.id.value_or("?");
      for (const Claim& c : claims) {
        Diagnostic& d = out.report(either(c.at, place_of(rig, place)), {id},
                                   fmt::format("the layout gives `{}` a {} of {}, it comes to {}",
                                               id, c.what, c.claimed, c.computed));
        if (trained) d.confidence = trained->confidence;
        d.help = "nothing is judged by that line: correct or remove it, or solve anew";
      }
    }
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
         link_below_card},
    Rule{{"L128", "claim-differs", Severity::warning,
          "A layout file states a link or a length that its parts do not give.",
          "`link:` and `route:` of a layout are written for the reader and computed anew by every "
          "command. Where they differ, the file was changed by hand, or a part was since it was "
          "written; whoever reads it is told something wrong.",
          "links and lengths as computed from the parts"},
         claim_differs}};

}  // namespace

std::span<const Rule> link_rules() { return link_table; }

}  // namespace rigtopo
