// The faults of text: what can be wrong with a file before any hardware is looked at, and with the
// files rigtopo writes. One constant per code; rules about hardware live in check/.
#pragma once

#include <span>

#include "rigtopo/diagnostic.hpp"

namespace rigtopo::codes {

// Reading files (S00x)
extern const Code unreadable_file;    // S001 missing, a directory, no permission
extern const Code not_text;           // S002 NUL bytes or invalid UTF-8
extern const Code file_too_large;     // S003
extern const Code unwritable_output;  // S004 exit status 4
// YAML (S01x)
extern const Code yaml_syntax;        // S010
extern const Code duplicate_key;      // S011
extern const Code several_documents;  // S012
extern const Code merge_key;          // S013 `<<`
extern const Code nesting_too_deep;   // S014
extern const Code too_many_nodes;     // S015 nested aliases
extern const Code key_not_scalar;     // S016
extern const Code alias_cycle;        // S017
// Fields (S02x)
extern const Code unknown_key;     // S020
extern const Code missing_key;     // S021
extern const Code bad_value;       // S022 wrong notation, unit or type
extern const Code out_of_range;    // S023 a number no real part has
extern const Code wrong_version;   // S024 `rigtopo:` other than 1
extern const Code unknown_choice;  // S025 word outside the list of an enumeration
// Parts and ids (S03x)
extern const Code unknown_part;      // S030
extern const Code duplicate_id;      // S031
extern const Code wrong_kind;        // S032 a supply where a board is expected
extern const Code extends_cycle;     // S033
extern const Code unknown_id;        // S034 a reference to something that is not there
extern const Code contradictory;     // S035 two values that cannot both hold
extern const Code stale_layout;      // S036 the layout was made from another spec or part (warning)
extern const Code idle_allow;        // S037 `allow:` that waives nothing (warning)
extern const Code bad_command_line;  // S040

/// All of the above, by code.
std::span<const Code* const> text_codes();

}  // namespace rigtopo::codes
