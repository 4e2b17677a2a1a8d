// Why there is no layout: a smallest set of clashing demands.
#pragma once

#include <vector>

#include "solve/formula.hpp"

namespace rigtopo {

/// A set of demands that clashes and no longer does when any one of them is left out (as far as
/// time allows). Empty when even no demand at all is unsatisfiable, or time was out at once.
std::vector<DemandId> minimal_conflict(Formula& formula);

/// The smallest such set; where it would take too many questions or time, one that is minimal.
std::vector<DemandId> smallest_conflict(Formula& formula);

/// Demands of an unsatisfiable formula that clash, as few as smallest_conflict() finds. Demands of
/// one device row or device are one demand here. Never empty.
std::vector<Diagnostic> explain_conflict(Formula& formula);

}  // namespace rigtopo
