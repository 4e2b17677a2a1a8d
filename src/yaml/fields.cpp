// The parts of field tables that need no template: inheritance of source and confidence, the words
// of the messages, and how schema texts are put together.
#include "yaml/fields.hpp"

#include <algorithm>
#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "base/text.hpp"

namespace rigtopo {
namespace {

std::optional<Confidence> confidence_of(std::string_view word) {
  // `user` cannot be claimed in a file: it is what a spec's own values are.
  if (word == "verified") return Confidence::verified;
  if (word == "secondary") return Confidence::secondary;
  if (word == "unverified") return Confidence::unverified;
  return std::nullopt;
}

std::string json_string(std::string_view text) { return nlohmann::json(text).dump(); }

constexpr std::size_t most_shown = 60;  // characters of what is written in a message

std::string ticked(std::string_view text) { return "`" + shortened(text, most_shown) + "`"; }

}  // namespace

Reader Reader::inside(const Value& map) {
  Reader inner = *this;
  if (const Entry* sources = map.find("sources")) {
    if (sources->value.is_map()) inner.sources_ = &sources->value;
    const bool texts = std::all_of(sources->value.entries.begin(), sources->value.entries.end(),
                                   [](const Entry& e) { return e.value.is_scalar(); });
    if (!sources->value.is_map() || !texts) {
      detail::report_bad_value(sources->value, "sources", "a map from short keys to addresses", "",
                               *this);
    }
  }
  if (const Entry* source = map.find("source")) {
    if (source->value.is_scalar()) {
      inner.citation_file_ = source->value.at.file;
      const Entry* named =
          inner.sources_ == nullptr ? nullptr : inner.sources_->find(source->value.text);
      inner.citation_ = named != nullptr ? named->value.text : source->value.text;
    } else {
      detail::report_bad_value(source->value, "source", "an address, or a key of `sources:`", "",
                               *this);
    }
  }
  if (const Entry* confidence = map.find("confidence")) {
    if (const auto c = confidence_of(confidence->value.text)) {
      inner.confidence_ = *c;
    } else {
      detail::report_bad_value(confidence->value, "confidence",
                               "`verified`, `secondary` or `unverified`", "", *this);
    }
  }
  return inner;
}

namespace detail {

bool is_common_key(std::string_view key) {
  return key == "source" || key == "sources" || key == "confidence" || key == "note";
}

void report_unknown_key(const Entry& entry, std::vector<std::string> known, Reader& reader) {
  const auto near = did_you_mean(entry.key, known);
  std::sort(known.begin(), known.end());
  reader.out().report(
      codes::unknown_key, entry.key_at, fmt::format("there is no key {} here", ticked(entry.key)),
      near ? fmt::format("did you mean `{}`?", *near) : "the keys are " + listed(known));
}

void report_missing_key(std::string_view key, std::string_view expected, Source parent,
                        Reader& reader) {
  reader.out().report(codes::missing_key, parent, fmt::format("`{}` is missing", key),
                      fmt::format("add `{}:` with {}", key, expected));
}

void report_bad_value(const Value& value, std::string_view key, std::string_view expected,
                      std::string_view reason, Reader& reader) {
  const std::string written = value.is_scalar()     ? ticked(value.text)
                              : value.is_map()      ? "a map"
                              : value.is_sequence() ? "a list"
                                                    : "nothing";
  const bool range = reason.starts_with("outside the sensible range");
  reader.out().report(range ? codes::out_of_range : codes::bad_value, value.at,
                      fmt::format("`{}` is {}, which is {}", key, written,
                                  range ? std::string(reason) : fmt::format("not {}", expected)),
                      range || reason.empty() ? "" : std::string(reason));
}

std::string object_schema(const std::vector<std::pair<std::string, std::string>>& properties,
                          const std::vector<std::string>& required) {
  std::string text = "{\"type\": \"object\", \"properties\": {";
  for (const auto& [key_and_doc, schema] : properties) {
    const std::size_t end = key_and_doc.find('\n');
    const std::string key = key_and_doc.substr(0, end);
    const std::string doc = end == std::string::npos ? "" : key_and_doc.substr(end + 1);
    text += json_string(key) + ": {\"description\": " + json_string(doc) + ", \"allOf\": [" +
            schema + "]}, ";
  }
  text += R"("source": {"type": "string"}, "sources": {"type": "object"}, )"
          R"("confidence": {"enum": ["verified", "secondary", "unverified"]}, )"
          R"("note": {"type": "string"}})";
  // What extends another part gets the needed keys from there; the loader looks at the outcome.
  const bool extendable = std::any_of(properties.begin(), properties.end(), [](const auto& p) {
    return p.first.starts_with("extends\n");
  });
  if (!required.empty()) {
    const std::string needs = "\"required\": " + nlohmann::json(required).dump();
    text +=
        extendable ? ", \"anyOf\": [{\"required\": [\"extends\"]}, {" + needs + "}]" : ", " + needs;
  }
  return text + ", \"additionalProperties\": false}";
}

}  // namespace detail

}  // namespace rigtopo
