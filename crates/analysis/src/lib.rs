//! Exposure and blast radius over the engine.
