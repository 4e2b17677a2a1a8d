// A list of files that two threads work off from both ends.
#include "yaml/ahead.hpp"

#include <algorithm>
#include <utility>

namespace rigtopo {
namespace {

/// Parsed beside the source map of the program, a text is the first of its own.
constexpr FileId own_id{1};

void move_to(Source& at, FileId file) {
  if (at.file == own_id) at.file = file;
}

void move_to(Value& value, FileId file) {
  move_to(value.at, file);
  for (Value& item : value.items) move_to(item, file);
  for (Entry& entry : value.entries) {
    move_to(entry.key_at, file);
    move_to(entry.value, file);
  }
}

void move_to(Diagnostics& problems, FileId file) {
  for (Diagnostic& d : problems.all()) {
    move_to(d.at, file);
    for (auto& label : d.labels) move_to(label.at, file);
  }
}

}  // namespace

ReadAhead::~ReadAhead() {
  {
    const std::lock_guard lock(mutex_);
    ending_ = true;
  }
  changed_.notify_all();
  if (thread_.joinable()) thread_.join();
}

void ReadAhead::start(const std::vector<std::string>& paths) {
  {
    const std::lock_guard lock(mutex_);
    for (const std::string& path : paths) {
      const bool known = std::any_of(items_.begin(), items_.end(),
                                     [&](const Item& item) { return item.path == path; });
      if (!known && path != "-") items_.emplace_back().path = path;
    }
  }
  changed_.notify_all();
  if (!thread_.joinable()) thread_ = std::thread([this] { work(); });
}

ReadAhead::Item* ReadAhead::next_waiting() {
  const auto it = std::find_if(items_.rbegin(), items_.rend(),
                               [](const Item& item) { return item.state == State::waiting; });
  return it == items_.rend() ? nullptr : &*it;
}

void ReadAhead::work() {
  std::unique_lock lock(mutex_);
  while (true) {
    Item* item = nullptr;
    changed_.wait(lock, [&] { return ending_ || (item = next_waiting()) != nullptr; });
    if (ending_) return;
    item->state = State::being_read;
    lock.unlock();
    Diagnostics unread;  // said again, with the place that mentions the file
    if (auto text = read_text_file(item->path, unread)) {
      SourceMap own;
      item->readable = true;
      item->text = *text;
      item->value = parse_yaml(own, own.add(item->path, *std::move(text)), item->problems);
    }
    lock.lock();
    item->state = State::read;
    changed_.notify_all();
  }
}

/// The file when the thread has read it or is at it; null when it is ours to read.
ReadAhead::Item* ReadAhead::take(const std::string& path) {
  std::unique_lock lock(mutex_);
  const auto it = std::find_if(items_.begin(), items_.end(),
                               [&](const Item& item) { return item.path == path; });
  if (it == items_.end() || it->state == State::taken) return nullptr;
  changed_.wait(lock, [&] { return it->state != State::being_read; });
  const bool was_read = std::exchange(it->state, State::taken) == State::read;
  return was_read && it->readable ? &*it : nullptr;
}

std::optional<YamlFile> ReadAhead::read(const std::string& path, SourceMap& sources,
                                        Diagnostics& out, Source mentioned_at) {
  Item* item = take(path);
  if (item == nullptr) return read_yaml(path, sources, out, mentioned_at);
  const FileId file = sources.add(path, std::move(item->text));
  move_to(item->problems, file);
  out.append(std::move(item->problems));
  if (item->value) move_to(*item->value, file);
  return YamlFile{file, std::move(item->value)};
}

}  // namespace rigtopo
