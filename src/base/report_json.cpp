// The JSON form of one diagnostic.
#include "base/report_json.hpp"

namespace rigtopo {
namespace {

using Json = nlohmann::ordered_json;

template <class T>
Json or_null(const std::optional<T>& value) {
  return value ? Json(*value) : Json(nullptr);
}

Json or_null(const std::string& text) { return text.empty() ? Json(nullptr) : Json(text); }

}  // namespace

Json to_json(const Diagnostic& d, const SourceMap& sources) {
  Json json{{"code", d.code},
            {"name", d.name},
            {"severity", to_string(d.severity)},
            {"message", d.message}};
  json["file"] = d.at.known() ? Json(sources.name(d.at.file)) : Json(nullptr);
  json["line"] = d.at.known() ? Json(d.at.line) : Json(nullptr);
  json["column"] = d.at.known() ? Json(d.at.column) : Json(nullptr);
  json["subject"] = d.subject;
  json["actual"] = or_null(d.actual);
  json["limit"] = or_null(d.limit);
  json["unit"] = or_null(d.unit);
  json["confidence"] = d.confidence ? Json(to_string(*d.confidence)) : Json(nullptr);
  json["help"] = or_null(d.help);
  json["allowed_by"] = or_null(d.allowed_by);
  return json;
}

}  // namespace rigtopo
