// Text helpers that are the same for every output: numbers, suggestions, escaping. No locale.
#pragma once

#include <initializer_list>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "rigtopo/units.hpp"

namespace rigtopo {

/// Shortest decimal text with at most `decimals` digits after the point and no trailing zeros:
/// 12 -> "12", 12.50 -> "12.5". Never scientific; "-0" is "0".
std::string number(double value, int decimals = 1);

/// Actual and limit as text, rounded to 3 significant digits (integers whole), with more digits
/// when they would otherwise print alike although they differ.
struct Pair {
  std::string actual;
  std::string limit;
};
Pair distinct(double actual, double limit);

/// Quantity with its unit: "350 W", "75 mm", "9.5 dB", "x16", "gen4", "31.5 GB/s".
std::string to_text(Watts w);
std::string to_text(Volts v);
std::string to_text(Amps a);
std::string to_text(Millimetres mm);
std::string to_text(Decibels db);
std::string to_text(GigabytesPerSecond b);
std::string to_text(Celsius t);
std::string to_text(Lanes l);
std::string to_text(PcieGen g);
std::string to_text(const Money& m);

/// The candidate closest to `word` by edit distance (at most 1 edit per 3 letters, at least 1,
/// transposition counts as one); ties go to the first. nullopt when none is close.
std::optional<std::string> did_you_mean(std::string_view word,
                                        std::span<const std::string> candidates);

/// What an address belongs to, its part before the first dot: `psu0` of `psu0.pcie1`, `cpu0` of
/// `cpu0.A1`. All of it when there is no dot.
std::string owner_of(std::string_view address);

/// "a, b and c" with backticks: "`a`, `b` and `c`".
std::string listed(std::span<const std::string> ids);

/// Text for XML content or attribute values: & < > " ' escaped, control characters dropped.
std::string xml_escaped(std::string_view text);

/// ` name="value"`; the value stands as it is given.
std::string xml_attribute(std::string_view name, std::string_view value);

/// Bytes of the well-formed UTF-8 character at `text[i]` (RFC 3629); 0 when there is none.
std::size_t character_length(std::string_view text, std::size_t i);

/// Text that is safe on a terminal: line ends become blanks, other control characters (escape
/// sequences too, tabs not) and bytes that are no UTF-8 become U+FFFD.
std::string printable(std::string_view text);

/// The first `most` characters of UTF-8 `text`, then an ellipsis; `text` itself when it is no
/// longer.
std::string shortened(std::string_view text, std::size_t most);

/// Lower-case hexadecimal SHA-256 of `bytes` (FIPS 180-4).
std::string sha256(std::string_view bytes);

/// `id` in natural order: runs of digits compare as numbers ("gpu2" before "gpu10").
bool natural_less(std::string_view a, std::string_view b);

}  // namespace rigtopo
