// Reads and parses files on a second thread while the first is busy with others. What comes out
// does not depend on which of the two read a file.
#pragma once

#include <condition_variable>
#include <deque>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "base/source_map.hpp"
#include "yaml/value.hpp"

namespace rigtopo {

class ReadAhead {
 public:
  ReadAhead() = default;
  ReadAhead(const ReadAhead&) = delete;
  ReadAhead& operator=(const ReadAhead&) = delete;
  /// Waits for the file that is being read; what nobody asked for is dropped.
  ~ReadAhead();

  /// These will be asked for, in about this order. The thread begins with the last one.
  void start(const std::vector<std::string>& paths);

  /// What read_yaml() returns for this path, and the same reports; from the thread when it has been
  /// there first.
  std::optional<YamlFile> read(const std::string& path, SourceMap& sources, Diagnostics& out,
                               Source mentioned_at = {});

 private:
  enum class State { waiting, being_read, read, taken };
  struct Item {
    std::string path;
    State state = State::waiting;
    std::string text;
    std::optional<Value> value;
    Diagnostics problems;
    bool readable = false;
  };
  void work();
  Item* next_waiting();
  Item* take(const std::string& path);

  std::mutex mutex_;
  std::condition_variable changed_;
  std::deque<Item> items_;  // stay where they are
  bool ending_ = false;
  std::thread thread_;
};

}  // namespace rigtopo
