// What rigtopo says about a spec: a code, a place, numbers, and what to do about it; and the values
// that know where they were written and how sure we are of them.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace rigtopo {

/// Index into the SourceMap. `none` means "no file": command line, built-in default.
enum class FileId : std::uint16_t { none = 0 };

/// Where a value was written. Lines and columns count from 1, columns in characters (not bytes);
/// line 0 means "nowhere". `length` is how many characters to underline, at least 1.
struct Source {
  FileId file = FileId::none;
  std::uint32_t line = 0;
  std::uint32_t column = 0;
  std::uint32_t length = 1;
  constexpr bool known() const { return line != 0; }
  constexpr bool operator==(const Source&) const = default;
};

/// How sure we are of a number, weakest first. `user` is what the spec itself says.
enum class Confidence : std::uint8_t { unverified, user, secondary, verified };

/// The weaker of two.
constexpr Confidence weakest(Confidence a, Confidence b) { return a < b ? a : b; }

/// "unverified", "user", "secondary", "verified".
std::string_view to_string(Confidence c);

/// A value that remembers where it was written, where it was found and how sure that is.
/// Unknown is a value of its own: a `Fact` without a value, which no rule may take for a pass.
/// A Fact with a value but `at` unknown is a built-in default.
template <class T>
struct Fact {
  std::optional<T> value;
  Source at;
  Confidence confidence = Confidence::unverified;
  std::string citation;  // URL or text of the source; empty when none is given

  Fact() = default;
  Fact(T v, Source where = {}, Confidence sure = Confidence::verified, std::string cite = {})
      : value(std::move(v)), at(where), confidence(sure), citation(std::move(cite)) {}

  bool known() const { return value.has_value(); }
  const T& operator*() const { return *value; }
  const T* operator->() const { return &*value; }
  T value_or(T fallback) const { return value.value_or(std::move(fallback)); }
};

/// A number computed from facts: it carries the weakest confidence it rests on and names what was
/// missing. With anything missing that it cannot do without, there is no value.
template <class T>
struct Estimate {
  std::optional<T> value;
  Confidence confidence = Confidence::verified;
  std::vector<std::string> missing;  // "no rating at 120 V for `hp-dps-1200fb`"

  bool known() const { return value.has_value(); }
  const T& operator*() const { return *value; }

  /// Takes over the confidence and the missing facts of something this number rests on.
  template <class U>
  void rests_on(const Estimate<U>& other) {
    confidence = weakest(confidence, other.confidence);
    missing.insert(missing.end(), other.missing.begin(), other.missing.end());
  }
  template <class U>
  void rests_on(const Fact<U>& fact) {
    if (fact.known()) confidence = weakest(confidence, fact.confidence);
  }
};

enum class Severity : std::uint8_t { note, warning, error };

/// "note", "warning", "error".
std::string_view to_string(Severity s);

/// A second place that explains the first: "rating declared here".
struct Label {
  Source at;
  std::string text;
};

/// The fixed part of a diagnostic: one constant per code, in the table of the layer that reports
/// it.
struct Code {
  std::string_view code;     // "P103": letter and three digits, never reused
  std::string_view name;     // "supply-overloaded": names the fault, reads well after "allow"
  Severity severity{};       // consequence, not confidence
  std::string_view summary;  // one line for lists
  std::string_view why;      // a paragraph for `rigtopo explain`
  std::string_view source;   // where the limit comes from; empty for faults of the text itself
};

struct Diagnostic {
  std::string code;  // "P103": letter and three digits, never reused
  std::string name;  // "supply-overloaded": reads well after "allow"
  Severity severity{};
  std::string message;  // one sentence, lower case, no full stop, ids in backticks
  Source at;            // what the user should look at first
  std::vector<Label> labels;
  std::vector<std::string> subject;  // device or part ids it is about
  std::optional<double> actual;
  std::optional<double> limit;
  std::string unit;  // symbol of actual and limit; empty when there is none
  std::optional<Confidence> confidence;
  std::string help;                       // what would make it pass; empty when we do not know
  std::optional<std::string> allowed_by;  // the reason given in the spec when it was waived
};

/// Collects diagnostics. Never throws, never exits, never prints.
class Diagnostics {
 public:
  /// Stores `d` and returns it for further filling in; valid until the next add.
  Diagnostic& add(Diagnostic d) { return all_.emplace_back(std::move(d)); }

  /// Stores a diagnostic with code, name and severity of `code`.
  Diagnostic& report(const Code& code, Source at, std::string message, std::string help = {});

  /// How many carry severity error and are not waived.
  int errors() const;
  bool empty() const { return all_.empty(); }
  const std::vector<Diagnostic>& all() const { return all_; }
  std::vector<Diagnostic>& all() { return all_; }

  /// Appends everything of `other`.
  void append(Diagnostics other);

  /// Orders by file, line, column, code, message; stable for equal ones.
  void sort();

 private:
  std::vector<Diagnostic> all_;
};

}  // namespace rigtopo
