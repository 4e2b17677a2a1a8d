// Any bytes through the YAML reader, and every scalar it finds through every notation: they may
// refuse the text, never crash, hang or leave a tree that breaks its promises.
#include <cstdint>
#include <cstdlib>
#include <string>

#include "base/report.hpp"
#include "base/source_map.hpp"
#include "rigtopo/diagnostic.hpp"
#include "yaml/types.hpp"
#include "yaml/value.hpp"

namespace {

using namespace rigtopo;

constexpr std::size_t most_nodes = 200'000;  // what parse_yaml promises
constexpr std::size_t deepest = 64;

void expect(bool promise) {
  if (!promise) std::abort();
}

template <class... Types>
void through_notations(const Value& value) {
  const auto one = [&]<class T>(const T*) {
    std::string reason;
    const std::optional<T> parsed = YamlType<T>::parse(value, reason);
    // A plain quantity is a finite number; NaN and infinity would pass every limit.
    if constexpr (requires { parsed->value * 1.0; }) {
      if (parsed)
        expect(static_cast<double>(parsed->value) - static_cast<double>(parsed->value) == 0);
    }
  };
  (one(static_cast<const Types*>(nullptr)), ...);
}

/// Visits every node, so that a dangling or endless tree cannot go unseen.
void expect_sound(const Value& value, std::size_t depth, std::size_t& nodes) {
  expect(++nodes <= most_nodes && depth <= deepest && value.at.known() && value.at.length > 0);
  through_notations<std::string, bool, int, Watts, Volts, Amps, Millimetres, Metres, Decibels, Cfm,
                    Pascals, DecibelsA, Celsius, Milliseconds, Gigabytes, GigabytesPerSecond,
                    Percent, Lanes, PcieGen, Money, MinLink, Split, Position, Range<Watts>,
                    Range<Volts>>(value);
  for (const Value& item : value.items) expect_sound(item, depth + 1, nodes);
  for (const Entry& entry : value.entries) {
    expect(entry.key_at.known());
    expect_sound(entry.value, depth + 1, nodes);
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  SourceMap sources;
  Diagnostics out;
  const FileId file = sources.add("fuzz.yaml", std::string(data, data + size));
  const std::optional<Value> value = parse_yaml(sources, file, out);
  expect(value.has_value() == (out.errors() == 0));  // no refusal without a reason, nor the reverse
  std::size_t nodes = 0;
  if (value) expect_sound(*value, 0, nodes);
  for (const Diagnostic& d : out.all()) expect(d.at.known());
  // What is shown on a terminal holds no escape sequence, whatever the file holds.
  const std::string report = report_text(out, sources);
  expect(report.find('\x1b') == std::string::npos);
  return 0;
}
