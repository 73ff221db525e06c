//! Differential, recorded and literate tests.
