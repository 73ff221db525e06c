//! Files of every supported format to a Snapshot and Diagnostics.
