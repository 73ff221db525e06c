//! Versioned views and their renderers.
