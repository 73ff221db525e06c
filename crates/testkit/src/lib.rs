//! Topologies as text and generated networks, for tests.
