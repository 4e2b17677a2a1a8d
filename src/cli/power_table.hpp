// What a common power limit brings: for limits from the cards' own down to the least they accept,
// what the rig draws at the wall, whether the layout then passes, and the speed that was measured
// at it.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "cli/session.hpp"

namespace rigtopo {

struct PowerTable {
  /// A published measurement: a column.
  struct Measured {
    std::string gpu;
    std::string work;
    std::string source;
    Confidence confidence = Confidence::unverified;
  };
  struct Row {
    Watts limit;
    std::optional<Watts> wall;         // all supplies together; nullopt: a figure is missing
    std::vector<std::string> against;  // codes of errors, sorted, each once; empty: it fits
    bool only_by_limit = false;        // it would not fit at the limits that cards start with
    std::vector<std::optional<double>> kept;  // by `measured`: share of the speed as shipped
    bool fits() const { return against.empty(); }
  };
  std::vector<Measured> measured;
  std::vector<Row> rows;         // by falling limit
  std::optional<Watts> highest;  // most that fits, in steps of 5 W; nullopt: none does
};

/// Every row is a whole check of `layout` with all graphics cards at one limit; a card that does
/// not accept it gets the nearest one that it accepts. nullopt when no card of the layout has
/// limits.
std::optional<PowerTable> power_table(Session& session, const Project& project,
                                      const Layout& layout);

/// As a person reads it; says so when there is none.
std::string power_table_text(const std::optional<PowerTable>& table);

}  // namespace rigtopo
