//! Exact reachability for all classes of endpoints.
