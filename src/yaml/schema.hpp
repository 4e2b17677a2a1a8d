// JSON Schema documents from the raw schema texts of field tables.
#pragma once

#include <string>
#include <string_view>

namespace rigtopo {

/// A draft-07 schema document: `$schema`, `title`, then the object; indented, ends in a newline.
/// `raw` is the text of struct_schema<S>().
std::string schema_document(std::string_view title, const std::string& raw);

}  // namespace rigtopo
