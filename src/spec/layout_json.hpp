// A layout as JSON with the fields of layout.yaml, for documents that hold layouts. What is
// undecided has no key.
#pragma once

#include <nlohmann/json.hpp>

#include "spec/layout.hpp"

namespace rigtopo {

/// Quantities are text with their unit, as in YAML. Exact, except link and route, which are there
/// for the reader and rounded to one decimal.
nlohmann::ordered_json layout_json(const Layout& layout);

}  // namespace rigtopo
