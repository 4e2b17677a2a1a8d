// Finds and loads parts: catalogue folders, `extends:`, `replaces:`, inline descriptions and
// `but:`. What a part of a kind has to look like is decided in kinds_*.cpp.
#include "catalog/catalog.hpp"

#include <algorithm>
#include <utility>

#include "catalog/kinds.hpp"

namespace rigtopo {

namespace {

namespace fs = std::filesystem;

std::string suggestion(std::string_view word, const std::vector<std::string>& candidates) {
  const auto near = did_you_mean(word, candidates);
  return near ? "did you mean `" + *near + "`?" : "";
}

/// The text of a scalar entry; empty when it is absent or no scalar.
std::string_view text_at(const Value& map, std::string_view key) {
  const Entry* entry = map.find(key);
  return entry != nullptr && entry->value.is_scalar() ? std::string_view(entry->value.text) : "";
}

Source place_of(const Value& map, std::string_view key) {
  const Entry* entry = map.find(key);
  if (entry == nullptr) return map.at;
  return entry->value.at.known() ? entry->value.at : entry->key_at;
}

void drop(Value& map, std::string_view key) {
  std::erase_if(map.entries, [&](const Entry& e) { return e.key == key; });
}

void put(Value& map, std::string_view key, std::string text, Source at) {
  drop(map, key);
  Value value;
  value.kind = Value::Kind::scalar;
  value.text = std::move(text);
  value.quoted = true;
  value.at = at;
  map.entries.push_back({std::string(key), at, std::move(value)});
}

}  // namespace

Catalog::Catalog(const std::vector<fs::path>& folders, SourceMap& sources, Diagnostics& out,
                 std::shared_ptr<ReadAhead> ahead)
    : sources_(&sources), ahead_(std::move(ahead)), index_(folders, out) {}

void Catalog::read_ahead(const std::vector<std::string>& ids) {
  std::vector<std::string> paths;
  for (const std::string& id : ids) {
    if (const CatalogEntry* found = entry(id)) paths.push_back(found->path.generic_string());
  }
  ahead_->start(paths);
}

const CatalogEntry* Catalog::entry(std::string_view id) {
  const std::vector<CatalogEntry>& files = index_.named(id);
  return files.empty() ? nullptr : &files.back();
}

/// Those that `entry` hides; the last of them is the one it replaces.
std::span<const CatalogEntry> Catalog::hidden_by(const CatalogEntry& entry) {
  if (entry.path.empty()) return {};  // an inline description
  const std::vector<CatalogEntry>& files = index_.named(entry.id);
  const auto it = std::find_if(files.begin(), files.end(),
                               [&](const CatalogEntry& other) { return other.path == entry.path; });
  return {files.begin(), it};
}

void Catalog::report_unknown(std::string message, std::string_view id, std::string_view kind,
                             Source at, Diagnostics& out) {
  std::vector<std::string> near = kind.empty() ? std::vector<std::string>() : index_.ids(kind);
  if (kind.empty()) {
    for (const CatalogEntry& e : index_.all()) near.push_back(e.id);
  }
  out.report(codes::unknown_part, at, std::move(message), suggestion(id, near));
  // Once: a part is easier found with the names of what was passed over on the screen.
  if (!std::exchange(strangers_reported_, true)) index_.report_strangers(out);
}

// ---- one file
// --------------------------------------------------------------------------------------

namespace {

/// `rigtopo`, `kind` and `id` of a part file say what its path says.
bool check_heading(const Value& map, const CatalogEntry& entry, Diagnostics& out) {
  const int before = out.errors();
  const std::string name = entry.path.generic_string();
  for (const std::string_view key : {"rigtopo", "kind", "id"}) {
    if (map.find(key) == nullptr) {
      out.report(codes::missing_key, map.at,
                 "`" + std::string(key) + "` is missing in a part file");
    }
  }
  if (map.find("rigtopo") != nullptr && text_at(map, "rigtopo") != "1") {
    out.report(codes::wrong_version, place_of(map, "rigtopo"),
               "this part is written for version `" + std::string(text_at(map, "rigtopo")) +
                   "` of the format; this program reads version 1",
               "write `rigtopo: 1`");
  }
  if (map.find("kind") != nullptr && text_at(map, "kind") != entry.kind) {
    out.report(codes::wrong_kind, place_of(map, "kind"),
               "the part says `kind: " + std::string(text_at(map, "kind")) +
                   "`, but lies in the folder `" + entry.kind + "`");
  }
  if (map.find("id") != nullptr && text_at(map, "id") != entry.id) {
    out.report(codes::contradictory, place_of(map, "id"),
               "the part says `id: " + std::string(text_at(map, "id")) + "`, but its file is `" +
                   entry.id + ".yaml`");
  }
  return out.errors() == before;
}

/// A part that hides one of an earlier folder has to say so.
bool check_replaces(const Value& map, const CatalogEntry& entry,
                    std::span<const CatalogEntry> hidden, Diagnostics& out) {
  const Entry* replaces = map.find("replaces");
  if (replaces == nullptr && hidden.empty()) return true;
  const Source at = replaces == nullptr ? place_of(map, "id") : place_of(map, "replaces");
  if (replaces == nullptr) {
    out.report(codes::duplicate_id, at,
               "`" + entry.id + "` exists twice: `" + hidden.back().path.generic_string() +
                   "` and `" + entry.path.generic_string() + "`",
               "write `replaces: " + entry.id + "` when the later one is meant to hold");
    return false;
  }
  if (text_at(map, "replaces") != entry.id) {
    out.report(codes::contradictory, at,
               "a part can only replace the one of its own id, `" + entry.id + "`");
    return false;
  }
  if (hidden.empty()) {
    out.report(codes::unknown_id, at,
               "no earlier catalogue folder has a part `" + entry.id + "` to replace");
    return false;
  }
  if (hidden.back().kind != entry.kind) {
    out.report(codes::wrong_kind, at,
               "`" + entry.id + "` would replace a part of kind `" + hidden.back().kind + "`");
    return false;
  }
  return true;
}

// ---- laying one map over another
// -------------------------------------------------------------------

/// What the map cites: the citation itself, also when it names a key of `sources`.
std::string citation_of(const Value& map) {
  const std::string_view written = text_at(map, "source");
  const Entry* sources = map.find("sources");
  const std::string_view named =
      sources != nullptr ? text_at(sources->value, written) : std::string_view();
  return std::string(named.empty() ? written : named);
}

int sureness(std::string_view confidence) {
  constexpr std::array<std::string_view, 3> weakest_first{"unverified", "secondary", "verified"};
  const auto it = std::find(weakest_first.begin(), weakest_first.end(), confidence);
  return it == weakest_first.end() ? 0 : static_cast<int>(it - weakest_first.begin());
}

/// `over` on `base` for whole parts. `source` and `confidence` at the top hold for every value
/// without its own, so those of one file must not vouch for the values of the other: the weaker
/// confidence holds, and both citations.
Value laid_over(Value base, Value over, Diagnostics& out) {
  const std::string base_cites = citation_of(base);
  const std::string over_cites = citation_of(over);
  const std::string confidence(sureness(text_at(base, "confidence")) <
                                       sureness(text_at(over, "confidence"))
                                   ? text_at(base, "confidence")
                                   : text_at(over, "confidence"));
  const Source confidence_at = place_of(base, "confidence");
  const Source source_at = place_of(over, "source");
  const Entry* base_sources = base.find("sources");
  const Entry* over_sources = over.find("sources");
  for (const Entry& e :
       over_sources != nullptr ? over_sources->value.entries : std::vector<Entry>{}) {
    const Entry* other = base_sources != nullptr ? base_sources->value.find(e.key) : nullptr;
    if (other != nullptr && other->value.text != e.value.text) {
      out.report(codes::contradictory, e.key_at,
                 "the source `" + e.key + "` stands for something else in the part extended here",
                 "give it another key")
          .labels.push_back({other->key_at, "the other is here"});
    }
  }
  for (Value* map : {&base, &over}) {
    drop(*map, "source");
    drop(*map, "confidence");
  }
  Value result = overlaid(base, over);
  result.at = over.at;
  if (!base_cites.empty() && !over_cites.empty()) {
    put(result, "source", base_cites == over_cites ? base_cites : base_cites + "; " + over_cites,
        source_at);
  }
  if (!confidence.empty()) put(result, "confidence", confidence, confidence_at);
  return result;
}

/// `but:` on a part. Values of the spec are the user's own by their place, whatever they inherit.
Value with_overrides(const Value& base, Value over) {
  drop(over, "source");
  drop(over, "confidence");
  Value result = overlaid(base, over);
  result.at = over.at;
  return result;
}

/// One line that says all a value says, for hashing.
std::string described(const Value& value) {
  std::string text;
  switch (value.kind) {
    case Value::Kind::null:
      return "~";
    case Value::Kind::scalar:
      return std::to_string(value.text.size()) + ":" + value.text;
    case Value::Kind::sequence:
      for (const Value& item : value.items) text += described(item) + ",";
      return "[" + text + "]";
    case Value::Kind::map:
      for (const Entry& e : value.entries) {
        text += std::to_string(e.key.size()) + ":" + e.key + "=" + described(e.value) + ",";
      }
      return "{" + text + "}";
  }
  return text;
}

/// Tells where the spec names the part that the new diagnostics are about.
void label_mention(Diagnostics& out, std::size_t first, Source mentioned_at) {
  if (!mentioned_at.known()) return;
  for (std::size_t i = first; i < out.all().size(); ++i) {
    Diagnostic& d = out.all()[i];
    if (!(d.at == mentioned_at)) d.labels.push_back({mentioned_at, "part named here"});
  }
}

bool accepts(std::string_view wanted, std::string_view kind) {
  return wanted.empty() || wanted == kind;
}

void report_wrong_kind(std::string_view id, std::string_view kind, std::string_view wanted,
                       Source at, Diagnostics& out) {
  out.report(codes::wrong_kind, at,
             "`" + std::string(id) + "` is a part of kind `" + std::string(kind) + "`; `" +
                 std::string(wanted) + "` is needed here");
}

}  // namespace

std::optional<Value> Catalog::value_of(const CatalogEntry& entry, std::vector<std::string>& chain,
                                       Source mentioned_at, std::string& hashed_text,
                                       Diagnostics& out) {
  const std::string path = entry.path.generic_string();
  if (std::find(chain.begin(), chain.end(), path) != chain.end()) {
    chain.push_back(path);
    out.report(codes::extends_cycle, mentioned_at,
               "`" + entry.id + "` extends itself: " + listed(chain));
    return std::nullopt;
  }
  chain.push_back(path);
  auto read = ahead_->read(path, *sources_, out, mentioned_at);
  if (!read) return std::nullopt;
  const FileId file = read->file;
  hashed_text += sources_->text(file);
  std::optional<Value> value = std::move(read->value);
  if (!value) return std::nullopt;
  if (!value->is_map()) {
    out.report(codes::bad_value, value->at.known() ? value->at : sources_->locate(file, 0, 0),
               "a part file is a map of `key: value` pairs");
    return std::nullopt;
  }
  const bool sound = check_heading(*value, entry, out);
  const bool alone = check_replaces(*value, entry, hidden_by(entry), out);
  if (!sound || !alone) return std::nullopt;
  if (value->find("extends") != nullptr) value = extended(*value, entry, chain, hashed_text, out);
  if (!value) return std::nullopt;
  drop(*value, "extends");
  drop(*value, "replaces");
  return value;
}

std::optional<Value> Catalog::extended(const Value& value, const CatalogEntry& entry,
                                       std::vector<std::string>& chain, std::string& hashed_text,
                                       Diagnostics& out) {
  const std::string base_id(text_at(value, "extends"));
  const Source at = place_of(value, "extends");
  const CatalogEntry* base = this->entry(base_id);
  if (base_id == entry.id) {  // a part that replaces another may build on it
    const std::span<const CatalogEntry> hidden = hidden_by(entry);
    if (!hidden.empty()) base = &hidden.back();
  }
  if (base == nullptr) {
    report_unknown("there is no part `" + base_id + "` to extend", base_id, entry.kind, at, out);
    return std::nullopt;
  }
  if (base->kind != entry.kind) {
    report_wrong_kind(base_id, base->kind, entry.kind, at, out);
    return std::nullopt;
  }
  auto below = value_of(*base, chain, at, hashed_text, out);
  if (!below) return std::nullopt;
  // An inline description: its values are the user's own by their place.
  if (entry.path.empty()) return with_overrides(*below, value);
  return laid_over(*std::move(below), value, out);
}

PartPtr Catalog::read(const Value& value, const Kind& kind, std::string_view id, Source blame,
                      FileId spec_file, std::string sha256, Diagnostics& out) {
  const int before = out.errors();
  Reader reader(out, spec_file);
  AnyPart part = kind.read(value, id, blame, reader);
  // Checks between values make no sense when a value could not be read.
  if (out.errors() == before && kind.validate != nullptr) kind.validate(part, out);
  if (out.errors() != before) return nullptr;
  std::visit([&](auto& p) { p.sha256 = std::move(sha256); }, part);
  return std::make_shared<const AnyPart>(std::move(part));
}

// ---- asked for
// -------------------------------------------------------------------------------------

PartPtr Catalog::load(std::string_view id, std::string_view kind, Source mentioned_at,
                      Diagnostics& out) {
  const CatalogEntry* found = entry(id);
  if (found == nullptr) {
    const std::string wanted = kind.empty() ? "part" : std::string(kind);
    report_unknown("there is no " + wanted + " `" + std::string(id) + "` in the catalogue", id,
                   kind, mentioned_at, out);
    return nullptr;
  }
  if (!accepts(kind, found->kind)) {
    report_wrong_kind(id, found->kind, kind, mentioned_at, out);
    return nullptr;
  }
  const auto known = loaded_.find(id);
  if (known != loaded_.end()) return known->second;
  const std::size_t first = out.all().size();
  std::vector<std::string> chain;
  std::string text;
  PartPtr part;
  if (const auto value = value_of(*found, chain, mentioned_at, text, out)) {
    part = read(*value, *find_kind(found->kind), id, value->at, FileId::none, sha256(text), out);
  }
  label_mention(out, first, mentioned_at);
  loaded_.emplace(std::string(id), part);
  return part;
}

PartPtr Catalog::load_written(const Value& written, const Value* but,
                              std::string_view fallback_kind, FileId spec_file, Diagnostics& out) {
  if (written.is_scalar() && (but == nullptr || but->is_null())) {
    return load(written.text, fallback_kind, written.at, out);
  }
  if (!written.is_scalar() && !written.is_map()) {
    out.report(codes::bad_value, written.at,
               "a part is the id of a part, or an inline description");
    return nullptr;
  }
  if (but != nullptr && !but->is_null() && !but->is_map()) {
    out.report(codes::bad_value, but->at, "`but` is a map of values to override");
    return nullptr;
  }
  return written.is_map() ? load_inline(written, but, fallback_kind, spec_file, out)
                          : load_changed(written, *but, fallback_kind, spec_file, out);
}

PartPtr Catalog::load_changed(const Value& written, const Value& but, std::string_view kind,
                              FileId spec_file, Diagnostics& out) {
  // The plain part first: it is in order, or its own messages say why not.
  const PartPtr plain = load(written.text, kind, written.at, out);
  if (plain == nullptr) return nullptr;
  const CatalogEntry& found = *entry(written.text);
  for (const std::string_view fixed : {"kind", "extends", "replaces", "rigtopo"}) {
    if (but.find(fixed) == nullptr) continue;
    out.report(codes::contradictory, but.find(fixed)->key_at,
               "`but` can't change `" + std::string(fixed) + "` of a part");
    return nullptr;
  }
  Diagnostics seen;  // everything was said when the plain part was loaded
  std::vector<std::string> chain;
  std::string text;
  const auto value = value_of(found, chain, written.at, text, seen);
  if (!value) return nullptr;
  const Value changed = with_overrides(*value, but);
  const std::string id(text_at(changed, "id"));
  return read(changed, *find_kind(found.kind), id, written.at, spec_file,
              sha256(text + described(but)), out);
}

PartPtr Catalog::load_inline(const Value& written, const Value* but, std::string_view fallback_kind,
                             FileId spec_file, Diagnostics& out) {
  Value value = but != nullptr && but->is_map() ? with_overrides(written, *but) : written;
  value.at = written.at;
  const std::string kind_id(value.find("kind") != nullptr ? text_at(value, "kind") : fallback_kind);
  const Kind* kind = find_kind(kind_id);
  if (kind_id.empty()) {
    out.report(codes::missing_key, value.at, "`kind` is missing in the description of a part",
               "write what it is, such as `kind: gpu`");
    return nullptr;
  }
  if (kind == nullptr) {
    out.report(codes::unknown_choice, place_of(value, "kind"),
               "`" + kind_id + "` is no kind of part", suggestion(kind_id, kind_ids()));
    return nullptr;
  }
  if (!accepts(fallback_kind, kind_id)) {
    report_wrong_kind(text_at(value, "id").empty() ? "this" : text_at(value, "id"), kind_id,
                      fallback_kind, place_of(value, "kind"), out);
    return nullptr;
  }
  std::string id(text_at(value, "id"));
  if (id.empty()) id = "inline-" + kind_id + "-" + std::to_string(value.at.line);
  const CatalogEntry* same = entry(id);
  if (same != nullptr && text_at(value, "replaces") != id) {
    out.report(codes::duplicate_id, place_of(value, "id"),
               "the catalogue already has a part `" + id + "`",
               "give it another id, or change single values with `{part: " + id + ", but: {...}}`");
    return nullptr;
  }
  std::string text = described(value);
  if (value.find("extends") != nullptr) {
    const CatalogEntry self{id, kind_id, {}};
    std::vector<std::string> chain;
    auto below = extended(value, self, chain, text, out);
    if (!below) return nullptr;
    value = *std::move(below);
  }
  drop(value, "extends");
  drop(value, "replaces");
  return read(value, *kind, id, written.at, spec_file, sha256(text), out);
}

}  // namespace rigtopo
