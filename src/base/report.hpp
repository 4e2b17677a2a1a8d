// Diagnostics as a person reads them: GNU form first line, the line of the file with a caret,
// second places, help.
#pragma once

#include <cstddef>
#include <string>

#include "base/source_map.hpp"
#include "rigtopo/diagnostic.hpp"

namespace rigtopo {

struct ReportStyle {
  bool colour = false;
  std::size_t cap = 50;  // most of one code that are written out; the rest is counted
};

/// `file:line:col: severity[code]: message`, snippet and caret, labels, help; one block each, in
/// the order they are in. Empty for no diagnostics.
std::string report_text(const Diagnostics& diagnostics, const SourceMap& sources,
                        ReportStyle style = {});

}  // namespace rigtopo
