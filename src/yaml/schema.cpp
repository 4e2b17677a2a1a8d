// Pretty-printing of schema texts; what they say is decided by field tables and types.
#include "yaml/schema.hpp"

#include <nlohmann/json.hpp>

#include "base/assert.hpp"

namespace rigtopo {

std::string schema_document(std::string_view title, const std::string& raw) {
  using Json = nlohmann::ordered_json;
  const Json body = Json::parse(raw, nullptr, false);
  RIGTOPO_ASSERT(!body.is_discarded());
  Json document{{"$schema", "http://json-schema.org/draft-07/schema#"}, {"title", title}};
  document.update(body);
  return document.dump(2) + "\n";
}

}  // namespace rigtopo
