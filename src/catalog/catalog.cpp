// Finds and loads parts: catalogue folders, `extends:`, `replaces:`, inline descriptions and
// `but:`. What a part of a kind has to look like is decided in kinds_*.cpp.
#include "catalog/catalog.hpp"

#include <algorithm>
#include <system_error>

#include "catalog/kinds.hpp"

namespace rigtopo {

namespace {

namespace fs = std::filesystem;

/// Names in a folder, sorted; nullopt when it cannot be listed.
std::optional<std::vector<std::string>> listing(const fs::path& folder) {
  std::error_code failed;
  std::vector<std::string> names;
  fs::directory_iterator it(folder, failed);
  while (!failed && it != fs::directory_iterator()) {
    names.push_back(it->path().filename().string());
    it.increment(failed);
  }
  if (failed) return std::nullopt;
  std::sort(names.begin(), names.end());
  return names;
}

Diagnostic& warn(const Code& code, Diagnostics& out, std::string message, std::string help = {}) {
  Diagnostic& d = out.report(code, {}, std::move(message), std::move(help));
  d.severity = Severity::warning;
  return d;
}

std::vector<std::string> kind_ids() {
  std::vector<std::string> ids;
  for (const Kind& kind : kinds()) ids.emplace_back(kind.id);
  return ids;
}

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

/// Folders of one catalogue that hold no kind are ignored, but not in silence: a part that is not
/// found is easier to understand with the folder's name on the screen.
void report_strangers(const fs::path& folder, const std::vector<std::string>& names,
                      Diagnostics& out) {
  for (const std::string& name : names) {
    std::error_code failed;
    if (name.starts_with('.') || find_kind(name) != nullptr ||
        !fs::is_directory(folder / name, failed)) {
      continue;
    }
    warn(codes::unknown_choice, out,
         "the folder `" + (folder / name).generic_string() + "` is not read: `" + name +
             "` is no kind of part",
         suggestion(name, kind_ids()));
  }
}

}  // namespace

// ---- index
// -----------------------------------------------------------------------------------------

Catalog::Catalog(const std::vector<fs::path>& folders, SourceMap& sources, Diagnostics& out)
    : sources_(&sources) {
  for (const fs::path& folder : folders) {
    const auto found = listing(folder);
    if (!found) {
      out.report(codes::unreadable_file, {},
                 "the catalogue `" + folder.generic_string() + "` is no folder that can be read");
      continue;
    }
    report_strangers(folder, *found, out);
    for (const Kind& kind : kinds()) {
      if (!std::binary_search(found->begin(), found->end(), kind.id)) continue;
      const fs::path inside = folder / kind.id;
      const auto names = listing(inside);
      if (!names) {
        out.report(codes::unreadable_file, {},
                   "`" + inside.generic_string() + "` is no folder that can be read");
        continue;
      }
      for (const std::string& name : *names) add(inside, name, kind.id, out);
    }
  }
  sort();
}

void Catalog::add(const fs::path& folder, std::string_view name, std::string_view kind,
                  Diagnostics& out) {
  constexpr std::string_view ending = ".yaml";
  if (name.starts_with('.')) return;
  if (name.ends_with(".yml")) {
    warn(codes::unreadable_file, out, "`" + (folder / name).generic_string() + "` is not read",
         "part files end in `.yaml`");
  }
  if (!name.ends_with(ending)) return;
  CatalogEntry added{std::string(name.substr(0, name.size() - ending.size())), std::string(kind),
                     folder / name};
  const auto [known, is_new] = index_.emplace(added.id, entries_.size());
  if (is_new) {
    entries_.push_back(std::move(added));
    return;
  }
  shadowed_[added.id].push_back(std::exchange(entries_[known->second], added));
}

/// By kind, then id in natural order.
void Catalog::sort() {
  std::vector<CatalogEntry> sorted;
  sorted.reserve(entries_.size());
  for (const Kind& kind : kinds()) {
    const auto first = static_cast<std::ptrdiff_t>(sorted.size());
    for (CatalogEntry& e : entries_) {
      if (e.kind == kind.id) sorted.push_back(std::move(e));
    }
    std::sort(sorted.begin() + first, sorted.end(),
              [](const auto& a, const auto& b) { return natural_less(a.id, b.id); });
  }
  entries_ = std::move(sorted);
  for (std::size_t i = 0; i < entries_.size(); ++i) index_[entries_[i].id] = i;
}

const CatalogEntry* Catalog::entry(std::string_view id) const {
  const auto it = index_.find(id);
  return it == index_.end() ? nullptr : &entries_[it->second];
}

std::vector<std::string> Catalog::ids(std::string_view kind) const {
  std::vector<std::string> found;
  for (const CatalogEntry& e : entries_) {
    if (kind.empty() || e.kind == kind) found.push_back(e.id);
  }
  return found;
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
                    const std::vector<CatalogEntry>& hidden, Diagnostics& out) {
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
  auto text = read_text_file(path, out, mentioned_at);
  if (!text) return std::nullopt;
  hashed_text += *text;
  const FileId file = sources_->add(path, *std::move(text));
  auto value = parse_yaml(*sources_, file, out);
  if (!value) return std::nullopt;
  if (!value->is_map()) {
    out.report(codes::bad_value, value->at.known() ? value->at : sources_->locate(file, 0, 0),
               "a part file is a map of `key: value` pairs");
    return std::nullopt;
  }
  const auto hidden = shadowed_.find(entry.id);
  const bool first = &entry == this->entry(entry.id);
  const bool sound = check_heading(*value, entry, out);
  const bool alone =
      !first ||
      check_replaces(*value, entry,
                     hidden == shadowed_.end() ? std::vector<CatalogEntry>{} : hidden->second, out);
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
  // A part that replaces another may build on it.
  const auto hidden = shadowed_.find(base_id);
  if (base == &entry && hidden != shadowed_.end()) base = &hidden->second.back();
  if (base == nullptr) {
    out.report(codes::unknown_part, at, "there is no part `" + base_id + "` to extend",
               suggestion(base_id, ids(entry.kind)));
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
    out.report(codes::unknown_part, mentioned_at,
               "there is no " + wanted + " `" + std::string(id) + "` in the catalogue",
               suggestion(id, ids(kind)));
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
