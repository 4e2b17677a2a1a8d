// Reference documentation from field tables: one Markdown table per struct, nested ones after it.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "yaml/fields.hpp"

namespace rigtopo {

namespace detail {
/// Text of a table cell: a bar would end it.
inline std::string cell(std::string_view text) {
  std::string out;
  for (const char c : text) out += c == '|' ? std::string("\\|") : std::string(1, c);
  return out;
}
}  // namespace detail

/// Markdown table of the keys of S: key, whether it is needed, how it is written, what it means.
template <Tabled S>
std::string reference_table() {
  std::string text = "| key | needed | written as | meaning |\n|---|---|---|---|\n";
  for (const Field<S>& f : Table<S>::fields()) {
    text += "| `" + std::string(f.key) + "` | " + (f.need == Need::required ? "yes" : "") + " | " +
            detail::cell(f.expected) + " | " + detail::cell(f.doc) + " |\n";
  }
  return text;
}

/// The table of a nested struct under a heading: "`connectors[]`".
template <Tabled S>
std::string nested_reference(std::string_view key) {
  return "\nEach of `" + std::string(key) + "`:\n\n" + reference_table<S>();
}

}  // namespace rigtopo
