// Air: what can be said before a flow network is solved.
#include <array>
#include <fmt/format.h>
#include <string>

#include "check/rule.hpp"

namespace rigtopo {
namespace {

void passive_card_unducted(const Rig& rig, Reporter& out) {
  int cards = 0;
  for (const DeviceUse& use : rig.project->devices) {
    if (use.kind != "gpu") continue;
    ++cards;
    const Fact<Cooler>& cooler = use.part->cooler;
    if (!cooler.known()) {
      out.not_checked(fmt::format("nobody says how `{}` is cooled ({})", use.part->id, use.id));
    }
    if (cooler.value_or(Cooler::open) != Cooler::passive) continue;
    Diagnostic& d = out.report(
        place_of(rig, use.id), {use.id},
        fmt::format("`{}` has no fan of its own and nothing here ducts air through it", use.id));
    d.labels.push_back({cooler.at, "cooler given here"});
    d.confidence = cooler.confidence;
    d.help =
        "give each such card a ducted high-pressure fan: about 0.089 CFM a watt with air of 45 °C";
  }
  if (cards > 0) {
    out.left_out(fmt::format("temperatures of {} card{}: air flow is not modelled yet", cards,
                             cards == 1 ? "" : "s"));
  }
}

constexpr std::array rules{
    Rule{{"T101", "passive-card-unducted", Severity::warning,
          "A card without a fan of its own is not known to get ducted air.",
          "Server cards rely on the chassis to press air through their fins. In an open frame, or "
          "behind a fan that only blows near them, they throttle or shut down within minutes.",
          "NVIDIA GRID K2 board specification: 20 CFM for 225 W, fully ducted"},
         passive_card_unducted}};

}  // namespace

std::span<const Rule> thermal_rules() { return rules; }

}  // namespace rigtopo
