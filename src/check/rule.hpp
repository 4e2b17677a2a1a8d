// What a rule works with: the Reporter stamps code, name and severity, and collects what was
// compared, assumed or could not be checked; and the lookups that several rule files share. A rule
// body is: loop, call physics, compare with exceeds(), phrase.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/text.hpp"
#include "check/check.hpp"
#include "physics/physics.hpp"

namespace rigtopo {

class Reporter {
 public:
  /// `whole`: nothing of the layout may stay open; see is_partial().
  Reporter(const Rule& rule, const Physics& physics, CheckResult& sink, bool whole)
      : rule_(rule), physics_(physics), sink_(sink), whole_(whole) {}

  /// What is computed of the rig that is judged, kept for all rules.
  const Physics& physics() const { return physics_; }

  /// A finding with the rule's severity, about `subject`. Valid until the next report.
  Diagnostic& report(Source at, std::vector<std::string> subject, std::string message);
  /// A finding with the numbers compared: fills actual, limit and unit.
  template <class Q>
  Diagnostic& report(Source at, std::vector<std::string> subject, std::string message, Q actual,
                     Q limit, std::string unit) {
    Diagnostic& d = report(at, std::move(subject), std::move(message));
    d.actual = static_cast<double>(actual.value);
    d.limit = static_cast<double>(limit.value);
    d.unit = std::move(unit);
    return d;
  }

  /// Something decided that lacked a number. Counts against the verdict when the rule is of class
  /// error.
  void not_checked(std::string what);
  /// The same for each fact that an Estimate or a load names as missing: "<missing> (<about>)".
  void not_checked(const std::vector<std::string>& missing, std::string_view about);
  /// Something that the layout leaves open. Counts only when the layout claims to be whole.
  void undecided(std::string what);
  /// Something that the spec does not decide, and no layout can: never counted, always said.
  void spec_leaves_open(std::string what);
  /// Something rigtopo or the spec leaves out on purpose: said, and never counted.
  void left_out(std::string what);
  /// A default that was used, in words that end in its confidence.
  void assume(std::string words);
  /// A comparison, for the table of limits.
  void limit(std::string what, double load, double limit, std::string unit);
  /// The verdict rests on a number of this confidence.
  void rests_on(Confidence c);

 private:
  void add_not_checked(std::string what, bool decided, Gap gap);

  const Rule& rule_;
  const Physics& physics_;
  CheckResult& sink_;
  bool whole_;
};

/// Is the layout what `pins:` of the spec fix, and so free to leave things open? Every other layout
/// (a file, a solver's) claims to be whole.
bool is_partial(const Rig& rig);

// ---- places and words
// --------------------------------------------------------------------------------------

/// `first` when it is known, else `second`.
Source either(Source first, Source second);
/// Where to point for a device: its pin or layout row, else its row in the spec.
Source place_of(const Rig& rig, const DevicePlace& device);
Source place_of(const Rig& rig, std::string_view device_id);
/// The pin or layout row of a supply, else the stock row it comes from.
Source supply_place(const Rig& rig, std::string_view supply_id);
/// Where the layout, else the spec, names the board.
Source board_place(const Rig& rig);
/// Where to point for the owner of an address: "gpu3", "psu0" or "board" of "psu0.pcie1".
Source owner_place(const Rig& rig, std::string_view address);
/// "`a`, `b` or `c`"
std::string one_of(const std::vector<std::string>& ids);

// ---- parts
// ---------------------------------------------------------------------------------------

/// The supply part behind an id of the layout; nullptr when undecided.
const Supply* supply_part(const Rig& rig, std::string_view supply_id);
/// The breakout board on a supply of the layout; nullptr when there is none.
const Breakout* breakout_part(const Rig& rig, std::string_view supply_id);
/// Output behind an address such as "psu0.pcie1"; nullptr when there is none.
const Output* output_at(const Rig& rig, std::string_view address);

/// Every feed of the layout with the id of what it feeds ("gpu3", "board") and what its inlet is.
struct PlacedFeed {
  std::string owner;  // "gpu3" for a card's own inlets and those of its risers, else "board"
  const Feed* feed = nullptr;
  bool inlet_known = false;      // false: there is no such inlet (the loader has said so)
  std::optional<Plug> plug;      // of the inlet; nullopt when nobody says
  const Riser* riser = nullptr;  // set when the inlet is a riser's

  /// "gpu3.16pin"
  std::string inlet() const { return owner + "." + feed->inlet.value_or("?"); }
  Source at(const Rig& rig) const { return either(feed->at, owner_place(rig, owner)); }
};
std::vector<PlacedFeed> all_feeds(const Rig& rig);
/// The feed whose cable was put there (when that is known), else the one with this tag; nullptr
/// when there is none. Physics names inlets of risers by the riser, people by the card: this joins
/// them.
const PlacedFeed* feed_of_cable(const std::vector<PlacedFeed>& feeds, Source at,
                                std::string_view tag);
/// The first feed that hangs on an output; nullptr when there is none.
const PlacedFeed* feed_from(const std::vector<PlacedFeed>& feeds, std::string_view output);

// ---- the tables, one per domain file; run.cpp joins them
// -----------------------------------------

std::span<const Rule> lane_rules();
std::span<const Rule> link_rules();
std::span<const Rule> signal_rules();
std::span<const Rule> geometry_rules();
std::span<const Rule> power_rules();
std::span<const Rule> feed_rules();
std::span<const Rule> mains_rules();
std::span<const Rule> wiring_rules();
std::span<const Rule> thermal_rules();
std::span<const Rule> expander_rules();
std::span<const Rule> group_rules();
std::span<const Rule> channel_rules();
std::span<const Rule> reach_rules();
std::span<const Rule> card_air_rules();
std::span<const Rule> fan_rules();
std::span<const Rule> excursion_rules();
std::span<const Rule> wire_rules();
std::span<const Rule> supply_rules();
std::span<const Rule> wall_rules();

}  // namespace rigtopo
