//! HTTPS listeners, TLSRoute and BackendTLSPolicy (routing.md §1.3 to §1.6, §5.5, §6).
