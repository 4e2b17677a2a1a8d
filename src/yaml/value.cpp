// Looking into a tree, laying one over another, and the way from a path to a tree. How text becomes
// a tree is decided in document.cpp.
#include "yaml/value.hpp"

#include <algorithm>
#include <functional>
#include <map>

namespace rigtopo {

const Entry* Value::find(std::string_view key) const {
  const auto it =
      std::find_if(entries.begin(), entries.end(), [&](const Entry& e) { return e.key == key; });
  return it == entries.end() ? nullptr : &*it;
}

std::optional<YamlFile> read_yaml(const std::string& path, SourceMap& sources, Diagnostics& out,
                                  Source mentioned_at) {
  std::optional<std::string> text = read_text_file(path, out, mentioned_at);
  if (!text) return std::nullopt;
  const FileId file = sources.add(path == "-" ? "<stdin>" : path, std::move(*text));
  return YamlFile{file, parse_yaml(sources, file, out)};
}

Value overlaid(const Value& base, const Value& over) {
  if (!base.is_map() || !over.is_map()) return over;
  Value merged = base;
  merged.at = over.at;
  std::map<std::string, std::size_t, std::less<>> place_of;
  for (std::size_t i = 0; i < base.entries.size(); ++i) place_of[base.entries[i].key] = i;
  for (const Entry& e : over.entries) {
    const auto same = place_of.find(e.key);
    if (same == place_of.end()) {
      merged.entries.push_back(e);
    } else {
      Entry& entry = merged.entries[same->second];
      entry = {e.key, e.key_at, overlaid(entry.value, e.value)};
    }
  }
  return merged;
}

}  // namespace rigtopo
