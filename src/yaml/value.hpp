// Our own immutable tree of what a YAML file says, every node with its place. yaml-cpp, its traps
// and its exceptions end in document.cpp; nothing above this folder sees them.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/source_map.hpp"
#include "rigtopo/diagnostic.hpp"

namespace rigtopo {

struct Entry;

/// A node. A scalar keeps its text exactly as written ("010", "0x10", "yes"); what it means is
/// decided by the field that reads it.
struct Value {
  enum class Kind { null, scalar, sequence, map };
  Kind kind = Kind::null;
  std::string text;            // scalar only
  bool quoted = false;         // scalar in quotes, or with an explicit string tag
  Source at;                   // the value; for null, the key (or parent) that has no value
  std::vector<Value> items;    // sequence only
  std::vector<Entry> entries;  // map only, in file order, keys unique

  bool is_null() const { return kind == Kind::null; }
  bool is_scalar() const { return kind == Kind::scalar; }
  bool is_sequence() const { return kind == Kind::sequence; }
  bool is_map() const { return kind == Kind::map; }

  /// Entry of a map by key; nullptr when absent or when this is no map.
  const Entry* find(std::string_view key) const;
};

/// Key and value of a map. `key_at` is the place to blame for missing, unknown and duplicate keys.
struct Entry {
  std::string key;
  Source key_at;
  Value value;
};

/// Parses one YAML document. Everything wrong is reported with codes S010 to S017 and nullopt is
/// returned; never throws. Empty text is a null value. Limits: depth 64, 200,000 nodes after
/// expanding aliases. A value reached through an alias has the place of its anchor; the key that
/// used the alias keeps its own.
std::optional<Value> parse_yaml(const SourceMap& sources, FileId file, Diagnostics& out);

/// A file that could be read: its text is in the source map; no value when it is no YAML.
struct YamlFile {
  FileId file = FileId::none;
  std::optional<Value> value;
};

/// read_text_file, SourceMap::add and parse_yaml in one step; nullopt when there is no text.
std::optional<YamlFile> read_yaml(const std::string& path, SourceMap& sources, Diagnostics& out,
                                  Source mentioned_at = {});

/// `base` with the entries of `over` laid on top: maps merge key by key, everything else (lists
/// too) is replaced. Places stay those of the file each value came from.
Value overlaid(const Value& base, const Value& over);

}  // namespace rigtopo
