// The table of text faults. Codes are never reused.
#include "base/codes.hpp"

#include <array>

namespace rigtopo::codes {

#define RIGTOPO_CODE(variable, code, name, severity, summary, why) \
  const Code variable { code, name, Severity::severity, summary, why, "" }

RIGTOPO_CODE(unreadable_file, "S001", "unreadable-file", error,
             "A file cannot be read: it is missing, a folder, or not permitted.",
             "Paths are taken from the current folder. Nothing is written when the input cannot be "
             "read.");
RIGTOPO_CODE(not_text, "S002", "not-text", error, "A file is not UTF-8 text.",
             "Specs, parts and layouts are YAML in UTF-8. A NUL byte or a broken UTF-8 sequence "
             "says that this is some other file, or one saved in another encoding.");
RIGTOPO_CODE(file_too_large, "S003", "file-too-large", error, "A file is larger than 4 MB.",
             "A spec has a few kilobytes. The limit keeps a mistaken file name from filling the "
             "memory.");
RIGTOPO_CODE(unwritable_output, "S004", "unwritable-output", error, "A result cannot be written.",
             "Files are written under a temporary name and renamed when complete, so nothing is "
             "left half-written. The exit status is 4.");
RIGTOPO_CODE(yaml_syntax, "S010", "yaml-syntax", error, "The text is not valid YAML.",
             "The place is where the parser gave up; the cause is often on the line before: a "
             "bracket or quote that is not closed, a tab, an indentation that does not match.");
RIGTOPO_CODE(duplicate_key, "S011", "duplicate-key", error, "A key is given twice in one map.",
             "YAML readers differ in which of the two they take. One of them would silently be "
             "ignored, so both places are shown and neither is taken.");
RIGTOPO_CODE(several_documents, "S012", "several-documents", error,
             "A file holds more than one YAML document.",
             "Everything after a `---` would be ignored in silence; write one document per file.");
RIGTOPO_CODE(merge_key, "S013", "merge-key", error, "The merge key `<<` is not supported.",
             "It is not part of YAML 1.2 and readers disagree on it. Parts have `extends:` and "
             "`but:` for the same purpose.");
RIGTOPO_CODE(nesting_too_deep, "S014", "nesting-too-deep", error,
             "Values are nested more than 64 deep.",
             "No rig needs that; the limit protects against broken or hostile files.");
RIGTOPO_CODE(too_many_nodes, "S015", "too-many-values", error,
             "A file expands to more than 200,000 values.",
             "Aliases of aliases multiply: a few lines can stand for billions of values.");
RIGTOPO_CODE(key_not_scalar, "S016", "key-not-a-word", error, "A key is a list or a map.",
             "Keys are words. This is often a `?` or a bracket in the wrong place.");
RIGTOPO_CODE(alias_cycle, "S017", "alias-cycle", error,
             "An alias stands inside the value it refers to.",
             "Such a value would contain itself and have no end.");
RIGTOPO_CODE(unknown_key, "S020", "unknown-key", error, "A key is not known at this place.",
             "A misspelt key would otherwise be ignored, and with it the limit or wish it stands "
             "for. `rigtopo schema spec` and docs/parts.md list the keys.");
RIGTOPO_CODE(missing_key, "S021", "missing-key", error, "A key that is needed is missing.",
             "Write `unknown` where a value is known to be unknown: rules that need it will then "
             "say that they could not be checked.");
RIGTOPO_CODE(bad_value, "S022", "bad-value", error,
             "A value is not written in the form its key needs.",
             "Units are always written (`350 W`, `304 mm`, `x16`, `gen4`), so that a watt is never "
             "taken for an amp.");
RIGTOPO_CODE(out_of_range, "S023", "out-of-range", error,
             "A number is outside of what any real part has.",
             "Most often a slip of a unit or a zero too many.");
RIGTOPO_CODE(wrong_version, "S024", "wrong-version", error,
             "The file is written in another format version.",
             "The first line of a spec or part is `rigtopo: 1`. A newer number needs a newer "
             "rigtopo.");
RIGTOPO_CODE(unknown_choice, "S025", "unknown-choice", error,
             "A word is not among the words this key takes.", "The message lists them.");
RIGTOPO_CODE(unknown_part, "S030", "unknown-part", error, "A part is not in the catalogue.",
             "`rigtopo parts search WORD` finds ids. A part can also be described in the spec "
             "itself, or in a folder `topologies/` beside it.");
RIGTOPO_CODE(
    duplicate_id, "S031", "duplicate-id", error, "An id is used twice.",
    "Findings, pictures and tables name things by their id; it has to be unique. A part of "
    "the same id as a shipped one must say `replaces:`.");
RIGTOPO_CODE(wrong_kind, "S032", "wrong-kind", error,
             "A part of another kind is named than the place needs.",
             "For instance a supply where a board is expected.");
RIGTOPO_CODE(extends_cycle, "S033", "extends-cycle", error, "Parts extend one another in a circle.",
             "`extends:` must end at a part without it.");
RIGTOPO_CODE(unknown_id, "S034", "unknown-id", error,
             "A reference leads to something that is not there.",
             "A pin, a layout or a part names a device, port, mount, supply or circuit that does "
             "not exist.");
RIGTOPO_CODE(contradictory, "S035", "contradictory-values", error, "Two values cannot both hold.",
             "For instance a CPU whose socket is not the board's, or prices in two currencies.");
RIGTOPO_CODE(stale_layout, "S036", "stale-layout", warning,
             "The layout was made from another version of the spec or of a part.",
             "A layout records the SHA-256 of the spec and of every part it used. When one has "
             "changed since, the layout is judged by the new figures, and this says so.");
RIGTOPO_CODE(idle_allow, "S037", "idle-allow", warning, "An `allow:` row waives nothing.",
             "It names no rule, ended, has no date that can be read, or the finding is gone. Left "
             "in place it would waive the next finding of that rule unseen.");
RIGTOPO_CODE(bad_command_line, "S040", "bad-command-line", error,
             "The command line cannot be understood.", "`rigtopo COMMAND --help` shows how.");

#undef RIGTOPO_CODE

std::span<const Code* const> text_codes() {
  static constexpr std::array table{
      &unreadable_file, &not_text,          &file_too_large, &unwritable_output, &yaml_syntax,
      &duplicate_key,   &several_documents, &merge_key,      &nesting_too_deep,  &too_many_nodes,
      &key_not_scalar,  &alias_cycle,       &unknown_key,    &missing_key,       &bad_value,
      &out_of_range,    &wrong_version,     &unknown_choice, &unknown_part,      &duplicate_id,
      &wrong_kind,      &extends_cycle,     &unknown_id,     &contradictory,     &stale_layout,
      &idle_allow,      &bad_command_line};
  return table;
}

}  // namespace rigtopo::codes
