// Field tables: one row per key gives parsing with located messages, "unknown key" with a
// suggestion, JSON Schema and reference documentation. How a C++ type is written is decided by its
// YamlType; which keys a struct has by its Table; this file joins the two.
#pragma once

#include <concepts>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

#include "base/codes.hpp"
#include "yaml/types.hpp"
#include "yaml/value.hpp"

namespace rigtopo {

enum class Need : bool { optional, required };

/// Carries what a value inherits while a tree is read: where to report, which citation and
/// confidence hold at this place, and which file is the user's own.
class Reader {
 public:
  /// Values written in `user_file` have confidence `user`, whatever they inherit.
  Reader(Diagnostics& out, FileId user_file) : out_(&out), user_file_(user_file) {}

  Diagnostics& out() { return *out_; }

  /// A reader for the inside of `map`: takes over its `source`, `confidence` and `sources` keys.
  /// Bad ones are reported. `source` names a key of `sources`, or is the citation itself.
  Reader inside(const Value& map);

  Confidence confidence_at(Source at) const {
    return at.file == user_file_ && at.known() ? Confidence::user : confidence_;
  }
  const std::string& citation() const { return citation_; }
  /// The citation that holds for a value at `at`: the source of a part does not vouch for what the
  /// user wrote over it.
  std::string citation_at(Source at) const {
    const bool users = at.known() && at.file == user_file_;
    return users && citation_file_ != user_file_ ? std::string() : citation_;
  }

 private:
  Diagnostics* out_;
  FileId user_file_;
  Confidence confidence_ = Confidence::unverified;
  std::string citation_;
  FileId citation_file_ = FileId::none;
  const Value* sources_ = nullptr;
};

/// One key of a struct.
template <class S>
struct Field {
  std::string_view key;
  Need need;
  std::string_view doc;
  std::string expected;                 // "a power such as `350 W`"
  std::function<std::string()> schema;  // JSON text of the value's schema, made when asked for
  std::function<void(S&, const Entry&, Reader&)> read;
};
template <class S>
using Fields = std::vector<Field<S>>;

/// Specialise for every struct that is read from a map:
///   static const Fields<S>& fields();
/// and, when a lone scalar is accepted as a short form:
///   static void from_scalar(S&, const Value&, Reader&);
///   static constexpr std::string_view scalar_schema = R"({"type": "string"})";
template <class S>
struct Table;

template <class S>
concept Tabled = requires {
  { Table<S>::fields() } -> std::same_as<const Fields<S>&>;
};
template <class S>
concept HasShortForm = requires(S& s, const Value& v, Reader& r) {
  Table<S>::from_scalar(s, v, r);
};

/// A map whose keys are ids chosen by the writer, in file order.
template <class T>
struct Keyed {
  Fact<std::string> key;
  T value{};
};
template <class T>
using Mapping = std::vector<Keyed<T>>;

// ---- reading -----------------------------------------------------------------------------------

namespace detail {
void report_unknown_key(const Entry& entry, std::vector<std::string> known, Reader& reader);
void report_missing_key(std::string_view key, std::string_view expected, Source parent,
                        Reader& reader);
void report_bad_value(const Value& value, std::string_view key, std::string_view expected,
                      std::string_view reason, Reader& reader);
/// True for the keys every map may carry: source, sources, confidence, note.
bool is_common_key(std::string_view key);
std::string object_schema(const std::vector<std::pair<std::string, std::string>>& properties,
                          const std::vector<std::string>& required);
}  // namespace detail

/// Reads a value of a YamlType. `{value: ..., source: ..., confidence: ...}` is accepted wherever
/// the type itself is not written as a map. `unknown` (unquoted) gives a Fact without a value.
template <class T>
Fact<T> read_fact(const Value& written, std::string_view key, Reader& outer) {
  Reader reader = outer;
  const Value* value = &written;
  if (written.is_map() && written.find("value") != nullptr) {
    reader = outer.inside(written);
    for (const Entry& e : written.entries) {
      if (e.key != "value" && !detail::is_common_key(e.key)) {
        detail::report_unknown_key(e, {"value", "source", "confidence", "note"}, reader);
      }
    }
    value = &written.find("value")->value;
  }
  Fact<T> fact;
  fact.at = value->at;
  fact.confidence = reader.confidence_at(value->at);
  fact.citation = reader.citation_at(value->at);
  if (value->is_scalar() && value->text == "unknown" && !value->quoted) return fact;
  std::string reason;
  fact.value = YamlType<T>::parse(*value, reason);
  if (!fact.value) {
    detail::report_bad_value(*value, key, YamlType<T>::expected(), reason, reader);
  }
  return fact;
}

/// Reads a map by its Table: unknown keys, missing required keys and bad values are all reported.
/// `blame` is the place for missing keys: the key that names the map, or its list item.
template <Tabled S>
S read_struct(const Value& value, std::string_view key, Source blame, Reader& outer) {
  S result{};
  if constexpr (requires { result.at; }) result.at = blame.known() ? blame : value.at;
  if constexpr (HasShortForm<S>) {
    if (value.is_scalar()) {
      Table<S>::from_scalar(result, value, outer);
      return result;
    }
  }
  if (!value.is_map()) {
    detail::report_bad_value(value, key, "a map of `key: value` pairs", "", outer);
    return result;
  }
  Reader reader = outer.inside(value);
  const Fields<S>& fields = Table<S>::fields();
  for (const Entry& e : value.entries) {
    bool known = detail::is_common_key(e.key);
    for (const Field<S>& f : fields) {
      if (f.key != e.key) continue;
      known = true;
      f.read(result, e, reader);
    }
    if (known) continue;
    std::vector<std::string> keys;
    for (const Field<S>& f : fields) keys.emplace_back(f.key);
    detail::report_unknown_key(e, std::move(keys), reader);
  }
  for (const Field<S>& f : fields) {
    if (f.need == Need::required && value.find(f.key) == nullptr) {
      detail::report_missing_key(f.key, f.expected, blame.known() ? blame : value.at, reader);
    }
  }
  return result;
}

/// JSON Schema (draft-07) text of a struct.
template <Tabled S>
std::string struct_schema() {
  std::vector<std::pair<std::string, std::string>> properties;
  std::vector<std::string> required;
  for (const Field<S>& f : Table<S>::fields()) {
    // The documentation travels as `description`; detail::object_schema adds it.
    properties.emplace_back(std::string(f.key) + "\n" + std::string(f.doc), f.schema());
    if (f.need == Need::required) required.emplace_back(f.key);
  }
  std::string object = detail::object_schema(properties, required);
  if constexpr (HasShortForm<S>) {
    return "{\"anyOf\": [" + std::string(Table<S>::scalar_schema) + ", " + object + "]}";
  }
  return object;
}

// ---- one kind of member each: how it is read, described and put into a schema ------------------

/// How a member of type M is read from an entry. Specialised below; add one for a new shape.
template <class M>
struct Shape;

template <class T>
struct Shape<Fact<T>> {
  static std::string expected() { return std::string(YamlType<T>::expected()); }
  static std::string schema() {
    const std::string plain(YamlType<T>::schema());
    return "{\"anyOf\": [" + plain + ", {\"const\": \"unknown\"}, {\"type\": \"object\", " +
           "\"required\": [\"value\"], \"properties\": {\"value\": {\"anyOf\": [" + plain +
           ", {\"const\": \"unknown\"}]}, \"source\": {\"type\": \"string\"}, " +
           "\"confidence\": {\"enum\": [\"verified\", \"secondary\", \"unverified\"]}, " +
           "\"note\": {\"type\": \"string\"}}, \"additionalProperties\": false}]}";
  }
  static Fact<T> read(const Value& v, std::string_view key, Source, Reader& r) {
    return read_fact<T>(v, key, r);
  }
};

template <Tabled S>
struct Shape<S> {
  static std::string expected() { return "a map of `key: value` pairs"; }
  static std::string schema() { return struct_schema<S>(); }
  static S read(const Value& v, std::string_view key, Source blame, Reader& r) {
    return read_struct<S>(v, key, blame, r);
  }
};

template <class M>
struct Shape<std::optional<M>> {
  static std::string expected() { return Shape<M>::expected(); }
  static std::string schema() { return Shape<M>::schema(); }
  static std::optional<M> read(const Value& v, std::string_view key, Source blame, Reader& r) {
    return Shape<M>::read(v, key, blame, r);
  }
};

/// A list; a single item may be written without brackets.
template <class M>
struct Shape<std::vector<M>> {
  static std::string expected() { return "a list, each item " + Shape<M>::expected(); }
  static std::string schema() {
    return "{\"anyOf\": [{\"type\": \"array\", \"items\": " + Shape<M>::schema() + "}, " +
           Shape<M>::schema() + "]}";
  }
  static std::vector<M> read(const Value& v, std::string_view key, Source blame, Reader& r) {
    std::vector<M> list;
    if (v.is_null()) return list;
    if (!v.is_sequence()) {
      list.push_back(Shape<M>::read(v, key, blame, r));
      return list;
    }
    for (const Value& item : v.items) list.push_back(Shape<M>::read(item, key, item.at, r));
    return list;
  }
};

template <class T>
struct Shape<std::vector<Keyed<T>>> {
  static std::string expected() { return "a map from ids, each value " + Shape<T>::expected(); }
  static std::string schema() {
    return "{\"type\": \"object\", \"additionalProperties\": " + Shape<T>::schema() + "}";
  }
  static Mapping<T> read(const Value& v, std::string_view key, Source, Reader& r) {
    Mapping<T> map;
    if (v.is_null()) return map;
    if (!v.is_map()) {
      detail::report_bad_value(v, key, expected(), "", r);
      return map;
    }
    for (const Entry& e : v.entries) {
      Fact<std::string> id(e.key, e.key_at, r.confidence_at(e.key_at), r.citation());
      map.push_back({std::move(id), Shape<T>::read(e.value, e.key, e.key_at, r)});
    }
    return map;
  }
};

/// A row of a field table: key, member, need, documentation.
template <class S, class Base, class M>
requires std::derived_from<S, Base> Field<S> field_of(std::string_view key, M Base::*member,
                                                      Need need, std::string_view doc) {
  return {key,
          need,
          doc,
          Shape<M>::expected(),
          &Shape<M>::schema,
          [member, key](S& s, const Entry& e, Reader& r) {
            s.*member = Shape<M>::read(e.value, key, e.key_at, r);
          }};
}
template <class S, class M>
Field<S> field(std::string_view key, M S::*member, Need need, std::string_view doc) {
  return field_of<S, S, M>(key, member, need, doc);
}

}  // namespace rigtopo
