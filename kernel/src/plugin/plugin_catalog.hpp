// SPDX-License-Identifier: BSD-3-Clause
// All plugins that were found: what they are, what was loaded, and why others were not.
#pragma once
#include <filesystem>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "nrn/abi/mechanism.h"

namespace nrn {

class Communicator;
struct CommunicatorFactory;
class Interpreter;
class Runtime;
class Solver;
class Value;

struct PluginRecord {
    enum class State { Found, Loaded, Refused };
    std::filesystem::path file;
    State state = State::Found;
    nrn_plugin_card card{};
    std::vector<std::string> problems;
    std::vector<std::string> mechanisms;  // of a pack that was loaded
    const void* contents = nullptr;
};

class PluginCatalog {
  public:
    explicit PluginCatalog(Runtime& runtime);
    ~PluginCatalog();

    /// Searches all folders; loads mechanism packs. Other kinds wait until something asks for them.
    void load_at_start();
    /// Loads one file now (nrn_load_dll, load_mechanisms). @throws Error(Plugin) with all reasons
    PluginRecord& load_file(const std::filesystem::path& file);
    /// Loads the packs below a folder, as NRN_NMODL_PATH entries are searched. @returns how many
    int load_folder(const std::filesystem::path& folder);

    /// @throws Error(Plugin) naming what is there and how to get it
    [[nodiscard]] std::unique_ptr<Interpreter> create_interpreter(std::string_view language);
    [[nodiscard]] std::unique_ptr<Solver> create_solver(std::string_view name);
    [[nodiscard]] std::unique_ptr<Communicator> create_communicator(std::string_view name);
    /// For the ranks of the communicator that a script hands in. Collective over them.
    [[nodiscard]] std::unique_ptr<Communicator> adopt_communicator(std::string_view name, const Value& given);
    /// A communicator that the process already uses (MPI initialised elsewhere), else null.
    [[nodiscard]] std::unique_ptr<Communicator> adopt_active_communicator();

    [[nodiscard]] const std::vector<std::unique_ptr<PluginRecord>>& records() const noexcept { return records_; }
    /// Folders searched, in order, with the reason each is searched.
    struct Folder { std::filesystem::path path; std::string why; };
    [[nodiscard]] std::vector<Folder> search_folders() const;
    /// Folders of the libraries written in Hoc.
    [[nodiscard]] std::vector<std::filesystem::path> library_folders() const;
    /// Where the kernel library lies: everything else is found from there.
    [[nodiscard]] static std::filesystem::path prefix_library_folder();

  private:
    PluginRecord& record(const std::filesystem::path& file);
    void open(PluginRecord& r);
    void import_pack(PluginRecord& r);
    const CommunicatorFactory& communicator_factory(std::string_view name);
    const void* contents_of(std::uint32_t kind, std::string_view name, const char* remedy);
    Runtime& runtime_;
    std::vector<std::unique_ptr<PluginRecord>> records_;
};

}  // namespace nrn
