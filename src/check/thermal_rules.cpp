// Air: what can be said without a solved flow, and what is said when there is none.
#include <array>
#include <fmt/format.h>
#include <string>

#include "check/air_limits.hpp"
#include "check/rule.hpp"

namespace rigtopo {
namespace {

/// Does a solved flow say what passes the card? Then rules about that flow judge it.
bool ducted(const AirState& air, const std::string& id) {
  return air.solved && air.model == AirModel::network && air.card(id) != nullptr;
}

void say_no_model(const Rig& rig, int cards, Reporter& out) {
  const Frame* frame = rig.project->frame;
  const bool no_fans = frame != nullptr && frame->air.given();
  out.left_out(fmt::format("temperatures of {} card{}: {}", cards, cards == 1 ? "" : "s",
                           no_fans ? "the spec has no `fans:`" : "the frame has no air model"));
}

/// In an open frame no wall leads air anywhere; in a closed one nobody knows.
bool without_walls(const Rig& rig) {
  const Frame* frame = rig.project->frame;
  return frame != nullptr && frame->open.value_or(false);
}

void passive_card_unducted(const Rig& rig, Reporter& out) {
  const AirState& air = out.physics().air_state();
  int cards = 0;
  for (const DeviceUse& use : rig.project->devices) {
    if (use.kind != "gpu") continue;
    ++cards;
    const Fact<Cooler>& cooler = use.part->cooler;
    if (!cooler.known()) {
      out.not_checked(fmt::format("nobody says how `{}` is cooled ({})", use.part->id, use.id));
    }
    if (cooler.value_or(Cooler::open) != Cooler::passive || ducted(air, use.id)) continue;
    Diagnostic& d =
        out.report(place_of(rig, use.id), {use.id},
                   fmt::format("`{}` has no fan of its own and {}", use.id,
                               without_walls(rig) ? "an open frame ducts no air through it"
                                                  : "nothing here ducts air through it"));
    if (without_walls(rig)) d.severity = Severity::error;
    d.labels.push_back({cooler.at, "cooler given here"});
    d.confidence = cooler.confidence;
    d.help =
        "give each such card a ducted high-pressure fan, about 0.089 CFM a watt with air of 45 °C, "
        "and "
        "say so: `but: {cooler: blower}`";
  }
  if (cards > 0 && air.model == AirModel::none) say_no_model(rig, cards, out);
}

constexpr std::array thermal_table{Rule{
    {"T101", "passive-card-unducted", Severity::warning,
     "A card without a fan of its own is not known to get ducted air.",
     "Server cards rely on the chassis to press air through their fins. In an open frame, or "
     "behind a fan that only blows near them, they slow down within minutes and then shut the "
     "machine down: an error where the frame has no walls, a warning where nobody knows. A "
     "frame with `air:` and a spec with `fans:` let the flow through the card be solved; then "
     "T102 judges it.",
     "NVIDIA GRID K2 board specification BD-06580-001, table 5: 20 CFM for 225 W, fully ducted, "
     "slowdown at 92 °C, shutdown at 97 °C, https://www.manualshelf.com/manual/nvidia/490-14296/"
     "datasheet-english/page-16.html"},
    passive_card_unducted}};

}  // namespace

std::span<const Rule> thermal_rules() { return thermal_table; }

}  // namespace rigtopo
