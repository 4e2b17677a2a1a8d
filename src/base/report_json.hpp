// Diagnostics as JSON, by the contract of every `--format json`.
#pragma once

#include <nlohmann/json.hpp>

#include "base/source_map.hpp"
#include "rigtopo/diagnostic.hpp"

namespace rigtopo {

/// code, name, severity, message, file, line, column (null when nowhere), subject, actual, limit,
/// unit, confidence, help, allowed_by; in this order, null where there is nothing.
nlohmann::ordered_json to_json(const Diagnostic& d, const SourceMap& sources);

}  // namespace rigtopo
