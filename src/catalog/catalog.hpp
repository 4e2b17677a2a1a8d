// Where parts come from: the catalogue folders and inline descriptions in the spec, `extends:`,
// `replaces:` and `but:`. Only parts that are asked for are read. Knows the list of part kinds.
#pragma once

#include <filesystem>
#include <map>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "base/source_map.hpp"
#include "catalog/index.hpp"
#include "catalog/parts.hpp"
#include "yaml/ahead.hpp"
#include "yaml/value.hpp"

namespace rigtopo {

/// A part of any kind. Immutable once loaded; shared by everything that refers to it.
using AnyPart = std::variant<Board, Cpu, Device, Riser, Supply, Breakout, PowerCable, Cord, Frame,
                             Fan, Expander, Bridge, PowerCurve>;
using PartPtr = std::shared_ptr<const AnyPart>;

/// What all kinds share.
const Part& base_of(const AnyPart& part);

/// One row per part kind; the table is kinds() and drives loading, `schema`, `parts` and docs.
struct Kind {
  std::string_view id;      // "gpu": folder under topologies/, `kind:` in the file
  std::string_view title;   // "Graphics card"
  std::string_view prefix;  // of instance ids: gpu0, psu0
  AnyPart (*read)(const Value&, std::string_view id, Source blame, Reader&);
  void (*validate)(const AnyPart&, Diagnostics&);  // what the field table cannot say; may be null
  std::string (*schema)();                         // JSON Schema text
  std::string (*reference)();                      // Markdown tables of its keys
};

/// All kinds, in the order of documentation: board cpu gpu nvme nic riser supply breakout cable
/// cord frame fan expander bridge power-curve.
std::span<const Kind> kinds();
/// Row by id; nullptr when there is none.
const Kind* find_kind(std::string_view id);
/// Ids of all kinds, in their order.
std::vector<std::string> kind_ids();

class Catalog {
 public:
  /// Opens no file and lists no folder. Later folders add parts; an id that is there already is an
  /// error unless the later file says `replaces: <id>` (checked when the part is loaded). A missing
  /// folder is reported.
  Catalog(const std::vector<std::filesystem::path>& folders, SourceMap& sources, Diagnostics& out,
          std::shared_ptr<ReadAhead> ahead = std::make_shared<ReadAhead>());

  /// Files of these parts will be asked for, in about this order; ids of no part are passed over.
  void read_ahead(const std::vector<std::string>& ids);

  /// What is there: lists, and which files look like parts and are not.
  const PartIndex& index() const { return index_; }
  /// Null when there is no part of this id.
  const CatalogEntry* entry(std::string_view id);

  /// Loads the part `id` (once). Null and a diagnostic at `mentioned_at` when it is unknown (with
  /// the nearest ids), of another kind than `kind` (empty accepts any), or malformed.
  PartPtr load(std::string_view id, std::string_view kind, Source mentioned_at, Diagnostics& out);

  /// A part from a spec: `written` is an id, or a map that is an inline description
  /// (`{kind: gpu, power: 300 W, ...}`), with the overrides of `but` laid on top (may be null).
  /// Values written in `spec_file` carry confidence `user`. `fallback_kind` names the kind when the
  /// map does not.
  PartPtr load_written(const Value& written, const Value* but, std::string_view fallback_kind,
                       FileId spec_file, Diagnostics& out);

 private:
  std::optional<Value> value_of(const CatalogEntry& entry, std::vector<std::string>& chain,
                                Source mentioned_at, std::string& hashed_text, Diagnostics& out);
  PartPtr read(const Value& value, const Kind& kind, std::string_view id, Source blame,
               FileId spec_file, std::string sha256, Diagnostics& out);
  std::span<const CatalogEntry> hidden_by(const CatalogEntry& entry);
  void report_unknown(std::string message, std::string_view id, std::string_view kind, Source at,
                      Diagnostics& out);
  std::optional<Value> extended(const Value& value, const CatalogEntry& entry,
                                std::vector<std::string>& chain, std::string& hashed_text,
                                Diagnostics& out);
  PartPtr load_changed(const Value& written, const Value& but, std::string_view kind,
                       FileId spec_file, Diagnostics& out);
  PartPtr load_inline(const Value& written, const Value* but, std::string_view fallback_kind,
                      FileId spec_file, Diagnostics& out);

  SourceMap* sources_;
  std::shared_ptr<ReadAhead> ahead_;
  PartIndex index_;
  bool strangers_reported_ = false;
  std::map<std::string, PartPtr, std::less<>> loaded_;
};

}  // namespace rigtopo
