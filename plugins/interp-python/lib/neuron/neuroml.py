# SPDX-License-Identifier: BSD-3-Clause
"""Reading MorphML is done by h.Import3d_MorphML of the import3d library."""
