// SPDX-License-Identifier: BSD-3-Clause
// `nrn run` in a folder whose .mod files are newer than its pack: they are compiled before anything runs.
#pragma once

namespace nrn::app {

struct RunOptions;

/// Compiles, saying so on the error stream, what the working folder's x86_64/ was made of and has changed since, or the
/// folder's .mod files when it has no pack yet. Left alone: packs that came from elsewhere, and folders without a pack
/// while packs are chosen by NRN_NMODL_PATH, --plugin-path or a pack beside the .mod files. Of several processes
/// (ranks) one compiles, the others wait for it.
/// @returns false when there are errors, which have been reported
bool compile_changed_mechanisms(const RunOptions& options);

}  // namespace nrn::app
