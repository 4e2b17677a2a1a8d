// Same rig, same bytes: many times in one process with the heap stirred, from several threads, and
// in many processes with other environments.
#include <cstdlib>
#include <memory>
#include <sys/wait.h>
#include <thread>

#include "base/text.hpp"
#include "picture_rigs.hpp"
#include "support/catch.hpp"
#include "support/temp_dir.hpp"

using namespace rigtopo;
using namespace rigtopo::test;

namespace {

std::string all_bytes() {
  std::string bytes;
  for (const NamedRig& row : picture_rigs()) {
    const TestRig rig(row.make());
    for (const ViewRow& view : views()) {
      const Picture picture = view.draw(rig.rig(), picture_context());
      bytes += picture.dot + picture.svg;
    }
  }
  return bytes;
}

std::string small_bytes() {
  const TestRig rig(powered_riser());
  std::string bytes;
  for (const ViewRow& view : views()) {
    bytes += view.draw(rig.rig(), picture_context()).svg;
  }
  return bytes;
}

}  // namespace

TEST_CASE("pictures: 50 renders in one process are alike", "[render][repeat]") {
  const std::string first = small_bytes();
  std::vector<std::unique_ptr<char[]>> noise;
  int different = 0;
  for (int i = 0; i < 50; ++i) {
    noise.push_back(std::make_unique<char[]>(static_cast<std::size_t>(64 + 97 * i)));
    if (i % 3 == 0) noise.erase(noise.begin());
    different += small_bytes() == first ? 0 : 1;
  }
  CHECK(different == 0);
}

TEST_CASE("pictures: threads wait for one another and draw alike", "[render][repeat]") {
  const std::string first = small_bytes();
  std::vector<std::string> drawn(4);
  std::vector<std::thread> threads;
  for (std::string& d : drawn) threads.emplace_back([&d] { d = small_bytes(); });
  for (std::thread& t : threads) t.join();
  for (const std::string& d : drawn) CHECK((d == first));
}

// Run by the test below in processes of its own; writes a hash where it is told.
TEST_CASE("pictures: hash of all bytes", "[.picture-hash]") {
  const char* target = std::getenv("RIGTOPO_PICTURE_HASH");
  if (target != nullptr) write_text(target, sha256(all_bytes()));
}

TEST_CASE("pictures: 20 processes draw alike", "[render][repeat]") {
  const TempDir folder;
  const std::string self = std::filesystem::read_symlink("/proc/self/exe").string();
  const std::string expected = sha256(all_bytes());
  for (int i = 0; i < 20; ++i) {
    const std::filesystem::path target = folder.path() / ("hash" + std::to_string(i));
    const std::string command =
        "HOME=/nowhere" + std::to_string(i) + " MALLOC_PERTURB_=" + std::to_string(11 * i) +
        " LC_ALL=" + (i % 2 == 0 ? "C" : "de_DE.UTF-8") +
        " NOISE=" + std::string(17u * static_cast<unsigned>(i), 'x') + " RIGTOPO_PICTURE_HASH='" +
        target.string() + "' '" + self + "' '[.picture-hash]' > /dev/null";
    const int status = std::system(command.c_str());
    REQUIRE(WIFEXITED(status));
    CAPTURE(i);
    CHECK(WEXITSTATUS(status) == 0);
    CHECK(read_text(target) == expected);
  }
}
